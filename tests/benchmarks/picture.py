"""How well, how small and how fast pictures are drawn, against other renderers in the same run.

Run as ``python -m tests.benchmarks.picture``; prints a table and decides nothing. Each renderer's own output is painted
back to pixels by ``tests.render.paint`` and compared with the source at 8 x 16 pixels per cell.
"""

import importlib
import io
import re
import shutil
import subprocess
import sys
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from imagechat_tui.render import glyphs
from imagechat_tui.render.depth import ColorDepth
from imagechat_tui.render.frame import Look, draw
from imagechat_tui.render.geometry import Size, fit
from imagechat_tui.render.scale import Pyramid
from tests.benchmarks.limits import best
from tests.benchmarks.measures import Raster, psnr, ssim
from tests.benchmarks.mockups import interfaces, photos
from tests.render.paint import paint

if TYPE_CHECKING:
    from rich.console import RenderableType

COLUMNS, ROWS = 120, 40
RUNS = 9
START = "(chafa, one cell: its start)"
_LIMITS = {
    "(limit of octants)": (glyphs.OCTANTS,),
    "(limit of all glyphs of bars)": (
        glyphs.OCTANTS,
        glyphs.SEXTANTS,
        glyphs.ROWS,
        glyphs.ROW_LINES,
        glyphs.COLUMNS,
        glyphs.COLUMN_LINES,
    ),
}
"""What nobody can surpass who gives a cell one of these glyphs and two colors."""

Render = Callable[[Image.Image], list[str]]


def main() -> None:
    """Print the table, in Markdown."""
    with TemporaryDirectory() as folder:
        _report(_ours() | _peers(Path(folder)))


def _report(contestants: dict[str, Render]) -> None:
    scenes, natural = interfaces(), photos()
    pictures = f"{len(scenes)} interfaces, {len(natural)} photos"
    print(f"{COLUMNS} x {ROWS} cells, median of {RUNS} interleaved runs; {pictures}\n")
    print(_row("renderer", "PSNR dB", "SSIM", "kB", "zlib", "ms UI", "ms photo"))
    print(_row("---", *["---:"] * 6))
    times = _times(contestants, [*scenes.values()], [*natural.values()])
    for name, render in contestants.items():
        taken = (f"{times[name][0]:.1f}", f"{times[name][1]:.1f}")
        if name == START:
            print(_row(name, "", "", "", "", *taken))
            continue
        scores = [_score(render, image) for image in scenes.values()]
        print(
            _row(
                name,
                f"{mean(s.psnr for s in scores):.2f}",
                f"{mean(s.ssim for s in scores):.3f}",
                f"{mean(s.size for s in scores) / 1000:.1f}",
                f"{mean(s.packed for s in scores) / 1000:.1f}",
                *taken,
            )
        )
    for name, tables in _LIMITS.items():
        shown = {chr(glyph) for table in tables for glyph in table.values()}
        pairs = [(wanted, best(wanted, shown)) for wanted in map(_raster, scenes.values())]
        reached = (f"{mean(psnr(*pair) for pair in pairs):.2f}", f"{mean(ssim(*pair) for pair in pairs):.3f}")
        print(_row(name, *reached, "", "", "", ""))


def _row(name: str, *values: str) -> str:
    """A line of a Markdown table that is read in a terminal as well."""
    return f"| {name:35} | " + " | ".join(f"{value:>8}" for value in values) + " |"


@dataclass(frozen=True, kw_only=True, slots=True)
class Score:
    """One picture by one renderer; sizes in bytes."""

    psnr: float
    ssim: float
    size: int
    packed: int


def _ours() -> dict[str, Render]:
    looks = {
        "half": Look(mode="half"),
        "quadrant (and eighths)": Look(mode="quadrant"),
        "sextant": Look(mode="sextant"),
        "edges (sextants, eighths)": Look(mode="edges"),
        "octant": Look(mode="octant"),
        "octant, all colors kept": Look(mode="octant", tolerance=0),
        "bars": Look(mode="bars"),
        "bars, all colors kept": Look(mode="bars", tolerance=0),
        "bars, tolerance 6": Look(mode="bars", tolerance=6),
        "octant, 256 colors": Look(mode="octant", colors=ColorDepth.COLORS_256),
        "bars, 256 colors": Look(mode="bars", colors=ColorDepth.COLORS_256),
        "octant, 16 colors": Look(mode="octant", colors=ColorDepth.COLORS_16),
    }
    return {f"imagechat {name}": _our_render(look) for name, look in looks.items()}


