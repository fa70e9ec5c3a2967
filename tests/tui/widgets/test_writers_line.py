"""Who is writing, on the screen: said in the thread and beside its marker, and nothing else moves."""

import pytest

from imagechat_tui.tui.layout import Shape
from tests.support.grid import grid
from tests.tui.stage import bench, calm, press, reviewed, shown

SAID = "Ana and Tomo are writing"


@pytest.mark.parametrize("size", [(160, 45), (100, 30), (80, 24)], ids=str)
async def test_it_is_said_under_the_thread_and_no_other_row_changes(size: tuple[int, int]) -> None:
    """Also while one answers oneself; the row was empty before and is afterwards."""
    board = reviewed()
    async with shown(board, size) as pilot:
        for keys in (("n", "enter"), ("R", "h", "m")):
            await press(pilot, *keys)
            board.write("m1")
            await calm(pilot)
            before = grid(pilot.app).splitlines()
            board.write("m1", "Ana", "Tomo")
            await calm(pilot)
            during = grid(pilot.app).splitlines()
            changed = [row for row, (was, now) in enumerate(zip(before, during, strict=True)) if was != now]
            assert sum(SAID in during[row] for row in changed) == 1
            assert all("⋯" in during[row] for row in changed)
            assert len(changed) == (1 if bench(pilot).shape is Shape.NARROW else 2)
            board.write("m1")
            await calm(pilot)
            assert grid(pilot.app).splitlines() == before


async def test_with_less_room_it_is_a_number_and_then_the_heading_says_it() -> None:
    """Nothing is cut in the middle of a name."""
    board = reviewed()
    async with shown(board, (84, 24)) as pilot:
        await press(pilot, "n")
        board.write("m1", "Ana Maria Novak", "Tomo Kralj")
        await calm(pilot)
        assert " ⋯ 2 people are writing" in grid(pilot.app)
        await pilot.resize_terminal(36, 12)
        await press(pilot, "enter")
        board.write("m1", "Ana")
        await calm(pilot)
        assert "#1 · open" in grid(pilot.app)
        assert "Ana is writing" in grid(pilot.app)
        board.write("m1")
        await calm(pilot)
        assert "Ana is writing" not in grid(pilot.app)
        assert "3 comments" in grid(pilot.app)


async def test_other_threads_have_a_sign_in_their_row_and_new_markers_a_word_in_the_heading() -> None:
    """Told by shape and words, not by color."""
    board = reviewed()
    async with shown(board) as pilot:
        await press(pilot, "n")
        board.write("m2", "Lin")
        board.write(None, "Lin")
        await calm(pilot)
        rows = grid(pilot.app).splitlines()
        assert any("Wrong blue" in row and row.rstrip().endswith("⋯ 2") for row in rows)
        assert any("Markers" in row and "Lin is writing · 5" in row for row in rows)
        assert sum("is writing" in row for row in rows) == 1
        await press(pilot, "n")
        assert grid(pilot.app).count("Lin is writing") == 2
        board.write("m2")
        board.write(None)
        await calm(pilot)
        assert "⋯" not in grid(pilot.app)
        assert "is writing" not in grid(pilot.app)
