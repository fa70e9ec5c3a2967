"""One line being typed: keys in, what the terminal should echo out; it lets others know whether a line is begun.

The terminal's own line input cannot tell that, and news must not break into a half-typed sentence.
"""

import codecs
import re
from typing import Final, NamedTuple

from rich.cells import cell_len

_BACK: Final = "\b \b"
"""Takes one cell back."""
_ESCAPES: Final = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|O.|[^\[O])")
"""What keys send that are no text: arrows, function keys, alt with a letter."""
_ESCAPE: Final = "\x1b"
_ERASE: Final = ("\x7f", "\b")
_ERASE_WORD: Final = "\x17"
_ERASE_LINE: Final = "\x15"
_END: Final = "\x04"
_ENTER: Final = ("\r", "\n")


class Typed(NamedTuple):
    """What some keys led to."""

    echo: str
    """For the terminal."""
    lines: list[str]
    """Lines that were ended."""
    ended: bool = False
    """Whether the end of all input was typed (control-D on an empty line)."""


class LineEditor:
    """The line at the cursor."""

    def __init__(self) -> None:
        self.text = ""
        """What is typed of the line."""
        self._bytes = codecs.getincrementaldecoder("utf-8")("replace")
        self._escape = ""

    def feed(self, data: bytes) -> Typed:
        """Take keys in."""
        echo: list[str] = []
        lines: list[str] = []
        for char in self._without_escapes(self._bytes.decode(data)):
            if char in _ENTER:
                lines.append(self.text)
                self.text = ""
                echo.append("\n")
            elif char == _END:
                if not self.text:
                    return Typed("".join(echo), lines, ended=True)
            else:
                echo.append(self._typed(char))
        return Typed("".join(echo), lines)

    def _without_escapes(self, keys: str) -> str:
        keys = _ESCAPES.sub("", self._escape + keys)
        text, escape, rest = keys.partition(_ESCAPE)
        self._escape = escape + rest
        return text

    def _typed(self, char: str) -> str:
        """One key that ends nothing; its echo."""
        if char in _ERASE:
            return self._keep(len(self.text) - 1)
        if char == _ERASE_WORD:
            words = self.text.rstrip()
            return self._keep(words.rfind(" ") + 1)
        if char == _ERASE_LINE:
            return self._keep(0)
        if char == "\t":
            char = " "
        if not char.isprintable() and char not in {"\u200d", "\ufe0f"}:
            return ""
        self.text += char
        return char

    def _keep(self, count: int) -> str:
        kept, gone = self.text[: max(count, 0)], self.text[max(count, 0) :]
        self.text = kept
        return _BACK * cell_len(gone)
