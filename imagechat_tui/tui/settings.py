"""What a person chose about the screen: one frozen value, made by the command line, read everywhere in the app."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from msgspec import Struct, field

from imagechat_tui.render.depth import ColorDepth, GlyphLevel
from imagechat_tui.render.known import UNKNOWN
from imagechat_tui.render.overlay import SQUARE_PERCENT

THEMES: Final = ("dark", "light", "contrast", "ansi")
"""Names of the themes, in the order in which the key for colors walks them."""

TO_BOARDS: Final = -1
"""The app's result when the person wants to choose another board; not an exit code."""


class TuiSettings(Struct, frozen=True, kw_only=True):
    """How the screen looks and answers."""

    theme: str = "dark"
    """One of ``THEMES``."""
    keys: Mapping[str, str] = field(default_factory=dict)
    """Other keys for actions: action name to a comma-separated list; see ``keys.TABLE`` for the names."""
    mouse: bool = True
    glyphs: GlyphLevel = GlyphLevel.QUADRANT
    """The best block glyphs that the terminal draws."""
    colors: ColorDepth = ColorDepth.TRUECOLOR
    mode: str | None = None
    """A way to draw by name (``render.modes.MODE_NAMES``); the best one when ``None``."""
    cell: tuple[int, int] | None = None
    """Pixels (width, height) of a cell of a terminal that takes pictures; without it pictures are made of glyphs."""
    tolerance: int = 6
    """How far a busy cell's color may move to save bytes, in steps of 255 per channel."""
    square_percent: float = SQUARE_PERCENT
    """Side of a marker's square in percent of the picture's width."""
    minimap: bool = True
    """Whether a zoomed picture has a small map of the whole."""
    read_only: bool = False
    background: tuple[int, int, int] | None = None
    """The terminal's own background color, when it told it; surrounds the picture in the terminal's own colors."""
    notify: str = "off"
    """How somebody who looks elsewhere hears of new comments; one of ``alerts.WAYS``."""
    terminal: str = UNKNOWN
    """The terminal's name, a key of ``render.known.KNOWN`` if it is known."""
    boards: bool = False
    """Whether there is a list of recent boards to leave for."""
    drafts: Path | None = None
    """Where unsent text is kept between runs; ``None`` keeps it only while the app runs."""
    log: Path | None = None
    """Named to the user when the app ends by a mistake of its own."""
