"""The bound that the benchmark prints: what can be drawn is drawn without a fault, and no renderer surpasses it."""

import numpy as np

from imagechat_tui.render import glyphs
from imagechat_tui.render.frame import Look, draw
from imagechat_tui.render.geometry import Size, fit
from imagechat_tui.render.scale import Pyramid
from tests.benchmarks.limits import best
from tests.benchmarks.measures import Raster, psnr
from tests.benchmarks.mockups import interfaces
from tests.render.paint import paint
from tests.render.shapes import shape

OCTANTS = {chr(glyph) for glyph in glyphs.OCTANTS.values()}


def cell(character: str, front: tuple[int, int, int], back: tuple[int, int, int]) -> Raster:
    """One cell, painted."""
    covered = shape(character)[:, :, None]
    return np.asarray(covered * np.array(front) + (1 - covered) * np.array(back), np.uint8)


def test_what_the_glyphs_can_show_is_shown_exactly() -> None:
    """Two octants beside each other, in two colors each."""
    drawn = [cell(chr(glyphs.OCTANTS[mask]), (250, 10, 20 + mask), (0, 90, 200)) for mask in (0b10110100, 0b00000111)]
    wanted: Raster = np.concatenate(drawn, axis=1)
    assert (best(wanted, OCTANTS) == wanted).all()


def test_what_they_cannot_show_is_not() -> None:
    """A line of one eighth lies in no octant."""
    wanted = cell("▏", (255, 255, 255), (0, 0, 0))
    assert (best(wanted, OCTANTS) != wanted).any()
    assert (best(wanted, {"▏"}) == wanted).all()


def test_drawing_comes_near_the_limit_and_stays_below_it() -> None:
    """With every color kept, an exact search misses only what lies between its samples."""
    image = next(iter(interfaces().values())).resize((240, 160))
    wanted = np.asarray(image)
    cells = draw(Pyramid(image), fit(Size(*image.size), Size(30, 10)), Look(mode="octant", tolerance=0))
    shown = paint([cells.ansi(row) for row in range(cells.rows)], cells.columns)
    limit = psnr(wanted, best(wanted, OCTANTS))
    assert limit - 0.2 < psnr(wanted, shown) <= limit + 0.01
