"""A terminal in memory that takes pictures by the kitty protocol: what arrives as bytes, a person would see.

A model written from the protocol's description, stricter than a terminal: what the description forbids fails the test.
Characters, colors and the cursor are pyte's business; ``composed`` fills the cells of placeholders with their parts of
pictures.
"""

import base64
import re
import zlib
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyte
from numpy.typing import NDArray
from PIL import Image

from imagechat_tui.render.kitty import NUMERALS, PLACEHOLDER

Pixels = NDArray[np.uint8]

_COMMAND: Final = re.compile(rb"\x1b_G(.*?)\x1b\\", re.DOTALL)
_BEGUN: Final = re.compile(rb"\x1b(?:_(?:G[^\x1b]*\x1b?)?|\[[0-?]*[ -/]*|[P\]][^\x1b\x07]*\x1b?)?$")
_QUESTION: Final = re.compile(rb"\x1b\[(?:(>0q)|(16t)|(6n)|(c))")
_COMBINING: Final = re.compile(f"([{NUMERALS}]+)")
_CHUNK: Final = 4096
_CHANNELS: Final = {"24": 3, "32": 4}


class MalformedError(AssertionError):
    """The protocol does not allow this."""


@dataclass(frozen=True)
class Cell:
    """A placeholder, read."""

    image: int
    row: int
    column: int


class _Screen(pyte.Screen):
    """Combining characters belong to the character before them, also when that is the last of its line."""

    def draw(self, data: str) -> None:
        """Put characters at the cursor."""
        for place, piece in enumerate(_COMBINING.split(data)):
            if place % 2 == 0:
                super().draw(piece)
            else:
                line, x = self.buffer[self.cursor.y], self.cursor.x - 1
                line[x] = line[x]._replace(data=line[x].data + piece)


