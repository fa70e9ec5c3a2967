"""Bytes of a picture to pixels, or one sentence that says why not and what to do.

The size is checked before anything is unpacked. The peak is about ten bytes per pixel: 400 MB for the largest picture
that is let in. It never reads files and never keeps metadata, color profiles or further frames.
"""

import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Final

from PIL import Image, ImageOps

from imagechat_tui.errors import PictureError
from imagechat_tui.i18n import _
from imagechat_tui.imaging import hush
from imagechat_tui.imaging.formats import sniff, supported
from imagechat_tui.protocol.limits import PICTURE_BYTES, PICTURE_PIXELS

_MEGA: Final = 1_000_000
_MEBI: Final = 1024 * 1024
_WIDE_GRAY: Final = ("I", "F", "I;16", "I;16L", "I;16B", "I;16N")
_SIXTEEN_BITS: Final = 65535
_LARGE: Final = 4 * _MEGA
"""Pixels from which on somebody would wait."""
_COARSE: Final = 1_024
"""Pixels of a preview, each way, at least."""
_ORIENTATION: Final = 0x0112
_LYING: Final = (5, 6, 7, 8)
"""Orientations in which width and height change places."""
_WITH_ALPHA: Final = ("RGBA", "LA", "PA", "La", "RGBa")


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """What is let in."""

    bytes: int = PICTURE_BYTES
    pixels: int = PICTURE_PIXELS


DEFAULT: Final = Limits()


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Picture:
    """Pixels, upright.

    Attributes:
        image: loaded, mode ``RGB``, or ``RGBA`` when the file has transparency.
        format: what the file was, by Pillow's name.
        notes: sentences for the person about what was left out.
    """

    image: Image.Image
    format: str
    notes: tuple[str, ...] = ()

    @property
    def width(self) -> int:
        """Pixels across."""
        return self.image.width

    @property
    def height(self) -> int:
        """Pixels down."""
        return self.image.height


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Preview:
    """A coarse picture in the place of a large one, upright, mode ``RGB``."""

    image: Image.Image
    of: tuple[int, int]
    """Width and height of the picture itself, upright."""


class _Told(BytesIO):
    """A file that tells how much of it was read."""

    def __init__(self, data: bytes, told: Callable[[float], None]) -> None:
        super().__init__(data)
        self._size, self._told = len(data), told

    def read(self, size: int | None = -1, /) -> bytes:
        part = super().read(size)
        self._told(self.tell() / self._size)
        return part


def preview(data: bytes) -> Preview | None:
    """A coarse picture of a large JPEG in about a quarter of the time of ``decode``; ``None`` for anything else.

    A file that cannot be shown has none either; ``decode`` says why.
    """
    if sniff(data) != "JPEG":
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image = Image.open(BytesIO(data), formats=["JPEG"])
            of = image.size
            if not _LARGE < of[0] * of[1] <= PICTURE_PIXELS:
                return None
            image.draft("RGB", (_COARSE, _COARSE))
            image.load()
            if image.getexif().get(_ORIENTATION) in _LYING:
                of = of[1], of[0]
            ImageOps.exif_transpose(image, in_place=True)
            return Preview(image=image.convert("RGB"), of=of)
    # Whatever is wrong with the file is told by ``decode``, which follows.
    except Exception:  # noqa: BLE001
        return None


def decode(data: bytes, *, limits: Limits = DEFAULT, told: Callable[[float], None] | None = None) -> Picture:
    """The first frame, turned upright, in eight bits per channel.

    Args:
        data: a whole file.
        limits: largest size in bytes and in pixels.
        told: called with the part of the file that has been read, 0 to 1, after each of many pieces.

    Raises:
        PictureError: no picture, a format that is not supported, too large, or broken; says what to do.
    """
    kind = _checked_kind(data, limits)
    with warnings.catch_warnings():
        # Pillow warns about odd files on stderr, under the app's screen; what matters here becomes an error.
        warnings.filterwarnings("ignore", module=r"PIL\.")
        try:
            return _decoded(BytesIO(data) if told is None else _Told(data, told), kind, limits)
        except PictureError:
            raise
        except Image.DecompressionBombError as error:
            raise _too_many_pixels(limits) from error
        except MemoryError as error:
            raise PictureError(_("The picture needs more memory than there is; scale it down.")) from error
        # A broken field makes a decoder raise whatever it leads to, so no list of exceptions would be complete.
        except Exception as error:
            raise PictureError(
                _("The picture is damaged or cut off; copy or export the {kind} file again.").format(kind=kind)
            ) from error


