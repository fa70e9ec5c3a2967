"""What the terminal keeps of pictures: never more than two, and nothing in the end."""

from typing import TYPE_CHECKING

import numpy as np
import pytest

from imagechat_tui.render.geometry import Point, Size, Viewport, fit
from imagechat_tui.tui import painter
from imagechat_tui.tui.projector import Projector, Slide
from tests.support.kitty import KittyTerminal
from tests.tui.stage import picture

if TYPE_CHECKING:
    from imagechat_tui.render.scale import Pyramid

BACKGROUND = (10, 20, 30)
CELL = (8, 16)


class Room:
    """A projector and the terminal that it writes to."""

    def __init__(self) -> None:
        self.terminal = KittyTerminal(60, 20, cell=CELL)
        self.projector = Projector(write=self._write, cell=CELL)
        self.pyramid: Pyramid = painter.read(picture())[0]
        self.view = fit(self.pyramid.size, Size(60, 20))

    def _write(self, text: str) -> None:
        assert self.terminal.feed(text.encode()) == b""

    def send(self, view: Viewport | None = None) -> Slide:
        """A slide for a view."""
        slide = self.projector.slide(self.pyramid, view or self.view, BACKGROUND)
        assert slide is not None
        self.projector.send(slide, slide.command())
        return slide

    def showing(self, view: Viewport | None = None) -> Slide | None:
        """What shows a view."""
        return self.projector.showing(self.pyramid, view or self.view, BACKGROUND)


@pytest.fixture
def room() -> Room:
    """An empty one."""
    return Room()


def test_a_slide_is_what_the_view_shows(room: Room) -> None:
    """The pixels of the part that its rows name are those of the picture, scaled to the terminal's."""
    view = room.view.stepped(2, anchor=Point(70, 60))
    slide = room.send(view)
    region = view.drawn
    for y in range(region.height):
        columns = range(region.x, region.x + region.width)
        row = slide.row(view, region.y + y, columns)
        room.terminal.feed(f"\x1b[{region.y + y + 1};{region.x + 1}H{row}".encode())
    seen, where = room.terminal.composed()
    size = region.width * CELL[0], region.height * CELL[1]
    wanted = room.pyramid.sampled(view.source, size, background=BACKGROUND)
    here = slice(region.y * 16, region.y * 16 + size[1]), slice(region.x * 8, region.x * 8 + size[0])
    assert where[here].all()
    assert where.sum() == size[0] * size[1]
    assert np.abs(seen[here].astype(int) - wanted).max() <= 1


def test_the_one_before_stays_until_the_new_one_is_seen(room: Room) -> None:
    """And the third waits for nobody."""
    first = room.send()
    second = room.send(room.view.stepped(4, anchor=Point(50, 50)))
    assert set(room.terminal.images) == {first.image, second.image}
    room.projector.settle()
    assert set(room.terminal.images) == {second.image}
    for step in range(300):
        room.send(room.view.stepped(1 + step % 4, anchor=Point(50, 50)))
    assert room.terminal.most == 2


def test_in_the_end_there_is_none_and_none_comes(room: Room) -> None:
    """Also a slide that was being made."""
    slide = room.projector.slide(room.pyramid, room.view, BACKGROUND)
    assert slide is not None
    room.send()
    room.projector.end()
    assert room.terminal.images == {}
    room.projector.send(slide, slide.command())
    assert room.projector.slide(room.pyramid, room.view, BACKGROUND) is None
    assert room.terminal.images == {}


def test_a_slide_shows_its_own_picture_at_its_own_zoom_only(room: Room) -> None:
    """With its own background, on cells of its own size."""
    assert room.showing() is None
    slide = room.send()
    assert room.showing() is slide
    assert room.showing(room.view.stepped(1, anchor=Point(50, 50))) is None
    assert room.projector.showing(room.pyramid, room.view, (0, 0, 0)) is None
    assert room.projector.showing(painter.read(picture())[0], room.view, BACKGROUND) is None
    room.projector.measure((60, 20), (600, 400))
    assert room.showing() is None
    assert room.send().size == (room.view.drawn.width * 10, room.view.drawn.height * 20)


def test_nothing_is_written_without_need(room: Room) -> None:
    """Clearing an empty terminal, settling a settled one."""
    room.projector.clear()
    room.projector.settle()
    room.projector.end()
    assert room.terminal.commands == 0


def test_two_programs_on_a_terminal_name_different_pictures(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """One of them may be suspended."""
    mine = {room.send().image for _ in range(256)}
    monkeypatch.setattr("os.getpid", lambda: 4_194_303)
    other = {room.send().image for _ in range(256)}
    assert len(mine) == len(other) == 256
    assert not mine & other
