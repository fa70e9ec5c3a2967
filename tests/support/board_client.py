"""A board in memory with the shape of a running session: for screens, without a server, a socket or a clock.

Intents are confirmed at once, held back, or refused, as a test wants it; everything a server would say is said by
calling a method.
"""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import msgspec

from imagechat_tui.client.traffic import Traffic
from imagechat_tui.core import inputs, outputs
from imagechat_tui.core.views import (
    BoardView,
    CommentView,
    Delivery,
    LinkState,
    LinkView,
    MarkerView,
    Me,
    Person,
    Reason,
    SyncStats,
)

NOW_MS = 1_790_000_000_000
MINUTE_MS = 60_000


@dataclass
class MemoryBoard:
    """Client and view in one: what is changed by its methods is announced to whoever listens."""

    title: str = "checkout.png"
    me_id: str = "me"
    moderator: bool = False
    answer: str = "confirm"
    """What becomes of intents: ``confirm``, ``hold`` or ``refuse``."""
    refusal: Reason = Reason.NOT_ALLOWED
    submitted: list[inputs.Input] = field(default_factory=list)
    link: LinkView = field(default_factory=lambda: LinkView(state=LinkState.LIVE))
    people: tuple[Person, ...] = (Person(id="me", name="Mia"), Person(id="ana", name="Ana"))
    viewers: int = 3
    writers: dict[str | None, tuple[Person, ...]] = field(default_factory=dict)
    followed: str | None = None
    pixels: bytes = b""
    stopped: bool = False

    def __post_init__(self) -> None:
        self._markers: dict[str, MarkerView] = {}
        self._threads: dict[str, list[CommentView] | None] = {}
        self._listeners: list[Callable[[Sequence[outputs.Change]], None]] = []
        self._ids = itertools.count(1)
        self._marker_ids = itertools.count(1)
        self._held: list[tuple[str, inputs.Intent]] = []

    @property
    def intents(self) -> list[inputs.Intent]:
        """What was to be changed, in order."""
        return [one for one in self.submitted if isinstance(one, inputs.Intent)]

    def write(self, marker_id: str | None, *names: str) -> None:
        """These others, and nobody else, write for a marker."""
        self.writers = {key: people for key, people in self.writers.items() if key != marker_id}
        if names:
            self.writers[marker_id] = tuple(Person(id=name.lower(), name=name) for name in names)
        self.announce(outputs.WritersChanged(marker_ids=frozenset({marker_id})))

    # What a screen reads ---------------------------------------------------------------------------------------

    @property
    def view(self) -> "MemoryBoard":
        return self

    @property
    def board(self) -> BoardView:
        markers = list(self._markers.values())
        resolved = sum(marker.resolved for marker in markers)
        return BoardView(
            title=self.title,
            image_src="/p.png",
            image_version=2,
            image_size=None,
            visibility="link",
            markers=len(markers),
            open=len(markers) - resolved,
            resolved=resolved,
            unread=sum(marker.unread for marker in markers),
        )

    @property
    def me(self) -> Me:
        return Me(id=self.me_id, name="Mia", signed_in=True, anonymous=False, moderator=self.moderator)

    @property
    def stats(self) -> SyncStats:
        return SyncStats(
            cursor=41, reconnects=1, gaps=0, malformed=0, unknown=0, frames=12, held_back=0, confirmed=3, refused=0,
            unknown_outcome=0, echo_ids=0, followed=self.followed,
        )  # fmt: skip

    def markers(self) -> Sequence[MarkerView]:
        return sorted(self._markers.values(), key=lambda marker: (marker.number is None, marker.number))

    def marker(self, marker_id: str) -> MarkerView | None:
        return self._markers.get(marker_id)

    def thread(self, marker_id: str) -> Sequence[CommentView] | None:
        return self._threads.get(marker_id)

    # What the app asks -----------------------------------------------------------------------------------------

    def submit(self, input: inputs.Input) -> None:  # noqa: A002 - the port's word
        self.submitted.append(input)
        if isinstance(input, inputs.Intent):
            self._began(input)
        elif isinstance(input, inputs.Undo):
            self.announce(outputs.Noted(what=outputs.Nothing.NOTHING_TO_UNDO))
        elif isinstance(input, inputs.Retry):
            self._retry(input.operation)
        elif isinstance(input, inputs.Discard):
            self._forget(input.operation)
        elif isinstance(input, inputs.MarkAllRead):
            for marker in list(self._markers.values()):
                self.put(msgspec.structs.replace(marker, unread=0))

    def listen(self, callback: Callable[[Sequence[outputs.Change]], None]) -> Callable[[], None]:
        self._listeners.append(callback)
        return lambda: self._listeners.remove(callback)

    @property
    def traffic(self) -> Traffic:
        return Traffic(bytes_in=48_213, bytes_out=1_900, round_trip=0.0124)

    def link_history(self) -> Sequence[tuple[float, LinkState]]:
        return [(75.0, LinkState.LIVE), (76.5, LinkState.SYNCING), (80.0, LinkState.RECONNECTING)]

    def report(self) -> bytes:
        return b'{"at":0.0,"kind":"Start","values":{}}'

    async def run(self) -> None:
        return

    async def stop(self) -> None:
        self.stopped = True

    async def picture(self, *, told: Callable[[int, int], None] | None = None) -> bytes:  # noqa: ARG002 - the port's
        return self.pixels

    # What a test does ------------------------------------------------------------------------------------------

    def announce(self, *changes: outputs.Change) -> None:
        for listener in list(self._listeners):
            listener(changes)

    def set_link(self, state: LinkState, *, retry_at: float | None = None, reason: Reason | None = None) -> None:
        self.link = LinkView(state=state, retry_at=retry_at, reason=reason, attempt=2)
        self.announce(outputs.LinkChanged(link=self.link))

    def add(
        self,
        title: str,
        *,
        x: float,
        y: float,
        author: str = "Ana",
        replies: Sequence[tuple[str, str]] = (),
        **facts: object,
    ) -> MarkerView:
        """A marker with its thread, without announcing it; ``replies`` are (author, text)."""
        marker_id = f"m{next(self._marker_ids)}"
        comments = [self.comment(marker_id, author, title, minutes=30)]
        comments += [
            self.comment(marker_id, who, text, minutes=20 - i, parent_id=comments[0].id)
            for i, (who, text) in enumerate(replies)
        ]
        marker = MarkerView(
            id=marker_id,
            number=len(self._markers) + 1,
            x=x,
            y=y,
            title=title,
            author_id=author.lower(),
            author_name=author,
            created_at=NOW_MS - 30 * MINUTE_MS,
            comment_count=len(comments),
            mine=author == "Mia",
        )
        self._markers[marker_id] = msgspec.structs.replace(marker, **facts)
        self._threads[marker_id] = comments
        return self._markers[marker_id]

    def comment(
        self, marker_id: str, author: str, text: str, *, minutes: int = 0, parent_id: str | None = None
    ) -> CommentView:
        return CommentView(
            id=f"c{next(self._ids)}",
            marker_id=marker_id,
            author_id=author.lower(),
            author_name=author,
            text=text,
            created_at=NOW_MS - minutes * MINUTE_MS,
            parent_id=parent_id,
            mine=author == "Mia",
        )

    def put(self, marker: MarkerView, *, was: str | None = None) -> None:
        """A marker is new or different."""
        if was is not None:
            self._markers.pop(was, None)
        self._markers[marker.id] = marker
        self._threads.setdefault(marker.id, [])
        self.announce(outputs.MarkerPut(marker=marker, was=was))

    def put_comment(self, comment: CommentView, *, was: str | None = None) -> None:
        thread = self._threads.get(comment.marker_id) or []
        place = next((i for i, one in enumerate(thread) if one.id in {comment.id, was}), None)
        thread = [one for one in thread if one.id not in {comment.id, was}]
        thread.insert(len(thread) if place is None else place, comment)
        self._threads[comment.marker_id] = thread
        self.announce(outputs.CommentPut(comment=comment, was=was))

    def unload(self, marker_id: str) -> None:
        """The thread is not there any longer."""
        self._threads[marker_id] = None

    def settle(self, *, outcome: outputs.Outcome = outputs.Outcome.CONFIRMED, reason: Reason | None = None) -> None:
        """End everything that was held back."""
        held, self._held = self._held, []
        for operation, intent in held:
            self._ended(operation, intent, outcome, reason)

    # The inside ------------------------------------------------------------------------------------------------

    def _began(self, intent: inputs.Intent) -> None:
        operation = f"op{next(self._ids)}"
        self.announce(outputs.OperationBegan(operation=operation, intent=intent))
        self._lay_over(operation, intent, Delivery.PENDING, None)
        if self.answer == "hold":
            self._held.append((operation, intent))
        elif self.answer == "confirm":
            self._ended(operation, intent, outputs.Outcome.CONFIRMED, None)
        else:
            self._ended(operation, intent, outputs.Outcome.REFUSED, self.refusal)

    def _ended(self, operation: str, intent: inputs.Intent, outcome: outputs.Outcome, reason: Reason | None) -> None:
        marker_id: str | None = getattr(intent, "marker_id", None)
        if outcome is outputs.Outcome.CONFIRMED:
            self._confirm(operation, intent)
            marker_id = marker_id or list(self._markers)[-1]
        else:
            self._lay_over(operation, intent, Delivery.FAILED, reason)
        self.announce(
            outputs.OperationEnded(
                operation=operation, intent=intent, outcome=outcome, reason=reason, marker_id=marker_id
            )
        )

    def _lay_over(self, operation: str, intent: inputs.Intent, delivery: Delivery, reason: Reason | None) -> None:
        if isinstance(intent, inputs.CreateMarker):
            marker = MarkerView(
                id=operation, number=None, x=intent.x, y=intent.y, title=intent.text, author_id=self.me_id,
                author_name="Mia", created_at=NOW_MS, comment_count=1, mine=True, delivery=delivery, reason=reason,
                operation=operation,
            )  # fmt: skip
            self._threads[operation] = [
                msgspec.structs.replace(
                    self.comment(operation, "Mia", intent.text), delivery=delivery, reason=reason, operation=operation
                )
            ]
            self.put(marker)
        elif isinstance(intent, inputs.AddComment):
            comment = self.comment(intent.marker_id, "Mia", intent.text, parent_id=intent.parent_id)
            self.put_comment(
                msgspec.structs.replace(comment, id=operation, delivery=delivery, reason=reason, operation=operation),
                was=operation,
            )

    def _confirm(self, operation: str, intent: inputs.Intent) -> None:
        match intent:
            case inputs.CreateMarker():
                self._threads.pop(operation, None)
                self._markers.pop(operation, None)
                marker = self.add(intent.text, x=intent.x, y=intent.y, author="Mia")
                self.put(marker, was=operation)
            case inputs.AddComment():
                comment = self.comment(intent.marker_id, "Mia", intent.text, parent_id=intent.parent_id)
                self.put_comment(comment, was=operation)
                marker = self._markers[intent.marker_id]
                self.put(msgspec.structs.replace(marker, comment_count=marker.comment_count + 1))
            case inputs.ResolveMarker():
                marker = self._markers[intent.marker_id]
                self.put(msgspec.structs.replace(marker, resolved=intent.resolved, resolved_by="Mia"))
            case inputs.MoveMarker():
                marker = self._markers[intent.marker_id]
                self.put(msgspec.structs.replace(marker, x=intent.x, y=intent.y))
            case inputs.DeleteMarker():
                self._markers.pop(intent.marker_id, None)
                self._threads.pop(intent.marker_id, None)
                self.announce(outputs.MarkerGone(marker_id=intent.marker_id))
            case inputs.EditComment() | inputs.Vote() | inputs.DeleteComment():
                self._confirm_comment(intent)

    def _confirm_comment(self, intent: inputs.EditComment | inputs.Vote | inputs.DeleteComment) -> None:
        thread = self._threads.get(intent.marker_id) or []
        comment = next(one for one in thread if one.id == intent.comment_id)
        match intent:
            case inputs.EditComment():
                self.put_comment(msgspec.structs.replace(comment, text=intent.text, edited=True))
            case inputs.Vote():
                votes = comment.votes - comment.my_vote + intent.direction
                self.put_comment(msgspec.structs.replace(comment, votes=votes, my_vote=intent.direction))
            case inputs.DeleteComment():
                self._threads[intent.marker_id] = [one for one in thread if one.id != intent.comment_id]
                self.announce(outputs.CommentGone(marker_id=intent.marker_id, comment_id=intent.comment_id))

    def _retry(self, operation: str) -> None:
        marker = self._markers.get(operation)
        if marker is not None:
            intent = inputs.CreateMarker(x=marker.x, y=marker.y, text=marker.title)
            self._ended(operation, intent, outputs.Outcome.CONFIRMED, None)
            return
        for thread in self._threads.values():
            for comment in thread or ():
                if comment.operation == operation:
                    again = inputs.AddComment(
                        marker_id=comment.marker_id, text=comment.text, parent_id=comment.parent_id
                    )
                    self._ended(operation, again, outputs.Outcome.CONFIRMED, None)
                    return

    def _forget(self, operation: str) -> None:
        if self._markers.pop(operation, None) is not None:
            self._threads.pop(operation, None)
            self.announce(outputs.MarkerGone(marker_id=operation))
