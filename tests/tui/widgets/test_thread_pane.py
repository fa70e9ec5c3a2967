"""A thread as scrolling lines."""

import msgspec

from imagechat_tui.core.outputs import ThreadReplaced
from imagechat_tui.core.views import LinkState
from tests.support.grid import grid
from tests.tui.stage import bench, calm, press, reviewed, shown


async def test_a_new_comment_at_the_end_is_scrolled_to() -> None:
    """Unless somebody reads further up."""
    board = reviewed()
    async with shown(board, (100, 20)) as pilot:
        await press(pilot, "n")
        for i in range(12):
            board.put_comment(board.comment("m1", "Bo", f"answer {i}"))
        await calm(pilot)
        assert "answer 11" in grid(pilot.app)
        await press(pilot, "enter", "pageup", "pageup")
        above = grid(pilot.app)
        board.put_comment(board.comment("m1", "Bo", "late news"))
        await calm(pilot)
        assert "late news" not in grid(pilot.app)
        assert above.splitlines()[12] == grid(pilot.app).splitlines()[12]


async def test_an_edit_changes_its_lines_only() -> None:
    """The others are not made again."""
    board = reviewed()
    async with shown(board) as pilot:
        await press(pilot, "n")
        thread = bench(pilot).thread
        before = dict(thread._made)
        comment = (board.thread("m1") or ())[1]
        board.put_comment(msgspec.structs.replace(comment, text="Changed words", edited=True))
        await calm(pilot)
        assert "Changed words" in grid(pilot.app)
        kept = [key for key, made in before.items() if thread._made[key][1] is made[1]]
        assert len(kept) == len(before) - 1


async def test_a_thread_that_is_not_there_says_why() -> None:
    """Loading, or never read before the connection broke."""
    board = reviewed()
    board.unload("m1")
    async with shown(board) as pilot:
        await press(pilot, "n")
        assert "Loading" in grid(pilot.app)
        board.set_link(LinkState.OFFLINE)
        await calm(pilot)
        assert "was not read before" in " ".join(grid(pilot.app).replace("│", " ").split())
        board.set_link(LinkState.LIVE)
        board._threads["m1"] = [board.comment("m1", "Ana", "here now")]
        board.announce(ThreadReplaced(marker_id="m1"))
        await calm(pilot)
        assert "here now" in grid(pilot.app)


async def test_the_cursor_follows_a_comment_to_its_final_id() -> None:
    """A reply that is confirmed while it is under the cursor."""
    board = reviewed()
    board.answer = "hold"
    async with shown(board) as pilot:
        await press(pilot, "n", "R", "o", "k", "enter", "down", "down", "down", "down")
        assert "sending" in grid(pilot.app)
        pending = bench(pilot).thread.comment
        assert pending is not None
        board.settle()
        await calm(pilot)
        confirmed = bench(pilot).thread.comment
        assert confirmed is not None
        assert confirmed.text == "ok"
        assert confirmed.id != pending.id
        assert "sending" not in grid(pilot.app)
