"""Locks the boards that a group of writes is about, all at once and in one order: nodes never wait in a circle.

A board's row stays locked until the commit, so its counters can be kept in hand until then, and the order of commits
is the order of positions.
"""

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import Connection, select, union_all

from imagechat_tui.server.store.gathering import Counters, Gathered, arrays
from imagechat_tui.server.store.prepared import Prepared
from imagechat_tui.server.store.tables import boards, comments, markers, windows


class About(NamedTuple):
    """What a write is about."""

    tenant: str
    key: str
    """The key of a board or thread, or the id of a marker or comment; one that nobody has is no mistake."""


_given = arrays(boards, {"tenant": "tenant", "key": "url_id"})
_of_window = (windows.c.tenant == _given.c.tenant) & (windows.c.url_id == _given.c.key)
_of_marker = (markers.c.tenant == _given.c.tenant) & (markers.c.id == _given.c.key)
_of_comment = (comments.c.tenant == _given.c.tenant) & (comments.c.id == _given.c.key)
_of_thread = (windows.c.tenant == comments.c.tenant) & (windows.c.url_id == comments.c.window_url_id)
_meant = boards.alias("meant")
_ids = union_all(
    select(_meant.c.id).join(_given, (_meant.c.tenant == _given.c.tenant) & (_meant.c.url_id == _given.c.key)),
    select(windows.c.board_id).join(_given, _of_window),
    select(markers.c.board_id).join(_given, _of_marker),
    select(windows.c.board_id).join(comments, _of_thread).join(_given, _of_comment),
)
_lock = Prepared(
    select(boards.c.id, boards.c.head, boards.c.last_ms, boards.c.numbered)
    .where(boards.c.id.in_(_ids))
    .order_by(boards.c.id)
    .with_for_update(key_share=True)
)


def lock(connection: Connection, held: Gathered, about: Iterable[About]) -> None:
    """Lock the boards of all these, and keep their counters; on SQLite the transaction has locked everything."""
    if connection.dialect.name == "sqlite":
        return
    meant = dict.fromkeys(about)
    if meant:
        rows = _lock.all(connection, tenant=[one.tenant for one in meant], key=[one.key for one in meant])
        held.boards.update((row, Counters(head, last_ms, numbered)) for row, head, last_ms, numbered in rows)
