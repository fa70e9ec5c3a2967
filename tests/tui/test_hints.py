"""The footer's keys in every situation."""

import pytest

from imagechat_tui.tui import hints
from imagechat_tui.tui.keys import BY_ACTION
from imagechat_tui.tui.layout import Pane
from imagechat_tui.tui.messages import PictureMode


@pytest.mark.parametrize("pane", Pane)
def test_a_retry_stands_first_where_something_failed(pane: Pane) -> None:
    """It is what matters then."""
    assert hints.for_pane(pane, {}, failed=True)[0].label == BY_ACTION["retry"].label
    assert hints.for_pane(pane, {}, failed=False)[0].label != BY_ACTION["retry"].label


@pytest.mark.parametrize("mode", PictureMode)
def test_every_mode_has_its_keys_and_its_word(mode: PictureMode) -> None:
    """Only the usual one has none of its own."""
    assert (hints.for_mode(mode, {}) is None) is (mode is PictureMode.POINT)
    assert bool(hints.mode_word(mode)) is (mode is not PictureMode.POINT)


def test_while_typing_letters_are_no_keys() -> None:
    """F1 and ctrl+q remain; a mapping to letters alone leaves nothing to name."""
    assert [hint.key for hint in hints.while_typing({})] == ["F1", "ctrl+q"]
    assert hints.while_typing({"help": "w", "quit": "o"}) == []
