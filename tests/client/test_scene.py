"""Where a report begins when the trace had to forget how the board was opened."""

import pytest

from imagechat_tui.client.scene import Scene
from imagechat_tui.client.trace import Trace, intent_of, read_report
from imagechat_tui.core.asks import ReadThread, WriteComment
from imagechat_tui.core.inputs import AddComment, Input, OpenThread
from imagechat_tui.core.outputs import Output
from imagechat_tui.errors import ProtocolError
from imagechat_tui.protocol.events import ImageChatUpdated, NewComment, NewImageChat
from imagechat_tui.protocol.replies import Comments
from tests.core.scripted import OTHER, Script, made, marker, public_comment, said

PRIVATE = "Project Heron"


class Traced(Script):
    """A session whose trace keeps a few inputs."""

    def __init__(self) -> None:
        super().__init__()
        self.trace = Trace(most=6)

    def put(self, what: Input, *, after: float = 0.0) -> list[Output]:
        """One input, also for the trace."""
        outputs = super().put(what, after=after)
        self.trace.add(self.now, what, outputs=outputs, view=self.session)
        return outputs

    def scene(self) -> Scene | None:
        """Where the report begins."""
        return read_report(self.trace.report()).scene


def board() -> Traced:
    """One marker, whose first comment is known and whose second is news."""
    script = Traced()
    script.go_live(marker(1, author=OTHER), seq=1)
    first = public_comment("c1", PRIVATE, author=OTHER, at=1)
    script.answer(ReadThread, Comments(status="success", comments=[first], user=None, page_number=0, seq=1))
    script.frame(said("c2", PRIVATE, seq=2))
    return script


def moved(script: Traced, *, first: int, times: int) -> None:
    """The marker is told of again and again."""
    for seq in range(first, first + times):
        script.frame(ImageChatUpdated(seq=seq, conversation=marker(1, count=2)))


def test_what_is_older_than_the_report_is_in_its_scene() -> None:
    """Markers, threads, what is unread, what the person looks at."""
    script = board()
    script.frame(made(2, seq=3, author=OTHER))
    moved(script, first=4, times=12)
    scene = script.scene()
    assert scene is not None
    assert scene.cursor >= 4
    assert [each.id for each in scene.snapshot.markers] == ["m1"]
    assert [comment.id for comment in scene.threads["m1"].comments] == ["c1"]
    assert [type(event) for event in scene.news] == [NewComment, NewImageChat]
    assert PRIVATE.encode() not in script.trace.report()
    assert OTHER.encode() not in script.trace.report()


def test_a_failed_change_is_in_it() -> None:
    """As an intent that can be tried again."""
    script = board()
    script.put(OpenThread(marker_id="m1"))
    script.put(AddComment(marker_id="m1", text=PRIVATE))
    script.refuse(WriteComment, 429)
    moved(script, first=3, times=12)
    scene = script.scene()
    assert scene is not None
    assert scene.looks_at == "m1"
    failed = scene.failed[0]
    assert (failed.operation, failed.doubtful) == ("op1", False)
    assert intent_of(failed) == AddComment(marker_id="m1", text="x" * len(PRIVATE))


def test_nothing_is_a_scene_while_something_is_under_way() -> None:
    """A report that has lost its beginning then says so when it is played."""
    script = board()
    script.put(AddComment(marker_id="m1", text=PRIVATE))
    moved(script, first=3, times=12)
    assert script.scene() is None
    assert script.trace.dropped > 0


@pytest.mark.parametrize("values", [b"{}", b'{"at":"now"}'])
def test_a_damaged_scene_is_said_so(values: bytes) -> None:
    """Like any other line."""
    with pytest.raises(ProtocolError):
        read_report(b'{"at":1,"kind":"Scene","values":%b}' % values)
