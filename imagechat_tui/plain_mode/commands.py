"""What can be typed in plain mode: the one table of commands, and from a typed line to what it asks for.

It only reads the line; whether a marker exists, or may be changed, is decided elsewhere.
"""

import difflib
import re
from collections.abc import Callable, Mapping
from enum import Enum
from typing import Final, NamedTuple

from imagechat_tui.errors import UsageError
from imagechat_tui.i18n import N_, NP_, _, pgettext

_CONTEXT: Final = "command"
"""Sets names of commands apart from the same words elsewhere."""


class Shape(Enum):
    """What follows the name of a command."""

    NOTHING = "nothing"
    WORDS = "words"
    """Anything."""
    TARGET = "target"
    """A marker or a comment, which may be left away."""
    TARGET_TEXT = "target and text"
    POINT_TEXT = "point and text"
    TARGET_POINT = "target and point"


class Command(NamedTuple):
    """One row of the table."""

    name: str
    shape: Shape
    form: str
    """How it is typed, behind its name."""
    help: str
    also: tuple[str, ...] = ()
    """Further names, the same in every language."""


_ROWS: Final = (
    Command(
        NP_("command", "list"), Shape.WORDS, N_("[WORDS]"),
        N_("Every marker as a sentence; with words, only those that match."), ("ls", "l"),
    ),
    Command(
        NP_("command", "read"), Shape.TARGET, N_("[MARKER]"),
        N_("The conversation of a marker, which is the chosen one from then on."), ("r",),
    ),
    Command(NP_("command", "next"), Shape.NOTHING, "", N_("The next marker."), ("n",)),
    Command(NP_("command", "previous"), Shape.NOTHING, "", N_("The marker before."), ("p",)),
    Command(
        NP_("command", "next-open"), Shape.NOTHING, "", N_("The next marker that is not resolved."), ("]",)
    ),
    Command(
        NP_("command", "new"), Shape.POINT_TEXT, N_("X Y [TEXT]"),
        N_("A new marker, in percent of the picture from the left and from the top."), ("m",),
    ),
    Command(
        NP_("command", "reply"), Shape.TARGET_TEXT, N_("[MARKER] [TEXT]"),
        N_("An answer in the conversation of the chosen marker."),
    ),
    Command(
        NP_("command", "edit"), Shape.TARGET_TEXT, N_("[COMMENT] [TEXT]"),
        N_("Another text for a comment of yours, the last one if none is named."), ("e",),
    ),
    Command(NP_("command", "resolve"), Shape.TARGET, N_("[MARKER]"), N_("The marker is settled."), ("x",)),
    Command(NP_("command", "reopen"), Shape.TARGET, N_("[MARKER]"), N_("The marker is open again.")),
    Command(
        NP_("command", "delete"), Shape.TARGET, N_("[MARKER or COMMENT]"),
        N_("Delete it, after a question."), ("d",),
    ),
    Command(
        NP_("command", "move"), Shape.TARGET_POINT, N_("[MARKER] X Y"), N_("The marker to another place.")
    ),
    Command(
        NP_("command", "vote-up"), Shape.TARGET, N_("[COMMENT]"),
        N_("Vote for a comment; the same again takes the vote back."), ("up",),
    ),
    Command(
        NP_("command", "vote-down"), Shape.TARGET, N_("[COMMENT]"),
        N_("Vote against a comment; the same again takes the vote back."), ("down",),
    ),
    Command(NP_("command", "undo"), Shape.NOTHING, "", N_("Take back your own last change."), ("u",)),
    Command(NP_("command", "retry"), Shape.NOTHING, "", N_("Try again what failed, or connect now.")),
    Command(NP_("command", "discard"), Shape.NOTHING, "", N_("Give up what failed.")),
    Command(
        NP_("command", "filter"), Shape.WORDS, N_("[WORDS]"),
        N_("Only markers that match from now on: open, resolved, mine, unread, @name, or any word; "
           "without words, all of them."), ("/",),
    ),
    Command(NP_("command", "unread"), Shape.NOTHING, "", N_("The markers with something new.")),
    Command(NP_("command", "mark-read"), Shape.NOTHING, "", N_("Nothing is new any longer.")),
    Command(NP_("command", "who"), Shape.NOTHING, "", N_("Who looks at the board now, and who is writing.")),
    Command(NP_("command", "link"), Shape.NOTHING, "", N_("The board's link, to pass on.")),
    Command(
        NP_("command", "status"), Shape.NOTHING, "", N_("The board, the connection, and your drafts.")
    ),
    Command(
        NP_("command", "boards"), Shape.NOTHING, "", N_("Close this board and choose another one.")
    ),
    Command(
        NP_("command", "help"), Shape.WORDS, N_("[COMMAND]"), N_("All commands, or one of them."), ("?", "h")
    ),
    Command(NP_("command", "quit"), Shape.NOTHING, "", N_("Leave; drafts are kept."), ("q", "exit")),
)  # fmt: skip

TABLE: Final[Mapping[str, Command]] = {row.name: row for row in _ROWS}


