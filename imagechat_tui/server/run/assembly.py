"""Makes the parts of a server process and takes them apart in the right order; the only place where they meet."""

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from starlette.types import ASGIApp

from imagechat_tui.server.app import make_app
from imagechat_tui.server.auth.directory import Directory
from imagechat_tui.server.auth.origins import host_rule
from imagechat_tui.server.deps import Deps
from imagechat_tui.server.hub import Hub, HubSettings, Viewer
from imagechat_tui.server.live import Entrance, LiveSettings, make_live
from imagechat_tui.server.live.gatekeeper import Gatekeeper
from imagechat_tui.server.metrics import Metrics
from imagechat_tui.server.run.draining import closing_while
from imagechat_tui.server.run.nodes import make_buckets, make_bus
from imagechat_tui.server.run.upkeep import Upkeep
from imagechat_tui.server.settings import Settings
from imagechat_tui.server.store import absences
from imagechat_tui.server.store.database import Database, Transaction
from imagechat_tui.server.store.shelf import make_shelf
from imagechat_tui.server.throttle import Throttle
from imagechat_tui.server.usage import Usage

_ID_BYTES: Final = 15


@dataclass(frozen=True, kw_only=True, slots=True)
class Parts:
    """A server's parts, working, without a door to the outside."""

    deps: Deps
    app: ASGIApp
    """The ASGI application."""
    live: type[asyncio.Protocol]
    """What uvicorn makes for every live socket."""
    upkeep: Upkeep


def clock_ms() -> int:
    """Milliseconds since 1970, UTC."""
    return time.time_ns() // 1_000_000


def new_id() -> str:
    """A new id: 120 random bits in URL-safe characters."""
    return secrets.token_urlsafe(_ID_BYTES)


@asynccontextmanager
async def assembled(settings: Settings) -> AsyncIterator[Parts]:
    """A server's parts; at the end what was counted is stored and the database closed.

    Raises:
        UserError: The database cannot be used, or what several nodes need is not installed.
    """
    database = Database(settings.database_url)
    usage = Usage(clock_ms=clock_ms)
    metrics = Metrics(clock=time.monotonic)
    upkeep = Upkeep(database, usage, settings=settings, clock_ms=clock_ms)
    shelf = make_shelf(settings.pictures, database)
    bus, crowds = make_bus(settings, database)
    buckets = make_buckets(settings)
    hub = Hub(
        bus,
        crowds=crowds,
        settings=HubSettings(batch_ms=settings.batch_ms),
        wall_ms=clock_ms,
        delivered=usage.delivered,
        departed=_remember_absence(database, upkeep),
    )
    database.on_commit = hub.publish
    await database.open()
    try:
        await hub.open()
        directory = Directory(database, clock=time.monotonic, seconds=settings.watch_seconds)
        deps = Deps(
            settings=settings,
            database=database,
            directory=directory,
            hub=hub,
            shelf=shelf,
            throttle=Throttle(clock=time.monotonic, shared=buckets),
            usage=usage,
            metrics=metrics,
            clock_ms=clock_ms,
            new_id=new_id,
        )
        gate = Gatekeeper(database, directory, clock_ms=clock_ms)
        entrance = Entrance(hub=hub, gate=gate, host_allowed=host_rule(settings), settings=_live(settings))
        _gauges(deps)
        async with upkeep.at_work(hub, gate):
            yield Parts(
                deps=deps,
                app=closing_while(lambda: hub.draining, make_app(deps)),
                live=make_live(entrance),
                upkeep=upkeep,
            )
        await hub.close()
        await usage.flush(database)
    finally:
        if buckets is not None:
            await buckets.close()
        await database.close()


def _live(settings: Settings) -> LiveSettings:
    limits = settings.limits
    return LiveSettings(
        sockets_per_user=limits.sockets_per_user,
        sockets_per_address=limits.sockets_per_address,
        trusted_proxies=settings.trusted_proxies,
    )


def _remember_absence(database: Database, upkeep: Upkeep) -> Callable[[Viewer], None]:
    """What is noted when a viewer leaves: the moment, by the server's clock."""

    def departed(viewer: Viewer) -> None:
        viewer_hash, tenant, url_id, now_ms = viewer.pass_hash, viewer.tenant, viewer.url_id, clock_ms()
        if viewer_hash is None:
            return

        def note(tx: Transaction) -> None:
            absences.left(tx, tenant, viewer=viewer_hash, url_id=url_id, now_ms=now_ms)

        upkeep.spawn(database.write(note))

    return departed


def _gauges(deps: Deps) -> None:
    metrics, hub = deps.metrics, deps.hub
    metrics.gauge("imagechat_live_sockets", "Open live sockets.", lambda: hub.sockets)
    metrics.gauge("imagechat_requests_in_flight", "Requests not answered yet.", lambda: metrics.in_flight)
    metrics.gauge("imagechat_throttled_callers", "Callers whose allowance is not full.", lambda: len(deps.throttle))
    metrics.counter(
        "imagechat_live_dropped_total", "Live sockets ended because they did not read.", lambda: hub.dropped
    )
