"""Frames in order: one at a time, the newest wish, coarse only while moving over a slow line."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from itertools import count, cycle

import pytest

from imagechat_tui.render.depth import ColorDepth
from imagechat_tui.render.frame import Look
from imagechat_tui.render.geometry import Point, Size, Viewport, fit
from imagechat_tui.render.tiles import MOST_PIXELS
from imagechat_tui.tui import easel as subject
from imagechat_tui.tui import painter
from imagechat_tui.tui.easel import Easel
from imagechat_tui.tui.pacing import Pacing
from imagechat_tui.tui.projector import Projector, Slide
from tests.support.kitty import KittyTerminal
from tests.tui.stage import picture

LOOK = Look(mode="quadrant")
PLAIN = Look()
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

    def in_pixels(self) -> bool:
        """Whether the frame is shown so."""
        return self.easel.slide is not None

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


class Screen:
    """A projector's other end; it takes commands only in the places where they may come."""

    def __init__(self, terminal: Terminal) -> None:
        self.kitty = KittyTerminal()
        self.projector = Projector(write=self._write, cell=(8, 16))
        self.projector.most = 1
        terminal.easel.stillness = 0.0
        terminal.easel.projector = self.projector

    def _write(self, text: str) -> None:
        assert self.kitty.feed(text.encode()) == b""


async def test_a_view_that_stands_still_comes_in_pixels_as_well(terminal: Terminal) -> None:
    """First as cells; the picture before is freed when the terminal has shown the new one."""
    screen = Screen(terminal)
    terminal.views = cycle([next(terminal.views), next(terminal.views)])
    for step in range(100):
        terminal.resting.clear()
        terminal.wish(PLAIN)
        await terminal.frame()
        assert not terminal.in_pixels()
        terminal.answer(after=0.01)
        await terminal.frame()
        assert terminal.in_pixels()
        assert len(screen.kitty.images) == min(2, step + 1)
        terminal.answer(after=0.01)
        await terminal.rest()
        assert len(screen.kitty.images) == 1
    assert screen.kitty.sent == 100
    assert screen.kitty.most == 2


async def test_a_view_that_moves_is_not_sent(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even made; only the one where it stops."""
    screen = Screen(terminal)
    slides, real = [], Slide.command

    def command(slide: Slide) -> str:
        slides.append(slide)
        return real(slide)

    monkeypatch.setattr(Slide, "command", command)
    terminal.easel.stillness = DEADLINE
    for _ in range(20):
        terminal.wish(PLAIN)
        await terminal.frame()
        terminal.answer(after=0.01)
    terminal.easel.stillness = 0.0
    terminal.wish(PLAIN)
    await terminal.frame()
    terminal.answer(after=0.01)
    await terminal.frame()
    terminal.answer(after=0.01)
    await terminal.rest()
    assert screen.kitty.sent == len(slides) == 1


async def test_a_wish_that_comes_while_a_picture_is_made_wins(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The picture is of no use any longer."""
    screen = Screen(terminal)
    loop, made = asyncio.get_running_loop(), Slide.command

    def command(slide: Slide) -> str:
        monkeypatch.setattr(Slide, "command", made)
        asyncio.run_coroutine_threadsafe(wish(), loop).result(DEADLINE)
        return slide.command()

    async def wish() -> None:
        terminal.wish(PLAIN)

    monkeypatch.setattr(Slide, "command", command)
    terminal.wish(PLAIN)
    for _ in range(3):
        await terminal.frame()
        assert terminal.in_pixels() == (screen.kitty.sent > 0)
        terminal.answer(after=0.01)
    assert screen.kitty.sent == 1
    assert terminal.frames[-1] is terminal.frames[1]


@pytest.mark.parametrize("reason", ["slow line", "chosen glyphs"])
async def test_what_is_not_shown_in_pixels_is_not_sent(terminal: Terminal, reason: str) -> None:
    """Over a slow line it would hold up the next frames; glyphs that were asked for are shown."""
    screen = Screen(terminal)
    screen.projector.most = MOST_PIXELS
    terminal.wish(LOOK if reason == "chosen glyphs" else PLAIN)
    await terminal.frame()
    terminal.answer(after=5 if reason == "slow line" else 0.01)
    await terminal.rest()
    assert screen.kitty.commands == 0
    assert not terminal.in_pixels()
