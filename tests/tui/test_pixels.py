"""The board on a terminal that takes pictures: what arrives there as bytes, composed as a person would see it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from textual import events
from textual._xterm_parser import XTermParser
from textual.drivers import headless_driver
from textual.geometry import Size

from imagechat_tui.tui import painter
from imagechat_tui.tui.boards import Board
from imagechat_tui.tui.easel import Easel
from imagechat_tui.tui.projector import Projector
from imagechat_tui.tui.widgets.marker_badge import MarkerBadge
from tests.support.board_client import MemoryBoard
from tests.support.grid import grid
from tests.support.kitty import KittyTerminal, Pixels
from tests.tui.stage import Stage, bench, calm, picture, press, reviewed, shown

CELL = (6, 12)
SIZE = (100, 30)


class _Driver(headless_driver.HeadlessDriver):
    """Writes to a terminal in memory, and hears its answers."""

    terminal: KittyTerminal

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._parser = XTermParser()

    @property
    def is_headless(self) -> bool:
        """Then nothing would be written."""
        return False

    @property
    def can_suspend(self) -> bool:
        """As on a real terminal."""
        return True

    def write(self, data: str) -> None:
        """Show it."""
        answers = self.terminal.feed(data.encode()).decode()
        for event in self._parser.feed(answers) if answers else ():
            self.process_message(event)


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> KittyTerminal:
    """The one that the app runs on."""
    made = KittyTerminal(*SIZE, cell=CELL)
    monkeypatch.setattr(headless_driver, "HeadlessDriver", _Driver)
    monkeypatch.setattr(_Driver, "terminal", made, raising=False)
    monkeypatch.setattr(Easel, "stillness", 0.0)
    return made


@asynccontextmanager
async def on(terminal: KittyTerminal, board: MemoryBoard | None = None, **settings: Any) -> AsyncIterator[Stage]:
    """The app on it."""
    async with shown(board or reviewed(), SIZE, **{"cell": terminal.cell, **settings}) as pilot:
        yield pilot


def wanted(pilot: Stage) -> Pixels:
    """The part of the picture in view, scaled to the pixels of its cells."""
    view = bench(pilot).picture
    assert view.viewport is not None
    assert view._easel.pyramid is not None
    region = view.viewport.drawn
    size = region.width * CELL[0], region.height * CELL[1]
    return view._easel.pyramid.sampled(view.viewport.source, size, background=view.look.background)


def seen(pilot: Stage, terminal: KittyTerminal) -> tuple[Pixels, NDArray[np.bool_]]:
    """The same part of the screen, and where pixels are seen in it; nowhere else are any."""
    view = bench(pilot).picture
    assert view.viewport is not None
    region = view.viewport.drawn
    left, top = view.region.x + region.x, view.region.y + region.y
    pixels, where = terminal.composed()
    here = (
        slice(top * CELL[1], (top + region.height) * CELL[1]),
        slice(left * CELL[0], (left + region.width) * CELL[0]),
    )
    assert where.sum() == where[here].sum()
    return pixels[here], where[here]


def assert_the_crop_is_seen(pilot: Stage, terminal: KittyTerminal) -> None:
    """Wherever nothing is written over it, and that is most of it."""
    pixels, where = seen(pilot, terminal)
    assert where.mean() > 0.8
    assert np.abs(pixels.astype(int) - wanted(pilot))[where].max() <= 1


async def test_the_picture_is_seen_in_its_own_pixels(terminal: KittyTerminal) -> None:
    """The whole of it, and then a part of it, wherever that is."""
    async with on(terminal) as pilot:
        assert_the_crop_is_seen(pilot, terminal)
        assert terminal.sent == 1
        await press(pilot, "plus", "plus")
        assert_the_crop_is_seen(pilot, terminal)
        await press(pilot, "ctrl+right", "ctrl+down", "ctrl+down")
        assert_the_crop_is_seen(pilot, terminal)


async def test_a_zoom_needs_one_picture_however_far_it_is_moved(terminal: KittyTerminal) -> None:
    """Moving prints other placeholders."""
    async with on(terminal) as pilot:
        await press(pilot, "plus", "plus")
        sent = terminal.sent
        view = bench(pilot).picture
        before = view.viewport
        for step in range(100):
            view.action_shift(1 if step % 20 < 10 else -1, 1 if step % 7 < 4 else -1)
            if step % 10 == 0:
                await calm(pilot)
        await calm(pilot)
        assert view.viewport != before
        assert_the_crop_is_seen(pilot, terminal)
        assert terminal.sent == sent


async def test_where_every_step_needs_a_picture_two_are_kept_at_most(
    terminal: KittyTerminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tiles may be no larger than the view here."""
    monkeypatch.setattr(Projector, "most", 1)
    async with on(terminal) as pilot:
        await press(pilot, "plus", "plus", "plus", "plus", "plus", "plus")
        view = bench(pilot).picture
        sent = terminal.sent
        for step in range(20):
            view.action_shift(20 if step % 2 else -20, 0)
            await calm(pilot)
        assert terminal.sent == sent + 20
        assert terminal.most == 2
        assert len(terminal.images) == 1
        assert seen(pilot, terminal)[1].mean() > 0.8


