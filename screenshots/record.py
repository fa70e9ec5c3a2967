"""Makes the recording of README: one review in half a minute, played with the real program on a terminal in memory.

``python -m screenshots.record`` writes ``screenshots/review.cast`` (asciicast v2, for ``asciinema play``), and paints
``screenshots/review.gif`` from that; ``--paint`` does the second alone. Times are those of the script, not of the
machine: a slow one makes the same recording.
"""

import codecs
import itertools
import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import numpy as np
import pyte
from msgspec import Struct
from PIL import Image

from screenshots.make import FOLDER, VARIABLES
from tests.cli.painted import paint
from tests.cli.terminal import Terminal, on_terminal

CAST: Final = FOLDER / "review.cast"
GIF: Final = FOLDER / "review.gif"
COLUMNS, ROWS = 100, 30
MOST_BYTES: Final = 1_000_000
"""Of the GIF: README has to come up on a slow line."""

_SCALE: Final = 0.6
_COLORS: Final = 255
_COMMON: Final = 160
_LETTER_SECONDS: Final = 0.09
_FLAGS: Final = ("demo", "--seed", "1", "--pause", "600")


class Step(Struct, frozen=True, kw_only=True):
    """What came to the screen, and how long it stays there."""

    output: bytes
    seconds: float


def script(terminal: Terminal) -> Iterator[float]:
    """One review; after each act the seconds for which its outcome is to be seen."""
    yield 1.6
    yield from _keys(terminal, "n", seconds=1.0)
    yield from _keys(terminal, "\r", seconds=1.6)
    yield from _keys(terminal, "R", seconds=0.7)
    yield from _typed(terminal, "“Pay” alone would do. Shorter now.")
    yield from _keys(terminal, "\r", seconds=1.6)
    yield from _keys(terminal, "x", seconds=1.8)
    yield from _keys(terminal, "\x1b", seconds=0.5)
    yield from _keys(terminal, "f", seconds=1.4)
    yield from _keys(terminal, "d", "h", seconds=0.9)
    yield from _keys(terminal, "\r", seconds=0.6)
    yield from _typed(terminal, "Could this be a date picker?")
    yield from _keys(terminal, "\r", seconds=1.4)
    yield from _keys(terminal, "z", seconds=1.6)
    yield from _keys(terminal, "+", seconds=1.4)
    yield from _keys(terminal, "0", seconds=1.0)
    yield from _keys(terminal, "C", seconds=1.6)
    yield from _keys(terminal, "?", seconds=1.8)


def _keys(terminal: Terminal, *keys: str, seconds: float) -> Iterator[float]:
    for key in keys:
        terminal.press(key)
        terminal.settle(quiet=0.4)
        yield seconds


def _typed(terminal: Terminal, text: str) -> Iterator[float]:
    for letter in text:
        terminal.press(letter)
        terminal.settle(quiet=0.25)
        yield _LETTER_SECONDS
    yield 0.6


def play() -> list[Step]:
    """Run the program and keep what it wrote."""
    with (
        tempfile.TemporaryDirectory(prefix="imagechat-record-") as home,
        on_terminal(Path(home), *_FLAGS, columns=COLUMNS, rows=ROWS, variables=VARIABLES) as terminal,
    ):
        terminal.until_shown("live")
        terminal.settle(quiet=1.5)
        steps, seen = [], 0
        for seconds in script(terminal):
            steps.append(Step(output=terminal.raw[seen:], seconds=seconds))
            seen = len(terminal.raw)
        terminal.press("\x1b")
        terminal.settle()
        terminal.press("q")
    return steps


def write_cast(steps: list[Step], path: Path) -> None:
    """As asciinema reads it: a head, then [seconds, "o", text] by line."""
    head = {"version": 2, "width": COLUMNS, "height": ROWS, "title": "imagechat", "env": {"TERM": "xterm-256color"}}
    decode: Callable[[bytes], str] = codecs.getincrementaldecoder("utf-8")("replace").decode
    now, lines = 0.0, [json.dumps(head)]
    for step in steps:
        text = decode(step.output)
        if text:
            lines.append(json.dumps([round(now, 3), "o", text], ensure_ascii=False))
        now += step.seconds
    lines.append(json.dumps([round(now, 3), "o", ""]))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def read_cast(path: Path) -> list[Step]:
    """What a cast plays, step by step."""
    _head, *lines = path.read_text(encoding="utf-8").splitlines()
    events = [json.loads(line) for line in lines]
    return [
        Step(output=text.encode(), seconds=after[0] - when) for (when, _kind, text), after in itertools.pairwise(events)
    ]


def write_gif(steps: list[Step], path: Path) -> None:
    """One frame a step, all in the same colors."""
    screen = pyte.Screen(COLUMNS, ROWS)
    stream = pyte.ByteStream(screen)
    frames: list[Image.Image] = []
    for step in steps:
        stream.feed(step.output)
        whole = paint(screen)
        size = (round(whole.width * _SCALE), round(whole.height * _SCALE))
        frames.append(whole.resize(size, Image.Resampling.LANCZOS))
    palette = _palette(frames)
    drawn = [frame.quantize(palette=palette, dither=Image.Dither.NONE) for frame in frames]
    times = [round(step.seconds * 100) * 10 for step in steps]
    drawn[0].save(path, save_all=True, append_images=drawn[1:], duration=times, loop=0, optimize=True)


def _palette(frames: list[Image.Image]) -> Image.Image:
    """The commonest colors as they are, so that surfaces keep theirs, and some far from all others, for signs."""
    every = max(1, len(frames) // 12)
    pixels = np.concatenate([np.asarray(frame).reshape(-1, 3) for frame in frames[::every]])
    colors, counts = np.unique(pixels, axis=0, return_counts=True)
    common = colors[np.argsort(-counts, kind="stable")[:_COMMON]].ravel().tolist()
    kinds = [frames[0], frames[len(frames) // 2], frames[-2]]
    sheet = Image.new("RGB", (frames[0].width, frames[0].height * len(kinds)))
    for place, frame in enumerate(kinds):
        sheet.paste(frame, (0, place * frame.height))
    rare = sheet.quantize(_COLORS - _COMMON, method=Image.Quantize.MAXCOVERAGE).getpalette() or []
    palette = Image.new("P", (1, 1))
    palette.putpalette([*common, *rare])
    return palette


def main() -> None:
    """Both files."""
    if "--paint" not in sys.argv:
        write_cast(play(), CAST)
    write_gif(read_cast(CAST), GIF)
    for file in (CAST, GIF):
        print(f"{file.relative_to(FOLDER.parent)}  {file.stat().st_size // 1024} kB")
    if GIF.stat().st_size >= MOST_BYTES:
        raise SystemExit(f"{GIF.name} is larger than {MOST_BYTES} bytes")


if __name__ == "__main__":
    main()