def _our_render(look: Look) -> Render:
    pyramids: dict[int, Pyramid] = {}

    def render(image: Image.Image) -> list[str]:
        pyramid = pyramids.setdefault(id(image), Pyramid(image))
        cells = draw(pyramid, fit(Size(*image.size), Size(COLUMNS, ROWS)), look)
        return [cells.ansi(row) for row in range(cells.rows)]

    return render


def _peers(folder: Path) -> dict[str, Render]:
    peers: dict[str, Render] = {"rich-pixels half": _rich_pixels}
    if (textual_image := _textual_image(folder / "packages")) is not None:
        peers["textual-image half"] = textual_image
    chafa, timg = shutil.which("chafa"), shutil.which("timg")
    size = f"{COLUMNS}x{ROWS}"
    if chafa:
        plain = [chafa, "--format=symbols", "--colors=full", "--stretch"]
        peers["chafa default"] = _command([*plain, f"--size={size}"], folder)
        peers["chafa, most work"] = _command([*plain, f"--size={size}", "--work=9"], folder)
        peers[START] = _command([*plain, "--size=1x1"], folder)
    if timg:
        peers["timg quarter"] = _command([timg, "-pq", f"-g{size}", "-U"], folder)
    return peers


def _rich_pixels(image: Image.Image) -> list[str]:
    from rich_pixels import Pixels

    return _printed(Pixels.from_image(image, resize=(COLUMNS, ROWS * 2)))


def _textual_image(packages: Path) -> Render | None:
    """Its half blocks, which it draws where there are no sixels; fetched for this run, it is no dependency."""
    fetch = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", str(packages), "textual-image"]
    if subprocess.run(fetch, capture_output=True, check=False).returncode:
        print("textual-image could not be fetched and is left out")
        return None
    sys.path.append(str(packages))
    halfcell = importlib.import_module("textual_image.renderable.halfcell").Image
    return lambda image: _printed(halfcell(image, width=COLUMNS, height=ROWS))


def _printed(renderable: "RenderableType") -> list[str]:
    from rich.console import Console

    buffer = io.StringIO()
    console = Console(file=buffer, force_terminal=True, color_system="truecolor", width=COLUMNS, legacy_windows=False)
    console.print(renderable)
    return buffer.getvalue().split("\n")[:ROWS]


def _command(arguments: list[str], folder: Path) -> Render:
    """A program that is given the cheapest file to decode; its time includes its start, see ``START``."""
    files: dict[int, Path] = {}

    def render(image: Image.Image) -> list[str]:
        if id(image) not in files:
            files[id(image)] = folder / f"{id(image)}.ppm"
            image.save(files[id(image)])
        done = subprocess.run([*arguments, str(files[id(image)])], capture_output=True, check=True)
        return re.sub(r"\x1b\[\?25[lh]", "", done.stdout.decode()).split("\n")[:ROWS]

    return render


def _score(render: Render, image: Image.Image) -> Score:
    lines, wanted = render(image), _raster(image)
    shown = paint(lines, COLUMNS)
    data = "\n".join(lines).encode()
    return Score(psnr=psnr(wanted, shown), ssim=ssim(wanted, shown), size=len(data), packed=len(zlib.compress(data)))


def _raster(image: Image.Image) -> Raster:
    """The picture at 8 x 16 pixels per cell, as it should look."""
    return np.asarray(image.resize((COLUMNS * 8, ROWS * 16), Image.Resampling.BOX))


def _times(contestants: dict[str, Render], *groups: list[Image.Image]) -> dict[str, list[float]]:
    """Milliseconds of processor time per frame, for each group of pictures; contestants take turns."""
    taken: dict[str, list[list[float]]] = {name: [[] for _ in groups] for name in contestants}
    for _ in range(RUNS):
        for name, render in contestants.items():
            for place, images in enumerate(groups):
                start = _processor_seconds()
                for image in images:
                    render(image)
                taken[name][place].append((_processor_seconds() - start) * 1000 / len(images))
    return {name: [median(runs) for runs in places] for name, places in taken.items()}


def _processor_seconds() -> float:
    """Of this process and of the commands it has waited for."""
    import resource

    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


if __name__ == "__main__":
    main()
