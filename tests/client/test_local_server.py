"""The real local server as a process in the background: two terminals of one person, and a server that dies."""

import asyncio
import json
import os
import signal
import stat
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from imagechat_tui.client.arriving import Place
from imagechat_tui.client.opening import OpenedBoard, open_board
from imagechat_tui.core.inputs import CreateMarker, RetryNow
from imagechat_tui.core.views import LinkState


class Home:
    """Folders of one person, and the server that comes to live in them."""

    def __init__(self, folder: Path) -> None:
        self.place = Place(data=folder / "local", state=folder / "state")
        buffer = BytesIO()
        Image.new("RGB", (8, 6), "#0f62fe").save(buffer, "PNG")
        self.picture = folder / "mock.png"
        self.picture.write_bytes(buffer.getvalue())

    def pid(self) -> int:
        """The process that serves now."""
        return int(json.loads((self.place.data / "server.json").read_text())["pid"])


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spawned: set[int]) -> Home:  # noqa: ARG001 - ends what is started
    """A person who has never used this before."""
    for name in ("RUNTIME_DIR", "STATE_HOME", "CONFIG_HOME", "DATA_HOME", "CACHE_HOME"):
        monkeypatch.setenv(f"XDG_{name}", str(tmp_path / name.lower()[0]))
    (tmp_path / "r").mkdir(mode=0o700)
    return Home(tmp_path)


async def until(holds: Callable[[], object], what: str) -> None:
    """Wait for something that another process brings about."""
    try:
        async with asyncio.timeout(30):
            while not holds():  # noqa: ASYNC110 - the other end is a process
                await asyncio.sleep(0.01)
    except TimeoutError:
        raise AssertionError(f"waited in vain for {what}") from None


async def live(board: OpenedBoard) -> None:
    """Wait until a board is live."""
    await until(lambda: board.runner.view.link.state is LinkState.LIVE, "the link to be live")


def titles(board: OpenedBoard) -> list[str]:
    """What the markers say."""
    return [marker.title for marker in board.runner.view.markers() if marker.number]


async def test_two_terminals_meet_and_outlive_a_killed_server(home: Home) -> None:
    """The first one starts it, the second one joins, and after a kill both are brought back, nothing lost."""
    first = await open_board(str(home.picture), place=home.place)
    second = await open_board(str(home.picture), place=home.place)
    assert first.notices == second.notices == ()
    assert first.link is None
    boards = (first, second)
    runs = [asyncio.create_task(board.runner.run()) for board in boards]
    try:
        for board in boards:
            await live(board)
        first.runner.submit(CreateMarker(x=1.0, y=2.0, text="before"))
        await until(lambda: titles(second) == ["before"], "the first marker")
        killed = home.pid()
        os.kill(killed, signal.SIGKILL)
        await until(lambda: all(b.runner.view.link.state is not LinkState.LIVE for b in boards), "the loss")
        for board in boards:
            board.runner.submit(RetryNow())
        for board in boards:
            await live(board)
        assert home.pid() != killed
        second.runner.submit(CreateMarker(x=3.0, y=4.0, text="after"))
        await until(lambda: titles(first) == ["before", "after"], "the second marker")
    finally:
        for board in boards:
            await board.runner.stop()
        await asyncio.gather(*runs)


async def test_nobody_else_can_reach_it(home: Home) -> None:
    """Folder, socket, secret and sessions are for this person only."""
    board = await open_board(str(home.picture), place=home.place)
    await board.runner.stop()
    socket = Path(json.loads((home.place.data / "server.json").read_text())["socket"])
    for path in (home.place.data, home.place.state, socket.parent):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700
    for path in (home.place.data / "server.json", home.place.state / "sessions.json"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


async def test_a_session_is_used_again(home: Home) -> None:
    """Opening often leaves no trail of sessions; one whose server has forgotten it is renewed."""
    for _ in range(2):
        board = await open_board(str(home.picture), place=home.place)
        await board.runner.stop()
    kept = json.loads((home.place.state / "sessions.json").read_text())
    assert len(kept["sessions"]) == 1
    kept["sessions"][0]["token"] = "forgotten"
    (home.place.state / "sessions.json").write_text(json.dumps(kept))
    board = await open_board(str(home.picture), place=home.place)
    await board.runner.stop()
    assert json.loads((home.place.state / "sessions.json").read_text())["sessions"][0]["token"] != "forgotten"
