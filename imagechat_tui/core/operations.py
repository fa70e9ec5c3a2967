"""One's own changes from intent to end: begun, sent, laid over the board, ended exactly once, retried, undone.

An answer and an event of one's own may come in either order; the first one ends the operation. An operation without an
answer ends as unknown and is never sent again by itself.
"""

from collections.abc import Callable
from typing import Final

from imagechat_tui.core.absorbing import absorb, begin_thread, freshen
from imagechat_tui.core.asks import Write
from imagechat_tui.core.board import Board
from imagechat_tui.core.echo import Echo
from imagechat_tui.core.endings import CONFIRMED, Ending, ending_of
from imagechat_tui.core.inputs import AddComment, Answered, CreateMarker, Intent, Vote
from imagechat_tui.core.operation import Operation, first_comment, flaw, ids_of
from imagechat_tui.core.outbox import Answer, Outbox
from imagechat_tui.core.outputs import Noted, Nothing, OperationBegan, OperationEnded, Outcome
from imagechat_tui.core.overlay import Overlay, Phase
from imagechat_tui.core.rows import CommentRow, MarkerRow
from imagechat_tui.core.undo import inverse
from imagechat_tui.core.views import Reason
from imagechat_tui.core.writes import TIMEOUT, Result, Writer
from imagechat_tui.protocol.events import Event

Ids = tuple[str | None, str | None]
"""A marker's and a comment's."""

FAILED: Final = 200
"""Failed operations kept for a retry; the oldest go first."""

UNDOABLE: Final = 50
"""Confirmed operations that ``Undo`` can go back over."""


