"""Names and texts of the whole world: columns hold by the measure that terminals use, and the cursor stands right."""

import pytest
from wcwidth import wcswidth

from imagechat_tui.core.views import Person
from tests.support.board_client import MemoryBoard
from tests.support.grid import grid
from tests.tui.stage import bench, picture, press, shown

WORLD = {
    "japanese": "ラベルが長すぎるので短くしてください",
    "korean": "버튼이 잘려 보입니다",
    "hebrew": "הכפתור חתוך במסך קטן",
    "arabic": "الزر مقطوع على الشاشات الصغيرة",
    "combining": "Cafe\u0301 nai\u0308ve o\u0302\u0301",
    "vietnamese": "Nút bị cắt trên màn hình nhỏ",
    "thai": "ปุ่มถูกตัดบนหน้าจอขนาดเล็ก",
    "family": "👩\u200d👩\u200d👧\u200d👦 and 🧑\u200d💻 agree",
    "skin": "👍🏽 from 👩🏿 too",
    "flags": "🇸🇮 🇯🇵 ship it",
    "heart": "I ❤\ufe0f it ☎\ufe0f 1\ufe0f⃣",
    "fullwidth": "\uff21\uff22\uff23 \uff11\uff12\uff13 ｶﾅ",
}
SIZES = [(120, 30), (80, 24), (40, 12)]


def _world_board(text: str) -> MemoryBoard:
    """A board on which everybody and everything is called so."""
    board = MemoryBoard(title=text, pixels=picture())
    board.add(text, x=20, y=20, author=text, replies=[(text, text * 4)], unread=2)
    board.add("plain", x=70, y=70, author="Ana", resolved=True, resolved_by=text)
    board.people = (Person(id="x", name=text), Person(id="y", name="Ana"))
    return board


def _columns_hold(screen: str, width: int) -> None:
    for row in screen.splitlines():
        assert wcswidth(row) <= width, row
        assert wcswidth(row) >= 0, row


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("name", WORLD)
async def test_columns_hold_in_header_list_and_thread(name: str, size: tuple[int, int]) -> None:
    """The edge between the panes stands in one column, and what belongs to the right edge ends there."""
    async with shown(_world_board(WORLD[name]), size) as pilot:
        for keys in (("tab",), ("n", "enter"), ("n",)):
            await press(pilot, *keys)
            screen = grid(pilot.app)
            _columns_hold(screen, size[0])
            # Each terminal shows joined emoji as wide as it likes; apart they are two cells everywhere.
            assert "\u200d" not in screen
            assert "\ufe0f" not in screen
            header = screen.splitlines()[0]
            assert "● live" in header
            if size[0] >= 84:
                edge = bench(pilot).thread.region.x - 1
                assert {wcswidth(row[: row.rindex("│")]) for row in screen.splitlines()[1:-1]} == {edge}


@pytest.mark.parametrize("name", ["japanese", "hebrew", "combining", "skin", "fullwidth", "thai"])
async def test_the_cursor_stands_behind_what_was_typed(name: str) -> None:
    """In cells, not in characters; and a step to the left goes back by one of them."""
    text = WORLD[name][:8]
    async with shown(_world_board("x"), (120, 30)) as pilot:
        await press(pilot, "m")
        field = bench(pilot).composer.field
        start = field.cursor_screen_offset.x
        field.insert(text)
        await press(pilot, "end")
        assert field.cursor_screen_offset.x - start == wcswidth(text)
        before = field.cursor_screen_offset.x
        await press(pilot, "left")
        assert before - field.cursor_screen_offset.x in {0, 1, 2}
        _columns_hold(grid(pilot.app), 120)
