"""SVG drawings: rasterised within bounds, and nothing comes in from outside of them."""

import base64
import shutil
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from imagechat_tui.errors import PictureError
from imagechat_tui.imaging import svg

HEAD = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'


def drawing(
    inside: str = '<rect width="40" height="20" fill="#da1e28"/>', size: str = 'width="40" height="20"'
) -> bytes:
    """A small drawing."""
    return f"<svg {HEAD} {size}>{inside}</svg>".encode()


def pixels(data: bytes) -> Image.Image:
    """What became of it."""
    return Image.open(BytesIO(data)).convert("RGBA")


@pytest.mark.parametrize(
    ("size", "made"),
    [
        ('width="40" height="20"', (2048, 1024)),
        ('width="20mm" height="40mm" viewBox="0 0 20 40"', (1024, 2048)),
        ('viewBox="0,0,40,20"', (2048, 1024)),
    ],
)
def test_a_drawing_has_two_thousand_pixels_whatever_its_units(size: str, made: tuple[int, int]) -> None:
    """An icon is as sharp as a poster, and no larger."""
    image = pixels(svg.to_png(drawing(size=size)))
    assert image.size == pytest.approx(made, abs=10)
    assert max(image.size) == 2048
    assert image.getpixel((10, 10)) == (0xDA, 0x1E, 0x28, 255)


@pytest.mark.parametrize("attribute", ["href", "xlink:href"])
@pytest.mark.parametrize("scheme", ["", "file://", " ", "data:image/svg+xml,"])
def test_a_drawing_cannot_bring_in_files_of_this_machine(tmp_path: Path, attribute: str, scheme: str) -> None:
    """Otherwise the picture that is shared would have them in it."""
    secret = tmp_path / "secret.png"
    Image.new("RGB", (8, 8), "red").save(secret)
    image = f'<image {attribute}="{scheme}{secret}" width="40" height="20"/>'
    assert pixels(svg.to_png(drawing(image))).getchannel("A").getextrema() == (0, 0)


def test_what_is_inside_a_drawing_stays() -> None:
    """Parts that are used again, gradients, and pictures that it carries."""
    out = BytesIO()
    Image.new("RGB", (1, 1), "blue").save(out, "PNG")
    carried = base64.b64encode(out.getvalue()).decode()
    inside = (
        '<defs><rect id="part" width="10" height="20" fill="#00ff00"/></defs><use xlink:href="#part"/>'
        f'<image x="20" width="20" height="20" href="data:image/png;base64,{carried}"/>'
    )
    image = pixels(svg.to_png(drawing(inside)))
    assert image.getpixel((20, 20)) == (0, 255, 0, 255)
    assert image.getpixel((1500, 500)) == (0, 0, 255, 255)


@pytest.mark.skipif(shutil.which("fc-match") is None, reason="no fontconfig, so perhaps no fonts")
@pytest.mark.parametrize("family", ["sans-serif", "monospace", "A Font Of Nobody", "Helvetica, Arial"])
def test_words_of_a_drawing_are_there_in_whatever_font_is_installed(family: str) -> None:
    """A mockup without its labels is none."""
    words = pixels(svg.to_png(drawing(f'<text y="15" font-size="12" font-family="{family}">Pay</text>')))
    assert words.getchannel("A").getextrema() == (0, 255)


@pytest.mark.parametrize(
    "broken",
    [
        b"<svg",
        b"<svg xmlns='http://www.w3.org/2000/svg' width='0' height='0'/>",
        b'<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>',
    ],
)
def test_a_broken_drawing_is_one_sentence(broken: bytes) -> None:
    """That says what to do."""
    with pytest.raises(PictureError, match="export"):
        svg.to_png(broken)


def test_a_drawing_that_uses_itself_without_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten to the twelfth rectangles: a bounded process ends, and the app goes on."""
    monkeypatch.setattr(svg, "SECONDS", 2.0)
    levels = "".join(f'<g id="l{level}">' + f'<use href="#l{level - 1}"/>' * 10 + "</g>" for level in range(1, 13))
    with pytest.raises(PictureError, match="too large"):
        svg.to_png(drawing(f'<defs><rect id="l0" width="1" height="1"/>{levels}</defs><use href="#l12"/>'))


def test_without_the_extra_its_name_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """And another way out."""
    monkeypatch.setattr(svg, "available", lambda: False)
    with pytest.raises(PictureError, match=r"imagechat-tui\[svg\]"):
        svg.to_png(drawing())
