"""Files are told apart by their first bytes."""

import io

import pytest
from PIL import Image

from imagechat_tui.imaging.formats import sniff, supported


@pytest.mark.parametrize("name", supported())
def test_a_file_that_pillow_writes_is_recognised(name: str) -> None:
    """Every supported format announces itself."""
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(buffer, name)
    assert sniff(buffer.getvalue()) == name


def test_the_required_formats_are_supported() -> None:
    """Whatever Pillow was built with, these are there."""
    assert {"PNG", "JPEG", "GIF", "BMP", "TIFF"} <= set(supported())


def test_formats_that_run_programs_are_never_supported() -> None:
    """PostScript would start Ghostscript."""
    assert not {"EPS", "PDF", "WMF", "SVG"} & set(supported())


@pytest.mark.parametrize(
    ("start", "name"),
    [
        (b"%!PS-Adobe-3.0 EPSF-3.0", "EPS"),
        (b"%PDF-1.7", "PDF"),
        (b"<?xml version='1.0'?>\n<SVG xmlns='http://www.w3.org/2000/svg'>", "SVG"),
        (b"\0\0\0\x18ftypheic", "HEIC"),
        (b"8BPS\0\1", "PSD"),
    ],
)
def test_known_formats_that_are_not_supported_have_a_name(start: bytes, name: str) -> None:
    """So that the person is told what the file is."""
    assert sniff(start) == name


@pytest.mark.parametrize("data", [b"", b"hello", b"RIFF\0\0\0\0WAVE", b"\x89PN"])
def test_anything_else_has_no_name(data: bytes) -> None:
    """Text, sounds and fragments are not pictures."""
    assert sniff(data) is None
