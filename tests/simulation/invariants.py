"""What must hold after each input of every schedule."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from imagechat_tui.core.asks import RemoveComment, Write
from imagechat_tui.core.inputs import (
    AddComment,
    Answered,
    CreateMarker,
    FrameReceived,
    Input,
    Intent,
    MarkAllRead,
    MoveMarker,
    OpenThread,
    Refused,
    ResolveMarker,
    Retry,
    Unanswered,
    Undo,
)
from imagechat_tui.core.outputs import (
    Ask,
    BoardChanged,
    BoardReplaced,
    Change,
    CommentGone,
    CommentPut,
    Connect,
    LinkChanged,
    MarkerGone,
    MarkerPut,
    Noted,
    OperationBegan,
    OperationEnded,
    Outcome,
    Output,
    PeopleChanged,
    PictureChanged,
    ThreadReplaced,
    WritersChanged,
)
from imagechat_tui.core.positions import PositionFeed
from imagechat_tui.core.resync import Resync
from imagechat_tui.core.session import Session
from imagechat_tui.core.views import CommentView, Delivery, LinkState, MarkerView, Reason
from imagechat_tui.protocol.events import Batch, Frame, Skip, TypingUpdate
from imagechat_tui.protocol.replies import Snapshot
from tests.simulation.bounds import Bounds
from tests.simulation.demands import demand

if TYPE_CHECKING:
    from tests.simulation.world import World

_ON_A_MARKER = (AddComment, MoveMarker, ResolveMarker)


class Watch:
    """Looks over one session's shoulder."""

    def __init__(self, session: Session, *, name: str, world: "World") -> None:
        self.name = name
        self.opened: set[str] = set()
        """Markers whose thread this user has looked at."""
        self.first_seq: int | None = None
        """The position of the first load."""
        self.markers: dict[str, MarkerView] = {}
        """The board as a screen has it that only listens to changes."""
        self.threads: dict[str, dict[str, CommentView]] = {}
        self.board = session.board
        """The headline as it was said last."""
        self.began: dict[str, int] = {}
        self.ended: dict[str, int] = {}
        self.endings: dict[str, Outcome] = {}
        self._session = session
        self._world = world
        self._cursor: int | None = None
        self._bounds = Bounds(session, name=name)
        self._echo_ids = session._operations.echo._operations
        self._resync: Resync | None = None
        self._wished = False
        self._offline = False
        self._own: dict[str, str] = {}
        self._own_comments: dict[str, str] = {}
        self._sound_target = False
        self._delivered = 0

    def before(self, what: Input) -> None:
        """Remember what the user could know when the input came."""
        self._wished = self._offline = self._sound_target = False
        learn = BEFORE.get(type(what))
        if learn is not None:
            learn(self, what)

    def _comes(self, what: FrameReceived) -> None:
        if what.frame is not None:
            self._delivered = max(self._delivered, last_position(what.frame))
            self._bounds.comes(what)

    def _answered(self, what: Answered | Refused | Unanswered) -> None:
        if what.ask in self._bounds.asked:
            self._bounds.answered(what)

    def _wishes(self, what: Intent | Retry | Undo) -> None:
        self._wished = True
        self._offline = self._session.link.state is LinkState.OFFLINE
        self._sound_target = isinstance(what, _ON_A_MARKER) and self._confirmed(what)

    def _opens(self, what: OpenThread) -> None:
        self.opened.add(what.marker_id)

    def _reads_all(self, _what: MarkAllRead) -> None:
        self.opened.update(self._world.server.markers)

    def _confirmed(self, what: AddComment | MoveMarker | ResolveMarker) -> bool:
        view = self._session.marker(what.marker_id)
        on_marker = getattr(what, "parent_id", None) is None
        return on_marker and view is not None and view.delivery is Delivery.CONFIRMED

    def after(self, what: Input, outputs: Sequence[Output]) -> None:
        """Check what must hold after every input."""
        changed = False
        for output in outputs:
            look = LOOKS.get(type(output))
            if look is not None:
                look(self, output)
                changed = changed or type(output) in OF_THE_BOARD
        resync = self._resync or self._found_resync()
        if resync is not None:
            # After every input, hence plain attributes only; more when there is something to see.
            cursor = resync.cursor
            if cursor != self._cursor:
                self._cursor_moved(what, cursor)
            if resync.held_back:
                self._bounds.held(resync.held_back, cursor)
            if self._echo_ids:
                self._bounds.ids(self._echo_ids, cursor)
        if not changed:
            return
        for marker_id, operation in self._own.items():
            self._not_hidden(marker_id, operation)
        for comment_id, marker_id in self._own_comments.items():
            self._comment_not_hidden(marker_id, comment_id)

    def _found_resync(self) -> Resync | None:
        feed = self._session._feed
        self._resync = feed._resync if isinstance(feed, PositionFeed) else None
        return self._resync

    def _cursor_moved(self, what: Input, cursor: int | None) -> None:
        demand((cursor or 0) >= (self._cursor or 0), "the cursor went back", self.name, self._cursor, cursor)
        demand(type(what) in NEWS, "the cursor moved without news", self.name, self._cursor, cursor, what)
        typing = isinstance(what, FrameReceived) and isinstance(what.frame, TypingUpdate)
        demand(not typing, "somebody who writes moved the cursor", self.name, self._cursor, cursor)
        if self._cursor is None and isinstance(what, Answered) and isinstance(what.reply, Snapshot):
            self.first_seq = what.reply.seq
        self._cursor = cursor

    def _replaced(self, _output: BoardReplaced) -> None:
        self.markers = {view.id: view for view in self._session.markers()}
        self.threads = {}

    def _put_marker(self, output: MarkerPut) -> None:
        if output.was is not None:
            self.markers.pop(output.was, None)
        self.markers[output.marker.id] = output.marker
        self._not_resurrected(output.marker.id)

    def _marker_gone(self, output: MarkerGone) -> None:
        self.markers.pop(output.marker_id, None)
        self.threads.pop(output.marker_id, None)

    def _thread_replaced(self, output: ThreadReplaced) -> None:
        found = self._session.thread(output.marker_id)
        self.threads[output.marker_id] = {view.id: view for view in found or ()}
        self._shown_once(output.marker_id)

    def _comment_gone(self, output: CommentGone) -> None:
        self.threads.get(output.marker_id, {}).pop(output.comment_id, None)

    def _began(self, output: OperationBegan) -> None:
        self.began[output.operation] = self.began.get(output.operation, 0) + 1

    def _asked(self, output: Ask) -> None:
        if isinstance(output.body, Write):
            demand(not self._offline, "sent while offline", self.name, output.body)
            demand(self._wished, "sent without being wished", self.name, output.body)
            self._bounds.sends(output.ask, output.body.broadcast_id)

    def _connects(self, output: Connect) -> None:
        demand(self._session.link.state is not LinkState.REFUSED, "dials though refused", self.name, output)
        demand(not self._session._joining.open, "dials beside an open socket", self.name, output)
        self._bounds.dials()

    def _link_changed(self, output: LinkChanged) -> None:
        if output.link.state is LinkState.LIVE:
            cursor = self._session.cursor or 0
            demand(cursor >= self._delivered, "live without what was delivered", self.name, cursor, self._delivered)

    def _board_changed(self, output: BoardChanged) -> None:
        self.board = output.board

    def _writers_changed(self, output: WritersChanged) -> None:
        shown = [person.id for people in self._session.writers.values() for person in people]
        demand(len(set(shown)) == len(shown), "writes in two places", self.name, shown)
        demand(self.name not in shown, "sees oneself write", self.name, shown)
        demand(bool(output.marker_ids), "told of no writer", self.name)

    def _said(self, _output: Change) -> None:
        """Nothing of its own to check."""

    def _put_comment(self, output: CommentPut) -> None:
        view = output.comment
        thread = self.threads.setdefault(view.marker_id, {})
        if output.was is not None:
            thread.pop(output.was, None)
        thread[view.id] = view
        if view.mine:
            self._shown_once(view.marker_id)

    def _shown_once(self, marker_id: str) -> None:
        found = self._session.thread(marker_id) or ()
        texts = [view.text for view in found]
        demand(len(set(texts)) == len(texts), "shown twice", self.name, marker_id, texts)

    def _not_resurrected(self, marker_id: str) -> None:
        gone_at = self._world.server.deleted.get(marker_id)
        cursor = self._session.cursor or 0
        demand(gone_at is None or cursor < gone_at, "a deleted marker came back", self.name, marker_id, cursor)

    def _ended(self, output: OperationEnded) -> None:
        name = output.operation
        self.ended[name] = self.ended.get(name, 0) + 1
        demand(self.ended[name] <= self.began.get(name, 0), "ended twice", self.name, name, output.outcome)
        self.endings[name] = output.outcome
        if self._offline:
            demand(output.reason is Reason.OFFLINE, "did not fail as offline", self.name, name, output.reason)
        if self._sound_target:
            local = output.reason in {Reason.CONFLICT, Reason.GONE}
            demand(not local, "a confirmed marker cannot be used", self.name, output.intent, output.reason)
        confirmed = output.outcome is Outcome.CONFIRMED
        if confirmed and isinstance(output.intent, CreateMarker) and output.marker_id:
            self._own[output.marker_id] = name
        if confirmed and isinstance(output.intent, AddComment):
            demand(output.comment_id is not None, "confirmed without an id", self.name, name)
            self._own_comments[output.comment_id or ""] = output.marker_id or ""
        if len(self._own) > 4:
            del self._own[next(iter(self._own))]
        if len(self._own_comments) > 4:
            del self._own_comments[next(iter(self._own_comments))]

    def _not_hidden(self, marker_id: str, operation: str) -> None:
        if self._session.marker(marker_id) is None and marker_id not in self._world.server.deleted:
            demand(self._deletes(marker_id), "own marker hidden", self.name, marker_id, operation)

    def _comment_not_hidden(self, marker_id: str, comment_id: str) -> None:
        thread = self._session.thread(marker_id)
        if thread is None or any(view.id == comment_id for view in thread):
            return
        deleted = self._world.server.deleted
        known = marker_id in deleted or comment_id in deleted
        demand(known or self._deletes(marker_id), "own comment hidden", self.name, marker_id, comment_id)

    def _deletes(self, marker_id: str) -> bool:
        """Whether this user has tried to delete the marker or a comment, which hides them while it is pending."""
        sent = (body for user, body in self._world.wire.sent if user == self.name)
        return any(isinstance(b, RemoveComment) or getattr(b, "marker_id", None) == marker_id for b in sent)


