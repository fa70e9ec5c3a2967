"""From bytes to a picture: how far it is, and a coarse picture before a large one."""

import threading
from collections.abc import Callable
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from imagechat_tui.errors import PictureError
from imagechat_tui.imaging.decode import preview
from imagechat_tui.render.geometry import Box
from imagechat_tui.render.scale import Pyramid
from imagechat_tui.tui import painter, reading
from imagechat_tui.tui.app import ImagechatApp
from imagechat_tui.tui.boards import Board
from tests.support.grid import grid
from tests.tui.stage import bench, reviewed, until

BLACK = (0, 0, 0)


def photo(*, size: tuple[int, int] = (3000, 2000), orientation: int = 1, kind: str = "JPEG") -> bytes:
    """A large picture, blue at the left and red at the right."""
    image = Image.new("RGB", size, "blue")
    image.paste("red", (size[0] // 2, 0, *size))
    exif = Image.Exif()
    exif[0x0112] = orientation
    out = BytesIO()
    image.save(out, kind, exif=exif)
    return out.getvalue()


def at(pyramid: Pyramid, x: int, y: int) -> tuple[int, int, int]:
    """A color, near enough."""
    red, green, blue = pyramid.pixel(x, y, background=BLACK)
    return red // 200, green // 200, blue // 200


async def test_a_large_photo_is_seen_coarsely_first() -> None:
    """At the same place and in the same size, so that nothing moves when the whole one comes."""
    told: list[float] = []
    seen = [found async for found in reading.read(photo(), told=told.append)]
    (coarse, before), (whole, notes) = seen
    assert (before, notes) == (None, ())
    assert coarse.size == whole.size == (3000, 2000)
    for x, color in ((100, (0, 0, 1)), (2900, (1, 0, 0))):
        assert at(coarse, x, 1999) == at(whole, x, 1999) == color
    box, small = Box(1000.0, 500.0, 2000.0, 1500.0), (40, 40)
    views = [one.sampled(box, small, background=BLACK).astype(int) for one in (coarse, whole)]
    assert np.abs(views[0] - views[1])[:, [0, 1, 2, -3, -2, -1]].max() < 12
    assert told == sorted(told)
    assert told[-1] == 1.0


@pytest.mark.parametrize(("orientation", "size", "color"), [(1, (3000, 2000), (0, 0, 1)), (6, (2000, 3000), (0, 0, 1)),
                                                            (3, (3000, 2000), (1, 0, 0))])  # fmt: skip
def test_a_preview_stands_as_its_picture_does(orientation: int, size: tuple[int, int], color: tuple[int, ...]) -> None:
    """Cameras lay pictures on their side and say so."""
    found = preview(photo(orientation=orientation))
    assert found is not None
    assert found.of == size
    assert found.image.width / found.image.height == pytest.approx(size[0] / size[1], rel=0.01)
    assert tuple(part // 200 for part in found.image.getpixel((1, 1))) == color  # type: ignore[union-attr] # RGB


@pytest.mark.parametrize("data", [photo(size=(300, 200)), photo(kind="PNG"), photo()[:40], b"", b"words"])
def test_what_is_small_broken_or_of_another_kind_has_no_preview(data: bytes) -> None:
    """It is decoded at once, or refused with a reason."""
    assert preview(data) is None


async def test_a_photo_that_is_cut_off_is_refused_after_all() -> None:
    """Even when its beginning was good for a glimpse."""
    with pytest.raises(PictureError, match="damaged"):
        _ = [found async for found in reading.read(photo()[:-20_000], told=lambda _part: None)]


def test_the_bar_says_how_far_it_is() -> None:
    """In blocks and in words."""
    assert reading.bar(None) == "Loading the picture …"
    assert reading.bar(0.5) == "Reading the picture ██████████░░░░░░░░░░ 50 %"


async def test_the_bar_stands_in_the_place_of_the_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    """Until there is one; and keys work meanwhile."""
    going = threading.Event()

    def read(data: bytes, *, told: Callable[[float], None]) -> tuple[Pyramid, tuple[str, ...]]:
        told(0.5)
        going.wait(20)
        return whole(data)

    whole = painter.read
    monkeypatch.setattr(painter, "read", read)
    app = ImagechatApp(Board(client=reviewed(), picture=photo(size=(60, 40)), title="a.png"))
    async with app.run_test(size=(100, 30)) as pilot:
        await until(pilot, lambda: "██████████░░░░░░░░░░ 50 %" in grid(pilot.app))
        await pilot.press("question_mark")
        await until(pilot, lambda: "Reading the picture" not in grid(pilot.app))
        await pilot.press("escape")
        going.set()
        await until(pilot, lambda: bench(pilot).picture.viewport is not None)
        assert "Reading the picture" not in grid(pilot.app)
