"""What is loaded, and a whole board, are spared from the looks for garbage."""

import gc

import msgspec
import pytest

from imagechat_tui.cli import memory
from imagechat_tui.core.outputs import BoardChanged, BoardReplaced
from imagechat_tui.core.views import MarkerView
from imagechat_tui.protocol.models import Conversation
from tests.support.board_client import MemoryBoard


def test_a_board_is_spared_when_it_was_read_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not with every change, and no longer when the app has ended."""
    frozen: list[None] = []
    found: list[None] = []
    monkeypatch.setattr(gc, "freeze", lambda: frozen.append(None))
    monkeypatch.setattr(gc, "collect", lambda: found.append(None))
    board = MemoryBoard()
    with memory.sparing(board):
        board.announce(BoardChanged(board=board.board, me=board.me))
        assert len(frozen) == 0
        board.announce(BoardReplaced())
        assert len(found) == len(frozen) == 1
    board.announce(BoardReplaced())
    assert len(frozen) == 1


def test_nobody_looks_for_garbage_in_markers() -> None:
    """There may be ten thousand, as they came and as they are shown."""
    shown = MemoryBoard().add("one", x=1, y=1)
    came = msgspec.json.decode(b'{"_id":"m","x":1,"y":1,"lastComment":{"_id":"c"}}', type=Conversation)
    assert isinstance(shown, MarkerView)
    assert not gc.is_tracked(shown)
    assert not gc.is_tracked(came)