class Operations:
    """All operations that are not forgotten yet."""

    def __init__(self, board: Board, outbox: Outbox, *, new_id: Callable[[], str], wall_ms: Callable[[], int]) -> None:
        self.echo = Echo()
        self.outcomes = dict.fromkeys(Outcome, 0)
        self.writer: Writer | None = None
        """How the present host is written to; ``None`` until it is known."""
        self.expect: Callable[[int, float], None] = lambda _seq, _now: None
        """Called with a position that the live socket should deliver soon."""
        board.found_marker = self._found_marker
        board.found_comment = self._found_comment
        self._board = board
        self._outbox = outbox
        self._new_id = new_id
        self._wall_ms = wall_ms
        self._operations: dict[str, Operation] = {}
        self._doubtful_ids: dict[str, str] = {}
        self._undoable: list[Intent | None] = []
        self._cursor: int | None = None

    def __len__(self) -> int:
        return len(self._operations)

    # What the user wants -----------------------------------------------------------------------------------------

    def begin(self, intent: Intent, now: float, *, barrier: Reason | None, undoes: bool = False) -> None:
        """Begin an operation; with a ``barrier`` it ends at once and nothing is sent."""
        name = self._new_id()
        change = Overlay(
            operation=name,
            intent=intent,
            marker_id=getattr(intent, "marker_id", name),
            began_ms=self._wall_ms(),
        )
        operation = Operation(name=name, change=change, back=inverse(intent, self._board), undoes=undoes)
        self._give_up_older(change)
        self._operations[name] = operation
        self._outbox.announce(OperationBegan(operation=name, intent=intent))
        self._board.lay(change)
        self._try(operation, now, barrier=barrier or flaw(intent), broadcast_id=name)

    def retry(self, name: str, now: float, *, barrier: Reason | None) -> None:
        """Try a failed operation again: its own id after an unknown outcome, a new one after a refusal."""
        operation = self._operations.get(name)
        if operation is None or operation.change.phase is not Phase.FAILED:
            self._outbox.announce(Noted(what=Nothing.NO_SUCH_OPERATION))
            return
        change = operation.change
        operation.ended = False
        operation.step = 0
        self._outbox.announce(OperationBegan(operation=name, intent=change.intent))
        known = change.broadcast_ids[-1] if change.broadcast_ids and operation.doubtful else self._new_id()
        self._try(operation, now, barrier=barrier or flaw(change.intent), broadcast_id=known)

    def discard(self, name: str) -> None:
        """Give a failed operation up."""
        operation = self._operations.get(name)
        if operation is None or operation.change.phase is not Phase.FAILED:
            self._outbox.announce(Noted(what=Nothing.NO_SUCH_OPERATION))
            return
        self._forget(operation)

    def undo(self, now: float, *, barrier: Reason | None) -> None:
        """Take the last confirmed operation back by a new one.

        A creation or deletion is never taken back silently: deleting asks, and nothing brings a deleted thing back.
        """
        if not self._undoable:
            self._outbox.announce(Noted(what=Nothing.NOTHING_TO_UNDO))
            return
        back = self._undoable[-1]
        if back is None:
            self._outbox.announce(Noted(what=Nothing.CANNOT_UNDO))
            return
        self._undoable.pop()
        self.begin(back, now, barrier=barrier, undoes=True)

    def _try(self, operation: Operation, now: float, *, barrier: Reason | None, broadcast_id: str) -> None:
        change = operation.change
        if barrier is not None:
            self._end(operation, Ending(outcome=Outcome.REFUSED, reason=barrier))
            return
        self._goes_out_as(operation, broadcast_id)
        body = Reason.BUSY if self.writer is None else self.writer.first(change)
        if isinstance(body, Reason):
            self._end(operation, Ending(outcome=Outcome.REFUSED, reason=body))
            return
        change.phase, change.reason = Phase.PENDING, None
        self._board.touched(change)
        self._send(operation, body, now)

    def _goes_out_as(self, operation: Operation, broadcast_id: str) -> None:
        if broadcast_id not in operation.change.broadcast_ids:
            operation.change.broadcast_ids.append(broadcast_id)
        self._doubtful_ids.pop(broadcast_id, None)
        self.echo.remember(broadcast_id, operation.name)

    def _send(self, operation: Operation, body: Write, now: float) -> None:
        attempt = operation.change.broadcast_ids[-1]
        operation.ask = self._outbox.ask(
            body,
            now=now,
            timeout=TIMEOUT,
            then=lambda answer, at: self._answered(operation, attempt, answer, at),
        )

    def _give_up_older(self, change: Overlay) -> None:
        """A new change of the same thing replaces a failed one."""
        if isinstance(change.intent, AddComment | CreateMarker):
            return
        for older in list(self._board.overlays(change.marker_id)):
            same = type(older.intent) is type(change.intent) and older.comment_id == change.comment_id
            if same and older.phase is Phase.FAILED:
                self._forget(self._operations[older.operation])

    # What the network did ----------------------------------------------------------------------------------------

    def _answered(self, operation: Operation, attempt: str, answer: Answer, now: float) -> None:
        operation.ask = None
        if operation.name not in self._operations:
            return
        if not isinstance(answer, Answered):
            if operation.ended:
                self.echo.until(attempt, seq=self._cursor, now=now)
                self._sweep(now)
                return
            self._end(operation, ending_of(answer))
            return
        writer = self.writer
        if writer is None:
            return
        following = writer.following(operation.change, operation.step, answer.reply)
        if following is not None:
            operation.step += 1
            self._goes_out_as(operation, following.broadcast_id)
            self._send(operation, following, now)
            return
        self._confirmed_by_answer(operation, attempt, writer.result(operation.change, answer.reply), now)

    def _confirmed_by_answer(self, operation: Operation, attempt: str, result: Result, now: float) -> None:
        change = operation.change
        for broadcast_id in change.broadcast_ids:
            self.echo.until(broadcast_id, seq=result.seq, now=now)
        self.echo.until(attempt, seq=result.seq, now=now)
        if not operation.ended:
            change.phase = Phase.SETTLED
            change.marker, change.comment = result.marker, result.comment
            if isinstance(change.intent, CreateMarker) and result.marker is not None:
                self._board.rename(change, result.marker.id)
            self._board.touched(change, was=operation.name)
            if isinstance(change.intent, AddComment) and change.comment is not None:
                self._board.alias(operation.name, change.comment.id)
            self._end(operation, CONFIRMED, ids=(change.marker_id, change.comment_id))
            if result.seq is not None:
                self.expect(result.seq, now)
            else:
                self._absorb(operation, result)
        # A retry is answered with what was written at first: of what a snapshot has skipped since, it knows nothing.
        outdated = result.seq is not None and result.seq < (self._cursor or 0)
        if isinstance(change.intent, CreateMarker) and result.comment is not None and not outdated:
            self._board.seed(change.marker_id, [result.comment], seq=result.seq or 0)
        self._sweep(now)

    def _absorb(self, operation: Operation, result: Result) -> None:
        """Nothing will tell when the rows contain a change: they take the answer's, and the echo is dropped."""
        change = operation.change
        absorb(change, result, self._board)
        self._let_go(operation)

    def is_echo(self, broadcast_id: str | None) -> bool:
        """Whether the rows contain this write already, from its answer."""
        name = self.echo.operation(broadcast_id)
        return name is not None and name not in self._operations

    def seen(self, event: Event) -> None:
        """An event has been applied to the confirmed rows: is it one of one's own?"""
        name = self.echo.operation(event.broadcast_id) or self._doubtful_ids.get(event.broadcast_id or "")
        operation = self._operations.get(name) if name is not None else None
        if operation is None or not operation.is_told_by(event):
            return
        if operation.change.phase is Phase.FAILED:
            self._came_back(operation, event)
        else:
            ids = ids_of(event)
            self._contained(operation.change, *ids)
            if not operation.ended:
                self._end(operation, CONFIRMED, ids=ids)
        if event.seq is None:
            begin_thread(operation.change, self._board)

    def _came_back(self, operation: Operation, event: Event) -> None:
        """An operation without an answer had been done after all: its rows are news, its ghost goes."""
        self._contained(operation.change, *ids_of(event))
        self._forget(operation)

    def _contained(self, change: Overlay, marker_id: str | None, comment_id: str | None) -> None:
        """The confirmed rows contain the change: its overlay comes off."""
        was_comment = change.comment_id
        self._board.lift(change)
        showing = self._board.showing
        if isinstance(change.intent, CreateMarker) and marker_id is not None:
            was = change.marker_id if change.marker_id != marker_id else None
            change.marker_id = marker_id
            showing.marker(marker_id, was=was)
            if was is not None:
                self._board.alias(was, marker_id)
        elif isinstance(change.intent, AddComment) and comment_id is not None:
            was = was_comment if was_comment != comment_id else None
            showing.comment(change.marker_id, comment_id, was=was)
            if was is not None:
                self._board.alias(was, comment_id)

    # A snapshot or a load carries no broadcast ids: what looks exactly like an operation without an answer is taken for
    # it, so that it is not shown twice.

    def _found_marker(self, row: MarkerRow) -> None:
        for operation in list(self._operations.values()):
            if operation.without_answer and operation.looks_like_marker(row):
                self._found(operation, marker=row, comment=first_comment(row) if row.first_id else None)
                return

    def _found_comment(self, marker_id: str, row: CommentRow) -> None:
        for operation in list(self._operations.values()):
            if operation.without_answer and operation.looks_like_comment(marker_id, row):
                self._found(operation, marker=None, comment=row)
                return

    def _found(self, operation: Operation, *, marker: MarkerRow | None, comment: CommentRow | None) -> None:
        change = operation.change
        operation.found = True
        change.marker, change.comment = marker, comment
        if marker is not None:
            self._board.rename(change, marker.id)
        elif comment is not None:
            self._board.alias(operation.name, comment.id)
        self._board.touched(change, was=operation.name)
        # The rows show it from now on, and alone decide when it is gone.
        self._board.lift(change)
        if change.phase is Phase.FAILED:
            self._forget(operation)

    def _lost_again(self, operation: Operation) -> None:
        """What had been taken for this operation was not it: the server refuses it only now."""
        change = operation.change
        change.marker = change.comment = None
        if isinstance(change.intent, CreateMarker):
            change.marker_id = operation.name
        self._board.forget_alias(operation.name)
        self._board.lay(change)

    def passed(self, cursor: int | None, now: float) -> None:
        """The rows show everything up to the cursor: forget the ids of writes that end there."""
        self._cursor = cursor
        self._sweep(now)

    def _sweep(self, now: float) -> None:
        for name in self.echo.passed(cursor=self._cursor, now=now):
            operation = self._operations.get(name)
            if operation is not None and operation.ended:
                if operation.change.phase is Phase.SETTLED:
                    freshen(operation.change, self._board)
                self._let_go(operation)

    def prune(self) -> None:
        """Failed changes of markers that are gone go with them."""
        for name in [key for key, each in self._operations.items() if each.change.phase is Phase.FAILED]:
            change = self._operations[name].change
            if not isinstance(change.intent, CreateMarker) and not self._board.has(change.marker_id, None):
                self._forget(self._operations[name])

    def stop(self) -> None:
        """The user leaves: whatever has no answer yet ends without one."""
        for operation in list(self._operations.values()):
            if not operation.ended:
                self._end(operation, Ending(outcome=Outcome.UNKNOWN, reason=Reason.NO_ANSWER))

    # Endings -----------------------------------------------------------------------------------------------------

    def _end(self, operation: Operation, ending: Ending, *, ids: Ids = (None, None)) -> None:
        if operation.ended:
            return
        operation.ended = True
        self.outcomes[ending.outcome] += 1
        change = operation.change
        marker_id, comment_id = ids
        if ending.outcome is Outcome.CONFIRMED:
            marker_id = marker_id or change.marker_id
            if not operation.undoes:
                self._undoable.append(operation.back)
                del self._undoable[:-UNDOABLE]
        else:
            self._fail(operation, ending)
            marker_id = None if isinstance(change.intent, CreateMarker) else change.marker_id
        self._outbox.announce(
            OperationEnded(
                operation=operation.name,
                intent=change.intent,
                outcome=ending.outcome,
                reason=ending.reason,
                detail=ending.detail,
                marker_id=marker_id,
                comment_id=comment_id,
                retry_after=ending.retry_after,
            )
        )

    def _fail(self, operation: Operation, ending: Ending) -> None:
        change = operation.change
        if ending.outcome is Outcome.UNKNOWN:
            operation.doubtful = True
        for broadcast_id in change.broadcast_ids:
            self.echo.forget(broadcast_id)
            if operation.doubtful:
                self._doubtful_ids[broadcast_id] = operation.name
        found, operation.found = operation.found, False
        if found and not operation.doubtful:
            self._lost_again(operation)
        change.phase, change.reason = Phase.FAILED, ending.reason
        self._board.touched(change)
        if (found and operation.doubtful) or not self._worth_keeping(change):
            self._forget(operation)
        failed = [each for each in self._operations.values() if each.change.phase is Phase.FAILED]
        for oldest in failed[:-FAILED]:
            self._forget(oldest)

    def _worth_keeping(self, change: Overlay) -> bool:
        """Whether a failed change can be shown and tried again."""
        if isinstance(change.intent, Vote) or change.reason is Reason.READ_ONLY:
            return False
        if isinstance(change.intent, CreateMarker):
            return True
        target = getattr(change.intent, "comment_id", None)
        return self._board.has(change.marker_id, target)

    def _forget(self, operation: Operation) -> None:
        for broadcast_id in operation.change.broadcast_ids:
            self.echo.forget(broadcast_id)
        self._let_go(operation)

    def _let_go(self, operation: Operation) -> None:
        """Nothing is left to do for it; its ids may still be remembered as one's own."""
        self._operations.pop(operation.name, None)
        for broadcast_id in operation.change.broadcast_ids:
            self._doubtful_ids.pop(broadcast_id, None)
        self._board.lift(operation.change)
