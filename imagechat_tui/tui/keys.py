"""The one table of keys: bindings, footer, help, command palette and README all come from here.

An entry says which keys cause which action where. Keys can be remapped by action name; a mapping that would make one
key mean two things in the same place is refused before the app starts. It never acts.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Final, NamedTuple

from textual.binding import Binding, BindingType

from imagechat_tui.errors import UsageError
from imagechat_tui.i18n import N_, _


class Place(StrEnum):
    """Where a key counts: what has the focus, or which mode holds."""

    APP = "app"
    BOARD = "board"
    VIEW = "view"
    PICTURE = "picture"
    LIST = "list"
    THREAD = "thread"
    COMPOSER = "composer"
    FILTER = "filter"


_WITHIN: Final[Mapping[Place, tuple[Place, ...]]] = {
    Place.PICTURE: (Place.VIEW, Place.BOARD, Place.APP),
    Place.LIST: (Place.VIEW, Place.BOARD, Place.APP),
    Place.THREAD: (Place.VIEW, Place.BOARD, Place.APP),
    Place.VIEW: (Place.BOARD, Place.APP),
    Place.BOARD: (Place.APP,),
    Place.COMPOSER: (),
    Place.FILTER: (),
}
"""Whose keys count as well; a text field keeps almost all keys for itself."""


class Key(NamedTuple):
    """One row of the table."""

    action: str
    """Its name in configuration; unless ``call`` says otherwise, the method is ``action_<name>``."""
    keys: str
    """Comma-separated, in Textual's names; the first one is shown."""
    label: str
    """One or two words for the footer."""
    help: str
    """One sentence for the help screen."""
    place: Place
    category: str
    call: str = ""
    """What Textual runs, where it is not the action's own name."""


_MARKERS: Final = N_("Markers")
_THREADS: Final = N_("Threads")
_LOOKING: Final = N_("Looking around")
_PICTURE: Final = N_("Picture")
_WRITING: Final = N_("Writing")
_APP: Final = N_("The app")

