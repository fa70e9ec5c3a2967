"""One person's view of one board, without any I/O: inputs in, outputs out; it routes and decides nothing.

``handle`` is the only way in. The properties are what screens read. No clock, no randomness, no network of its own:
time comes with each input, everything else is given at the start.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

import msgspec

from imagechat_tui.core.board import Board
from imagechat_tui.core.facts import Facts, who
from imagechat_tui.core.feed import Feed
from imagechat_tui.core.headline import Headline
from imagechat_tui.core.inputs import (
    AddComment,
    Answered,
    CloseThread,
    Discard,
    FrameReceived,
    Input,
    Intent,
    MarkAllRead,
    Network,
    OpenThread,
    Refused,
    Retry,
    RetryNow,
    SocketClosed,
    SocketOpened,
    Start,
    Stop,
    Unanswered,
    Undo,
    Woke,
    Writing,
    WritingEnded,
)
from imagechat_tui.core.joining import Joining
from imagechat_tui.core.link import Link
from imagechat_tui.core.operations import Operations
from imagechat_tui.core.outbox import Outbox
from imagechat_tui.core.outputs import Outcome, Output
from imagechat_tui.core.plain_host import PlainFeed, PlainWriter
from imagechat_tui.core.positions import PositionFeed
from imagechat_tui.core.presence import Presence
from imagechat_tui.core.settings import SessionSettings
from imagechat_tui.core.telling import Telling
from imagechat_tui.core.thread import parent_within
from imagechat_tui.core.threads import Threads
from imagechat_tui.core.views import (
    BoardView,
    CommentView,
    LinkState,
    LinkView,
    MarkerView,
    Me,
    Person,
    Reason,
    SyncStats,
)
from imagechat_tui.core.writers import Writers
from imagechat_tui.protocol.events import (
    Batch,
    BoardUpdated,
    Event,
    LiveEvent,
    NewImageChat,
    PresenceUpdate,
    TypingUpdate,
    Unknown,
)
from imagechat_tui.protocol.replies import ImageChats

_IDS = ("marker_id", "comment_id", "parent_id")


class Session:
    """A board, a link, and what is under way; implements ``views.BoardReader``."""

    def __init__(  # noqa: PLR0913 - everything a pure object is given instead of taking it from the world
        self,
        *,
        tenant: str,
        url_id: str,
        src: str | None,
        settings: SessionSettings,
        new_id: Callable[[], str],
        random: Callable[[], float],
        wall_ms: Callable[[], int],
    ) -> None:
        self.tenant = tenant
        self.url_id = url_id
        self._settings = settings
        self._random = random
        self._outbox = Outbox()
        self._link = Link()
        self._board = Board()
        self._presence = Presence()
        self._writers = Writers(self._outbox, me=lambda: self._board.me.id)
        self._telling = Telling(self._outbox, self._board, self._link)
        self._tells = settings.typing and not settings.read_only
        self._facts = Facts(self._outbox, title=settings.page_title, src=src)
        self._operations = Operations(self._board, self._outbox, new_id=new_id, wall_ms=wall_ms)
        self._threads = Threads(self._board, self._outbox)
        self._joining = Joining(self._link, self._outbox, self, random=random)
        self._feed: Feed | None = None
        self._frames = self._malformed = self._unknown = 0
        self._headline = Headline(self._link, self._board, self._facts, self._presence)

    def handle(self, input: Input, now: float) -> list[Output]:  # noqa: A002 - the word of the design
        """Take one input in; ``now`` is monotonic seconds, never smaller than before.

        Returns:
            What is to be done and what may be shown, in order: what began, what changed, what ended, effects.
        """
        self._route(input, now)
        self._keep_looking(now)
        shown = self._board.showing.changes()
        return self._outbox.drain([*shown, *self._headline.changes(views=bool(shown))])

    def _route(self, what: Input, now: float) -> None:
        match what:
            case FrameReceived():
                self._frame(what, now)
            case Answered() | Refused() | Unanswered():
                self._outbox.answer(what, now)
            case Woke():
                self._outbox.woke(now)
                self._operations.passed(self.cursor, now)
            case Network() | Start() | RetryNow() | Stop():
                self._route_link(what, now)
            case _:
                self._route_wish(what, now)

    def _route_wish(self, what: Input, now: float) -> None:
        match what:
            case Intent():
                what = self._meant(what)
                self._telling.sent(what, now)
                self._operations.begin(what, now, barrier=self._barrier(what))
            case Retry():
                self._operations.retry(what.operation, now, barrier=self._barrier(None))
            case Discard():
                self._operations.discard(what.operation)
            case Undo():
                self._operations.undo(now, barrier=self._barrier(None))
            case OpenThread() | CloseThread():
                self._look(self._board.known_as(what.marker_id) if isinstance(what, OpenThread) else None, now)
            case Writing():
                self._telling.key(what.marker_id, now)
            case WritingEnded():
                self._telling.ended(now)
            case MarkAllRead():
                for marker_id in self._board.unread.markers():
                    self._board.read(marker_id)

    def _route_link(self, what: Input, now: float) -> None:
        match what:
            case SocketOpened():
                self._joining.opened(what.attempt, now)
            case SocketClosed():
                self._joining.closed(what, now)
            case Start():
                self._joining.start(now)
            case RetryNow():
                self._joining.retry_now(now)
            case Stop():
                self._operations.stop()
                self._joining.stop(now)

    # What is seen ------------------------------------------------------------------------------------------------

    @property
    def link(self) -> LinkView:
        """The connection."""
        return self._link.view

    @property
    def link_history(self) -> Sequence[tuple[float, LinkState, str]]:
        """When (session clock) the link entered which state, and by which signal; newest last."""
        return [(at, state, signal.value) for at, state, signal in self._link.history]

    @property
    def board(self) -> BoardView:
        """Title, picture and counts."""
        return self._headline.board

    @property
    def me(self) -> Me:
        """Who the user is here."""
        return self._board.me

    @property
    def people(self) -> tuple[Person, ...]:
        """Who looks at the board now, by name; without a connection: nobody."""
        return self._presence.people

    @property
    def viewers(self) -> int:
        """How many look, those without a name included."""
        return self._presence.count

    @property
    def writers(self) -> Mapping[str | None, tuple[Person, ...]]:
        """Who else writes now, by the marker whose thread it is for; ``None``: a marker to come."""
        return self._writers.shown

    @property
    def cursor(self) -> int | None:
        """The position that the board shows; ``None`` before the first load and on hosts without positions."""
        return self._feed.cursor if self._feed else None

    @property
    def stats(self) -> SyncStats:
        """Counts of the sync."""
        outcomes = self._operations.outcomes
        return SyncStats(
            cursor=self.cursor,
            reconnects=self._link.reconnects,
            gaps=self._feed.gaps if self._feed else 0,
            malformed=self._malformed,
            unknown=self._unknown,
            frames=self._frames,
            held_back=self._feed.held_back if self._feed else 0,
            confirmed=outcomes[Outcome.CONFIRMED],
            refused=outcomes[Outcome.REFUSED],
            unknown_outcome=outcomes[Outcome.UNKNOWN],
            echo_ids=len(self._operations.echo),
            followed=self._board.marker_at(self._feed.thread_url_id) if self._feed else None,
        )

    def markers(self) -> Sequence[MarkerView]:
        """All markers by number; own ones without a confirmation last."""
        return self._board.showing.listing()

    def marker(self, marker_id: str) -> MarkerView | None:
        """One marker, also by the operation that is about to create it, or has."""
        return self._board.showing.marker_view(self._board.known_as(marker_id))

    def thread(self, marker_id: str) -> Sequence[CommentView] | None:
        """The comments of a marker, oldest first, replies after their parent; ``None`` until loaded."""
        return self._board.showing.thread_view(self._board.known_as(marker_id))

    # What the user wants -----------------------------------------------------------------------------------------

    def _meant(self, intent: Intent) -> Intent:
        """The intent by the ids of today, and no deeper than threads nest."""
        changed = {
            name: now
            for name in _IDS
            if (before := getattr(intent, name, None)) is not None and (now := self._board.known_as(before)) != before
        }
        intent = msgspec.structs.replace(intent, **changed) if changed else intent
        if not isinstance(intent, AddComment) or intent.parent_id is None:
            return intent
        thread = self._board.threads.get(intent.marker_id)
        within = parent_within(thread.rows if thread else {}, intent.parent_id, depth=self._settings.max_reply_depth)
        return intent if within == intent.parent_id else msgspec.structs.replace(intent, parent_id=within)

    def _barrier(self, intent: Intent | None) -> Reason | None:
        """Why this cannot be sent now."""
        if self._settings.read_only:
            return Reason.READ_ONLY
        without_link = self._link_barrier()
        return without_link if without_link or intent is None else self._target_barrier(intent)

    def _link_barrier(self) -> Reason | None:
        """Why nothing can be asked now."""
        link = self._link.view
        if link.state is LinkState.REFUSED:
            return link.reason or Reason.NOT_ALLOWED
        if link.state in {LinkState.OFFLINE, LinkState.CLOSED} or self._feed is None:
            return Reason.OFFLINE
        return None

    def _target_barrier(self, intent: Intent) -> Reason | None:
        """Why this cannot be done to what it names."""
        marker_id = getattr(intent, "marker_id", None)
        if marker_id is None:
            return None
        for comment_id in (None, getattr(intent, "comment_id", None), getattr(intent, "parent_id", None)):
            if not self._board.has(marker_id, comment_id):
                own = any(change.operation == (comment_id or marker_id) for change in self._board.overlays(marker_id))
                return Reason.CONFLICT if own else Reason.GONE
        return None

    def _look(self, marker_id: str | None, now: float) -> None:
        self._board.unread.open_marker = marker_id
        row = self._board.rows.get(marker_id) if marker_id else None
        if marker_id is not None:
            self._board.read(marker_id)
            if self._link_barrier() is None:
                self._threads.opened(marker_id, now)
        if self._feed is not None and self._feed.look(row.window if row else None, now):
            self._joining.redial(now)

    def _keep_looking(self, now: float) -> None:
        """The open thread may have got its id, or its place at the host, only after it was opened."""
        before = self._board.unread.open_marker
        if before is None:
            return
        marker_id = self._board.known_as(before)
        row, feed = self._board.rows.get(marker_id), self._feed
        unfollowed = row and feed and not feed.board_scope and feed.thread_url_id != row.window
        if marker_id != before or unfollowed:
            self._look(marker_id, now)

    # What the network did ----------------------------------------------------------------------------------------

    def _frame(self, what: FrameReceived, now: float) -> None:
        if what.attempt != self._joining.attempt or self._feed is None:
            return
        self._frames += 1
        if what.frame is None:
            self._malformed += 1
        elif isinstance(what.frame, PresenceUpdate | TypingUpdate):
            self._writers.hear(what.frame, now)
            if isinstance(what.frame, PresenceUpdate):
                self._presence.update(what.frame)
            return
        events = what.frame.events if isinstance(what.frame, Batch) else (what.frame,)
        self._unknown += sum(isinstance(event, Unknown) for event in events)
        self._feed.frame(what.frame, now)

    def identified(self, chats: ImageChats) -> Feed:
        """The host has told who the user is and what it can do."""
        self._board.identify(who(chats))
        self._telling.able = self._tells and chats.imagechat is not None and chats.imagechat.typing
        if self._feed is None:
            plain = chats.imagechat is None or "board" not in chats.imagechat.scopes
            self._link.is_plain(plain=plain)
            self._feed = feed = self._plain_feed() if plain else self._position_feed()
            self._operations.expect = feed.expect
            self._operations.writer = feed.writer
        return self._feed

    def _position_feed(self) -> Feed:
        return PositionFeed(self._board, self._facts, self._outbox, self, random=self._random)

    def _plain_feed(self) -> Feed:
        operations = self._operations
        writer = PlainWriter(self._board, self._facts, url_id=self.url_id)
        return PlainFeed(
            self._board, self._outbox, self, writer=writer, random=self._random, is_echo=operations.is_echo
        )

    def socket_lost(self, now: float) -> None:
        """The live socket is gone: nobody is known to be here or to write, no thread is being loaded."""
        self._presence.clear()
        self._writers.clear(now)
        self._telling.lost()
        self._threads.lost()

    def apply(self, events: Iterable[LiveEvent], now: float) -> bool:
        """Apply events to the board, and tell one's own operations."""
        sound = True
        for event in events:
            sound &= self._board.apply(event)
            if isinstance(event, Event):
                self._operations.seen(event)
                self._writers.said(event, now)
            if isinstance(event, BoardUpdated):
                self._facts.show_image(event.image)
            if isinstance(event, NewImageChat) and event.marker_id in self._board.rows:
                self._threads.appeared(event.marker_id, now, cursor=self.cursor)
        return sound

    def moved(self, now: float) -> None:
        """The cursor has moved, or the board was replaced."""
        cursor = self.cursor
        self._threads.moved(cursor)
        self._operations.passed(cursor, now)
        self._operations.prune()

    def caught_up(self, now: float) -> None:
        """The board shows everything the server has."""
        self._joining.caught_up(now)
        self._threads.live(now, cursor=self.cursor)

    def fell_behind(self, now: float) -> None:
        """Something is missing and is being read."""
        self._joining.fell_behind(now)

    def no_answer(self, now: float) -> None:
        """A question that the feed needs got no answer."""
        self._joining.no_answer(now)

    def denied(self, answer: Refused, now: float) -> None:
        """The server rejects who asks."""
        self._joining.denied(answer, now)
