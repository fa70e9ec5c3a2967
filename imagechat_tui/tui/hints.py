"""Which keys the footer names in which situation; words and order only."""

from collections.abc import Mapping
from typing import Final

from imagechat_tui.i18n import _
from imagechat_tui.tui.keys import BY_ACTION, shown, shown_for, split
from imagechat_tui.tui.layout import Pane
from imagechat_tui.tui.messages import PictureMode
from imagechat_tui.tui.widgets.footer import Hint

ALWAYS: Final = ("help", "quit")

_PANES: Final[Mapping[Pane, tuple[str, ...]]] = {
    Pane.PICTURE: ("marker_here", "jump", "open", "next_marker", "resolve", "zoom_in", "next_pane", "filter"),
    Pane.LIST: ("open", "resolve", "next_open", "marker_here", "filter", "next_pane", "zoom_marker"),
    Pane.THREAD: ("reply", "resolve", "next_marker", "vote_up", "edit", "delete", "back", "next_pane"),
}
_COMPOSING: Final = ("send", "newline", "leave", "editor")
_FILTERING: Final = ("apply_filter", "clear_filter")


def for_actions(actions: tuple[str, ...], keymap: Mapping[str, str]) -> list[Hint]:
    """The actions with their keys and short labels."""
    return [Hint(shown_for(action, keymap), _(BY_ACTION[action].label)) for action in actions]


def for_pane(pane: Pane, keymap: Mapping[str, str], *, failed: bool) -> list[Hint]:
    """The keys of a pane; a retry stands first where something has failed."""
    first = ("retry", "discard") if failed else ()
    return for_actions((*first, *_PANES[pane]), keymap)


def for_composer(keymap: Mapping[str, str]) -> list[Hint]:
    """The keys while writing."""
    return for_actions(_COMPOSING, keymap)


def for_filter(keymap: Mapping[str, str]) -> list[Hint]:
    """The keys while filtering."""
    return for_actions(_FILTERING, keymap)


def while_typing(keymap: Mapping[str, str]) -> list[Hint]:
    """Help and quit, by keys that are not letters; none of them where a mapping left only letters."""
    found = []
    for action in ALWAYS:
        keys = [key for key in split(keymap.get(action, BY_ACTION[action].keys)) if len(key) > 1]
        found += [Hint(shown(keys[0]), _(BY_ACTION[action].label))] if keys else []
    return found


def for_mode(mode: PictureMode, keymap: Mapping[str, str]) -> list[Hint] | None:
    """The keys of a mode of the picture; ``None`` for the usual one."""
    escape, enter = shown_for("back", keymap), shown_for("open", keymap)
    leave = Hint(escape, _("cancel"))
    arrows = "←↑↓→"
    return {
        PictureMode.POINT: None,
        PictureMode.PAN: [Hint(arrows, _("pan")), Hint("+ -", _("zoom")), Hint(escape, _("done"))],
        PictureMode.JUMP: [Hint("a-z", _("two letters of a label")), leave],
        PictureMode.AIM: [
            Hint(enter, _("marker here")),
            Hint(arrows, _("nudge")),
            Hint(shown_for("jump", keymap), _("closer")),
            leave,
        ],
        PictureMode.CARRY: [Hint(enter, _("drop")), Hint(arrows, _("carry")), leave],
    }[mode]


def mode_word(mode: PictureMode) -> str:
    """The word for a mode that stands out; empty for the usual one."""
    return {
        PictureMode.POINT: "",
        PictureMode.PAN: _("PAN"),
        PictureMode.JUMP: _("JUMP"),
        PictureMode.AIM: _("AIM"),
        PictureMode.CARRY: _("MOVE"),
    }[mode]
