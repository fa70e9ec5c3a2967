"""Where text is written."""

from textual import events

from imagechat_tui.core.inputs import CreateMarker
from imagechat_tui.protocol.limits import COMMENT_CHARACTERS
from tests.support.grid import grid
from tests.tui.stage import bench, calm, press, reviewed, shown


async def test_pasted_lines_stay_lines_and_send_nothing() -> None:
    """Escape sequences in them are text for the server to refuse, never commands."""
    board = reviewed()
    async with shown(board) as pilot:
        await press(pilot, "m")
        pilot.app.post_message(events.Paste("one\ntwo"))
        await calm(pilot)
        assert bench(pilot).composer.text == "one\ntwo"
        assert not board.intents
        await press(pilot, "enter")
        made = board.intents[0]
        assert isinstance(made, CreateMarker)
        assert made.text == "one\ntwo"


async def test_nothing_but_blanks_is_not_sent() -> None:
    """Enter does nothing then."""
    board = reviewed()
    async with shown(board) as pilot:
        await press(pilot, "m", "space", "ctrl+j", "enter")
        assert not board.intents
        assert bench(pilot).writing


async def test_near_the_limit_it_counts() -> None:
    """What is left, and too much is not sent."""
    board = reviewed()
    async with shown(board, (160, 45)) as pilot:
        await press(pilot, "m")
        bench(pilot).composer.text = "x" * (COMMENT_CHARACTERS - 5)
        await calm(pilot)
        assert "5 characters left" in grid(pilot.app)
        bench(pilot).composer.text = "x" * (COMMENT_CHARACTERS + 1)
        await press(pilot, "enter")
        assert not board.intents
        assert bench(pilot).writing


async def test_wide_characters_and_emoji_can_be_written() -> None:
    """As they are."""
    board = reviewed()
    async with shown(board) as pilot:
        await press(pilot, "m")
        bench(pilot).composer.field.insert("žćđ 日本 👍 שלום")
        await press(pilot, "enter")
        made = board.intents[0]
        assert isinstance(made, CreateMarker)
        assert made.text == "žćđ 日本 👍 שלום"
