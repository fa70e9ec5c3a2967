"""Boards: one picture each, who may see it, and the counters of its positions, times and marker numbers."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Literal

from msgspec import Struct
from sqlalchemy import Connection, bindparam, case, select, update
from sqlalchemy.dialects.postgresql import insert

from imagechat_tui.protocol.models import Image
from imagechat_tui.server.store.columns import pack, unpack
from imagechat_tui.server.store.database import Transaction
from imagechat_tui.server.store.gathering import Counters, arrays, gathered
from imagechat_tui.server.store.prepared import Postponed, Prepared
from imagechat_tui.server.store.tables import boards as table

Visibility = Literal["link", "tenant", "groups"]

_FAR_AHEAD_MS = 5_000

_ASKED_TOGETHER = 500
"""Keys of one statement: databases bound how many values it may have."""


class Board(Struct, frozen=True, kw_only=True):
    """One board, or a page of an official client that has markers and no picture of ours."""

    id: int
    """Of the row; never on the wire."""
    tenant: str
    url_id: str
    token: str
    """Of its link."""
    title: str
    visibility: Visibility
    groups: tuple[str, ...]
    """Who may see it, when ``visibility`` is ``groups``."""
    src: str | None
    width: int | None
    height: int | None
    sha256: str | None
    version: int
    created_by: str | None
    """A wire id; ``None`` when the first marker made it."""
    created_ms: int
    head: int
    """The last position given."""
    floor: int
    """Positions up to here are no longer in the log."""

    @property
    def image(self) -> Image | None:
        """Its picture as the wire shows it."""
        if self.src is None or self.width is None or self.height is None or self.sha256 is None:
            return None
        return Image(src=self.src, width=self.width, height=self.height, sha256=self.sha256, version=self.version)

    @property
    def first_src(self) -> str | None:
        """Its picture, if that is the only one it ever had."""
        return self.src if self.version == 1 else None


class NewBoard(Struct, frozen=True, kw_only=True):
    """A board to be made; the fields are those of ``Board``."""

    url_id: str
    token: str
    title: str
    created_by: str | None
    visibility: Visibility = "link"
    groups: tuple[str, ...] = ()


NAMES = (
    *("id", "tenant", "url_id", "token", "title", "visibility", "groups", "src", "width", "height", "sha256"),
    *("version", "created_by", "created_ms", "head", "floor"),
)
columns = tuple(table.c[name] for name in NAMES)

_of_tenant = table.c.tenant == bindparam("tenant")
_this = (_of_tenant, table.c.id == bindparam("board_id"))
_by_url_id = Prepared(select(*columns).where(_of_tenant, table.c.url_id == bindparam("url_id")))
_by_token = Prepared(select(*columns).where(_of_tenant, table.c.token == bindparam("token")))
_add = Prepared(
    insert(table)
    .values(
        {name: bindparam(name) for name in ("tenant", "url_id", "token", "title", "visibility", "groups")}
        | {"created_by": bindparam("created_by"), "created_ms": bindparam("now_ms"), "last_ms": 0}
    )
    .on_conflict_do_nothing()
    .returning(*columns)
)
_describe = Prepared(
    update(table)
    .where(*_this)
    .values({name: bindparam(f"new_{name}") for name in ("title", "visibility", "groups")})
    .returning(*columns)
)
_show = Prepared(
    update(table)
    .where(*_this)
    .values({name: bindparam(f"new_{name}") for name in ("src", "width", "height", "sha256")})
    .values(version=table.c.version + 1)
    .returning(*columns)
)
# One step of the board's clock: at least one later than the last, but not without end ahead of the real one.
_next_ms = case(
    (table.c.last_ms < bindparam("now_ms"), bindparam("now_ms")),
    (table.c.last_ms >= bindparam("now_ms") + _FAR_AHEAD_MS, table.c.last_ms),
    else_=table.c.last_ms + 1,
)
_counters = (table.c.head, table.c.last_ms, table.c.numbered)
_advance = Prepared(update(table).where(*_this).values(head=table.c.head + 1, last_ms=_next_ms).returning(*_counters))
_reserve = Prepared(
    update(table)
    .where(*_this)
    .values(
        head=table.c.head + bindparam("amount"),
        last_ms=case((table.c.last_ms < bindparam("least_ms"), bindparam("least_ms")), else_=table.c.last_ms),
    )
    .returning(*_counters)
)
_number = Prepared(update(table).where(*_this).values(numbered=table.c.numbered + 1).returning(*_counters))
_given = arrays(table, {"board_id": "id", "new_head": "head", "new_last_ms": "last_ms", "new_numbered": "numbered"})
_count = Postponed(
    update(table)
    .where(table.c.id == bindparam("board_id"))
    .values({name: bindparam(f"new_{name}") for name in ("head", "last_ms", "numbered")}),
    update(table)
    .where(table.c.id == _given.c.board_id)
    .values({name: _given.c[f"new_{name}"] for name in ("head", "last_ms", "numbered")}),
    key=("board_id",),
)


def find(connection: Connection, tenant: str, url_id: str) -> Board | None:
    """A board by its key."""
    row = _by_url_id.first(connection, tenant=tenant, url_id=url_id)
    return from_row(row) if row else None


def by_token(connection: Connection, tenant: str, token: str) -> Board | None:
    """A board by the token of its link."""
    row = _by_token.first(connection, tenant=tenant, token=token)
    return from_row(row) if row else None


def add(tx: Transaction, tenant: str, new: NewBoard, *, now_ms: int) -> Board | None:
    """A new board without a picture; ``None`` when the key or the token is taken."""
    values: dict[str, object] = {field: getattr(new, field) for field in new.__struct_fields__}
    row = _add.first(tx.connection, tenant=tenant, now_ms=now_ms, **(values | {"groups": pack(new.groups)}))
    return from_row(row) if row else None


def describe(tx: Transaction, board: Board, *, title: str, visibility: Visibility, groups: Iterable[str]) -> Board:
    """Another title, other viewers; the board as it is now."""
    return _changed(
        _describe.first(
            tx.connection, **_key(board), new_title=title, new_visibility=visibility, new_groups=pack(groups)
        )
    )


def show(tx: Transaction, board: Board, *, src: str, width: int, height: int, sha256: str) -> Board:
    """Another version of its picture; the board as it is now."""
    return _changed(
        _show.first(tx.connection, **_key(board), new_src=src, new_width=width, new_height=height, new_sha256=sha256)
    )


def heads(connection: Connection, tenant: str, url_ids: Sequence[str]) -> dict[str, int]:
    """The last position given on each of these boards that exists, by key."""
    found: dict[str, int] = {}
    for start in range(0, len(url_ids), _ASKED_TOGETHER):
        some = url_ids[start : start + _ASKED_TOGETHER]
        rows = connection.execute(
            select(table.c.url_id, table.c.head).where(table.c.tenant == tenant, table.c.url_id.in_(some))
        )
        found.update((url_id, head) for url_id, head in rows)
    return found


def advance(tx: Transaction, tenant: str, board_id: int, *, now_ms: int) -> tuple[int, int]:
    """The next position and its timestamp in ms: gap-free, strictly later than the last.

    A clock that runs more than 5 s behind the board's own gets equal timestamps until it has caught up. The row stays
    locked until the commit, so commit order is the order of positions.
    """

    def step(counters: Counters) -> Counters:
        late = min(counters.last_ms + 1, max(counters.last_ms, now_ms + _FAR_AHEAD_MS))
        return counters._replace(head=counters.head + 1, last_ms=max(now_ms, late))

    counters = _counted(tx, tenant, board_id, step, _advance, now_ms=now_ms)
    return counters.head, counters.last_ms


def reserve(tx: Transaction, tenant: str, board_id: int, *, amount: int, least_ms: int) -> int:
    """So many positions in a row, the board's clock not before ``least_ms``; the last position before them."""

    def step(counters: Counters) -> Counters:
        return counters._replace(head=counters.head + amount, last_ms=max(counters.last_ms, least_ms))

    return _counted(tx, tenant, board_id, step, _reserve, amount=amount, least_ms=least_ms).head - amount