def fit_within(picture: Picture, width: int, height: int) -> Picture:
    """The picture no larger than ``width`` times ``height`` pixels, its proportions kept; never enlarged."""
    scale = min(width / picture.width, height / picture.height)
    if scale >= 1:
        return picture
    size = max(1, round(picture.width * scale)), max(1, round(picture.height * scale))
    return replace(picture, image=picture.image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0))


def _checked_kind(data: bytes, limits: Limits) -> str:
    if not data:
        raise PictureError(_("The picture is empty; there is nothing to show."))
    if len(data) > limits.bytes:
        raise PictureError(
            _("The picture has {size} MB; at most {limit} MB are accepted. Export it smaller.").format(
                size=-(-len(data) // _MEBI), limit=limits.bytes // _MEBI
            )
        )
    kind = sniff(data)
    names = ", ".join(supported())
    if kind is None:
        raise PictureError(_("This is not a picture; give a {formats} file.").format(formats=names))
    if kind not in supported():
        raise PictureError(
            _("{kind} files are not supported; export it as one of {formats}.").format(kind=kind, formats=names)
        )
    return kind


def _decoded(file: BytesIO, kind: str, limits: Limits) -> Picture:
    if kind == "TIFF":
        hush.libtiff()
    image = Image.open(file, formats=[kind])
    if image.width * image.height > limits.pixels:
        raise _too_many_pixels(limits, image.size)
    # Cameras put a preview or a depth map behind a JPEG; nobody misses those.
    several = kind != "JPEG" and bool(getattr(image, "is_animated", False))
    image.seek(0)
    image.load()
    ImageOps.exif_transpose(image, in_place=True)
    pixels = _eight_bits(image)
    pixels.info.clear()
    return Picture(image=pixels, format=kind, notes=(_several_note(kind),) if several else ())


def _several_note(kind: str) -> str:
    if kind == "TIFF":
        return _("The file has several pages; the first one is shown.")
    return _("The picture is animated; its first frame is shown.")


def _too_many_pixels(limits: Limits, size: tuple[int, int] | None = None) -> PictureError:
    limit = limits.pixels // _MEGA
    if size is None:
        return PictureError(_("The picture has more than {limit} megapixels; scale it down.").format(limit=limit))
    return PictureError(
        _("The picture has {width} x {height} pixels; at most {limit} megapixels are accepted. Scale it down.").format(
            width=size[0], height=size[1], limit=limit
        )
    )


def _eight_bits(image: Image.Image) -> Image.Image:
    """``RGB``, or ``RGBA`` when anything can be transparent."""
    if image.mode in _WIDE_GRAY:
        return _scaled_gray(image).convert("RGB")
    transparent = image.mode in _WITH_ALPHA or "transparency" in image.info
    return image.convert("RGBA" if transparent else "RGB")


def _scaled_gray(image: Image.Image) -> Image.Image:
    """Gray of more than eight bits, its range of 16 bits (or its own, if larger) brought to eight."""
    wide = image.convert("F")
    extremes = wide.getextrema()
    low, high = float(extremes[0]), float(extremes[1])  # type: ignore[arg-type] # one band: two numbers
    if image.mode != "F" and low >= 0 and high <= _SIXTEEN_BITS:
        low, high = 0.0, float(_SIXTEEN_BITS)
    scale = 255 / (high - low) if high > low else 0.0
    return wide.point(lambda value: value * scale - low * scale).convert("L")
