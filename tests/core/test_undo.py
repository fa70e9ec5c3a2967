"""Taking one's own changes back, by new ones."""

from imagechat_tui.core.asks import ChangeMarker, WriteMarker, WriteText
from imagechat_tui.core.inputs import (
    EditComment,
    MoveMarker,
    ResolveMarker,
    Undo,
)
from imagechat_tui.core.outputs import (
    Noted,
    Nothing,
)
from imagechat_tui.protocol.events import UpdatedComment
from imagechat_tui.protocol.replies import (
    MarkerChanged,
    TextSaved,
)
from tests.core.changing import CREATE, created, live
from tests.core.scripted import ME, live_comment, made, marker, texts


def test_undo_takes_the_last_confirmed_change_back_by_a_new_one() -> None:
    """A move goes back to where the marker was."""
    script = live()
    script.put(MoveMarker(marker_id="m1", x=70.0, y=70.0))
    script.answer(ChangeMarker, MarkerChanged(status="success", marker=marker(1, x=70.0, y=70.0), seq=2))
    script.put(Undo())
    assert script.question(ChangeMarker).body == ChangeMarker(broadcast_id="op2", marker_id="m1", x=10.0, y=20.0)
    script.answer(ChangeMarker, MarkerChanged(status="success", marker=marker(1), seq=3))
    assert script.put(Undo()) == [Noted(what=Nothing.NOTHING_TO_UNDO)]


def test_undo_opens_a_resolved_marker_again() -> None:
    """The other way of a resolution."""
    script = live()
    script.put(ResolveMarker(marker_id="m1", resolved=True))
    assert script.session.board.resolved == 1
    script.answer(ChangeMarker, MarkerChanged(status="success", marker=marker(1), seq=2))
    script.put(Undo())
    assert script.question(ChangeMarker).body == ChangeMarker(broadcast_id="op2", marker_id="m1", resolved=False)


def test_undo_never_deletes_silently() -> None:
    """A creation is taken back by a deletion only, and that asks."""
    script = live()
    script.put(CREATE)
    script.answer(WriteMarker, created())
    assert script.put(Undo()) == [Noted(what=Nothing.CANNOT_UNDO)]


def test_undo_brings_an_earlier_text_back() -> None:
    """An edit of one's own comment."""
    script = live()
    script.frame(made(2, seq=2, author=ME))
    script.put(EditComment(marker_id="m2", comment_id="c2", text="better"))
    assert texts(script.session.thread("m2")) == ["better"]
    result = TextSaved.Result(approved=True, comment_html="better")
    script.answer(WriteText, TextSaved(status="success", comment=result, seq=3))
    edited = live_comment("c2", "better", author=ME, at=2)
    script.frame(UpdatedComment(seq=3, broadcast_id="op1", chat_id="m2", comment=edited))
    script.put(Undo())
    assert script.question(WriteText).body == WriteText(broadcast_id="op2", comment_id="c2", comment="text 2")