TABLE: Final[tuple[Key, ...]] = (
    Key("marker_here", "m", N_("marker"), N_("Place a marker at the crosshair"), Place.BOARD, _MARKERS),
    Key("jump", "f", N_("jump"), N_("Jump anywhere with two letters"), Place.VIEW, _MARKERS),
    Key("open", "enter", N_("open"), N_("Open the thread of the marker"), Place.BOARD, _MARKERS),
    Key("next_marker", "n", N_("next"), N_("Next marker"), Place.BOARD, _MARKERS, "walk(1)"),
    Key("previous_marker", "p", N_("previous"), N_("Previous marker"), Place.BOARD, _MARKERS, "walk(-1)"),
    Key("next_open", "]", N_("next open"), N_("Next unresolved one"), Place.BOARD, _MARKERS, "walk(1, True)"),
    Key("previous_open", "[", N_("open before"), N_("Unresolved one before"), Place.BOARD, _MARKERS, "walk(-1, True)"),
    Key("resolve", "x", N_("resolve"), N_("Resolve the marker, or reopen it"), Place.BOARD, _MARKERS),
    Key("move_marker", "M", N_("move"), N_("Move the marker: arrows carry it, enter drops it"), Place.BOARD, _MARKERS),
    Key("hide_markers", "v", N_("hide markers"), N_("Hide or show the markers"), Place.VIEW, _MARKERS),
    Key("mark_all_read", "A", N_("all read"), N_("Mark everything as read"), Place.BOARD, _MARKERS),
    Key("reply", "R", N_("reply"), N_("Reply in the open thread"), Place.BOARD, _THREADS),
    Key("edit", "e", N_("edit"), N_("Edit your comment"), Place.BOARD, _THREADS),
    Key("delete", "d", N_("delete"), N_("Delete the comment or the marker, after asking"), Place.BOARD, _THREADS),
    Key("undo", "u", N_("undo"), N_("Undo your own last change"), Place.BOARD, _THREADS),
    Key("retry", "r", N_("retry"), N_("Try again what failed, or connect now"), Place.BOARD, _THREADS),
    Key("discard", "D", N_("discard"), N_("Give up what failed"), Place.BOARD, _THREADS),
    Key("vote_up", "t", N_("vote up"), N_("Vote it up, or take it back"), Place.BOARD, _THREADS, "vote(1)"),
    Key("vote_down", "T", N_("vote down"), N_("Vote it down, or take it back"), Place.BOARD, _THREADS, "vote(-1)"),
    Key("copy_comment", "Y", N_("copy text"), N_("Copy the comment's text"), Place.BOARD, _THREADS),
    Key("comment_up", "up,k", N_("up"), N_("Comment before"), Place.THREAD, _THREADS, "comment(-1)"),
    Key("comment_down", "down,j", N_("down"), N_("Comment after"), Place.THREAD, _THREADS, "comment(1)"),
    Key("thread_page_up", "pageup", N_("page up"), N_("One page up"), Place.THREAD, _THREADS, "page(-1)"),
    Key("thread_page_down", "pagedown", N_("page down"), N_("One page down"), Place.THREAD, _THREADS, "page(1)"),
    Key("next_pane", "tab", N_("panes"), N_("Go to the next pane"), Place.VIEW, _LOOKING, "pane(1)"),
    Key("previous_pane", "shift+tab", N_("pane before"), N_("Go to the pane before"), Place.VIEW, _LOOKING, "pane(-1)"),
    Key("next_board", ">", N_("next image"), N_("Next image, where several are open"), Place.APP, _LOOKING, "board(1)"),
    Key("previous_board", "<", N_("image before"), N_("Image before"), Place.APP, _LOOKING, "board(-1)"),
    Key("filter", "/", N_("filter"), N_("Show only some markers"), Place.BOARD, _LOOKING),
    Key("copy_link", "y", N_("copy link"), N_("Copy the board's link"), Place.BOARD, _LOOKING),
    Key("row_up", "up,k", N_("up"), N_("Row before"), Place.LIST, _LOOKING, "row(-1)"),
    Key("row_down", "down,j", N_("down"), N_("Row after"), Place.LIST, _LOOKING, "row(1)"),
    Key("row_first", "home,g", N_("first"), N_("First row"), Place.LIST, _LOOKING, "end(-1)"),
    Key("row_last", "end,G", N_("last"), N_("Last row"), Place.LIST, _LOOKING, "end(1)"),
    Key("back", "escape", N_("back"), N_("Back: close, cancel, or go to the picture"), Place.BOARD, _LOOKING),
    Key("go_left", "left,h", N_("left"), N_("Crosshair left"), Place.PICTURE, _PICTURE, "step(-1, 0)"),
    Key("go_right", "right,l", N_("right"), N_("Crosshair right"), Place.PICTURE, _PICTURE, "step(1, 0)"),
    Key("go_up", "up,k", N_("up"), N_("Crosshair up"), Place.PICTURE, _PICTURE, "step(0, -1)"),
    Key("go_down", "down,j", N_("down"), N_("Crosshair down"), Place.PICTURE, _PICTURE, "step(0, 1)"),
    Key("far_left", "shift+left,H", N_("far left"), N_("Far left"), Place.PICTURE, _PICTURE, "step(-8, 0)"),
    Key("far_right", "shift+right,L", N_("far right"), N_("Far right"), Place.PICTURE, _PICTURE, "step(8, 0)"),
    Key("far_up", "shift+up,K", N_("far up"), N_("Far up"), Place.PICTURE, _PICTURE, "step(0, -4)"),
    Key("far_down", "shift+down,J", N_("far down"), N_("Far down"), Place.PICTURE, _PICTURE, "step(0, 4)"),
    Key("zoom_in", "+,=", N_("zoom"), N_("Zoom in at the crosshair"), Place.VIEW, _PICTURE, "zoom(1)"),
    Key("zoom_out", "-", N_("zoom out"), N_("Zoom out"), Place.VIEW, _PICTURE, "zoom(-1)"),
    Key("zoom_fit", "0", N_("fit"), N_("Show the whole picture"), Place.VIEW, _PICTURE),
    Key("zoom_actual", "1", N_("actual size"), N_("One picture pixel per screen pixel"), Place.VIEW, _PICTURE),
    Key("fill", "2", N_("fill"), N_("Fill the window with picture"), Place.PICTURE, _PICTURE),
    Key("zoom_marker", "z", N_("zoom here"), N_("Zoom to the marker"), Place.BOARD, _PICTURE),
    Key("pan", "space", N_("pan"), N_("Pan with the arrows; again, or escape, to stop"), Place.PICTURE, _PICTURE),
    Key("pan_left", "ctrl+left", N_("pan left"), N_("Pan left"), Place.PICTURE, _PICTURE, "shift(-4, 0)"),
    Key("pan_right", "ctrl+right", N_("pan right"), N_("Pan right"), Place.PICTURE, _PICTURE, "shift(4, 0)"),
    Key("pan_up", "ctrl+up", N_("pan up"), N_("Pan up"), Place.PICTURE, _PICTURE, "shift(0, -2)"),
    Key("pan_down", "ctrl+down", N_("pan down"), N_("Pan down"), Place.PICTURE, _PICTURE, "shift(0, 2)"),
    Key("minimap", "O", N_("map"), N_("Hide or show the small map"), Place.PICTURE, _PICTURE),
    Key("inspect", "i", N_("inspect"), N_("Color under the crosshair; again: contrast with another point"),
        Place.VIEW, _PICTURE),
    Key("send", "enter,ctrl+s,ctrl+enter", N_("send"), N_("Send"), Place.COMPOSER, _WRITING),
    Key("newline", "ctrl+j,shift+enter,alt+enter", N_("new line"), N_("Start a new line"), Place.COMPOSER, _WRITING),
    Key("leave", "escape", N_("keep draft"), N_("Leave; the text is kept as a draft"), Place.COMPOSER, _WRITING),
    Key("complete", "tab", N_("complete"), N_("Complete the name after an @"), Place.COMPOSER, _WRITING),
    Key("editor", "ctrl+o", N_("editor"), N_("Write in your editor ($EDITOR)"), Place.COMPOSER, _WRITING),
    Key("apply_filter", "enter", N_("apply"), N_("Keep the filter"), Place.FILTER, _LOOKING),
    Key("clear_filter", "escape", N_("clear"), N_("Show all markers again"), Place.FILTER, _LOOKING),
    Key("sync", "S", N_("sync"), N_("Details of the connection, and who is here"), Place.BOARD, _APP),
    Key("usage", "U", N_("usage"), N_("Messages, bytes and conversations by day"), Place.APP, _APP),
    Key("boards", "B", N_("boards"), N_("Close this board and choose another one"), Place.APP, _APP),
    Key("colors", "C", N_("colors"), N_("Next color theme"), Place.APP, _APP),
    Key("drawing", "o", N_("drawing"), N_("Draw the picture with other glyphs"), Place.APP, _APP),
    Key("command_palette", "ctrl+p", N_("commands"), N_("Every action by name"), Place.APP, _APP),
    Key("help", "?,f1", N_("help"), N_("All keys"), Place.APP, _APP),
    Key("quit", "q,ctrl+q,ctrl+c", N_("quit"), N_("Quit; drafts are kept"), Place.APP, _APP),
)  # fmt: skip

