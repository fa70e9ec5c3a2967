"""``--on-count``: a real command is told of real counts; what is wrong with it is said before anything opens."""

import asyncio
import sys
from pathlib import Path

import msgspec
import pytest

from imagechat_tui.cli.counting import VARIABLE, read_command, told
from imagechat_tui.core.views import LinkState
from imagechat_tui.errors import UsageError
from tests.support.board_client import MemoryBoard
from tests.support.servers import PATIENCE

NOTES = """
import os, pathlib, sys, time
notes, wait, count = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3]
assert count == os.environ["IMAGECHAT_COUNT"] and sys.stdin.read() == ""
with notes.open("a") as file:
    file.write(count + "\\n")
while wait.exists():
    time.sleep(0.01)
"""


async def _reads(notes: Path, expected: list[str]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not notes.exists() or notes.read_text().split() != expected:  # noqa: ASYNC110 - a file sets no event
            await asyncio.sleep(0.01)


async def test_the_latest_count_wins_and_one_run_at_a_time(tmp_path: Path) -> None:
    """The first count, then what it has become once the run before is over; what changed meanwhile is left out."""
    notes, wait = tmp_path / "notes", tmp_path / "wait; touch harm"
    wait.touch()
    board = MemoryBoard()
    marker = board.add("a `title` $(with) signs", x=1, y=2)
    command = [sys.executable, "-c", NOTES, str(notes), str(wait)]
    async with told(board, command):
        board.set_link(LinkState.LIVE)
        await _reads(notes, ["1"])
        for count in (2, 3, 4):
            board.put(msgspec.structs.replace(marker, comment_count=count))
        wait.unlink()
        await _reads(notes, ["1", "4"])
        board.set_link(LinkState.RECONNECTING)
        board.put(msgspec.structs.replace(marker, comment_count=9))
        board.put(msgspec.structs.replace(marker, comment_count=5))
        board.set_link(LinkState.LIVE)
        await _reads(notes, ["1", "4", "5"])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["notes"]


async def test_a_command_that_cannot_run_disturbs_nothing(tmp_path: Path) -> None:
    """It was there when it was named, and is gone now: the app goes on."""
    board = MemoryBoard()
    async with told(board, [str(tmp_path / "gone")]):
        board.set_link(LinkState.LIVE)
        await asyncio.sleep(0)
        board.add("one", x=1, y=1)


def test_a_command_is_words_and_never_a_line_for_a_shell() -> None:
    """Quotes group; a semicolon is a letter."""
    assert read_command(f"{sys.executable} -c 'a b'; rm") == [sys.executable, "-c", "a b;", "rm"]
    assert VARIABLE.startswith("IMAGECHAT_")


@pytest.mark.parametrize(
    ("text", "said"), [("a 'b", "quotes"), ("", "no program"), ("no-such-program x", "no program")]
)
def test_what_cannot_be_run_is_said_at_once(text: str, said: str) -> None:
    """Before the screen changes."""
    with pytest.raises(UsageError, match=said):
        read_command(text)
