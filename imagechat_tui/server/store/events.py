"""The log: every event once, with a time on its channel and, where it belongs to a board, a position there.

It decides neither who may see an event nor how it is shown; what it appends it also hands over to be published.
"""

from collections import defaultdict
from typing import Any, Final

import msgspec
from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection, bindparam, delete, insert, or_, select, update

from imagechat_tui.protocol import codec
from imagechat_tui.protocol.events import Known
from imagechat_tui.server.store import boards, windows
from imagechat_tui.server.store.boards import Board
from imagechat_tui.server.store.database import Transaction
from imagechat_tui.server.store.gathering import arrays
from imagechat_tui.server.store.logged import Logged
from imagechat_tui.server.store.prepared import Postponed, Prepared
from imagechat_tui.server.store.tables import boards as board_table
from imagechat_tui.server.store.tables import events as table

KEPT_MS: Final = 48 * 3600 * 1_000
"""How long an event stays in the log: twice what official clients may ask for."""

KEPT_POSITIONS: Final = 10_000
"""Most positions of one board in the log; beyond, a snapshot is cheaper than reading on."""

BOARD_ONLY: Final = ""
"""The channel of events that the contract does not know: no client can name it, live or in the log by time."""

_known: msgspec.json.Decoder[Known] = msgspec.json.Decoder(Known)


class TimedEvent(Struct, frozen=True, kw_only=True):
    """One event of the log by time."""

    id: int
    timestamp: int
    """Milliseconds."""
    data: bytes
    """The event as JSON, with its timestamp."""


class Place(Struct, frozen=True, kw_only=True):
    """Where an event of a board belongs, and who may see it."""

    channel: str
    """The board's key for marker events, the thread's for comment and vote events; ``BOARD_ONLY`` for ours."""
    marker_id: str | None
    only_for: str | None = None
    """A wire user id: nobody but this user and moderators."""


class Span(Struct, frozen=True, kw_only=True):
    """A part of the log by time, both ends included, as one viewer may see it."""

    board: Board | None
    """The board that the channel belongs to now; ``None`` for a thread that no marker has claimed."""
    first_ms: int
    last_ms: int
    viewer: str | None
    """A wire user id."""
    moderates: bool = False
    """Sees what only others may see."""


class LogTooOldError(Exception):
    """The positions asked for are no longer in the log."""


_NAMES = ("tenant", "url_id", "timestamp", "board_id", "seq", "marker_id", "only_for", "data")
_given = arrays(table, {name: name for name in _NAMES})
_append = Postponed(
    insert(table).values({name: bindparam(name) for name in _NAMES}),
    insert(table).from_select(_NAMES, select(*(_given.c[name] for name in _NAMES))),
)
_by_position = Prepared(
    select(table.c.url_id, table.c.timestamp, table.c.seq, table.c.marker_id, table.c.only_for, table.c.data)
    .where(
        table.c.tenant == bindparam("tenant"),
        table.c.board_id == bindparam("board_id"),
        table.c.seq > bindparam("after"),
    )
    .order_by(table.c.seq)
    .limit(bindparam("most"))
)
_by_time = Prepared(
    select(table.c.id, table.c.timestamp, table.c.data)
    .where(
        table.c.tenant == bindparam("tenant"),
        table.c.url_id == bindparam("url_id"),
        # A thread whose marker was deleted is nobody's again: what was said on a board stays with that board.
        table.c.board_id.is_not_distinct_from(bindparam("board_id")),
        table.c.timestamp >= bindparam("first_ms"),
        table.c.timestamp <= bindparam("last_ms"),
        or_(table.c.only_for.is_(None), table.c.only_for == bindparam("viewer"), bindparam("all_of_it") == 1),
    )
    .order_by(table.c.timestamp, table.c.id)
    .limit(bindparam("most"))
)
_unplaced = Prepared(
    select(table.c.id, table.c.timestamp, table.c.only_for, table.c.data)
    .where(table.c.tenant == bindparam("tenant"), table.c.url_id == bindparam("url_id"), table.c.board_id.is_(None))
    .order_by(table.c.id)
)
_place = Prepared(
    update(table)
    .where(table.c.id == bindparam("row"))
    .values({name: bindparam(f"new_{name}") for name in ("board_id", "seq", "marker_id", "only_for")})
)
_gone = (table.c.board_id, table.c.seq)
_drop_old = Prepared(
    delete(table)
    .where(
        table.c.id.in_(select(table.c.id).order_by(table.c.id).limit(bindparam("most"))),
        table.c.timestamp < bindparam("before_ms"),
    )
    .returning(*_gone)
)
_drop_positions = Prepared(
    delete(table)
    .where(
        table.c.id.in_(
            select(table.c.id)
            .where(table.c.board_id == bindparam("board_id"), table.c.seq <= bindparam("up_to"))
            .order_by(table.c.seq)
            .limit(bindparam("most"))
        )
    )
    .returning(*_gone)
)
_long_logs = Prepared(
    select(board_table.c.id, board_table.c.head)
    .where(board_table.c.head - board_table.c.floor > KEPT_POSITIONS + bindparam("slack"))
    .limit(bindparam("most"))
)
_raise_floor = Prepared(
    update(board_table)
    .where(board_table.c.id == bindparam("board_id"), board_table.c.floor < bindparam("up_to"))
    .values(floor=bindparam("up_to"))
)


