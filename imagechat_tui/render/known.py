"""Terminal programs by name: what each draws since which version, and how to tell which one this is.

A table and the reading of names; what follows from them is decided in ``terminal``.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from imagechat_tui.i18n import _
from imagechat_tui.render.depth import ColorDepth, GlyphLevel

UNKNOWN: Final = "unknown"
ANY_VERSION: Final = (0,)


@dataclass(frozen=True, kw_only=True, slots=True)
class KnownTerminal:
    """What is known of a terminal program.

    Attributes:
        colors: colors it shows.
        glyphs: its best glyphs and the first version that draws them itself, the newest first.
        graphics: the first version with kitty graphics and placeholders, if any.
        safe_to_ask: it swallows questions it does not know.
    """

    colors: ColorDepth = ColorDepth.TRUECOLOR
    glyphs: tuple[tuple[tuple[int, ...], GlyphLevel], ...] = ((ANY_VERSION, GlyphLevel.QUADRANT),)
    graphics: tuple[int, ...] | None = None
    safe_to_ask: bool = True


def _drawn_since(
    octants: tuple[int, ...] | None, sextants: tuple[int, ...] | None
) -> tuple[tuple[tuple[int, ...], GlyphLevel], ...]:
    since = ((octants, GlyphLevel.OCTANT), (sextants, GlyphLevel.SEXTANT), (ANY_VERSION, GlyphLevel.QUADRANT))
    return tuple((version, level) for version, level in since if version is not None)


KNOWN: Final[Mapping[str, KnownTerminal]] = {
    "kitty": KnownTerminal(glyphs=_drawn_since((0, 40), ANY_VERSION), graphics=(0, 28)),
    "ghostty": KnownTerminal(glyphs=_drawn_since((1, 2), ANY_VERSION), graphics=ANY_VERSION),
    "foot": KnownTerminal(glyphs=_drawn_since((1, 20), ANY_VERSION)),
    "vte": KnownTerminal(glyphs=_drawn_since((0, 78), (0, 62))),
    "wezterm": KnownTerminal(glyphs=_drawn_since(None, ANY_VERSION)),
    "vscode": KnownTerminal(glyphs=_drawn_since(None, ANY_VERSION)),
    "alacritty": KnownTerminal(glyphs=_drawn_since(None, (0, 14))),
    "konsole": KnownTerminal(),
    "iterm2": KnownTerminal(),
    "windows-terminal": KnownTerminal(),
    "mintty": KnownTerminal(),
    "contour": KnownTerminal(),
    "rio": KnownTerminal(),
    "xterm": KnownTerminal(),
    "tmux": KnownTerminal(),
    "screen": KnownTerminal(colors=ColorDepth.COLORS_256),
    "zellij": KnownTerminal(),
    "apple-terminal": KnownTerminal(colors=ColorDepth.COLORS_256, safe_to_ask=False),
    "linux": KnownTerminal(colors=ColorDepth.COLORS_16, glyphs=((ANY_VERSION, GlyphLevel.HALF),), safe_to_ask=False),
    "dumb": KnownTerminal(colors=ColorDepth.MONO, glyphs=((ANY_VERSION, GlyphLevel.ASCII),), safe_to_ask=False),
}
"""Terminals by the name used here; versions are those in which the terminal draws the glyphs without a font."""

_TERM_NAMES: Final = {
    "xterm-kitty": "kitty",
    "xterm-ghostty": "ghostty",
    "ghostty": "ghostty",
    "foot": "foot",
    "foot-extra": "foot",
    "wezterm": "wezterm",
    "alacritty": "alacritty",
    "alacritty-direct": "alacritty",
    "contour": "contour",
    "rio": "rio",
    "mintty": "mintty",
    "linux": "linux",
    "dumb": "dumb",
    "unknown": "dumb",
}

_PROGRAM_NAMES: Final = {
    "vscode": "vscode",
    "WezTerm": "wezterm",
    "ghostty": "ghostty",
    "iTerm.app": "iterm2",
    "Apple_Terminal": "apple-terminal",
    "mintty": "mintty",
    "rio": "rio",
    "tmux": "tmux",
}

_LEFT_BY: Final = {
    "KITTY_WINDOW_ID": "kitty",
    "GHOSTTY_RESOURCES_DIR": "ghostty",
    "WEZTERM_PANE": "wezterm",
    "ALACRITTY_WINDOW_ID": "alacritty",
    "WT_SESSION": "windows-terminal",
}
"""Variables that terminals set for the programs in them."""

_ANSWER_NAMES: Final = {
    "kitty": "kitty",
    "ghostty": "ghostty",
    "foot": "foot",
    "vte": "vte",
    "wezterm": "wezterm",
    "xterm.js": "vscode",
    "konsole": "konsole",
    "iterm2": "iterm2",
    "mintty": "mintty",
    "contour": "contour",
    "rio": "rio",
    "alacritty": "alacritty",
    "xterm": "xterm",
    "tmux": "tmux",
    "zellij": "zellij",
}

MULTIPLEXERS: Final = ("tmux", "screen", "zellij")
"""Programs that show a terminal inside of another one."""

_SPEECHLESS: Final = ("dumb", "unknown", "linux")
"""Values of ``TERM`` that are the whole truth, whatever other variables were left behind."""

_ANSWER: Final = re.compile(r"([A-Za-z][A-Za-z0-9.]*?)[\s(/]+v?([0-9][0-9.]*)|([A-Za-z][A-Za-z0-9.]*)")
_VTE_DIGITS: Final = 100


def identity(environment: Mapping[str, str], answer: str | None) -> tuple[str, tuple[int, ...], str]:
    """Name (key of ``KNOWN`` or ``UNKNOWN``), version, and where they come from.

    Args:
        environment: the process's variables.
        answer: text of the XTVERSION reply, which wins over the variables.
    """
    return next(_identities(environment, answer))


def multiplexer(environment: Mapping[str, str]) -> str | None:
    """The multiplexer that the variables show; variables of the terminal outside would mislead."""
    term = environment.get("TERM", "")
    if environment.get("TMUX") or term.startswith("tmux"):
        return "tmux"
    if environment.get("ZELLIJ"):
        return "zellij"
    return "screen" if environment.get("STY") or term.startswith("screen") else None


def version_numbers(text: str) -> tuple[int, ...]:
    """The numbers of ``1.20.2`` and the like; what is no number ends them."""
    found = re.match(r"[0-9]+(?:\.[0-9]+)*", text)
    return tuple(int(part[:9]) for part in found[0].split(".")) if found else ()


def identify(answer: str) -> tuple[str, tuple[int, ...]]:
    """Name and version from the text of an XTVERSION reply; ``UNKNOWN`` when it names no terminal of ``KNOWN``."""
    found = _ANSWER.match(answer.strip())
    if not found:
        return UNKNOWN, ()
    name = _ANSWER_NAMES.get((found[1] or found[3]).lower(), UNKNOWN)
    version = version_numbers(found[2] or "")
    if name == "vte" and len(version) == 1:
        # VTE writes 0.78.2 as 7802.
        version = (0, version[0] // _VTE_DIGITS, version[0] % _VTE_DIGITS)
    return name, version


def _identities(environment: Mapping[str, str], answer: str | None) -> Iterator[tuple[str, tuple[int, ...], str]]:
    """All that can be told, the surest first."""
    term, program = environment.get("TERM", ""), environment.get("TERM_PROGRAM", "")
    program_version = version_numbers(environment.get("TERM_PROGRAM_VERSION", ""))
    if answer is not None and (said := identify(answer))[0] != UNKNOWN:
        yield *said, _("it says so itself")
    if term in _SPEECHLESS:
        yield _TERM_NAMES[term], (), "TERM"
    if (between := multiplexer(environment)) is not None:
        yield between, program_version if program == between else (), _("variables of a multiplexer")
    if program in _PROGRAM_NAMES:
        yield _PROGRAM_NAMES[program], program_version, "TERM_PROGRAM"
    if term in _TERM_NAMES:
        yield _TERM_NAMES[term], (), "TERM"
    for variable, name in _LEFT_BY.items():
        if environment.get(variable):
            yield name, (), variable
    if environment.get("VTE_VERSION"):
        yield *identify(f"VTE({environment['VTE_VERSION']})"), "VTE_VERSION"
    if environment.get("KONSOLE_VERSION"):
        yield "konsole", (), "KONSOLE_VERSION"
    yield UNKNOWN, (), _("nothing names it")
