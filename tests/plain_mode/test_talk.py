"""The talk on a real pipe and a real pseudo terminal, with a board in memory."""

import asyncio
import contextlib
import os
import pty
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from imagechat_tui.plain_mode.dialogue import Dialogue
from imagechat_tui.plain_mode.run import Talk
from imagechat_tui.plain_mode.terminal import Terminal
from imagechat_tui.tui.drafts import Drafts, Reply
from imagechat_tui.tui.settings import TO_BOARDS
from tests.support.board_client import NOW_MS, MemoryBoard
from tests.tui.stage import reviewed

DEADLINE = 10.0


async def _until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(DEADLINE):
        while True:
            if holds():
                return
            await asyncio.sleep(0.005)


@dataclass
class Running:
    """A talk that is going on."""

    board: MemoryBoard
    typing: int
    shown: Callable[[], str]
    drafts: Drafts
    task: "asyncio.Task[int]" = field(init=False)

    def type(self, text: str) -> None:
        os.write(self.typing, text.encode())

    async def until(self, words: str) -> None:
        await _until(lambda: words in self.shown())

    async def ended(self) -> int:
        return await asyncio.wait_for(self.task, DEADLINE)


@contextlib.asynccontextmanager
async def on_pipe(tmp_path: Path, board: MemoryBoard) -> AsyncIterator[Running]:
    """A program types, a file takes the lines."""
    reading, writing = os.pipe()
    log = tmp_path / "log"
    with log.open("w", encoding="utf-8") as out:
        async with _talking(board, writing, Terminal(keys=reading, out=out), log.read_text) as running:
            yield running


@contextlib.asynccontextmanager
async def on_terminal(board: MemoryBoard) -> AsyncIterator[Running]:
    """A person types at a terminal."""
    master, slave = pty.openpty()
    shown = bytearray()
    loop = asyncio.get_running_loop()
    loop.add_reader(master, lambda: shown.extend(os.read(master, 65536)))
    try:
        with open(slave, "w", encoding="utf-8", closefd=False) as out:  # noqa: ASYNC230 - a descriptor at hand
            terminal = Terminal(keys=slave, out=out)
            async with _talking(board, master, terminal, lambda: shown.decode(errors="replace")) as running:
                yield running
    finally:
        loop.remove_reader(master)
        os.close(master)
        os.close(slave)


@contextlib.asynccontextmanager
async def _talking(
    board: MemoryBoard, typing: int, terminal: Terminal, shown: Callable[[], str]
) -> AsyncIterator[Running]:
    drafts = Drafts(board="b")
    dialogue = Dialogue(board, title="t", drafts=drafts, link=None, read_only=False, wall_ms=lambda: NOW_MS)
    running = Running(board, typing, shown, drafts)
    with terminal.open():
        running.task = asyncio.create_task(Talk(board, dialogue, terminal).run())
        try:
            yield running
        finally:
            running.task.cancel()
            await asyncio.gather(running.task, return_exceptions=True)
            with contextlib.suppress(OSError):
                # The thread that reads ends with what it reads from.
                os.write(typing, b"\n")


async def test_a_pipe_is_answered_line_by_line_and_ends_with_it(tmp_path: Path) -> None:
    """Each line after the answer to the one before; exit code 0."""
    async with on_pipe(tmp_path, reviewed()) as talk:
        talk.type("new 10 20 From a pipe\nread 6\nresolve 6\nlist resolved\n")
        os.close(talk.typing)
        assert await talk.ended() == 0
        said = talk.shown()
        assert (
            said.index("Placed: marker 6.") < said.index("Comment 1, by Mia (you)") < said.index("Resolved: marker 6.")
        )
        assert "6, top left, at 10.0 20.0, resolved" in said
        assert "\x1b" not in said


async def test_the_next_line_of_a_pipe_waits_for_the_answer(tmp_path: Path) -> None:
    """What it speaks of may not be there before."""
    async with on_pipe(tmp_path, reviewed()) as talk:
        talk.board.answer = "hold"
        talk.type("new 10 20 First\nlist first\nquit\n")
        await _until(lambda: bool(talk.board._held))
        assert "6, top left" not in talk.shown()
        talk.board.settle()
        assert await talk.ended() == 0
        assert "6, top left, at 10.0 20.0, open" in talk.shown()
        os.close(talk.typing)


async def test_a_pipe_with_a_mistake_ends_with_1(tmp_path: Path) -> None:
    """And everything after the mistake is done all the same."""
    async with on_pipe(tmp_path, reviewed()) as talk:
        talk.type("red 2\nread 2")
        os.close(talk.typing)
        assert await talk.ended() == 1
        assert "Did you mean “read”?" in talk.shown()
        assert "Comment 1, by Bo" in talk.shown()


async def test_a_pipe_that_ends_in_a_text_leaves_a_draft(tmp_path: Path) -> None:
    """Nothing is sent that was not ended."""
    async with on_pipe(tmp_path, reviewed()) as talk:
        talk.type("reply #2\nhalf a thought")
        os.close(talk.typing)
        await talk.ended()
        assert talk.drafts.text(Reply(marker_id="m2")) == "half a thought"


async def test_news_wait_while_a_line_is_begun() -> None:
    """They never break into it; they come when it is ended."""
    async with on_terminal(reviewed()) as talk:
        await talk.until("quit to leave")
        talk.type("reply #2 I thi")
        await talk.until("reply #2 I thi")
        talk.board.put(talk.board.add("Logo is blurred", x=5, y=5, author="Bo"))
        talk.type("nk so")
        await talk.until("reply #2 I think so")
        assert "Logo is blurred" not in talk.shown()
        talk.type("\r")
        await talk.until("Sent to marker 2.")
        await talk.until("New: 6, top left")
        talk.board.put(talk.board.add("At once", x=5, y=5, author="Bo"))
        await talk.until("At once")
        talk.type("q\n")
        assert await talk.ended() == 0


async def test_nothing_is_redrawn_on_a_terminal() -> None:
    """Only text, ends of lines, and cells that are erased by the person."""
    async with on_terminal(reviewed()) as talk:
        await talk.until("quit to leave")
        talk.type("lisx\x7ft\rwho\r")
        await talk.until("people are here")
        talk.type("\x04")
        assert await talk.ended() == 0
        assert "\x1b" not in talk.shown()
        assert "\b" not in talk.shown().replace("\b \b", "")


async def test_control_d_in_a_text_keeps_it() -> None:
    """A closed terminal does the same."""
    async with on_terminal(reviewed()) as talk:
        await talk.until("quit to leave")
        talk.type("reply #2\rone\r\x04")
        await talk.ended()
        assert talk.drafts.text(Reply(marker_id="m2")) == "one"


async def test_leaving_for_another_board() -> None:
    """The caller is told."""
    async with on_terminal(reviewed()) as talk:
        await talk.until("quit to leave")
        talk.type("boards\r")
        assert await talk.ended() == TO_BOARDS
        assert talk.board.stopped


async def test_a_reader_that_left_ends_the_talk() -> None:
    """As every program in a pipe."""
    reading, writing = os.pipe()
    source, keys = os.pipe()
    # What could not be written is tried again when the file is closed.
    with (
        contextlib.suppress(BrokenPipeError),
        open(writing, "w", encoding="utf-8") as out,  # noqa: ASYNC230, PTH123 - a descriptor at hand
    ):
        async with _talking(reviewed(), keys, Terminal(keys=source, out=out), str) as talk:
            os.close(reading)
            talk.type("list\n")
            with pytest.raises(BrokenPipeError):
                await talk.ended()
            os.close(keys)
