"""Pictures come out upright, in eight bits, or not at all with one sentence."""

import io
import pickle
import warnings

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from imagechat_tui.errors import PictureError
from imagechat_tui.imaging.decode import Limits, Picture, decode, fit_within
from tests.imaging.pictures import animated, encoded, png_announcing

PLAIN = encoded(Image.effect_noise((64, 48), 60).convert("RGB"), "PNG")


def test_pixels_survive_unchanged() -> None:
    """A lossless file decodes to exactly its pixels."""
    image = Image.effect_noise((31, 17), 80).convert("RGB")
    picture = decode(encoded(image, "PNG"))
    assert (picture.width, picture.height, picture.format, picture.notes) == (31, 17, "PNG", ())
    assert picture.image.tobytes() == image.tobytes()


def test_a_photograph_is_turned_as_its_camera_says() -> None:
    """EXIF orientation 6: what was left becomes the top."""
    image = Image.new("RGB", (20, 10), "white")
    image.paste("red", (0, 0, 10, 10))
    exif = Image.Exif()
    exif[0x0112] = 6
    picture = decode(encoded(image, "PNG", exif=exif))
    assert (picture.width, picture.height) == (10, 20)
    assert picture.image.getpixel((5, 2)) == (255, 0, 0)
    assert picture.image.getpixel((5, 17)) == (255, 255, 255)


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_sixteen_bit_gray_keeps_its_shades(kind: str) -> None:
    """The middle of 16 bits is the middle of 8, not white."""
    ramp = np.array([[0, 16448, 32896, 65535]], np.uint16)
    picture = decode(encoded(Image.fromarray(ramp), kind))
    assert [picture.image.getpixel((x, 0)) for x in range(4)] == [(v, v, v) for v in (0, 64, 128, 255)]


def test_floating_point_gray_is_stretched_to_its_own_range() -> None:
    """A TIFF of floats has no fixed white."""
    picture = decode(encoded(Image.fromarray(np.array([[-1.0, 0.0, 1.0]], np.float32)), "TIFF"))
    assert [picture.image.getpixel((x, 0))[0] for x in range(3)] == [0, 127, 255]  # type: ignore[index] # RGB


def test_a_flat_floating_point_picture_is_black() -> None:
    """There is no range to stretch, and nothing is divided by zero."""
    picture = decode(encoded(Image.fromarray(np.full((2, 2), 7.0, np.float32)), "TIFF"))
    assert picture.image.getpixel((0, 0)) == (0, 0, 0)


@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
def test_print_colors_become_screen_colors(kind: str) -> None:
    """CMYK cyan is RGB cyan."""
    picture = decode(encoded(Image.new("CMYK", (8, 8), (255, 0, 0, 0)), kind))
    assert picture.image.mode == "RGB"
    assert picture.image.getpixel((3, 3)) == (0, 255, 255)


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_transparency_is_kept_for_later(mode: str) -> None:
    """What shines through is decided where the background is known."""
    picture = decode(encoded(Image.new(mode, (4, 4), 0), "PNG"))
    assert picture.image.mode == "RGBA"


def test_a_palette_with_a_transparent_entry_is_transparent() -> None:
    """GIF and PNG-8 name one color that is not there."""
    image = Image.new("P", (4, 4), 1)
    image.putpalette([255, 0, 0, 0, 255, 0])
    picture = decode(encoded(image, "PNG", transparency=1))
    assert picture.image.getpixel((0, 0)) == (0, 255, 0, 0)


def test_a_palette_becomes_its_colors() -> None:
    """Without a transparent entry it is plain RGB."""
    image = Image.new("P", (4, 4), 1)
    image.putpalette([255, 0, 0, 0, 255, 0])
    assert decode(encoded(image, "PNG")).image.getpixel((0, 0)) == (0, 255, 0)


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_of_an_animation_the_first_frame_is_shown_and_the_person_told(kind: str) -> None:
    """The picture is still; the note says why."""
    picture = decode(animated(kind, ["red", "blue"], lossless=True))
    assert picture.image.convert("RGB").getpixel((4, 4)) == (255, 0, 0)
    assert picture.notes == ("The picture is animated; its first frame is shown.",)


