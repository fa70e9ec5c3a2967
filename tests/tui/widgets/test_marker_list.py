"""The markers as rows."""

import msgspec

from imagechat_tui.core.outputs import MarkerPut
from imagechat_tui.core.views import Delivery
from imagechat_tui.tui.layout import Pane
from tests.support.board_client import MemoryBoard
from tests.support.grid import grid
from tests.tui.stage import bench, calm, picture, press, reviewed, shown


async def test_a_row_tells_number_state_words_news_and_count() -> None:
    """By signs as well as by color."""
    board = reviewed()
    marker = board.marker("m2")
    assert marker is not None
    board.put(msgspec.structs.replace(marker, delivery=Delivery.FAILED, operation="op"))
    async with shown(board) as pilot:
        text = grid(pilot.app)
    assert " 1 ● Button is cut off on… •2 3" in text
    assert " 2 ! Wrong blue" in text
    assert " 3 ✓ Spacing" in text


async def test_an_unsent_reply_is_marked() -> None:
    """So that it is found again."""
    async with shown(reviewed()) as pilot:
        await press(pilot, "n", "n", "R", "h", "m", "escape")
        assert "Wrong blue             ✎ 2" in grid(pilot.app)


async def test_a_thousand_rows_scroll_with_the_cursor() -> None:
    """The cursor stays in view."""
    board = MemoryBoard(pixels=picture())
    for i in range(1000):
        board.add(f"marker {i}", x=i % 100, y=i // 10 % 100)
    async with shown(board) as pilot:
        await press(pilot, "tab", "G")
        assert "▌1000" in grid(pilot.app)
        await press(pilot, "k", "g")
        assert "▌ 1 ●" in grid(pilot.app)


async def test_a_click_on_a_row_opens_it() -> None:
    """As enter does."""
    async with shown(reviewed()) as pilot:
        await pilot.click("#list", offset=(8, 2))
        await calm(pilot)
        assert bench(pilot).pane is Pane.THREAD
        assert "#3 ✓" in grid(pilot.app)


async def test_only_changed_rows_are_painted_again() -> None:
    """A change of one marker is a change of one row."""
    board = reviewed()
    async with shown(board) as pilot:
        rows = []
        marker_list = bench(pilot).list
        original = marker_list.refresh

        def watched(*regions: object, **options: object) -> object:
            rows.append(regions)
            return original(*regions, **options)  # type: ignore[arg-type] # passed on as it came

        marker_list.refresh = watched  # type: ignore[method-assign,assignment] # counts, then does the same
        marker = board.marker("m3")
        assert marker is not None
        changed = msgspec.structs.replace(marker, title="Other")
        board._markers["m3"] = changed
        board.announce(MarkerPut(marker=changed))
        await calm(pilot)
        assert len(rows) == 1
        assert rows[0][0].y == 2  # type: ignore[attr-defined] # the row's region


async def test_an_empty_board_invites() -> None:
    """By the key that places a marker; a filter that hides all says so."""
    board = MemoryBoard(pixels=picture())
    async with shown(board, keys={"marker_here": "w"}) as pilot:
        assert "press w." in " ".join(grid(pilot.app).replace("│", " ").split())
    async with shown(reviewed()) as pilot:
        await press(pilot, "/", "z", "z", "z")
        assert "Nothing passes the filter." in grid(pilot.app)
