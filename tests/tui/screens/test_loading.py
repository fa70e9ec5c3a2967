"""A picture on its way: how far it is, escape that stops it, and the key that begins again."""

import asyncio
import threading
from collections.abc import Callable

import pytest

from imagechat_tui.core.outputs import PictureChanged
from imagechat_tui.errors import UnreachableError
from imagechat_tui.render.scale import Pyramid
from imagechat_tui.tui import painter
from imagechat_tui.tui.app import ImagechatApp
from imagechat_tui.tui.boards import Board
from imagechat_tui.tui.widgets.status_line import StatusLine
from tests.support.board_client import MemoryBoard
from tests.support.grid import grid
from tests.tui.stage import Stage, bench, calm, picture, press, reviewed, shown, toasts, until


class SlowBoard(MemoryBoard):
    """Its picture comes by halves, the second one when it is let go."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.going = asyncio.Event()

    async def picture(self, *, told: Callable[[int, int], None] | None = None) -> bytes:
        if told is not None:
            told(len(self.pixels) // 2, len(self.pixels))
        await self.going.wait()
        return self.pixels


def below(pilot: Stage) -> str:
    """The line under the picture."""
    return bench(pilot).query_one(StatusLine).render().plain


def size(pilot: Stage) -> tuple[int, ...] | None:
    """Pixels of the picture that is seen."""
    viewport = bench(pilot).picture.viewport
    return None if viewport is None else tuple(viewport.picture)


async def test_escape_stops_the_reading_of_a_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sentence says how to go on; the thread ends with the next piece of the file."""
    going, ended, whole = threading.Event(), threading.Event(), painter.read

    def read(data: bytes, *, told: Callable[[float], None]) -> tuple[Pyramid, tuple[str, ...]]:
        told(0.3)
        going.wait(20)
        try:
            told(0.6)
        except Exception:
            ended.set()
            raise
        return whole(data)

    monkeypatch.setattr(painter, "read", read)
    app = ImagechatApp(Board(client=reviewed(), picture=picture(), title="a.png"))
    async with app.run_test(size=(120, 30)) as pilot:
        await until(pilot, lambda: "30 % · esc stops it" in grid(pilot.app))
        await pilot.press("escape")
        await until(pilot, lambda: "You stopped the loading of the picture; r begins again." in grid(pilot.app))
        going.set()
        assert await asyncio.to_thread(ended.wait, 10)
        monkeypatch.setattr(painter, "read", whole)
        await press(pilot, "r")
        assert bench(pilot).picture.viewport is not None
        assert "stop" not in grid(pilot.app)


async def test_a_new_version_that_is_stopped_leaves_the_old_one() -> None:
    """How far it is stands below; markers and keys work meanwhile."""
    board = SlowBoard(pixels=picture(300, 300))
    async with shown(board, data=picture(480, 320)) as pilot:
        board.announce(PictureChanged(src="/q.png", version=3))
        await until(pilot, lambda: "new picture 50 % · esc stops it" in below(pilot))
        await pilot.press("escape")
        await calm(pilot)
        assert "stops it" not in below(pilot)
        assert "You stopped the loading: the picture stays as it is. r begins again." in toasts(pilot)
        assert size(pilot) == (480, 320)
        await pilot.press("r")
        await until(pilot, lambda: "50 %" in below(pilot))
        board.going.set()
        await calm(pilot)
        assert size(pilot) == (300, 300)
        assert "new picture" not in below(pilot)


async def test_escape_means_the_picture_only_while_one_is_on_its_way() -> None:
    """Afterwards it goes back, and the key for trying again is free for what was written."""
    async with shown(reviewed()) as pilot:
        await press(pilot, "n", "escape", "r")
        assert not any("loading" in said for said in toasts(pilot))
        assert bench(pilot).picture.viewport is not None


async def test_a_picture_that_did_not_come_is_asked_for_again() -> None:
    """By the key that the sentence names."""

    class LostBoard(MemoryBoard):
        lost = True

        async def picture(self, *, told: Callable[[int, int], None] | None = None) -> bytes:
            if self.lost:
                raise UnreachableError("Nobody answered.")
            return await super().picture(told=told)

    board = LostBoard(pixels=picture())
    app = ImagechatApp(Board(client=board, title="x"))
    async with app.run_test(size=(100, 30)) as pilot:
        await calm(pilot)
        assert "Nobody answered. r tries again." in grid(pilot.app)
        board.lost = False
        await press(pilot, "r")
        assert bench(pilot).picture.viewport is not None
