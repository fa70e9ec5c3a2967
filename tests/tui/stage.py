"""Puts a board on a screen for a test: a picture, some markers, a terminal of a size, and a way to wait for calm."""

import asyncio
import io
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from functools import cache
from typing import Any

from PIL import Image, ImageDraw
from textual.pilot import Pilot

from imagechat_tui.tui.app import ImagechatApp
from imagechat_tui.tui.boards import Board
from imagechat_tui.tui.ports import UsageSource
from imagechat_tui.tui.screens.board import BoardScreen
from imagechat_tui.tui.settings import TuiSettings
from imagechat_tui.tui.widgets.workbench import Workbench
from tests.support.board_client import NOW_MS, MemoryBoard

CLOCK = 1_000.0
DEADLINE = 10.0

Stage = Pilot[int]


@cache
def picture(width: int = 480, height: int = 320) -> bytes:
    """A small mockup, as PNG."""
    image = Image.new("RGB", (width, height), "#f4f1ea")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, width, height // 8), fill="#12352c")
    draw.rectangle((width // 10, height // 4, width // 2, height * 3 // 4), fill="#ffffff", outline="#cccccc")
    draw.rectangle((width * 6 // 10, height * 6 // 10, width * 9 // 10, height * 7 // 10), fill="#d9643a")
    data = io.BytesIO()
    image.save(data, "PNG")
    return data.getvalue()


def reviewed() -> MemoryBoard:
    """A board with a review on it: open, resolved, unread, own and coincident markers."""
    board = MemoryBoard(pixels=picture())
    board.add(
        "Button is cut off on small screens, the label touches the edge",
        x=75,
        y=65,
        replies=[("Bo", "Same on my phone. Should we shorten it to “Pay”?"), ("Mia", "Yes, and more padding.")],
        unread=2,
    )
    board.add("Wrong blue", x=25, y=20, author="Bo", replies=[("Ana", "It is #0f62fe in the tokens")])
    board.add("Spacing between the fields is uneven", x=36, y=50, author="Mia", resolved=True, resolved_by="Ana")
    board.add("ラベルが長すぎる", x=85, y=30, author="Жанна")
    board.add("Coincident one", x=85.2, y=30.4)
    return board


@asynccontextmanager
async def shown(
    board: MemoryBoard,
    size: tuple[int, int] = (100, 30),
    *,
    data: bytes | None = None,
    usage: UsageSource | None = None,
    link: str | None = None,
    beside: Sequence[Board] = (),
    **settings: Any,
) -> AsyncIterator[Stage]:
    """The app on a terminal of ``size`` (columns, rows), calm."""
    app = ImagechatApp(
        Board(
            client=board,
            picture=picture() if data is None else data,
            title="checkout.png",
            link=link,
            usage=usage,
        ),
        *beside,
        settings=TuiSettings(**settings),
        clock=lambda: CLOCK,
        wall_ms=lambda: NOW_MS,
    )
    async with app.run_test(size=size, notifications=True) as pilot:
        await calm(pilot)
        yield pilot


async def calm(pilot: Stage) -> None:
    """Wait until every message is handled, every frame is drawn and no news lies unread."""
    async with asyncio.timeout(DEADLINE):
        still = 0
        while still < 2:
            await pilot.pause()
            board = board_screen(pilot)
            working = any(not worker.is_finished for worker in pilot.app.workers if worker.group != "frames")
            busy = working or board.picture.drawing or not board.desk.empty
            still = 0 if busy else still + 1


async def press(pilot: Stage, *keys: str) -> None:
    """Press keys one after the other, each seen before the next."""
    for key in keys:
        await pilot.press(key)
        await calm(pilot)


async def until(pilot: Stage, condition: Callable[[], bool]) -> None:
    """Wait for something to become true."""
    async with asyncio.timeout(DEADLINE):
        while not condition():
            await pilot.pause()


def board_screen(pilot: Stage) -> BoardScreen:
    """The main screen, also below a dialog."""
    return next(screen for screen in pilot.app.screen_stack if isinstance(screen, BoardScreen))


def bench(pilot: Stage) -> Workbench:
    """Its body."""
    return board_screen(pilot).query_one(Workbench)


def toasts(pilot: Stage) -> list[str]:
    """What has been said to the user."""
    return [notification.message for notification in pilot.app._notifications]
