"""The key table: unique, without contradictions, remappable with a check."""

import pytest

from imagechat_tui.errors import UsageError
from imagechat_tui.tui import keys
from imagechat_tui.tui.keys import TABLE, Place


def test_every_action_has_one_row_one_sentence_and_a_key() -> None:
    """The table is what help, palette and README show."""
    assert len({key.action for key in TABLE}) == len(TABLE)
    assert all(key.help and key.label and keys.split(key.keys) for key in TABLE)
    assert len({key.help for key in TABLE if key.place is not Place.COMPOSER}) >= len(TABLE) - 10


def test_the_table_itself_has_no_contradictions() -> None:
    """Not even without a mapping."""
    assert keys.checked({}) == {}


@pytest.mark.parametrize(
    ("keymap", "named"),
    [
        ({"resolve": "m"}, "marker_here"),
        ({"go_left": "m"}, "marker_here"),
        ({"row_up": "q"}, "quit"),
        ({"resolv": "w"}, "resolv"),
        ({"resolve": " , "}, "resolve"),
        ({"resolve": "w", "reply": "w"}, "reply"),
    ],
)
def test_a_mapping_that_contradicts_itself_is_refused(keymap: dict[str, str], named: str) -> None:
    """The sentence names what is wrong."""
    with pytest.raises(UsageError, match=named):
        keys.checked(keymap)


def test_two_actions_can_swap_their_keys() -> None:
    """Both are named in the mapping."""
    assert keys.checked({"reply": "m", "marker_here": "R"})


def test_keys_are_written_for_people() -> None:
    """Arrows as arrows, the mapping's key before the table's."""
    assert keys.shown("shift+left") == "shift+←"
    assert keys.shown("+") == "+"
    assert keys.shown_for("back") == "esc"
    assert keys.shown_for("reply", {"reply": "w"}) == "w"


def test_help_has_every_action_once() -> None:
    """By subject."""
    rows = [row for _category, listed in keys.by_category() for row in listed]
    assert len(rows) == len(TABLE)


def test_no_destructive_action_is_a_single_control_key() -> None:
    """A slip must not delete."""
    for action in ("delete", "discard", "undo", "resolve"):
        assert not keys.BY_ACTION[action].keys.startswith("ctrl+")