BEFORE: dict[type[Input], Callable[[Watch, Any], None]] = {
    FrameReceived: Watch._comes,
    Answered: Watch._answered,
    Refused: Watch._answered,
    Unanswered: Watch._answered,
    OpenThread: Watch._opens,
    MarkAllRead: Watch._reads_all,
    **dict.fromkeys([*Intent.__subclasses__(), Retry, Undo], Watch._wishes),
}
"""What is remembered of an input before it is handled."""

NEWS = frozenset({FrameReceived, Answered})
"""What may move the cursor."""

LOOKS: dict[type[Output], Callable[[Watch, Any], None]] = {
    BoardReplaced: Watch._replaced,
    MarkerPut: Watch._put_marker,
    MarkerGone: Watch._marker_gone,
    ThreadReplaced: Watch._thread_replaced,
    CommentPut: Watch._put_comment,
    CommentGone: Watch._comment_gone,
    OperationBegan: Watch._began,
    OperationEnded: Watch._ended,
    LinkChanged: Watch._link_changed,
    Ask: Watch._asked,
    Connect: Watch._connects,
    BoardChanged: Watch._board_changed,
    PeopleChanged: Watch._said,
    WritersChanged: Watch._writers_changed,
    PictureChanged: Watch._said,
    Noted: Watch._said,
}
"""What is looked at when a session says something; what only asks the world for something is not news."""

OF_THE_BOARD = frozenset(
    {BoardReplaced, MarkerPut, MarkerGone, ThreadReplaced, CommentPut, CommentGone, OperationEnded}
)
"""What may show or hide something of one's own."""


def last_position(frame: Frame) -> int:
    """The last position that a frame covers; 0 for one without."""
    if isinstance(frame, Batch):
        return frame.last
    return frame.to if isinstance(frame, Skip) else frame.seq or 0
