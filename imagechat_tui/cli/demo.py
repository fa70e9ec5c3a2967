"""``imagechat demo``: everything at once, nothing kept: a server, a mockup, reviewers, and the app to watch them."""

import asyncio
import contextlib
import random
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from imagechat_tui import log
from imagechat_tui.cli import flags, looking, speaking, talk
from imagechat_tui.config import Config
from imagechat_tui.i18n import _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from imagechat_tui.client.arriving import Place
    from imagechat_tui.demo.stage import Facts

_PAUSE_SECONDS = 6.0
_ENDINGS = {signal.SIGINT: 130, signal.SIGTERM: 143, signal.SIGHUP: 129}


@click.command("demo")
@click.option("--no-app", is_flag=True, help="Open no app: print how to come in as one JSON object, and keep running.")
@click.option("--seed", type=int, help="Decides what the reviewers do; a random one by default.")
@click.option(
    "--pause",
    type=click.FloatRange(0.05, 600),
    default=_PAUSE_SECONDS,
    show_default=True,
    help="Seconds between two acts of the reviewers.",
)
@click.option("--until-stdin-closes", is_flag=True, hidden=True)
@flags.with_settings(*looking.APP_OPTIONS)
def command(*, config: Config, no_app: bool, seed: int | None, pause: float, until_stdin_closes: bool) -> int:
    """Try everything at once: a sample mockup and three lively reviewers, on a server that ends with the demo.

    Nothing leaves this machine, and nothing is kept.
    """
    seed = random.SystemRandom().randrange(1_000_000) if seed is None else seed
    if no_app:
        log.to_stream(level="warning")
        return talk.wait(_without_app(seed=seed, pause=pause, until_stdin_closes=until_stdin_closes))
    if not config.plain and not looking.has_keyboard():
        raise looking.no_terminal()
    return talk.wait(_with_app(config, seed=seed, pause=pause))


async def _without_app(*, seed: int, pause: float, until_stdin_closes: bool) -> int:
    from imagechat_tui.demo.stage import stage

    with _ending_by_signals() as ending, tempfile.TemporaryDirectory(prefix="imagechat-demo-") as folder:
        try:
            async with stage(Path(folder), seed=seed, pause=pause) as set_up:
                talk.put_json(_shown(set_up.facts))
                playing = asyncio.create_task(set_up.play.run())
                try:
                    await (_stdin_closed() if until_stdin_closes else asyncio.Event().wait())
                finally:
                    playing.cancel()
                    await asyncio.gather(playing, return_exceptions=True)
        except asyncio.CancelledError:
            if not ending:
                raise
            return ending[0]
    return 0


@contextlib.contextmanager
def _ending_by_signals() -> "Iterator[list[int]]":
    """A signal cancels the present task, so that everything is taken down in order; the list then has the exit code."""
    task, loop = asyncio.current_task(), asyncio.get_running_loop()
    ending: list[int] = []

    def end(code: int) -> None:
        if not ending and task is not None:
            ending.append(code)
            task.cancel()

    for number, code in _ENDINGS.items():
        loop.add_signal_handler(number, end, code)
    try:
        yield ending
    finally:
        for number in _ENDINGS:
            loop.remove_signal_handler(number)


async def _stdin_closed() -> None:
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    await reader.read()


async def _with_app(config: Config, *, seed: int, pause: float) -> int:
    from imagechat_tui.client.opening import open_board
    from imagechat_tui.demo.embedded import embedded

    talk.say(_("Setting the stage …"))
    facts = None
    if config.plain:
        speaking.prepare(config)
    else:
        looking.take_terminal()
        facts = looking.prepare_app(config)
    with tempfile.TemporaryDirectory(prefix="imagechat-demo-") as folder:
        async with embedded(["--seed", str(seed), "--pause", str(pause)]) as stage:
            if facts is not None:
                await looking.load_app()
            place = await _signed_in(stage, Path(folder))
            opened = await open_board(stage.link, place=place, settings=looking.session_settings(config))
            if facts is None:
                with speaking.typing() as terminal:
                    return await speaking.run(opened, config, drafts=None, terminal=terminal)
            return await looking.run_app([opened], config, facts=facts, drafts=None)


async def _signed_in(stage: "Facts", folder: Path) -> "Place":
    """A place in which this person is a moderator of the throw-away tenant; kept in ``folder`` only."""
    from imagechat_tui.client.accounts import asking
    from imagechat_tui.client.arriving import Place
    from imagechat_tui.client.credentials import Credentials
    from imagechat_tui.client.server import Server
    from imagechat_tui.client.signin import open_session, this_user
    from imagechat_tui.protocol.sso import sign

    server = Server(base_url=stage.server)
    user = {**this_user(), "isModerator": True}
    async with asking(server) as exchange:
        sso = sign(user, secret=stage.secret, now_ms=time.time_ns() // 1_000_000)
        Credentials(folder).keep(await open_session(exchange, stage.tenant, sso=sso))
    return Place(data=folder, state=folder, server=server, tenant=stage.tenant, api_key=stage.secret)


def _shown(facts: "Facts") -> dict[str, object]:
    import msgspec

    shown: dict[str, object] = msgspec.to_builtins(facts)
    return shown
