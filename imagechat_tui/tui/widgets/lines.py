"""Rich text to rows of exactly one width, for widgets that draw their own lines; wide characters stay whole."""

import re
from collections.abc import Sequence
from typing import Final

from rich.console import Console
from rich.style import Style
from rich.text import Text
from textual.strip import Strip
from textual.widget import Widget

_CONSOLE: Final = Console(width=200, color_system=None, highlight=False, markup=False, emoji=False)
"""Only measures and wraps; nothing is ever printed on it."""


_JOINED: Final = re.compile("(?<=[\u2600-\u27bf\U0001f000-\U0001faff])(?:\ufe0f|\u200d)+|\ufe0f")
"""What makes one picture out of several emoji, or a wide one out of a narrow sign."""


def steady(text: str) -> str:
    """Emoji one by one: joined ones are as wide as each terminal likes, and columns would not hold."""
    return text if text.isascii() else _JOINED.sub("", text)


_ADDRESS: Final = re.compile(r"https?://[!#-&(-;=?-Z_a-z~]+[/=&#\w~-]", re.ASCII)
"""An address as it can stand in a sentence: what ends the sentence is not part of it."""


def linked(text: Text) -> Text:
    """The text with its addresses as links of the terminal; each leads exactly where its words say."""
    for found in _ADDRESS.finditer(text.plain):
        text.stylize(Style(link=found[0], underline=True), *found.span())
    return text


def fitted(text: Text, width: int) -> Text:
    """The text on one line of exactly ``width`` cells, an ellipsis where it was cut."""
    text = text.copy()
    text.truncate(max(0, width), overflow="ellipsis", pad=True)
    return text


def sides(left: Text, right: Text, width: int, *, gap: int = 1) -> Text:
    """``left`` and ``right`` at the two ends of a line; what is too long on the left is cut."""
    room = width - right.cell_len
    if room <= gap:
        return fitted(right, width)
    return Text.assemble(fitted(left, room - gap), " " * gap, right)


def wrapped(text: Text, width: int) -> list[Text]:
    """The text broken at words, or inside those that are longer than a line."""
    if text.plain and text.plain.isprintable() and text.cell_len <= width:
        return [text.copy()]
    return list(text.wrap(_CONSOLE, max(1, width), tab_size=4)) or [Text()]


def strip(text: Text, width: int, style: Style) -> Strip:
    """A row of ``width`` cells; what the text does not color itself has ``style``."""
    row = fitted(text, width)
    if not row.spans:
        # Rich forgets a text's own style when no part of it has another one.
        row.stylize(row.style)
    return Strip(row.render(_CONSOLE), width).apply_style(style)


def centred(sentence: str, size: tuple[int, int], style: Style) -> list[Strip]:
    """Rows of a whole area of ``size`` (columns, rows), empty but for a sentence in its middle."""
    width, height = size
    said = wrapped(Text(sentence), max(1, width - 4))[:height] if sentence else []
    top = (height - len(said)) // 2
    rows = [Text() for _ in range(height)]
    for place, text in enumerate(said):
        rows[top + place] = Text.assemble(" " * max(0, (width - text.cell_len) // 2), text)
    return [strip(row, width, style) for row in rows]


def filtered(rows: Sequence[Strip], widget: Widget) -> list[Strip]:
    """Rows as the terminal's colors allow; for widgets that paint past Textual, which does the same for all others."""
    background = widget.background_colors[1]
    for each in widget.get_line_filters():
        rows = [row.apply_filter(each, background) for row in rows]
    return list(rows)