def test_of_several_pages_the_first_is_shown_and_the_person_told() -> None:
    """A TIFF is not animated, it has pages."""
    picture = decode(animated("TIFF", ["red", "blue"]))
    assert picture.notes == ("The file has several pages; the first one is shown.",)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty"),
        (b"Dear all,\nplease find attached", "not a picture; give a PNG, JPEG"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", "EPS files are not supported; export it as one of PNG"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG files are not supported"),
        (PLAIN[: len(PLAIN) // 2], "damaged or cut off; copy or export the PNG file again"),
        (PLAIN[:20], "damaged or cut off"),
        (b"\x89PNG\r\n\x1a\n", "damaged or cut off"),
        (b"GIF89a", "damaged or cut off"),
        (png_announcing(9_000, 9_000), "9000 x 9000 pixels; at most 40 megapixels"),
        (png_announcing(20_000, 20_000), "more than 40 megapixels"),
        (png_announcing(2**31 - 1, 2**31 - 1), "40 megapixels"),
        (png_announcing(0, 10), "damaged or cut off"),
    ],
)
def test_what_cannot_be_shown_is_refused_in_one_sentence(data: bytes, said: str) -> None:
    """The sentence says what to do, and nothing else escapes."""
    with pytest.raises(PictureError, match=said) as caught:
        decode(data)
    assert "\n" not in str(caught.value)


def test_a_file_with_too_many_bytes_is_refused_unopened() -> None:
    """The cap on bytes comes first."""
    with pytest.raises(PictureError, match="has 2 MB; at most 1 MB"):
        decode(b"\x89PNG\r\n\x1a\n" + bytes(1024 * 1024), limits=Limits(bytes=1024 * 1024))


def test_the_limit_on_pixels_lets_in_what_just_fits() -> None:
    """Equal is not too large; one pixel less of room is."""
    assert decode(PLAIN, limits=Limits(pixels=64 * 48)).width == 64
    with pytest.raises(PictureError, match="64 x 48"):
        decode(PLAIN, limits=Limits(pixels=64 * 48 - 1))


def test_nothing_is_said_beside_the_error_about_a_huge_picture() -> None:
    """Pillow's warning about large pictures would print over the app."""
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        with pytest.raises(PictureError, match="11000 x 11000"):
            decode(png_announcing(11_000, 11_000))
    assert said == []


def test_only_the_announced_format_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    """No other decoder ever sees the bytes, whatever Pillow has installed."""
    tried: list[object] = []
    opening = Image.open

    def spy(file: io.BytesIO, formats: list[str] | None = None) -> Image.Image:
        tried.append(formats)
        return opening(file, formats=formats)

    monkeypatch.setattr(Image, "open", spy)
    decode(PLAIN)
    assert tried == [["PNG"]]


def test_what_cameras_put_behind_a_photograph_is_not_mentioned() -> None:
    """Previews and depth maps are no animation."""
    picture = decode(animated("MPO", ["red", "blue"]))
    assert (picture.format, picture.notes) == ("JPEG", ())


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_damaged_files_decode_or_are_refused(data: st.DataObject) -> None:
    """Whatever bytes are changed, the outcome is a picture or a ``PictureError``."""
    kind = data.draw(st.sampled_from(["PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP"]))
    file = bytearray(_SAMPLES[kind])
    for _ in range(data.draw(st.integers(1, 6))):
        file[data.draw(st.integers(0, len(file) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(file)))
    try:
        picture = decode(bytes(file[:cut]), limits=Limits(pixels=1_000_000))
    except PictureError:
        return
    assert picture.image.mode in ("RGB", "RGBA")


def test_errors_and_pictures_travel_between_processes() -> None:
    """The server decodes in another process."""
    picture: Picture = pickle.loads(pickle.dumps(decode(PLAIN)))  # noqa: S301 - written one line above
    assert picture.image.size == (64, 48)
    assert str(pickle.loads(pickle.dumps(PictureError("said")))) == "said"  # noqa: S301 - the same


def test_a_picture_is_made_to_fit_with_its_proportions() -> None:
    """The longer side decides."""
    assert fit_within(_blank(2000, 500), 1000, 1000).image.size == (1000, 250)
    assert fit_within(_blank(500, 4000), 1000, 1000).image.size == (125, 1000)


def test_a_picture_that_fits_is_left_alone() -> None:
    """Nothing is enlarged, nothing is copied."""
    picture = _blank(1000, 10)
    assert fit_within(picture, 1000, 1000) is picture


def test_the_thinnest_picture_keeps_one_pixel() -> None:
    """A line stays a line."""
    assert fit_within(_blank(5000, 1), 1000, 1000).image.size == (1000, 1)


def _blank(width: int, height: int) -> Picture:
    return Picture(image=Image.new("RGB", (width, height)), format="PNG")


_SAMPLES = {
    kind: encoded(Image.effect_noise((24, 24), 60).convert("RGB"), kind)
    for kind in ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP")
}