def next_number(tx: Transaction, tenant: str, board_id: int) -> int:
    """The number of the next marker; never given twice."""

    def step(counters: Counters) -> Counters:
        return counters._replace(numbered=counters.numbered + 1)

    return _counted(tx, tenant, board_id, step, _number).numbered


def from_row(row: tuple[Any, ...]) -> Board:
    """A board of the columns ``columns``."""
    values = dict(zip(NAMES, row, strict=True))
    return Board(groups=unpack(values.pop("groups")), **values)


def _key(board: Board) -> dict[str, object]:
    return {"tenant": board.tenant, "board_id": board.id}


def _changed(row: tuple[Any, ...] | None) -> Board:
    if row is None:
        raise LookupError("no such board")
    return from_row(row)


def _counted(
    tx: Transaction,
    tenant: str,
    board_id: int,
    step: Callable[[Counters], Counters],
    statement: Prepared,
    **values: object,
) -> Counters:
    """A board's counters after one step, of which the database hears now or with the group's other news."""
    held = gathered(tx.connection)
    known = held.boards.get(board_id) if held is not None else None
    if known is not None:
        counters = step(known)
        _count.run(
            tx.connection,
            board_id=board_id,
            new_head=counters.head,
            new_last_ms=counters.last_ms,
            new_numbered=counters.numbered,
        )
    else:
        row = statement.first(tx.connection, tenant=tenant, board_id=board_id, **values)
        if row is None:
            raise LookupError("no such board")
        counters = Counters(*row)
    if held is not None:
        held.boards[board_id] = counters
    return counters
