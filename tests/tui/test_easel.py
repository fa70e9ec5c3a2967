"""Frames in order: one at a time, the newest wish, coarse only while moving over a slow line."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from itertools import count

import pytest

from imagechat_tui.render.depth import ColorDepth
from imagechat_tui.render.frame import Look
from imagechat_tui.render.geometry import Point, Size, Viewport, fit
from imagechat_tui.tui import easel as subject
from imagechat_tui.tui import painter
from imagechat_tui.tui.easel import Easel
from imagechat_tui.tui.pacing import Pacing
from tests.tui.stage import picture

LOOK = Look(mode="quadrant")
DEADLINE = 10.0


class Terminal:
    """Where frames are shown: answers only when it is told to, after as many seconds as it is told."""

    def __init__(self) -> None:
        self.now = 0.0
        self.frames: list[painter.Frame] = []
        self.arrived = asyncio.Event()
        self.resting = asyncio.Event()
        self.easel = Easel(show=self._show, rest=self.resting.set)
        self.easel.pacing = Pacing(clock=lambda: self.now, patience=DEADLINE)
        pyramid, _notes = painter.read(picture())
        self.easel.put(pyramid)
        self.views: Iterator[Viewport] = (
            fit(pyramid.size, Size(40, 10)).stepped(4, anchor=Point(0, 0)).panned(step, 0) for step in count()
        )

    def _show(self) -> None:
        assert self.easel.frame is not None
        self.frames.append(self.easel.frame)
        self.arrived.set()

    def wish(self, look: Look = LOOK) -> Viewport:
        """Want the next view."""
        view = next(self.views)
        self.easel.want(view, look)
        return view

    async def frame(self) -> painter.Frame:
        """The next frame to arrive."""
        async with asyncio.timeout(DEADLINE):
            await self.arrived.wait()
        self.arrived.clear()
        return self.frames[-1]

    def answer(self, *, after: float) -> None:
        """The terminal has painted the frame."""
        self.now += after
        self.easel.pacing.shown()

    async def rest(self) -> None:
        """Until all wishes are fulfilled."""
        async with asyncio.timeout(DEADLINE):
            await self.resting.wait()


@pytest.fixture
async def terminal() -> AsyncIterator[Terminal]:
    """An easel at work."""
    made = Terminal()
    task = asyncio.create_task(made.easel.draw_always())
    yield made
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_while_a_frame_is_on_its_way_wishes_replace_each_other(terminal: Terminal) -> None:
    """A held key costs as many frames as the line can carry, and ends at the newest wish."""
    terminal.wish()
    await terminal.frame()
    wishes = [terminal.wish() for _ in range(30)]
    terminal.answer(after=0.01)
    frame = await terminal.frame()
    assert frame.viewport == wishes[-1]
    terminal.answer(after=0.01)
    await terminal.rest()
    assert len(terminal.frames) == 2
    assert not terminal.easel.drawing


async def test_a_slow_line_gets_coarse_frames_while_moving_and_a_fine_one_at_rest(terminal: Terminal) -> None:
    """And a single step is fine at once."""
    terminal.wish()
    assert (await terminal.frame()).cells.depth is ColorDepth.TRUECOLOR
    terminal.wish()
    terminal.answer(after=0.5)
    assert (await terminal.frame()).cells.depth is ColorDepth.COLORS_256
    last = terminal.wish()
    terminal.answer(after=0.1)
    assert (await terminal.frame()).cells.depth is ColorDepth.COLORS_256
    terminal.answer(after=0.1)
    frame = await terminal.frame()
    assert frame.cells.depth is ColorDepth.TRUECOLOR
    assert frame.viewport == last
    terminal.answer(after=0.6)
    await terminal.rest()


async def test_a_fast_line_gets_fine_frames_only(terminal: Terminal) -> None:
    """Fidelity is given up for movement, never for its own sake."""
    terminal.wish()
    for _ in range(3):
        assert (await terminal.frame()).cells.depth is ColorDepth.TRUECOLOR
        terminal.wish()
        terminal.answer(after=0.02)


async def test_the_same_wish_again_draws_nothing(terminal: Terminal) -> None:
    """Not one byte."""
    view = terminal.wish()
    await terminal.frame()
    terminal.answer(after=0.01)
    await terminal.rest()
    terminal.resting.clear()
    terminal.easel.want(view, LOOK)
    await terminal.rest()
    assert len(terminal.frames) == 1


def test_terminals_with_few_colors_keep_them() -> None:
    """Coarse is never more."""
    for depth in ColorDepth:
        assert subject.coarse(Look(colors=depth)).colors is min(depth, ColorDepth.COLORS_256)
