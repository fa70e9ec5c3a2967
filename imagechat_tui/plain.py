"""Neutralises foreign text: the one way for words of others to a screen, to stdout and to a log.

Escape sequences, control characters, bidi overrides and floods of combining marks are taken out or made visible; what
remains cannot move the cursor, color the screen or open a link. It never looks at meaning and never shortens words
except where a length is asked for.
"""

import re
import unicodedata
from collections.abc import Callable

# CSI; string sequences (OSC, DCS, SOS, PM, APC) as far as their terminator; any other escape. An unterminated string
# loses only its introducer, so that nobody's words disappear; no introducer is part of a string, so it stays linear.
_ESCAPES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?"
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d\x9e\x9f])(?:[^\x07\x1b\x90\x98\x9c-\x9f]{0,4096}(?:\x07|\x1b\\|\x9c))?"
    r"|\x1b[ -/]*[0-~]?"
)
# C0 without tab and newline, DEL, C1; bidi marks, embeddings, overrides and isolates; line and paragraph separators;
# interlinear annotation, byte order mark, the deprecated tag characters, soft hyphen and other invisible format signs.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f]"
)
_LONE_SURROGATES = re.compile("[\ud800-\udfff]")
_SPACES = re.compile(r"\s+")
_BLANK_LINES = re.compile(r"\n{3,}")
# More marks on one letter than any script needs is a flood that paints over the neighbours.
_MOST_MARKS = 6


def _limit_marks(text: str, over: Callable[[str], str] = lambda _mark: "") -> str:
    if text.isascii():
        return text
    out: list[str] = []
    marks = 0
    for char in text:
        if char == "\u200d" or unicodedata.category(char) in {"Mn", "Me", "Mc"}:
            marks += 1
            out.append(char if marks <= _MOST_MARKS else over(char))
        else:
            marks = 0
            out.append(char)
    return "".join(out)


def block(text: str) -> str:
    """Several lines of foreign text: newlines stay (at most one blank line in a row), tabs become four spaces."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ")
    text = _INVISIBLE.sub("", _ESCAPES.sub("", text))
    text = _limit_marks(_LONE_SURROGATES.sub("\ufffd", text))
    return _BLANK_LINES.sub("\n\n", text)


def line(text: str, *, most: int | None = None) -> str:
    """One line of foreign text: every run of white space is one space; ``most`` characters, then an ellipsis."""
    text = _SPACES.sub(" ", block(text)).strip()
    if most is not None and len(text) > most:
        text = text[: max(most - 1, 0)].rstrip() + "…"
    return text


def logged(text: str, *, most: int = 500) -> str:
    """For a log: one line, quotes and backslashes escaped, so that no text can forge a second entry."""
    return line(text, most=most).replace("\\", "\\\\").replace('"', '\\"')


def escaped(json: str) -> str:
    """For a JSON text: what a terminal could obey, or nobody would see, as escapes, so that no datum is lost."""
    json = _INVISIBLE.sub(lambda found: _as_escape(found[0]), json)
    return _limit_marks(_LONE_SURROGATES.sub(lambda found: _as_escape(found[0]), json), over=_as_escape)


def _as_escape(char: str) -> str:
    units = char.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))