BY_ACTION: Final[Mapping[str, Key]] = {key.action: key for key in TABLE}

_SHOWN: Final[Mapping[str, str]] = {
    "escape": "esc", "space": "space", "left": "←", "right": "→", "up": "↑", "down": "↓", "pageup": "pgup",
    "pagedown": "pgdn", "question_mark": "?", "f1": "F1", "enter": "enter", "plus": "+", "minus": "-", "slash": "/",
}  # fmt: skip
_PRIORITY: Final = frozenset({Place.COMPOSER, Place.FILTER})
"""In a text field these keys have to be seen before the field takes them for text."""


def bindings(place: Place, *, keymap: Mapping[str, str] | None = None) -> list[BindingType]:
    """Textual's bindings of one place; ids are action names, so that a keymap can replace the keys."""
    chosen = keymap or {}
    return [
        Binding(
            chosen.get(key.action, key.keys),
            key.call or key.action,
            key.label,
            show=False,
            priority=place in _PRIORITY,
            id=key.action,
        )
        for key in TABLE
        if key.place is place
    ]


def checked(keymap: Mapping[str, str]) -> dict[str, str]:
    """The mapping itself, when every action exists and no key means two things in one place.

    Raises:
        UsageError: It names the action or the key, and both meanings.
    """
    for action, keys in keymap.items():
        if action not in BY_ACTION:
            raise UsageError(_("keys: there is no action “{action}”.").format(action=action))
        if not all(part.strip() for part in keys.split(",")):
            raise UsageError(_("keys: “{action}” has no key.").format(action=action))
    for place, around in _WITHIN.items():
        _check_place((place, *around), keymap)
    return dict(keymap)


def _check_place(places: Sequence[Place], keymap: Mapping[str, str]) -> None:
    taken: dict[str, Key] = {}
    for key in TABLE:
        if key.place not in places:
            continue
        for one in split(keymap.get(key.action, key.keys)):
            other = taken.setdefault(one, key)
            # An inner place may take a key over from an outer one on purpose, as the table itself does.
            if other is not key and (other.place is key.place or {other.action, key.action} & keymap.keys()):
                raise UsageError(
                    _("keys: “{key}” would mean both “{one}” and “{other}”.").format(
                        key=one, one=other.action, other=key.action
                    )
                )


def split(keys: str) -> list[str]:
    """The single keys of a comma-separated list."""
    return [part.strip() for part in keys.split(",") if part.strip()]


def shown(key: str) -> str:
    """How a key is written for people."""
    *modifiers, last = key.split("+") if len(key) > 1 else [key]
    return "+".join([*modifiers, _SHOWN.get(last, last)])


def shown_for(action: str, keymap: Mapping[str, str] | None = None) -> str:
    """The first key of an action, for people."""
    return shown(split((keymap or {}).get(action, BY_ACTION[action].keys))[0])


def by_category(keymap: Mapping[str, str] | None = None) -> Iterable[tuple[str, list[tuple[str, str]]]]:
    """For help and README: category, then rows of (keys, sentence), all in the reader's language."""
    rows: dict[str, list[tuple[str, str]]] = {}
    for key in TABLE:
        keys = " ".join(shown(one) for one in split((keymap or {}).get(key.action, key.keys)))
        rows.setdefault(key.category, []).append((keys, _(key.help)))
    return [(_(category), listed) for category, listed in rows.items()]
