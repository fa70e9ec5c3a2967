"""Any part of any picture, at any resolution, averaged and never thinned out."""

import numpy as np
import pytest
from PIL import Image

from imagechat_tui.render.geometry import Box, Size
from imagechat_tui.render.scale import Pyramid, composited, sampler

CHECKERS = Image.fromarray((np.indices((512, 512)).sum(0) % 2 * 255).astype(np.uint8)).convert("RGB")


def whole(image: Image.Image) -> Box:
    """All of it."""
    return Box(0, 0, image.width, image.height)


@pytest.mark.parametrize("size", [(64, 64), (32, 8), (3, 5), (1, 1)])
def test_a_fine_pattern_becomes_its_average(size: tuple[int, int]) -> None:
    """A renderer that skips pixels would show black, white or stripes."""
    pixels = Pyramid(CHECKERS).sampled(whole(CHECKERS), size, background=(0, 0, 0))
    assert pixels.shape == (size[1], size[0], 3)
    assert np.abs(pixels.astype(int) - 127).max() <= 2


def test_halved_copies_make_no_difference_to_what_is_seen() -> None:
    """The pyramid is for speed only."""
    image = Image.effect_noise((1600, 1200), 90).convert("RGB").resize((1600, 1200))
    direct = np.asarray(image.resize((100, 75), Image.Resampling.BOX)).astype(int)
    pixels = Pyramid(image).sampled(whole(image), (100, 75), background=(0, 0, 0)).astype(int)
    assert np.abs(pixels - direct).mean() < 2


def test_enlarged_pixels_stay_sharp() -> None:
    """Zoomed in, a pixel is a square of its own color."""
    image = Image.new("RGB", (2, 1), "black")
    image.putpixel((1, 0), (255, 255, 255))
    row = Pyramid(image).sampled(whole(image), (8, 2), background=(0, 0, 0))[0, :, 0]
    assert row.tolist() == [0] * 4 + [255] * 4


def test_a_part_shows_only_that_part() -> None:
    """Neighbours do not bleed in at the edges of the box."""
    image = Image.new("RGB", (1000, 1000), "red")
    image.paste("blue", (500, 0, 1000, 1000))
    pixels = Pyramid(image).sampled(Box(500, 0, 1000, 1000), (20, 40), background=(0, 0, 0))
    assert (pixels == (0, 0, 255)).all()


def test_what_is_transparent_shows_the_background() -> None:
    """Half transparent red over white is pink, and hidden colors never show."""
    image = Image.new("RGBA", (64, 64), (0, 255, 0, 0))
    image.paste((255, 0, 0, 128), (0, 0, 32, 64))
    row = Pyramid(image).sampled(whole(image), (2, 1), background=(255, 255, 255))[0]
    assert np.abs(row.astype(int) - [(255, 127, 127), (255, 255, 255)]).max() <= 1


def test_one_pixel_can_be_asked_for() -> None:
    """The inspector reads the source, not the samples."""
    image = Image.new("RGBA", (3, 3), (10, 20, 30, 255))
    image.putpixel((1, 1), (0, 0, 0, 0))
    pyramid = Pyramid(image)
    assert pyramid.pixel(0, 0, background=(9, 9, 9)) == (10, 20, 30)
    assert pyramid.pixel(1, 1, background=(9, 9, 9)) == (9, 9, 9)


def test_other_modes_are_converted_once() -> None:
    """Gray pictures have three equal channels."""
    pyramid = Pyramid(Image.new("L", (4, 6), 77))
    assert pyramid.size == Size(4, 6)
    assert pyramid.pixel(0, 0, background=(0, 0, 0)) == (77, 77, 77)


def test_preparing_makes_the_copies_that_are_used_later() -> None:
    """After it, drawing any view makes no new ones."""
    pyramid = Pyramid(Image.new("RGB", (1024, 700)))
    pyramid.prepare()
    levels = len(pyramid._levels)
    pyramid.sampled(Box(0, 0, 1024, 700), (4, 4), background=(0, 0, 0))
    assert len(pyramid._levels) == levels == 4


@pytest.mark.parametrize("size", [(1, 5000), (5000, 1), (1, 1)])
def test_the_thinnest_pictures_are_drawn(size: tuple[int, int]) -> None:
    """No side is too short."""
    image = Image.new("RGB", size, "red")
    assert (Pyramid(image).sampled(whole(image), (16, 16), background=(0, 0, 0)) == (255, 0, 0)).all()


def test_samples_come_at_any_number_per_cell() -> None:
    """Each family of glyphs asks for its own grid."""
    pyramid = Pyramid(Image.new("RGB", (100, 100), "red"))
    sample = pyramid.sampler(Box(0, 0, 100, 100), (7, 3), background=(0, 0, 0))
    assert sample(2, 4).shape == (12, 14, 3)
    assert sample(8, 1).shape == (3, 56, 3)


def test_samples_of_finished_pixels_are_averages() -> None:
    """Four samples become one."""
    pixels = np.array([[[0] * 3, [100] * 3], [[20] * 3, [80] * 3]], np.uint8)
    assert sampler(pixels, (1, 1))(1, 1).tolist() == [[[50, 50, 50]]]


def test_compositing_leaves_rgb_alone() -> None:
    """Nothing to lay over."""
    image = Image.new("RGB", (2, 2))
    assert composited(image, (1, 2, 3)) is image
