"""A session whose world is a script: the test answers every question itself, in any order, at any time."""

from collections.abc import Sequence
from itertools import count
from typing import TypeVar

from imagechat_tui.core.asks import AskBody, ReadChats, ReadLog, ReadSnapshot
from imagechat_tui.core.inputs import (
    Answered,
    FrameReceived,
    Input,
    Refused,
    Silence,
    SocketClosed,
    SocketOpened,
    Start,
    Unanswered,
    Woke,
)
from imagechat_tui.core.outputs import Ask, Connect, Output, WakeAt
from imagechat_tui.core.session import Session
from imagechat_tui.core.settings import SessionSettings
from imagechat_tui.protocol.events import Frame, LiveEvent, NewComment, NewImageChat, Skip
from imagechat_tui.protocol.models import Capabilities, Conversation, LiveComment, PublicComment, User
from imagechat_tui.protocol.replies import ErrorSeen, ImageChats, LogPage, Reply, Snapshot

T = TypeVar("T", bound=Output)
ME, OTHER = "t:me", "t:other"


class Script:
    """A session and everything it has put out."""

    def __init__(self, *, settings: SessionSettings | None = None, plain: bool = False) -> None:
        numbers = count(1)
        self.now = 0.0
        self.outputs: list[Output] = []
        self.last: list[Output] = []
        """The outputs of the last input."""
        self.plain = plain
        self.session = Session(
            tenant="t",
            url_id="board",
            src="/p.png",
            settings=settings or SessionSettings(page_title="Page"),
            new_id=lambda: f"op{next(numbers)}",
            random=lambda: 0.5,
            wall_ms=lambda: 1_000,
        )

    # Inputs ------------------------------------------------------------------------------------------------------

    def put(self, what: Input, *, after: float = 0.0) -> list[Output]:
        """One input, ``after`` seconds later than the last."""
        self.now += after
        self.last = self.session.handle(what, self.now)
        self.outputs.extend(self.last)
        return self.last

    def wake(self) -> list[Output]:
        """Go to the moment of the alarm."""
        at = self.of(WakeAt)[-1].at
        assert at is not None
        self.now = max(self.now, at)
        return self.put(Woke())

    def answer(self, kind: type[AskBody], reply: Reply) -> list[Output]:
        """Answer the last question of a kind."""
        return self.put(Answered(ask=self.question(kind).ask, reply=reply))

    def refuse(self, kind: type[AskBody], status: int, *, code: str = "") -> list[Output]:
        """Refuse the last question of a kind."""
        error = ErrorSeen(code=code, reason="because")
        return self.put(Refused(ask=self.question(kind).ask, status=status, error=error))

    def lose(self, kind: type[AskBody], *, why: Silence = Silence.LOST) -> list[Output]:
        """Leave the last question of a kind without an answer."""
        return self.put(Unanswered(ask=self.question(kind).ask, why=why))

    def frame(self, frame: Frame | None) -> list[Output]:
        """A frame of the present socket."""
        return self.put(FrameReceived(attempt=self.attempt, frame=frame))

    def opened(self) -> list[Output]:
        """The last dial succeeds."""
        return self.put(SocketOpened(attempt=self.attempt))

    def closed(self, *, status: int | None = None) -> list[Output]:
        """The present socket, or the last dial, ends."""
        return self.put(SocketClosed(attempt=self.attempt, status=status))

    # Looking -----------------------------------------------------------------------------------------------------

    def of(self, kind: type[T]) -> list[T]:
        """All outputs of a kind so far."""
        return [output for output in self.outputs if isinstance(output, kind)]

    def now_of(self, kind: type[T]) -> list[T]:
        """The outputs of a kind after the last input."""
        return [output for output in self.last if isinstance(output, kind)]

    def question(self, kind: type[AskBody]) -> Ask:
        """The last question of a kind."""
        return [ask for ask in self.of(Ask) if isinstance(ask.body, kind)][-1]

    def asked(self, kind: type[AskBody]) -> int:
        """How many questions of a kind were put."""
        return sum(isinstance(ask.body, kind) for ask in self.of(Ask))

    @property
    def attempt(self) -> int:
        """The number of the last dial."""
        return self.of(Connect)[-1].attempt

    # Stories -----------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Up to the identity; socket and snapshot are under way."""
        self.put(Start())
        self.answer(ReadChats, chats(plain=self.plain))

    def go_live(self, *markers: Conversation, seq: int = 0) -> None:
        """Open the board with these markers."""
        self.start()
        self.opened()
        self.answer(ReadSnapshot, snapshot(*markers, seq=seq))
        self.answer(ReadLog, page(head=seq))


def chats(*markers: Conversation, plain: bool = False, user: User | None = None, typing: bool = True) -> ImageChats:
    """Who the user is and what the host can do."""
    able = Capabilities(version=1, scopes=["board"], batch=True, seq=0, image=None, typing=typing)
    return ImageChats(
        status="success",
        user=user or User(id=ME, username="me"),
        conversations=list(markers),
        url_id_clean="board",
        is_site_admin=False,
        tenant_id_ws="t",
        url_id_ws="board",
        user_id_ws="ws",
        imagechat=None if plain else able,
    )


def snapshot(*markers: Conversation, seq: int = 0) -> Snapshot:
    """A whole board."""
    return Snapshot(status="success", seq=seq, image=None, title="Board", visibility="link", markers=list(markers))


def page(*events: LiveEvent | Skip, head: int, has_more: bool = False) -> LogPage:
    """A page of the log."""
    return LogPage(status="success", events=list(events), head=head, has_more=has_more)


def iso(second: int) -> str:
    """A moment of the tests' minute."""
    return f"2026-01-01T00:00:{second:02}.000Z"


def live_comment(key: str, text: str, *, author: str = OTHER, at: int = 1, parent: str | None = None) -> LiveComment:
    """A comment in an event."""
    return LiveComment(id=key, user_id=author, commenter_name=author[2:], comment=text, date=iso(at), parent_id=parent)


def public_comment(key: str, text: str, *, author: str = OTHER, at: int = 1) -> PublicComment:
    """A comment in an answer."""
    return PublicComment(
        id=key, user_id=author, commenter_name=author[2:], comment=text, comment_html=text, date=iso(at), verified=True
    )


def marker(number: int = 1, *, x: float = 10.0, y: float = 20.0, author: str = OTHER, count: int = 1) -> Conversation:
    """A marker ``m<number>`` with its first comment ``c<number>``."""
    first = live_comment(f"c{number}", f"text {number}", author=author, at=number)
    return Conversation(
        id=f"m{number}",
        url_id=f"w{number}",
        x=x,
        y=y,
        user_id=author,
        user_name=author[2:],
        created_at=iso(number),
        comment_count=count,
        number=number,
        first_comment=first,
    )


def made(number: int, *, seq: int, author: str = OTHER, broadcast_id: str | None = None) -> NewImageChat:
    """The event of a new marker."""
    return NewImageChat(seq=seq, broadcast_id=broadcast_id, conversation=marker(number, author=author))


def said(key: str, text: str, *, seq: int, author: str = OTHER, broadcast_id: str | None = None) -> NewComment:
    """The event of a new comment at ``m1``."""
    return NewComment(
        seq=seq, broadcast_id=broadcast_id, chat_id="m1", comment=live_comment(key, text, author=author, at=30 + seq)
    )


def texts(views: Sequence[object] | None) -> list[str]:
    """What the comments of a thread say."""
    return [getattr(view, "text") for view in views or ()]  # noqa: B009 - any view with a text
