"""What is handed on is pixels and nothing else."""

import hashlib
import io

from PIL import Image, PngImagePlugin

from imagechat_tui.imaging.decode import decode
from imagechat_tui.imaging.encode import reencode, to_png
from tests.imaging.pictures import animated, encoded


def test_pixels_are_kept_at_full_size() -> None:
    """Encoding again loses nothing."""
    image = Image.effect_noise((123, 45), 70).convert("RGB")
    again = reencode(encoded(image, "BMP"))
    assert (again.width, again.height) == (123, 45)
    assert Image.open(io.BytesIO(again.png)).tobytes() == image.tobytes()


def test_the_name_is_the_content() -> None:
    """The hash is that of the file, and the same pixels give the same file."""
    image = Image.effect_noise((20, 20), 70).convert("RGB")
    one, other = reencode(encoded(image, "PNG")), reencode(encoded(image, "BMP"))
    assert one.sha256 == hashlib.sha256(one.png).hexdigest()
    assert one.png == other.png


def test_text_places_and_profiles_stay_behind() -> None:
    """A file's luggage is not handed to other people."""
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", "secret-comment")
    exif = Image.Exif()
    exif[0x010E] = "secret-place"
    file = encoded(Image.new("RGB", (8, 8)), "PNG", pnginfo=info, exif=exif, icc_profile=b"secret-profile" * 20)
    assert b"secret" in file
    assert b"secret" not in reencode(file).png
    assert b"iCCP" not in reencode(file).png


def test_transparency_survives() -> None:
    """An RGBA file stays one."""
    image = Image.new("RGBA", (4, 4), (10, 20, 30, 40))
    assert Image.open(io.BytesIO(reencode(encoded(image, "PNG")).png)).getpixel((0, 0)) == (10, 20, 30, 40)


def test_notes_are_passed_on() -> None:
    """Whoever uploads an animation is told what becomes of it."""
    assert len(reencode(animated("GIF", ["red", "blue"])).notes) == 1


def test_a_decoded_picture_encodes_the_same_way() -> None:
    """``reencode`` is ``decode`` and ``to_png``."""
    file = encoded(Image.effect_noise((9, 9), 50).convert("RGB"), "PNG")
    assert to_png(decode(file)) == reencode(file)
