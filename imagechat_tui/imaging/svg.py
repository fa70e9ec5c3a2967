"""SVG drawings to PNG, by resvg (the extra ``svg``), in a process of its own with little memory and little time.

Drawings can name files and addresses, which the rasteriser would put into the picture, and with it onto a server: every
reference that leads out of the file is taken away before it sees it. Never decides where a drawing comes from.
"""

import re
import resource
import shutil
import subprocess
import sys
from importlib.util import find_spec
from typing import Final
from xml.etree import ElementTree as ET

from imagechat_tui.errors import PictureError
from imagechat_tui.i18n import _
from imagechat_tui.protocol.limits import PICTURE_BYTES

SIDE: Final = 2_048
"""Pixels of the longer side: enough to read small labels when zoomed in."""

SECONDS: Final = 20.0
"""A drawing may use itself again and again, and so be larger than any machine."""

MEMORY_BYTES: Final = 1024 * 1024 * 1024

_MODULE: Final = "resvg_py"
_PIXELS_PER_INCH: Final = 96.0
_INSIDE: Final = re.compile(r"\s*(#|data:image/(png|jpeg|gif|webp)[;,])")
_NUMBER: Final = re.compile(r"\s*([0-9]*\.?[0-9]+)")


def available() -> bool:
    """Whether the extra is installed."""
    return find_spec(_MODULE) is not None


def to_png(drawing: bytes) -> bytes:
    """The drawing as PNG, ``SIDE`` pixels long.

    Raises:
        PictureError: The extra is missing, or the drawing is broken or too large; says what to do.
    """
    if not available():
        raise PictureError(
            _("SVG needs `pip install 'imagechat-tui[svg]'`; or export the drawing as one of the other formats.")
        )
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", __name__],
            input=drawing,
            capture_output=True,
            timeout=SECONDS,
            check=True,
        )
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as problem:
        raise _useless() from problem
    if len(done.stdout) > PICTURE_BYTES:
        raise _useless()
    return done.stdout


def _useless() -> PictureError:
    return PictureError(_("The drawing is damaged, or too large to be rasterised here; export it as PNG."))


def inward(drawing: bytes) -> tuple[str, tuple[float, float]]:
    """The drawing without anything that leads out of it, and its proportions: width and height.

    Raises:
        xml.etree.ElementTree.ParseError: It is no XML.
    """
    root = ET.fromstring(drawing)  # noqa: S314 - expat bounds expansion and opens nothing; this process has bounds
    for element in root.iter():
        for name, value in list(element.attrib.items()):
            if name.rpartition("}")[2] == "href" and not _INSIDE.match(value):
                del element.attrib[name]
    return ET.tostring(root, encoding="unicode"), _proportions(root)


def _proportions(root: ET.Element) -> tuple[float, float]:
    sides = [_NUMBER.match(root.get(name, "")) for name in ("width", "height")]
    if sides[0] and sides[1]:
        return float(sides[0][1]), float(sides[1][1])
    box = root.get("viewBox", "").replace(",", " ").split()
    numbers = [_NUMBER.fullmatch(side) for side in box[2:4]]
    if len(numbers) > 1 and numbers[0] and numbers[1]:
        return float(numbers[0][1]), float(numbers[1][1])
    return 1.0, 1.0


def _family(generic: str) -> str | None:
    """The installed font that stands for a generic one, by fontconfig; without it the rasteriser guesses."""
    finder = shutil.which("fc-match")
    if finder is None:
        return None
    found = subprocess.run([finder, "--format=%{family[0]}", generic], capture_output=True, text=True, check=False)
    return found.stdout.strip() or None


def _work() -> None:
    """Rasterise stdin to stdout, within limits; fails loudly."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (int(SECONDS), int(SECONDS)))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sans, mono = _family("sans-serif"), _family("monospace")
    from resvg_py import svg_to_bytes  # noqa: PLC0415 - an extra, and only in this process

    drawing, (width, height) = inward(sys.stdin.buffer.read())
    wide = width >= height
    png = svg_to_bytes(
        svg_string=drawing,
        dpi=_PIXELS_PER_INCH,
        width=SIDE if wide else None,
        height=None if wide else SIDE,
        font_family=sans,
        sans_serif_family=sans,
        # Fonts that are not installed fall back to this one, and most drawings mean no serifs.
        serif_family=sans,
        monospace_family=mono,
    )
    sys.stdout.buffer.write(png)


if __name__ == "__main__":
    _work()
