"""A running server: listens, says when it is ready, ends gracefully; for a process of its own or inside another one."""

import asyncio
import contextlib
import logging
import os
import signal
import socket
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import uvicorn

from imagechat_tui.errors import UserError
from imagechat_tui.i18n import _
from imagechat_tui.server import tls
from imagechat_tui.server.auth.proxies import proxies
from imagechat_tui.server.deps import Deps
from imagechat_tui.server.run import listening, local
from imagechat_tui.server.run.assembly import Parts, assembled, clock_ms
from imagechat_tui.server.run.connection import make_connection
from imagechat_tui.server.settings import Settings

logger = logging.getLogger(__name__)

_KEEP_ALIVE_SECONDS: Final = 65
"""Longer than the idle time of usual proxies, so that they and not we close idle connections."""
_ENDINGS: Final = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


class Running:
    """A server that accepts connections."""

    def __init__(self, deps: Deps, *, url: str, ca: Path | None, ending: asyncio.Event) -> None:
        self.deps = deps
        self.url = url
        """``http://127.0.0.1:8787``, or ``unix:<path>``."""
        self.ca = ca
        """The certificate that clients have to trust, with ``dev_cert``."""
        self._ending = ending

    def stop(self) -> None:
        """Begin the end: no new connections, requests finish, sockets are told to come back."""
        self._ending.set()

    async def stopped(self) -> None:
        """Return once the end has begun."""
        await self._ending.wait()


class _Server(uvicorn.Server):
    """uvicorn without its signals and without its clock: it ends when told, and wakes for nothing else."""

    def __init__(
        self, config: uvicorn.Config, ending: asyncio.Event, drain: Callable[[], Coroutine[Any, Any, None]]
    ) -> None:
        super().__init__(config)
        self.accepting = asyncio.Event()
        self._ending = ending
        self._drain = drain

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals belong to the process; ``serve`` handles them."""
        yield

    async def main_loop(self) -> None:
        """Accept until told to end, and until those who are here have been sent on."""
        self.accepting.set()
        await self._ending.wait()
        await self._drain()


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[Running]:
    """A server inside this event loop. It accepts when the block begins, and has ended when the block is left.

    Raises:
        UserError: It cannot start; the sentence says why and what to do.
    """
    _prepare_data(settings)
    with contextlib.ExitStack() as held:
        if settings.database is None:
            # Two servers over one file would each tell their own viewers only.
            held.enter_context(local.lock(settings.data))
        ssl_context, ca = _encryption(settings)
        listener = held.enter_context(_listener(settings))
        async with assembled(settings) as parts:
            ending = asyncio.Event()
            server = _Server(_config(settings, parts, ssl_context), ending, _drainer(settings, parts.deps))
            serving = asyncio.create_task(server.serve(sockets=[listener]))
            serving.add_done_callback(lambda _task: ending.set())
            running_server = Running(
                parts.deps, url=listening.address_of(listener, tls=settings.tls), ca=ca, ending=ending
            )
            try:
                await _accepting(server, serving)
                await _announce(settings, parts.deps, running_server)
                yield running_server
            finally:
                _withdraw(settings)
                ending.set()
                await serving


async def serve_until_ended(settings: Settings, *, ready: Any = None) -> None:
    """Serve until a signal, or with ``local`` until nobody has needed the server for a while."""
    async with running(settings) as server:
        loop = asyncio.get_running_loop()
        for number in _ENDINGS:
            loop.add_signal_handler(number, server.stop)
        if ready is not None:
            ready(server)
        logger.info("listening on %s", server.url)
        if server.ca is not None:
            logger.info("clients need --ca %s", server.ca)
        if not settings.loopback and not settings.tls:
            logger.warning("connections are not encrypted: put a proxy with TLS in front, or use --tls-cert")
        if settings.local:
            await _until_idle(server, settings.idle_seconds)
        else:
            await server.stopped()
        logger.info("ending")


async def _until_idle(server: Running, seconds: float) -> None:
    """Return once the end has begun, or nobody has had a socket or asked anything for so long."""
    deps = server.deps
    last = time.monotonic()
    while True:
        if deps.hub.sockets or deps.metrics.in_flight:
            last = time.monotonic()
        left = max(last, deps.metrics.last_request) + seconds - time.monotonic()
        if left <= 0:
            return
        # While somebody is connected the moment is not known; looking again after a whole pause is soon enough.
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(server.stopped(), timeout=left)
            return


def _drainer(settings: Settings, deps: Deps) -> Callable[[], Coroutine[Any, Any, None]]:
    """Not ready at once; sockets leave in the second half, when no balancer sends new ones here."""
    half = settings.draining_seconds / 2

    async def drain() -> None:
        if half:
            logger.info("draining for %.0f s", 2 * half)
            deps.hub.draining = True
            await asyncio.sleep(half)
            await deps.hub.drain(half)

    return drain


def _config(settings: Settings, parts: Parts, context: Any) -> uvicorn.Config:
    return uvicorn.Config(
        parts.app,
        loop="none",
        http=make_connection(
            most_per_address=settings.limits.connections_per_address, trusted=proxies(settings.trusted_proxies)
        ),
        ws=parts.live,
        ws_per_message_deflate=False,
        interface="asgi3",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        date_header=False,
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=max(1, round(settings.grace_seconds)),
        ssl_context_factory=None if context is None else lambda _config, _default: context,
    )


def _prepare_data(settings: Settings) -> None:
    try:
        settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not settings.data.is_dir():
            raise UserError(_("{folder} is not a folder; choose another one with --data").format(folder=settings.data))
    except OSError as problem:
        reason = _("it is a file") if isinstance(problem, FileExistsError) else problem.strerror
        raise UserError(
            _("cannot use the data directory {folder}: {reason}; choose another with --data").format(
                folder=settings.data, reason=reason
            )
        ) from problem


def _encryption(settings: Settings) -> tuple[Any, Path | None]:
    if settings.dev_cert:
        ca, cert, key = tls.dev_files(settings.data, host=settings.host)
        return tls.context(cert, key), ca
    if settings.tls_cert is not None:
        return tls.context(settings.tls_cert, settings.tls_key), None
    return None, None


def _on_unix_socket(settings: Settings) -> bool:
    return settings.local or settings.socket is not None


def _listener(settings: Settings) -> socket.socket:
    if _on_unix_socket(settings):
        return listening.bind_unix(local.socket_path(settings))
    return listening.bind_tcp(settings.host, settings.port)


async def _accepting(server: _Server, serving: asyncio.Task[None]) -> None:
    """Return once connections are accepted; raise what kept the server from it."""
    accepting = asyncio.create_task(server.accepting.wait())
    await asyncio.wait({accepting, serving}, return_when=asyncio.FIRST_COMPLETED)
    if serving.done():
        accepting.cancel()
        await serving


async def _announce(settings: Settings, deps: Deps, server: Running) -> None:
    if settings.local:
        key = await local.secret(deps.database, now_ms=clock_ms())
        local.announce(settings, local.socket_path(settings), key)
    if settings.ready_file is not None:
        listening.write_private(settings.ready_file, {"url": server.url, "pid": os.getpid()})


def _withdraw(settings: Settings) -> None:
    """Take away what tells clients to come here; the listener may be closed by now, and cannot be asked."""
    if _on_unix_socket(settings):
        local.withdraw(settings, local.socket_path(settings))
    if settings.ready_file is not None:
        settings.ready_file.unlink(missing_ok=True)
