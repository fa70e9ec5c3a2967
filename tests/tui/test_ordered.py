"""Keys that arrive in one read: fast typing, automation, a paste without brackets."""

from textual import events

from imagechat_tui.core import inputs
from imagechat_tui.tui.screens.confirm import Confirm
from imagechat_tui.tui.widgets.filter_line import FilterLine
from tests.tui.stage import Stage, bench, board_screen, calm, press, reviewed, shown, until

_NAMES = {"\r": "enter", "\x1b": "escape", "\n": "ctrl+j", " ": "space", "/": "slash"}


def at_once(pilot: Stage, text: str) -> None:
    """All of it lies in the app's queue before the first key is read."""
    for char in text:
        name = _NAMES.get(char, char)
        pilot.app.post_message(events.Key(name, char if char.isprintable() else None))


def made(board: object) -> list[str]:
    """Texts of the markers that were sent."""
    return [one.text for one in board.submitted if isinstance(one, inputs.CreateMarker)]  # type: ignore[attr-defined]  # whatever was submitted to


async def test_a_marker_typed_in_one_read_is_sent_whole() -> None:
    """From the key that opens the composer to the one that sends; what follows is a key of the picture again."""
    board = reviewed()
    async with shown(board) as pilot:
        at_once(pilot, "mTotal is wrong\nand late\rn")
        await until(pilot, lambda: bool(made(board)))
        await calm(pilot)
        assert made(board) == ["Total is wrong\nand late"]
        assert not bench(pilot).composer.display
        assert isinstance(board.submitted[-1], inputs.OpenThread)


async def test_remapped_keys_keep_their_turn() -> None:
    """A mapping changes which key sends, not when."""
    board = reviewed()
    async with shown(board, keys={"send": "f5", "marker_here": "f6"}) as pilot:
        pilot.app.post_message(events.Key("f6", None))
        at_once(pilot, "Total")
        pilot.app.post_message(events.Key("f5", None))
        await until(pilot, lambda: bool(made(board)))
        assert made(board) == ["Total"]


async def test_a_filter_typed_in_one_read_holds() -> None:
    """Words, enter, and the next key on the markers that pass."""
    async with shown(reviewed()) as pilot:
        at_once(pilot, "/blue\rn")
        await until(pilot, lambda: board_screen(pilot)._parts.selection.marker_id is not None)
        await calm(pilot)
        chosen = board_screen(pilot)._parts.marker
        assert chosen is not None
        assert chosen.title == "Wrong blue"
        assert not board_screen(pilot).query_one(FilterLine).writing


async def test_a_draft_left_in_one_read_is_kept_and_found_again() -> None:
    """Escape waits for the letters before it."""
    board = reviewed()
    async with shown(board) as pilot:
        at_once(pilot, "mlater\x1bm")
        await until(pilot, lambda: bench(pilot).writing and bench(pilot).composer.text == "later")
        assert made(board) == []


async def test_an_answer_typed_ahead_reaches_the_question() -> None:
    """The dialog opens before the key that answers it is read."""
    board = reviewed()
    board.moderator = True
    async with shown(board) as pilot:
        await press(pilot, "n")
        at_once(pilot, "dyn")
        await until(pilot, lambda: any(isinstance(one, inputs.DeleteMarker) for one in board.submitted))
        await calm(pilot)
        assert not isinstance(pilot.app.screen, Confirm)