class Target(NamedTuple):
    """A marker by its number, or a comment by its place in the conversation; ``None`` stands for the chosen one."""

    marker: int | None = None
    comment: int | None = None
    """From 1, the marker's own first comment."""


class Asked(NamedTuple):
    """A typed line, understood."""

    name: str
    """A key of ``TABLE``."""
    target: Target = Target()
    point: tuple[float, float] | None = None
    """Percent of the picture."""
    text: str = ""
    """The rest of the line; what a person wrote, so never empty white space."""


_TARGET: Final = re.compile(r"#?(\d{1,9})(?:\.(\d{1,9}))?|#?\.(\d{1,9})")
_MARKED: Final = re.compile(r"#\d{1,9}(?:\.\d{1,9})?|#?\.\d{1,9}")
"""Before a text, a number alone would be its first word."""
_POINT: Final = 2
_TARGET_AND_POINT: Final = 3
_EDGE: Final = 100.0


def shown_name(row: Command) -> str:
    """A command's name in the reader's language."""
    return pgettext(_CONTEXT, row.name)


def parse(line: str) -> Asked | None:
    """What a line asks for; ``None`` for an empty one.

    Raises:
        UsageError: No such command, or not like this; the sentence says how.
    """
    typed, _space, rest = line.strip().partition(" ")
    if not typed:
        return None
    rest = rest.strip()
    second, _space, after = rest.partition(" ")
    if f"{typed}-{second}".casefold() in _names():
        # "vote up 2" is "vote-up 2".
        typed, rest = f"{typed}-{second}", after.strip()
    row = named(typed)
    return _READERS[row.shape](rest, row)


def named(typed: str) -> Command:
    """The command of a name, in English or the reader's language.

    Raises:
        UsageError: There is none; it names the nearest.
    """
    names = _names()
    row = names.get(typed.casefold())
    if row is None:
        near = difflib.get_close_matches(typed.casefold(), names, n=1)
        said = _("There is no command “{name}”.").format(name=typed)
        hint = _("Did you mean “{name}”?").format(name=near[0]) if near else _("help lists them.")
        raise UsageError(f"{said} {hint}")
    return row


def usage(row: Command) -> str:
    """How a command is typed."""
    return f"{shown_name(row)} {_(row.form)}" if row.form else shown_name(row)


def _names() -> dict[str, Command]:
    known = {shown_name(row).casefold(): row for row in TABLE.values()}
    return known | {name: row for row in TABLE.values() for name in (row.name, *row.also)}


def _not_like_this(row: Command) -> UsageError:
    return UsageError(_("Like this: {usage}").format(usage=usage(row)))


def _target(word: str, row: Command) -> Target:
    found = _TARGET.fullmatch(word)
    if found is None:
        raise UsageError(
            _(
                "“{word}” is no marker: write its number, such as 2, or 2.3 for its third comment. Like this: {usage}"
            ).format(word=word, usage=usage(row))
        )
    marker, comment, alone = found.groups()
    inside = comment or alone
    return Target(int(marker) if marker else None, int(inside) if inside else None)


def _nothing(rest: str, row: Command) -> Asked:
    if rest:
        raise _not_like_this(row)
    return Asked(row.name)


def _words(rest: str, row: Command) -> Asked:
    return Asked(row.name, text=rest)


def _aimed(rest: str, row: Command) -> Asked:
    return Asked(row.name, target=_target(rest, row) if rest else Target())


def _aimed_text(rest: str, row: Command) -> Asked:
    first, _space, text = rest.partition(" ")
    if _MARKED.fullmatch(first):
        return Asked(row.name, target=_target(first, row), text=text.strip())
    return Asked(row.name, text=rest)


def _placed_text(rest: str, row: Command) -> Asked:
    words = rest.split(maxsplit=_POINT)
    if len(words) < _POINT:
        raise _not_like_this(row)
    return Asked(row.name, point=_point(words[:_POINT], row), text="".join(words[_POINT:]))


def _moved(rest: str, row: Command) -> Asked:
    words = rest.split()
    if len(words) == _TARGET_AND_POINT:
        return Asked(row.name, target=_target(words[0], row), point=_point(words[1:], row))
    if len(words) != _POINT:
        raise _not_like_this(row)
    return Asked(row.name, point=_point(words, row))


def _point(words: list[str], row: Command) -> tuple[float, float]:
    try:
        x, y = (float(word.replace(",", ".")) for word in words)
    except ValueError:
        raise _not_like_this(row) from None
    if not (0 <= x <= _EDGE and 0 <= y <= _EDGE):
        raise UsageError(_("A place is two numbers from 0 to 100: percent from the left, and from the top."))
    return x, y


_READERS: Final[Mapping[Shape, Callable[[str, Command], Asked]]] = {
    Shape.NOTHING: _nothing,
    Shape.WORDS: _words,
    Shape.TARGET: _aimed,
    Shape.TARGET_TEXT: _aimed_text,
    Shape.POINT_TEXT: _placed_text,
    Shape.TARGET_POINT: _moved,
}
