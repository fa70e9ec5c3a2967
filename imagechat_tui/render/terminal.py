"""What this terminal can show: decided from the environment, from its own answers, and from what is known of its kind.

Pure: no file, no clock, no terminal is touched; ``probe`` does that. Every decision carries its reason, so that a
person can be told why, and every decision can be overridden.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from imagechat_tui.i18n import _
from imagechat_tui.render.depth import ColorDepth, GlyphLevel
from imagechat_tui.render.known import ANY_VERSION, KNOWN, MULTIPLEXERS, UNKNOWN, identity, multiplexer

if TYPE_CHECKING:
    from imagechat_tui.render.replies import Replies

_COLORLESS: Final = ("vt1", "vt2", "vt3", "xterm-mono")
"""How the names of terminals without colors begin."""

_ANNOUNCED: Final = ("truecolor", "24bit")


@dataclass(frozen=True, kw_only=True, slots=True)
class TerminalFacts:
    """What was decided about a terminal.

    Attributes:
        name: key of ``KNOWN``, or ``UNKNOWN``.
        version: numbers of its version; empty when not told.
        multiplexer: one of ``MULTIPLEXERS`` when it stands between.
        colors: colors to use.
        glyphs: best block glyphs to use.
        graphics: whether pictures are handed to it by the kitty protocol; then ``cell`` is known.
        cell: pixels (width, height) of a cell, when told.
        background: its background color, when told.
        reasons: for each decision its name, and what was decided why.
    """

    name: str = UNKNOWN
    version: tuple[int, ...] = ()
    multiplexer: str | None = None
    colors: ColorDepth = ColorDepth.COLORS_256
    glyphs: GlyphLevel = GlyphLevel.QUADRANT
    graphics: bool = False
    cell: tuple[int, int] | None = None
    background: tuple[int, int, int] | None = None
    reasons: tuple[tuple[str, str], ...] = ()

    @property
    def color_system(self) -> str:
        """The word for ``colors`` in Textual's variable ``TEXTUAL_COLOR_SYSTEM``."""
        return {ColorDepth.TRUECOLOR: "truecolor", ColorDepth.COLORS_256: "256"}.get(self.colors, "standard")


def decide(
    environment: Mapping[str, str],
    replies: "Replies | None" = None,
    *,
    colors: ColorDepth | None = None,
    glyphs: GlyphLevel | None = None,
    graphics: str = "auto",
) -> TerminalFacts:
    """Everything that is known of the terminal, from the best source for each fact.

    Args:
        environment: the process's variables.
        replies: what the terminal answered, when it was asked.
        colors: the person's own choice, which wins.
        glyphs: the same for glyphs.
        graphics: the person's wish for pictures by the kitty protocol: ``auto``, ``kitty`` or ``off``.
    """
    name, version, source = identity(environment, replies.version if replies else None)
    between = name if name in MULTIPLEXERS else multiplexer(environment)
    shown_colors, why_colors = (colors, _("chosen by hand")) if colors is not None else next(_colors(environment, name))
    shown_glyphs, why_glyphs = (
        (glyphs, _("chosen by hand")) if glyphs is not None else _glyphs(environment, name, version, between)
    )
    unused = _no_graphics(name, version, between, shown_colors, replies, wish=graphics)
    shown = f"{name} {'.'.join(map(str, version))}".strip()
    return TerminalFacts(
        name=name,
        version=version,
        multiplexer=between,
        colors=shown_colors,
        glyphs=shown_glyphs,
        graphics=unused is None,
        cell=replies.cell if replies else None,
        background=replies.background if replies else None,
        reasons=(
            ("terminal", f"{shown}: {source}"),
            ("colors", f"{shown_colors.flag}: {why_colors}"),
            ("glyphs", f"{shown_glyphs.name.lower()}: {why_glyphs}"),
            ("graphics", unused or _("yes, it accepted a picture")),
        ),
    )


def may_ask(environment: Mapping[str, str]) -> bool:
    """Whether questions are harmless: some terminals print what they do not understand."""
    name = identity(environment, None)[0]
    return name not in KNOWN or KNOWN[name].safe_to_ask


def _colors(environment: Mapping[str, str], name: str) -> Iterator[tuple[ColorDepth, str]]:
    """Colors and why, the strongest reason first."""
    term, announced = environment.get("TERM", ""), environment.get("COLORTERM", "").lower()
    because_of_term = _("TERM is {term}").format(term=term or "?")
    known = KNOWN.get(name)
    if environment.get("NO_COLOR"):
        yield ColorDepth.MONO, _("NO_COLOR is set")
    if name == "dumb" or term.startswith(_COLORLESS):
        yield ColorDepth.MONO, because_of_term
    if announced in _ANNOUNCED and (known is None or known.colors is ColorDepth.TRUECOLOR):
        yield ColorDepth.TRUECOLOR, _("COLORTERM is {value}").format(value=announced)
    if known is not None:
        yield known.colors, _("what {name} is known to show").format(name=name)
    if term.endswith("-direct"):
        yield ColorDepth.TRUECOLOR, because_of_term
    if "256color" in term:
        yield ColorDepth.COLORS_256, because_of_term
    yield ColorDepth.COLORS_16, _("nothing promises more")


def _glyphs(
    environment: Mapping[str, str], name: str, version: tuple[int, ...], between: str | None
) -> tuple[GlyphLevel, str]:
    locale = next((environment[v] for v in ("LC_ALL", "LC_CTYPE", "LANG") if environment.get(v)), "UTF-8")
    if "utf" not in locale.lower():
        return GlyphLevel.ASCII, _("the locale {locale} is not UTF-8").format(locale=locale)
    if between is not None:
        return GlyphLevel.QUADRANT, _("{name} hides the terminal behind it").format(name=between)
    if name not in KNOWN:
        return GlyphLevel.QUADRANT, _("what every font has")
    level = next(level for since, level in KNOWN[name].glyphs if (version or ANY_VERSION) >= since)
    if not version:
        return level, _("what every version of {name} draws").format(name=name)
    return level, _("what this version of {name} draws").format(name=name)


def _no_graphics(
    name: str,
    version: tuple[int, ...],
    between: str | None,
    colors: ColorDepth,
    replies: "Replies | None",
    *,
    wish: str,
) -> str | None:
    """Why no picture is handed to the terminal; ``None`` when it is."""
    since = KNOWN[name].graphics if name in KNOWN else None
    placing = since is not None and (version or ANY_VERSION) >= since
    reasons = (
        (wish == "off", _("no, chosen by hand")),
        (between is not None, _("no, {name} stands between").format(name=between)),
        (colors is not ColorDepth.TRUECOLOR, _("no, that needs 16m colors")),
        (not placing and wish != "kitty", _("no, it is not known to place pictures among characters")),
        (replies is None or not replies.graphics, _("no, it did not accept a picture")),
        (replies is None or replies.cell is None, _("no, it did not tell how large its cells are")),
    )
    return next((why for holds, why in reasons if holds), None)