async def test_the_end_leaves_no_picture(terminal: KittyTerminal) -> None:
    """Nor does the end in the middle of a change."""
    async with on(terminal) as pilot:
        await press(pilot, "plus")
        assert len(terminal.images) == 1
        bench(pilot).picture.zoom(1)
    assert terminal.images == {}
    assert terminal.sent >= 2


async def test_what_is_written_over_the_picture_stays_text(terminal: KittyTerminal) -> None:
    """Squares of markers, the crosshair, and labels to jump to."""
    async with on(terminal) as pilot:
        view, placeholders = bench(pilot).picture, terminal.cells()
        regions = [badge.region for badge in pilot.app.screen.query(MarkerBadge) if badge.display]
        assert len(regions) == 4
        painted = grid(pilot.app).splitlines()
        for region in regions:
            for y in range(region.y, region.bottom):
                assert not any((y, x) in placeholders for x in range(region.x, region.right))
                written = [terminal.screen.buffer[y][x].data for x in range(region.x, region.right)]
                assert "".join(written) == painted[y][region.x : region.right]
        assert view.viewport is not None
        column, row = view.viewport.cell_at(view.point)
        x, y = view.region.x + column, view.region.y + row
        assert terminal.screen.buffer[y][x].data == "┼"
        assert (y + 2, x) in placeholders
        await press(pilot, "right", "right")
        assert terminal.screen.buffer[y][x + 2].data == "┼"
        assert (y, x - 1) in terminal.cells()
        assert_the_crop_is_seen(pilot, terminal)
        await press(pilot, "f")
        assert sum("as" in row for row in terminal.screen.display)
        await press(pilot, "escape")
        assert terminal.sent == 1


async def test_nothing_is_sent_when_nothing_has_changed(terminal: KittyTerminal) -> None:
    """News, walks through markers and threads, a dialog: the picture stays where it is."""
    board = reviewed()
    async with on(terminal, board) as pilot:
        commands = terminal.commands
        board.add("One more", x=10, y=90)
        await calm(pilot)
        await press(pilot, "n", "tab", "tab", "0", "v", "v")
        bench(pilot).picture.refresh()
        await calm(pilot)
        assert terminal.commands == commands
        assert_the_crop_is_seen(pilot, terminal)


async def test_a_dialog_lies_over_glyphs(terminal: KittyTerminal) -> None:
    """A dimmed background changes the colors that would name the picture; afterwards the pixels are back."""
    async with on(terminal) as pilot:
        await press(pilot, "question_mark")
        assert terminal.cells() == {}
        await press(pilot, "escape")
        assert_the_crop_is_seen(pilot, terminal)
        assert terminal.sent == 1