class KittyTerminal:
    """A screen, pictures, and answers to the questions of programs."""

    def __init__(
        self, columns: int = 80, rows: int = 24, *, cell: tuple[int, int] = (8, 16), version: str = "kitty(0.40.0)"
    ) -> None:
        self.screen = _Screen(columns, rows)
        self.cell = cell
        self.version = version
        self.images: dict[int, Pixels] = {}
        self.places: dict[int, tuple[int, int]] = {}
        """Columns and rows that a picture fills, by its number."""
        self.sent = 0
        """Pictures that came."""
        self.most = 0
        """Pictures that were kept at the same time."""
        self.commands = 0
        self._stream = pyte.ByteStream(self.screen)
        self._rest = b""
        self._head: dict[str, str] | None = None
        self._data = b""

    def feed(self, data: bytes) -> bytes:
        """Take in what a program wrote; the answers."""
        data = self._rest + data
        begun = _BEGUN.search(data)
        self._rest = data[begun.start() :] if begun else b""
        data = data[: begun.start()] if begun else data
        answers = b""
        here = 0
        for found in _COMMAND.finditer(data):
            answers += self._characters(data[here : found.start()]) + self._command(found[1])
            here = found.end()
        return answers + self._characters(data[here:])

    def cells(self) -> dict[tuple[int, int], Cell]:
        """Placeholders by row and column of the screen."""
        found = {}
        for y in range(self.screen.lines):
            for x in range(self.screen.columns):
                char = self.screen.buffer[y][x]
                if char.data.startswith(PLACEHOLDER):
                    found[y, x] = _read(char.data, char.fg)
        return found

    def composed(self) -> tuple[Pixels, NDArray[np.bool_]]:
        """The screen as pixels, black where no picture is, and which pixels are of pictures."""
        width, height = self.cell
        shape = (self.screen.lines * height, self.screen.columns * width)
        seen, where = np.zeros((*shape, 3), np.uint8), np.zeros(shape, np.bool_)
        fitted = {image: self._fitted(image) for image in self.places}
        for (y, x), cell in self.cells().items():
            columns, rows = self.places.get(cell.image, (0, 0))
            if cell.column >= columns or cell.row >= rows:
                continue
            part = (
                slice(cell.row * height, (cell.row + 1) * height),
                slice(cell.column * width, (cell.column + 1) * width),
            )
            here = (slice(y * height, (y + 1) * height), slice(x * width, (x + 1) * width))
            seen[here] = fitted[cell.image][part]
            where[here] = True
        return seen, where

    def _fitted(self, image: int) -> Pixels:
        """A picture as large as its cells allow, in its own ratio, in their middle."""
        columns, rows = self.places[image]
        width, height = columns * self.cell[0], rows * self.cell[1]
        pixels = self.images[image]
        scale = min(width / pixels.shape[1], height / pixels.shape[0])
        size = round(pixels.shape[1] * scale), round(pixels.shape[0] * scale)
        scaled = Image.fromarray(pixels).resize(size, Image.Resampling.BILINEAR)
        whole = Image.new("RGB", (width, height), "magenta")
        whole.paste(scaled, ((width - size[0]) // 2, (height - size[1]) // 2))
        return np.asarray(whole)

    # What arrives ----------------------------------------------------------------------------------------------

    def _characters(self, data: bytes) -> bytes:
        if data and self._head is not None:
            raise MalformedError(f"something comes between the parts of a picture: {data[:40]!r}")
        self._stream.feed(data)
        answers = b""
        for name, size, place, fence in _QUESTION.findall(data):
            if name:
                answers += f"\x1bP>|{self.version}\x1b\\".encode()
            elif size:
                answers += f"\x1b[6;{self.cell[1]};{self.cell[0]}t".encode()
            elif place:
                answers += b"\x1b[1;1R"
            elif fence:
                answers += b"\x1b[?62;c"
        return answers

    def _command(self, command: bytes) -> bytes:
        self.commands += 1
        control, _semicolon, payload = command.partition(b";")
        keys = dict(pair.split("=", 1) for pair in control.decode("ascii").split(","))
        if len(payload) > _CHUNK:
            raise MalformedError(f"{len(payload)} bytes in one command")
        if self._head is not None:
            if not keys.keys() <= {"m", "q"}:
                raise MalformedError(f"{keys} in the middle of a picture")
        elif keys.get("a", "t") == "d":
            return self._delete(keys)
        else:
            self._head = keys
        if keys.get("m") == "1":
            if len(payload) % 4:
                raise MalformedError("a part that is no whole base64")
            self._data += payload
            return b""
        head, data = self._head, self._data + payload
        self._head, self._data = None, b""
        return self._picture(head, data)

    def _picture(self, keys: dict[str, str], payload: bytes) -> bytes:
        if keys.get("t", "d") != "d":
            raise MalformedError(f"not sent directly: {keys}")
        data = base64.b64decode(payload, validate=True)
        data = zlib.decompress(data) if keys.get("o") == "z" else data
        channels, width, height = _CHANNELS[keys.get("f", "32")], int(keys["s"]), int(keys["v"])
        if len(data) != width * height * channels:
            raise MalformedError(f"{len(data)} bytes for {width}x{height}")
        image = int(keys["i"])
        answer = f"\x1b_Gi={image};OK\x1b\\".encode()
        if keys["a"] == "q":
            return answer
        if keys.get("q") != "2":
            raise MalformedError("an answer to this would become a key press")
        if keys["a"] != "T" or keys.get("U") != "1":
            raise MalformedError(f"not among characters: {keys}")
        columns, rows = int(keys["c"]), int(keys["r"])
        if not (0 < columns <= len(NUMERALS) and 0 < rows <= len(NUMERALS)):
            raise MalformedError(f"{columns}x{rows} cells")
        self.images[image] = np.frombuffer(data, np.uint8).reshape(height, width, channels)[..., :3]
        self.places[image] = columns, rows
        self.sent += 1
        self.most = max(self.most, len(self.images))
        return b""

    def _delete(self, keys: dict[str, str]) -> bytes:
        if keys.get("d") != "I" or keys.get("q") != "2":
            raise MalformedError(f"the picture stays in memory, or an answer comes: {keys}")
        if int(keys["i"]) not in self.images:
            raise MalformedError(f"there is no picture {keys['i']}")
        del self.images[int(keys["i"])], self.places[int(keys["i"])]
        return b""


def _read(text: str, color: str) -> Cell:
    """What a placeholder means; every one has to say its row and column itself."""
    numbers = [NUMERALS.index(numeral) for numeral in text[1:]]
    if not 2 <= len(numbers) <= 3:
        raise MalformedError(f"a placeholder with {len(numbers)} numerals")
    high = numbers[2] if len(numbers) > 2 else 0
    return Cell(image=high << 24 | int(color, 16), row=numbers[0], column=numbers[1])
