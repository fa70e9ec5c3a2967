"""Reads what happened: by time for official clients, by position for ours."""

from typing import Final

import msgspec
from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection

from imagechat_tui.protocol import ids
from imagechat_tui.protocol.events import LiveEvent, Skip
from imagechat_tui.protocol.limits import EVENT_LOG_EVENTS, LOG_PAGE_EVENTS
from imagechat_tui.protocol.moments import iso
from imagechat_tui.protocol.replies import EventLog, LogEntry, LogPage
from imagechat_tui.server.actions import checks, pages
from imagechat_tui.server.actions.refusals import log_too_old
from imagechat_tui.server.auth.actors import Actor
from imagechat_tui.server.deps import Deps
from imagechat_tui.server.hub.compact import board_event, plain_stored
from imagechat_tui.server.store import absences, events, windows
from imagechat_tui.server.store.events import LogTooOldError, Span, TimedEvent
from imagechat_tui.server.store.logged import Logged

CLOCK_SKEW_MS: Final = 60_000
"""An end within this of now is now: it was taken from a client's clock."""

_FOREVER_MS: Final = 2**53


class _Known(Struct, rename="camel"):
    broadcast_id: str = ""


_known = msgspec.json.Decoder(_Known)


async def read_event_log(
    deps: Deps, actor: Actor, url_id: str, *, start_ms: int, end_ms: int | None, viewer: str | None
) -> EventLog:
    """Events of one channel between two moments of a client's clock, the first included.

    What the server knows the viewer has missed since its socket ended is part of the answer, whatever the client's
    clock says.

    Args:
        deps: Where from.
        actor: Whom the ``userIdWS`` belongs to.
        url_id: The plain key: a base key, or a thread's.
        start_ms: Inclusive.
        end_ms: ``None``: until now.
        viewer: A hash of the ``userIdWS``.

    Raises:
        Refusal: 400, the key does not fit; 401 or 403, not for this actor.
    """
    keys, now_ms = ids.page_keys(checks.window_url_id(url_id)), deps.clock_ms()
    last_ms = _FOREVER_MS if end_ms is None or end_ms >= now_ms - CLOCK_SKEW_MS else end_ms

    def read(connection: Connection) -> tuple[str, list[TimedEvent]]:
        key, _ = windows.place(connection, actor.tenant, keys)
        page = pages.find_page(connection, actor, key)
        left_ms = absences.since(connection, actor.tenant, viewer=viewer, url_id=key) if viewer else None
        span = Span(
            board=page.board,
            first_ms=min(start_ms, now_ms if left_ms is None else left_ms),
            last_ms=last_ms,
            viewer=actor.user_id,
            moderates=actor.moderates,
        )
        return key, events.by_time(connection, actor.tenant, key, span=span, most=EVENT_LOG_EVENTS)

    key, found = await deps.database.read(read)
    return EventLog(status="success", events=[_entry(actor.tenant, key, one) for one in found])


async def read_log(deps: Deps, actor: Actor, url_id: str, *, after: int, limit: int | None = None) -> LogPage:
    """Events of a board after a position, in order; positions this actor may not see come as ``skip``.

    Raises:
        Refusal: 400, the key does not fit; 401 or 403, not for this actor; 410, the log does not reach back that far.
    """
    base = ids.clean_url_id(checks.url_id(url_id))
    most = LOG_PAGE_EVENTS if limit is None else min(max(limit, 1), LOG_PAGE_EVENTS)

    def read(connection: Connection) -> tuple[int, list[Logged]]:
        board = pages.find_board(connection, actor, base)
        head = 0 if board is None else board.head
        # A cursor beyond the end is one of a board that was deleted, or of a database that was restored.
        if after > head:
            raise log_too_old()
        if board is None:
            return 0, []
        try:
            return head, events.by_position(connection, board, after=after, most=most)
        except LogTooOldError:
            raise log_too_old() from None

    head, found = await deps.database.read(read)
    last = found[-1].seq if found else head
    return LogPage(status="success", events=_visible(actor, found), head=head, has_more=(last or 0) < head)


def _visible(actor: Actor, found: list[Logged]) -> list[LiveEvent | Skip]:
    shown: list[LiveEvent | Skip] = []
    for logged in found:
        seq = logged.seq or 0
        if logged.only_for is None or logged.only_for == actor.user_id or actor.moderates:
            # A reader may not know the marker yet: the thread's key, which ``replayed`` keeps, connects the two.
            shown.append(board_event(replace(logged, replayed=True)))
        elif shown and isinstance(shown[-1], Skip):
            shown[-1] = Skip(from_=shown[-1].from_, to=seq)
        else:
            shown.append(Skip(from_=seq, to=seq))
    return shown


def _entry(tenant: str, url_id: str, found: TimedEvent) -> LogEntry:
    return LogEntry(
        id=str(found.id),
        created_at=iso(found.timestamp),
        tenant_id=tenant,
        url_id=url_id,
        broadcast_id=_known.decode(found.data).broadcast_id,
        data=plain_stored(found.data).decode(),
    )
