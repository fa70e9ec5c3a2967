"""Plain mode from sign-in to resolve: two people in lines of words, through a real server and the real command."""

import asyncio
import contextlib
import re
from pathlib import Path

from tests.cli.commands import imagechat
from tests.cli.terminal import Terminal, on_terminal
from tests.support.people import make_board, person
from tests.support.servers import ServerProcess


def _signed_in(home: Path, server: ServerProcess, name: str) -> None:
    """By an invitation of the operator."""
    home.mkdir()
    invited = imagechat(home, "invite", name, "--tenant", "acme", "--server", server.url, "--data", str(server.data))
    assert invited.code == 0, invited.err
    assert imagechat(home, "login", invited.out.strip()).code == 0


def _type(terminal: Terminal, line: str, *shown: str, beside: Terminal) -> None:
    terminal.press(f"{line}\r")
    for words in shown:
        terminal.until_shown(words, beside=[beside])


async def test_two_people_review_a_board_without_a_screen(server: ServerProcess, tmp_path: Path) -> None:
    """Ann pins, Ben hears of it and answers, Ann resolves; each sees one line for what the other does."""
    place = await make_board(server.url, await server.tenant())
    await asyncio.to_thread(_review, server, place.link, tmp_path)


def _review(server: ServerProcess, link: str, tmp_path: Path) -> None:
    for name in ("ann", "ben"):
        _signed_in(tmp_path / name, server, name)
    with contextlib.ExitStack() as seats:
        ann = seats.enter_context(on_terminal(tmp_path / "ann", "open", link, "--plain", columns=150, rows=40))
        ann.until_shown("Connected")
        plainly = {"ACCESSIBLE": "1"}
        ben = seats.enter_context(on_terminal(tmp_path / "ben", "open", link, variables=plainly, columns=150, rows=40))
        ben.until_shown("Connected", beside=[ann])
        ann.until_shown("ben is here.", beside=[ben])
        _type(ann, "new 25.5 30.2 The label is cut off", "Placed: marker 1.", beside=ben)
        ben.until_shown("New: 1, top left, at 25.5 30.2, open, no replies, by ann: The label is cut off", beside=[ann])
        _type(ben, "read 1", "Comment 1, by ann", beside=ann)
        _type(ben, "reply Shorten it to Pay?", "Sent to marker 1.", beside=ann)
        ann.until_shown("ben on marker 1, comment 2: Shorten it to Pay?", beside=[ben])
        _type(ben, "vote up .1", "Your vote counts.", beside=ann)
        ann.until_shown("Comment 1 on marker 1 has 1 vote now.", beside=[ben])
        _type(ann, "move 1 80 80", "Moved: marker 1 is now bottom right", beside=ben)
        ben.until_shown("Marker 1 was moved: bottom right, at 80.0 80.0.", beside=[ann])
        _type(ann, "resolve 1", "Resolved: marker 1.", beside=ben)
        ben.until_shown("ann resolved marker 1.", beside=[ann])
        _type(ann, "undo", "Open again: marker 1.", beside=ben)
        _type(ann, "resolve", "No marker is chosen", beside=ben)
        ann.press("q\r")
        assert ann.end() == 0
        ben.until_shown("ann has left.")
        ben.press("q\r")
        assert ben.end() == 0
        assert b"\x1b" not in ann.raw + ben.raw


async def test_a_script_reviews_through_a_pipe(server: ServerProcess, tmp_path: Path) -> None:
    """Lines in, lines out, one after the other; somebody with a screen sees them."""
    place = await make_board(server.url, await server.tenant())
    await asyncio.to_thread(_signed_in, tmp_path / "ann", server, "ann")
    async with person(place, "ben") as ben:
        await ben.live()
        lines = b"new 10 20 From a script\nreply #1 And an answer\nresolve 1\nread 1\nnew 1\n"
        ended = await asyncio.to_thread(imagechat, tmp_path / "ann", "open", place.link, "--plain", stdin=lines)
        assert ended.code == 1, ended.err
        said = ended.out.splitlines()
        assert "Placed: marker 1." in said
        assert said[-1] == "Like this: new X Y [TEXT]"
        assert any(re.fullmatch(r"Comment 2, by ann \(you\), just now: And an answer", line) for line in said)
        await ben.sees("From a script", like=lambda marker: marker.resolved and marker.comment_count == 2)


async def test_a_lost_server_is_told_and_what_is_typed_is_kept(server: ServerProcess, tmp_path: Path) -> None:
    """Reading goes on; nothing is sent; the text is there in the next run."""
    place = await make_board(server.url, await server.tenant())
    await asyncio.to_thread(_signed_in, tmp_path / "ann", server, "ann")
    async with person(place, "ben") as ben:
        await ben.live()
        await ben.pin("logo", x=10, y=20)
    home = tmp_path / "ann"
    with on_terminal(home, "open", place.link, "--plain", columns=150, rows=40) as ann:
        await asyncio.to_thread(ann.until_shown, "Connected")
        ann.press("read 1\r")
        await asyncio.to_thread(ann.until_shown, "Comment 1, by ben")
        await server.kill()
        await asyncio.to_thread(ann.until_shown, "Offline.")
        ann.press("reply #1 My long thought\r")
        await asyncio.to_thread(ann.until_shown, "You are offline")
        ann.press("read\r")
        await asyncio.to_thread(ann.until, lambda: ann.text.count("Comment 1, by ben") == 2)
        ann.press("q\r")
        assert await asyncio.to_thread(ann.end) == 0
    assert "My long thought" in (home / "state" / "imagechat" / "drafts.json").read_text()
