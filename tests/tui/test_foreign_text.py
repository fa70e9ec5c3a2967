"""Words of others never become commands for the terminal or markup for the screen."""

from typing import Any

import msgspec
import pytest

from imagechat_tui.core.views import LinkState, LinkView, Person, Reason
from tests.support.board_client import MemoryBoard
from tests.support.grid import grid
from tests.tui.stage import calm, picture, press, shown

HOSTILE = [
    "\x1b[31mred\x1b]0;title\x07\x9b2J",
    "[bold red]markup[/] [@click=app.quit]x[/]",
    "\u202egnp.exe \u2066iso\u2069",
    "a\u0300\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308\u0309 zalgo",
    "tab\tnew\nline\rback",
    "[/]",
    "\\[x] $primary {0} %s",
]


def written(pilot: Any) -> str:
    """Everything on the screen, as the bytes that go to the terminal."""
    app = pilot.app
    return "".join(strip.render(app.console) for strip in app.screen._compositor.render_strips())


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("size", [(100, 30), (30, 8)], ids=["wide", "tiny"])
async def test_foreign_words_are_shown_as_words(text: str, size: tuple[int, int]) -> None:
    """As title, name, comment, label and person, and in what the server says."""
    board = MemoryBoard(title=text, pixels=picture())
    marker = board.add(text, x=20, y=20, author=text, replies=[(text, text)])
    comment = board.comment(marker.id, text, text)
    board.put_comment(msgspec.structs.replace(comment, label=text))
    board.people = (Person(id="x", name=text),)
    async with shown(board, size) as pilot:
        await press(pilot, "n", "enter")
        screens = [written(pilot)]
        board.write(marker.id, text, text)
        board.write(None, text)
        await calm(pilot)
        screens.append(written(pilot))
        await press(pilot, "S")
        screens.append(written(pilot))
        await press(pilot, "escape")
        board.link = LinkView(state=LinkState.REFUSED, reason=Reason.NOT_ALLOWED, detail=text)
        board.set_link(LinkState.REFUSED, reason=Reason.NOT_ALLOWED)
        await press(pilot, "down")
        screens.append(written(pilot))
        plain = grid(pilot.app)
    for screen in screens:
        assert "\x1b]0;" not in screen
        assert "\x1b[2J" not in screen
        assert "\x9b" not in screen
        assert "\x07" not in screen
        assert "\u202e" not in screen
        assert "\u2066" not in screen
    if text.startswith("[bold"):
        assert "[bold red]" in plain or size == (30, 8)