async def test_another_picture_replaces_the_first(terminal: KittyTerminal) -> None:
    """A new version of it, and another board; coming back as well."""
    beside = MemoryBoard(pixels=picture(300, 400))
    async with shown(
        reviewed(), SIZE, cell=CELL, beside=[Board(client=beside, picture=picture(300, 400), title="other.png")]
    ) as pilot:
        bench(pilot).picture.put(painter.read(picture(400, 200))[0])
        await calm(pilot)
        assert terminal.sent == 2
        assert_the_crop_is_seen(pilot, terminal)
        left = bench(pilot).picture
        await press(pilot, ">")
        assert left._easel.projector is None
        assert_the_crop_is_seen(pilot, terminal)
        assert len(terminal.images) == 1
        await press(pilot, "<")
        assert_the_crop_is_seen(pilot, terminal)
        assert len(terminal.images) == 1
        assert terminal.sent == 4


async def test_while_another_program_has_the_terminal_no_picture_is_kept(terminal: KittyTerminal) -> None:
    """And it is there again afterwards."""
    async with on(terminal) as pilot:
        with pilot.app.suspend():
            assert terminal.images == {}
        await calm(pilot)
        assert terminal.sent == 2
        assert_the_crop_is_seen(pilot, terminal)


async def test_glyphs_that_were_chosen_are_shown(terminal: KittyTerminal) -> None:
    """By the key; once around it is pixels again, without another picture."""
    async with on(terminal) as pilot:
        await press(pilot, "o")
        assert terminal.cells() == {}
        for _ in range(20):
            if bench(pilot).picture.look.mode is None:
                break
            await press(pilot, "o")
        assert_the_crop_is_seen(pilot, terminal)
        assert terminal.sent == 1


@pytest.mark.parametrize("settings", [{"cell": None}, {"mode": "quadrant"}], ids=["no graphics", "glyphs"])
async def test_without_graphics_not_one_command_is_sent(terminal: KittyTerminal, settings: dict[str, Any]) -> None:
    """Nor one placeholder printed."""
    async with on(terminal, **settings) as pilot:
        await press(pilot, "plus", "ctrl+right")
        assert terminal.cells() == {}
    assert terminal.commands == 0


async def test_a_slow_line_gets_no_picture(terminal: KittyTerminal, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would hold up everything behind it."""
    monkeypatch.setattr("imagechat_tui.tui.pacing.Pacing.took", property(lambda _pacing: 1000.0))
    async with on(terminal) as pilot:
        await press(pilot, "plus")
    assert terminal.commands == 0


async def test_a_font_of_another_size_gets_pictures_of_its_own(terminal: KittyTerminal) -> None:
    """In the ratio of its cells, so that no margin is left in them."""
    async with on(terminal) as pilot:
        window = Size(*SIZE)
        pilot.app.post_message(events.Resize(window, window, window, Size(9 * SIZE[0], 12 * SIZE[1])))
        await calm(pilot)
        await press(pilot, "plus")
        (image,) = terminal.images
        columns, rows = terminal.places[image]
        assert terminal.images[image].shape == (rows * 12, columns * 9, 3)


async def test_the_app_s_own_time_is_not_the_line_s(terminal: KittyTerminal) -> None:
    """A picture may be refused by how long the last frame was on its way."""
    async with on(terminal) as pilot:
        view = bench(pilot).picture
        view.pacing.begin()
        view.pacing._began -= 1000
        view._show()
        await view.pacing.wait()
        assert 0 < view.pacing.took < 1000


async def test_a_screenshot_shows_glyphs(terminal: KittyTerminal) -> None:
    """It is made of characters that every viewer has."""
    async with on(terminal) as pilot:
        assert terminal.cells()
        assert "\U0010eeee" not in pilot.app.export_screenshot()
