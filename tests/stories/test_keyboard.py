"""One review by the keyboard alone, from the invitation to the resolution, with the real command on a terminal."""

import asyncio
import contextlib
from pathlib import Path

from tests.cli.commands import imagechat
from tests.cli.terminal import Terminal, on_terminal
from tests.support.people import make_board
from tests.support.servers import ServerProcess


async def test_from_sign_in_to_resolve_without_a_mouse(server: ServerProcess, tmp_path: Path) -> None:
    """Ann jumps, pins and keeps a draft over a restart; Ben mentions her; she resolves, takes it back, resolves."""
    place = await make_board(server.url, await server.tenant())
    await asyncio.to_thread(_review, server, place.link, tmp_path)


def _review(server: ServerProcess, link: str, tmp_path: Path) -> None:
    homes = {name: tmp_path / name for name in ("ann", "ben")}
    for name, home in homes.items():
        home.mkdir()
        where = ("--tenant", "acme", "--server", server.url, "--data", str(server.data))
        invited = imagechat(home, "invite", name, *where)
        assert imagechat(home, "login", invited.out.strip()).code == 0
    with on_terminal(homes["ann"], "open", link, "--no-mouse", columns=120, rows=34) as ann:
        ann.until_shown("● live")
        _keys(ann, "f", "d")
        _keys(ann, "h", shows="AIM")
        _keys(ann, "\r", shows="New marker")
        _keys(ann, "The label is cut off", shows="cut off")
        _keys(ann, "\r", shows="#1 · open")
        _keys(ann, "R", shows="Reply to #1")
        _keys(ann, "or shorter", shows="or shorter")
        _keys(ann, "\x1b", shows="Kept as a draft")
        _keys(ann, "q")
        assert ann.end() == 0
    assert b"\x1b[?1000h" not in ann.raw
    with contextlib.ExitStack() as seats:
        ann = seats.enter_context(on_terminal(homes["ann"], "open", link, "--no-mouse", columns=120, rows=34))
        ann.until_shown("● live")
        ben = seats.enter_context(on_terminal(homes["ben"], "open", link, "--no-mouse", columns=120, rows=34))
        ben.until_shown("2 here", beside=[ann])
        ann.until_shown("2 here", beside=[ben])
        _keys(ben, "n", shows="The label is cut off", beside=ann)
        _keys(ben, "\r", "R", shows="Reply to #1", beside=ann)
        _keys(ben, "@an", shows="@ann", beside=ann)
        _keys(ben, "\t", shows="@ann ", beside=ann)
        _keys(ben, "shorten it", shows="@ann shorten it", beside=ann)
        _keys(ben, "\r", shows="2 comments", beside=ann)
        _keys(ann, "n", shows="@ann shorten it", beside=ben)
        _keys(ann, "\r", "R", shows="or shorter", beside=ben)
        _keys(ann, "\r", shows="3 comments", beside=ben)
        ben.until_shown("or shorter", beside=[ann])
        _keys(ann, "x", shows="resolved by ann", beside=ben)
        ben.until_shown("resolved by ann", beside=[ann])
        _keys(ann, "u", shows="#1 · open", beside=ben)
        _keys(ann, "x", shows="1 resolved", beside=ben)
        ben.until_shown("1 resolved", beside=[ann])
        for person in (ann, ben):
            _keys(person, "q")
            assert person.end() == 0


def _keys(terminal: Terminal, *keys: str, shows: str = "", beside: Terminal | None = None) -> None:
    """Press each after the screen has come to rest, until these words stand there."""
    for key in keys:
        terminal.settle(quiet=0.3)
        terminal.press(key)
    if shows:
        terminal.until_shown(shows, beside=[beside] if beside else [])
