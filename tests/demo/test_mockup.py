"""The sample picture: small, in the package, and exactly what its script draws."""

import io

from PIL import Image, ImageChops

from imagechat_tui.demo import mockup


def test_the_file_is_what_the_script_draws() -> None:
    """Pixel by pixel, within what two versions of a typeface renderer may differ by."""
    drawn = Image.open(io.BytesIO(mockup.draw())).convert("RGB")
    kept = Image.open(mockup.FILE).convert("RGB")
    assert drawn.size == kept.size == mockup.SIZE
    different = ImageChops.difference(drawn, kept).convert("L").point(lambda value: 255 if value > 24 else 0)
    assert different.histogram()[255] <= drawn.width * drawn.height // 100


def test_the_file_travels_lightly() -> None:
    """Below 200 kB."""
    assert mockup.FILE.stat().st_size < 200_000


def test_every_spot_lies_on_the_picture() -> None:
    """In percent, and not on the very edge, where markers are hard to see."""
    assert all(2 < x < 98 and 2 < y < 98 for x, y in mockup.SPOTS.values())
