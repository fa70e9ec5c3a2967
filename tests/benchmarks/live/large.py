"""The real app on a board with very many markers: what opening it, and every kind of key, costs."""

import time
from dataclasses import dataclass
from typing import Final

from imagechat_tui.server.store import boards, comments, windows
from imagechat_tui.server.store import markers as store_markers
from imagechat_tui.server.store.comments import Comment
from imagechat_tui.server.store.database import Transaction
from imagechat_tui.server.store.markers import Marker
from tests.benchmarks.live.accounting import processor_seconds
from tests.benchmarks.live.screens import Prepare, stage
from tests.benchmarks.live.terminals import Terminal
from tests.support.people import Place

_PRESSES: Final = 6
_ACROSS: Final = 100
"""Markers of one row of the picture."""


@dataclass(frozen=True, kw_only=True)
class Large:
    """Processor time in ms: all of the start, then the middle of several presses of each key."""

    markers: str
    open: float
    move: float
    next_marker: float
    zoom: float
    pan: float
    filter: float
    """Per character typed."""


async def large(count: int) -> Large:
    """Open a board with so many markers and press keys."""
    async with stage(prepare=filled(count)) as here:
        app = here.app
        opened = processor_seconds(app.process.pid)
        move = await _press(app, b"l")
        following = await _press(app, b"n")
        await _press(app, b"1", times=1)
        zoom = await _press(app, b"+", times=1)
        pan = await _press(app, b"\x1b[1;5C")
        await _press(app, b"0", times=1)
        await _press(app, b"/", times=1)
        narrow = await _press(app, b"9", times=2)
        return Large(
            markers=f"{count:,}",
            open=opened * 1000,
            move=move,
            next_marker=following,
            zoom=zoom,
            pan=pan,
            filter=narrow,
        )


async def _press(app: Terminal, key: bytes, *, times: int = _PRESSES) -> float:
    """Milliseconds of processor time from a key until nothing moves any longer."""
    before = processor_seconds(app.process.pid)
    for _ in range(times):
        app.press(key)
        await app.settle()
    return (processor_seconds(app.process.pid) - before) / times * 1000


def filled(count: int) -> Prepare:
    """A board with so many markers, spread evenly, each with a comment."""

    def fill(tx: Transaction, place: Place) -> None:
        tenant = place.tenant.name
        board = boards.find(tx.connection, tenant, place.url_id)
        assert board is not None
        now = time.time_ns() // 1_000_000
        for number in range(count):
            x, y = number % _ACROSS + 0.5, number // _ACROSS % 100 + 0.5
            window = f"{place.url_id}:{place.src}:{x}:{y}"
            marker = Marker(
                id=f"many-{number}", window_url_id=window, number=number + 1, x=x, y=y, src=place.src, page_title="",
                user_id="acme:ann", user_name="Ann", session=None, created_from_comment_id=f"c-{number}",
                created_ms=now,
            )  # fmt: skip
            comment = Comment(
                id=f"c-{number}", window_url_id=window, parent_id=None, user_id="acme:ann", session=None,
                edit_key_hash=None, name="Ann", email=None, text=f"Comment number {number}", html="", url="",
                page_title=None, locale=None, avatar=None, link=None, label=None, role="member", created_ms=now,
            )  # fmt: skip
            windows.add(tx, tenant, window, created_by="acme:ann")
            windows.claim(tx, board, window, marker_id=marker.id)
            store_markers.add(tx, board, marker)
            comments.add(tx, tenant, comment)
            store_markers.written(tx, tenant, marker.id, comment_id=comment.id)

    return fill
