"""The session as a whole: hygiene of its package, and the shape it promises to screens."""

import subprocess
import sys

from imagechat_tui.core.inputs import AddComment, CreateMarker, OpenThread, Retry, Start, Undo, Woke
from imagechat_tui.core.outputs import Noted, Nothing, OperationBegan, OperationEnded, WakeAt
from imagechat_tui.core.settings import SessionSettings
from imagechat_tui.core.views import BoardReader, LinkState, Reason
from tests.core.scripted import Script, marker


def test_the_core_loads_neither_asyncio_nor_pillow() -> None:
    """Nor anything else that touches the world; in a process of its own."""
    code = (
        "import sys, imagechat_tui.core, imagechat_tui.core.session;"
        "print([name for name in ('asyncio', 'PIL', 'socket', 'logging', 'httpx', 'textual', 'websockets', 'random')"
        " if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_session_is_what_screens_read() -> None:
    """Mypy checks the shape; an unopened board is empty and closed."""
    script = Script()
    reader: BoardReader = script.session
    assert (reader.link.state, list(reader.markers()), reader.viewers) == (LinkState.CLOSED, [], 0)
    assert (reader.board.title, reader.board.image_src, reader.me.signed_in) == ("Page", "/p.png", False)
    assert reader.thread("m1") is None
    assert reader.marker("m1") is None


def test_nothing_can_be_changed_before_the_board_is_opened() -> None:
    """There is no connection; the text stays with the failed operation."""
    script = Script()
    script.put(CreateMarker(x=1.0, y=1.0, text="a"))
    [end] = script.of(OperationEnded)
    assert end.reason is Reason.OFFLINE
    script.put(Retry(operation=end.operation))
    assert script.of(OperationEnded)[-1].reason is Reason.OFFLINE


def test_nothing_to_undo_is_said() -> None:
    """Nothing was done yet."""
    assert Script().put(Undo()) == [Noted(what=Nothing.NOTHING_TO_UNDO)]


def test_an_alarm_before_its_time_is_set_again() -> None:
    """A timer may ring early; the moment is announced once more."""
    script = Script()
    script.put(Start())
    at = script.of(WakeAt)[-1].at
    assert script.put(Woke()) == [WakeAt(at=at)]


def test_starting_twice_changes_nothing() -> None:
    """The board is open already."""
    script = Script()
    script.put(Start())
    assert script.put(Start()) == []


def test_opening_an_unknown_thread_asks_nothing() -> None:
    """It may have been deleted a moment ago."""
    script = Script()
    script.go_live()
    assert script.put(OpenThread(marker_id="gone")) == []


def test_a_reply_in_a_flat_thread_stands_in_line_with_the_others() -> None:
    """Depth 0 is the image chat's default: what the user typed is sent, only the nesting is dropped."""
    script = Script()
    script.go_live(marker(1), seq=1)
    script.put(AddComment(marker_id="m1", text="a", parent_id="c1"))
    assert script.of(OperationEnded) == []
    (began,) = script.of(OperationBegan)
    assert isinstance(began.intent, AddComment)
    assert began.intent.parent_id is None
    deep = Script(settings=SessionSettings(max_reply_depth=1))
    deep.go_live(marker(1), seq=1)
    deep.put(AddComment(marker_id="m1", text="a", parent_id="c1"))
    (began,) = deep.of(OperationBegan)
    assert isinstance(began.intent, AddComment)
    assert began.intent.parent_id == "c1"


def test_the_links_history_is_told_in_words() -> None:
    """For the sync details."""
    script = Script()
    script.go_live()
    assert [(state, signal) for _, state, signal in script.session.link_history] == [
        (LinkState.CONNECTING, "start"),
        (LinkState.SYNCING, "opened"),
        (LinkState.LIVE, "caught up"),
    ]
