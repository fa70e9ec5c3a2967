"""Builds the demo: a server on loopback with a throw-away tenant, a board with the mockup, and the cast in its seats.

Everything lives in one folder that its caller removes; the reviewers reach the server over the network like anybody.
"""

import contextlib
import secrets
import time
from collections.abc import AsyncIterator
from pathlib import Path
from random import Random
from typing import Final

from msgspec import Struct

from imagechat_tui.client.channels import Channels
from imagechat_tui.client.exchange import Exchange
from imagechat_tui.client.live import WebSockets
from imagechat_tui.client.opening import new_id
from imagechat_tui.client.pictures import Loaded, upload
from imagechat_tui.client.rest import Rest
from imagechat_tui.client.runner import Runner
from imagechat_tui.client.server import Server
from imagechat_tui.client.signin import identity_of, open_session
from imagechat_tui.client.verdicts import send, understood
from imagechat_tui.core.session import Session
from imagechat_tui.core.settings import SessionSettings
from imagechat_tui.demo import mockup, script
from imagechat_tui.demo.cable import Cable, CabledApi, CabledLive
from imagechat_tui.demo.play import Play
from imagechat_tui.demo.reviewers import Reviewer
from imagechat_tui.demo.script import Persona
from imagechat_tui.protocol import codec, paths, replies, requests
from imagechat_tui.protocol.sso import sign
from imagechat_tui.server.run import running
from imagechat_tui.server.settings import Limits, Rate, Settings
from imagechat_tui.server.store import tenants

TENANT: Final = "demo"
TITLE: Final = "checkout.png"
# The cast may be told to hurry; nobody else reaches this server.
_LIMITS: Final = Limits(comments=Rate(per_minute=6_000, burst=1_000))


class Facts(Struct, frozen=True, kw_only=True, rename="camel"):
    """How to get onto the stage; everything in it ends with the demo."""

    link: str
    server: str
    tenant: str
    url_id: str
    secret: str
    """Signs identities of the throw-away tenant."""


class Stage:
    """A demo that is set up: how to come in, and the play."""

    def __init__(self, facts: Facts, play: Play) -> None:
        self.facts = facts
        self.play = play


@contextlib.asynccontextmanager
async def stage(folder: Path, *, seed: int, pause: float) -> AsyncIterator[Stage]:
    """A demo in ``folder``; the prologue has been played when the block begins, all connections are closed after it.

    Args:
        folder: Empty; used for the server's data.
        seed: Decides everything random that the reviewers do.
        pause: Seconds between two of their acts.

    Raises:
        UserError: The server cannot start.
    """
    async with running(Settings(data=folder, host="127.0.0.1", port=0, limits=_LIMITS)) as served:
        secret = secrets.token_urlsafe(32)
        now_ms = served.deps.clock_ms()
        await served.deps.database.write(lambda tx: tenants.add(tx, TENANT, secret=secret, now_ms=now_ms))
        server = Server(base_url=served.url)
        board = await _board(server, secret=secret)
        facts = Facts(
            link=served.url + board.link, server=served.url, tenant=TENANT, url_id=board.url_id, secret=secret
        )
        async with contextlib.AsyncExitStack() as seats:
            cast: dict[str, Reviewer] = {}
            for persona in script.PERSONAS:
                cast[persona.key] = await seats.enter_async_context(await seated(persona, facts, seed=seed))
            play = Play(cast, seed=seed, pause=pause)
            await play.prologue()
            yield Stage(facts, play)


async def _signed_in(server: Server, persona: Persona, *, secret: str) -> Exchange:
    """An exchange as this person."""
    user = {
        "id": persona.key,
        "username": persona.name,
        "email": f"{persona.key}@example.com",
        "isModerator": persona.moderator,
    }
    exchange = Exchange(server)
    try:
        payload = sign(user, secret=secret, now_ms=time.time_ns() // 1_000_000)
        exchange.with_identity(identity_of(await open_session(exchange, TENANT, sso=payload)))
    except BaseException:
        await exchange.close()
        raise
    return exchange


async def _board(server: Server, *, secret: str) -> replies.BoardPut:
    """The mockup, uploaded by the first reviewer."""
    exchange = await _signed_in(server, script.PERSONAS[0], secret=secret)
    try:
        data = mockup.FILE.read_bytes()
        stored = await upload(exchange, TENANT, Loaded(data=data, title=TITLE, key=TITLE))
        body = requests.PutBoard(title=TITLE, src=stored.src, broadcast_id=new_id())
        answer = await send(exchange, "PUT", paths.boards(TENANT), body=codec.encode(body))
        return understood(answer, replies.BoardPut, server)
    finally:
        await exchange.close()


async def seated(persona: Persona, facts: Facts, *, seed: int) -> Reviewer:
    """Somebody on the board, signed in with the tenant's secret; not running yet.

    Raises:
        ServerError: The server does not answer.
    """
    server = Server(base_url=facts.server)
    exchange = await _signed_in(server, persona, secret=facts.secret)
    channels, cable = Channels(), Cable()
    random = Random(f"{seed} {persona.key}")  # noqa: S311 - a play is no secret
    session = Session(
        tenant=facts.tenant,
        url_id=facts.url_id,
        src=None,
        settings=SessionSettings(page_title=TITLE),
        new_id=new_id,
        random=random.random,
        wall_ms=lambda: time.time_ns() // 1_000_000,
    )
    rest = Rest(exchange, tenant=facts.tenant, url_id=facts.url_id, name=persona.name, channels=channels)
    live = WebSockets(server, channels=channels, traffic=exchange.traffic)
    runner = Runner(session, api=CabledApi(rest, cable), live=CabledLive(live, cable), traffic=exchange.traffic)
    return Reviewer(persona, runner, cable)