def append(tx: Transaction, board: Board, event: Known, *, place: Place, now_ms: int) -> int:
    """Store an event of a board at its next position and hand it over; the position."""
    seq, timestamp = boards.advance(tx, board.tenant, board.id, now_ms=now_ms)
    logged = Logged(
        tenant=board.tenant,
        url_id=place.channel,
        board=board.url_id,
        marker_id=place.marker_id,
        seq=seq,
        timestamp=timestamp,
        event=replace(event, timestamp=timestamp),
        only_for=place.only_for,
        first_src=board.first_src,
    )
    _store(tx, board.id, logged)
    return seq


def append_unclaimed(tx: Transaction, tenant: str, window: str, event: Known, *, only_for: str, now_ms: int) -> None:
    """Store an event of a thread that no marker has claimed, for its author's eyes, and hand it over."""
    timestamp = windows.advance(tx, tenant, window, now_ms=now_ms)
    logged = Logged(
        tenant=tenant,
        url_id=window,
        board=None,
        marker_id=None,
        seq=None,
        timestamp=timestamp,
        event=replace(event, timestamp=timestamp),
        only_for=only_for,
    )
    _store(tx, None, logged)


def claim(tx: Transaction, board: Board, window: str, *, marker_id: str, last_ms: int) -> None:
    """Give a claimed thread's events the board's next positions, in order, and hand them over with these.

    ``last_ms``: the thread's last timestamp; the board's clock goes on from there.
    """
    rows = _unplaced.all(tx.connection, tenant=board.tenant, url_id=window)
    position = boards.reserve(tx, board.tenant, board.id, amount=len(rows), least_ms=last_ms)
    for row, timestamp, only_for, data in rows:
        position += 1
        event = _known.decode(data)
        kept = only_for if _held_back(event) else None
        _place.run(
            tx.connection,
            row=row,
            new_board_id=board.id,
            new_seq=position,
            new_marker_id=marker_id,
            new_only_for=kept,
        )
        tx.publish(
            Logged(
                tenant=board.tenant,
                url_id=window,
                board=board.url_id,
                marker_id=marker_id,
                seq=position,
                timestamp=timestamp,
                event=event,
                only_for=kept,
                replayed=True,
            )
        )


def by_position(connection: Connection, board: Board, *, after: int, most: int) -> list[Logged]:
    """Events of a board after a position, in order.

    Raises:
        LogTooOldError: Some of them are no longer kept.
    """
    if after < board.floor:
        raise LogTooOldError
    rows = _by_position.all(connection, tenant=board.tenant, board_id=board.id, after=after, most=most)
    return [_logged(board, row) for row in rows]


def by_time(connection: Connection, tenant: str, url_id: str, *, span: Span, most: int) -> list[TimedEvent]:
    """Events of one channel, in order."""
    rows = _by_time.all(
        connection,
        tenant=tenant,
        url_id=url_id,
        board_id=None if span.board is None else span.board.id,
        first_ms=span.first_ms,
        last_ms=span.last_ms,
        viewer=span.viewer,
        all_of_it=int(span.moderates),
        most=most,
    )
    return [TimedEvent(id=row, timestamp=timestamp, data=data) for row, timestamp, data in rows]


def prune(tx: Transaction, *, now_ms: int, most: int) -> int:
    """Delete at most about so many events that need not be kept; how many went."""
    gone = _drop_old.all(tx.connection, before_ms=now_ms - KEPT_MS, most=most)
    for board_id, head in _long_logs.all(tx.connection, slack=KEPT_POSITIONS // 10, most=8):
        gone += _drop_positions.all(tx.connection, board_id=board_id, up_to=head - KEPT_POSITIONS, most=most)
    floors: dict[int, int] = defaultdict(int)
    for board_id, seq in gone:
        if board_id is not None:
            floors[board_id] = max(floors[board_id], seq)
    for board_id, floor in floors.items():
        _raise_floor.run(tx.connection, board_id=board_id, up_to=floor)
    return len(gone)


def _store(tx: Transaction, board_id: int | None, logged: Logged) -> None:
    _append.run(
        tx.connection,
        tenant=logged.tenant,
        url_id=logged.url_id,
        timestamp=logged.timestamp,
        board_id=board_id,
        seq=logged.seq,
        marker_id=logged.marker_id,
        only_for=logged.only_for,
        data=codec.encode(logged.event),
    )
    tx.publish(logged)


def _logged(board: Board, row: tuple[Any, ...]) -> Logged:
    url_id, timestamp, seq, marker_id, only_for, data = row
    return Logged(
        tenant=board.tenant,
        url_id=url_id,
        board=board.url_id,
        marker_id=marker_id,
        seq=seq,
        timestamp=timestamp,
        event=_known.decode(data),
        only_for=only_for,
    )


def _held_back(event: Known) -> bool:
    comment = getattr(event, "comment", None)
    return comment is not None and not comment.approved
