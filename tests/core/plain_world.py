"""A plain host in memory and a session at it: what happens there, what is lost on the way, what its log keeps."""

import random
from collections.abc import Callable

from imagechat_tui.core.asks import AskBody, ReadChats, ReadEvents, ReadThread
from imagechat_tui.core.inputs import Answered, OpenThread, Refused, Start
from imagechat_tui.core.outputs import Ask
from imagechat_tui.core.replay import OVERLAP_MS
from imagechat_tui.core.views import LinkState
from imagechat_tui.protocol.codec import encode
from imagechat_tui.protocol.events import (
    DeletedComment,
    DeletedImageChat,
    DeletedVote,
    Event,
    ImageChatUpdated,
    Known,
    NewComment,
    NewImageChat,
    NewVote,
    UpdatedComment,
)
from imagechat_tui.protocol.models import Conversation, LiveComment, PublicComment, Vote
from imagechat_tui.protocol.replies import Comments, ErrorSeen, EventLog, LogEntry, Reply
from tests.core.scripted import OTHER, Script, chats, iso

WINDOW = "w1"
_LIMIT = 200
_ROUNDS = 200


class PlainWorld:
    """Marker ``m1`` is open, with one comment ``c1``; others come and go."""

    def __init__(self, *, seed: int) -> None:
        self.chance = random.Random(seed)
        self.now_ms = 1_000_000
        self.numbers = 1
        self.markers: dict[str, float] = {"m1": 1.0}
        self.comments: dict[str, tuple[str, int]] = {"c1": ("first", 0)}
        self.votes: dict[str, str] = {}
        self.page: list[Event] = []
        self.thread: list[Event] = []
        self.refuses_logs = 0
        self.script = Script(plain=True)
        self._answered: set[int] = set()
        self._unheard: list[Event] = []
        self._connected = True
        self.script.put(Start())
        self.script.put(OpenThread(marker_id="m1"))
        self.settle()
        self.script.opened()
        self.settle()
        self.script.put(OpenThread(marker_id="m1"))
        self._dial()

    # What happens ------------------------------------------------------------------------------------------------

    def happens(self, *kinds: str) -> None:
        """Each of these, in order: mark, move, unmark, say, edit, unsay, vote, unvote."""
        for kind in kinds:
            self._kinds[kind]()

    def anything(self) -> None:
        """One thing by chance."""
        self.happens(self.chance.choice(list(self._kinds)))

    @property
    def _kinds(self) -> dict[str, Callable[[], None]]:
        return {
            "mark": self._mark, "move": self._move, "unmark": self._unmark, "say": self._say,
            "edit": self._edit, "unsay": self._unsay, "vote": self._vote, "unvote": self._unvote,
        }  # fmt: skip

    def tick(self, *, late: bool = False) -> int:
        """The host's next stamp; of a new thing it may be one of a while ago, for things are not stored in order."""
        self.now_ms += self.chance.choice([1, 40, 3_000])
        return self.now_ms - (self.chance.randrange(OVERLAP_MS) if late and self.chance.random() < 0.3 else 0)

    def trim(self) -> None:
        """The logs forget what was stored before some moment."""
        for log in (self.page, self.thread):
            del log[: self.chance.randrange(len(log) + 1)]

    def _number(self) -> int:
        self.numbers += 1
        return self.numbers

    def _mark(self) -> None:
        number = self._number()
        self.markers[f"m{number}"] = 5.0
        self._page(
            NewImageChat(
                timestamp=self.tick(late=True), broadcast_id=f"b{number}", conversation=self._named(f"m{number}")
            )
        )

    def _move(self) -> None:
        marker = self.chance.choice(list(self.markers))
        self.markers[marker] = float(self.chance.randrange(100))
        self._page(ImageChatUpdated(timestamp=self.tick(), broadcast_id=self._id(), conversation=self._named(marker)))

    def _unmark(self) -> None:
        others = [marker for marker in self.markers if marker != "m1"]
        if others:
            marker = self.chance.choice(others)
            found = self._named(marker)
            del self.markers[marker]
            self._page(
                DeletedImageChat(timestamp=self.tick(), broadcast_id=self._id(), chat_id=marker, conversation=found)
            )

    def _say(self) -> None:
        key = f"c{self._number()}"
        self.comments[key] = (f"text of {key}", 0)
        self._told(NewComment, key)

    def _edit(self) -> None:
        if self.comments:
            key = self.chance.choice(list(self.comments))
            self.comments[key] = (f"edited {self._number()}", self.comments[key][1])
            self._told(UpdatedComment, key)

    def _unsay(self) -> None:
        later = [key for key in self.comments if key != "c1"]
        if later:
            key = self.chance.choice(later)
            event = self._comment(key)
            del self.comments[key]
            self.votes = {vote: comment for vote, comment in self.votes.items() if comment != key}
            self._thread(DeletedComment(timestamp=self.tick(), broadcast_id=self._id(), comment=event))
            self._counted()

    def _vote(self) -> None:
        key, vote = self.chance.choice(list(self.comments)), f"v{self._number()}"
        self.votes[vote] = key
        self._voted(NewVote, vote, key, 1)

    def _unvote(self) -> None:
        if self.votes:
            vote = self.chance.choice(list(self.votes))
            self._voted(DeletedVote, vote, self.votes.pop(vote), -1)

    def _voted(self, kind: type[NewVote | DeletedVote], vote: str, key: str, step: int) -> None:
        text, votes = self.comments[key]
        self.comments[key] = (text, votes + step)
        wire = Vote(id=vote, tenant_id="t", url_id=WINDOW, url_id_raw=WINDOW, comment_id=key, direction=1, created_at=1,
                    verification_id=None, user_id=OTHER)  # fmt: skip
        self._thread(kind(timestamp=self.tick(), broadcast_id=self._id(), vote=wire))

    def _told(self, kind: type[NewComment | UpdatedComment], key: str) -> None:
        own = self._id()
        at = self.tick(late=kind is NewComment)
        self._thread(kind(timestamp=at, broadcast_id=own, comment=self._comment(key)))
        self._counted(own)

    def _counted(self, own: str | None = None) -> None:
        """The page is told how long the thread is now, by the same write."""
        found = self._named("m1", count=len(self.comments))
        self._page(ImageChatUpdated(timestamp=self.tick(), broadcast_id=own or self._id(), conversation=found))

    def _id(self) -> str:
        return f"b{self._number()}"

    def _named(self, marker: str, *, count: int = 0) -> Conversation:
        return Conversation(id=marker, url_id=f"w{marker[1:]}", x=self.markers[marker], y=2.0, comment_count=count)

    def _comment(self, key: str) -> LiveComment:
        at = iso(int(key[1:]) % 60)
        return LiveComment(
            id=key, url_id=WINDOW, user_id=OTHER, commenter_name="other", comment=self.comments[key][0], date=at
        )

    def _page(self, event: Event) -> None:
        self._store(self.page, event)

    def _thread(self, event: Event) -> None:
        self._store(self.thread, event)

    def _store(self, log: list[Event], event: Event) -> None:
        log.append(event)
        if self._connected:
            self._unheard.append(event)

    # The way -----------------------------------------------------------------------------------------------------

    def deliver(self, *, but: int = 0) -> None:
        """What is on the way arrives, except the last of it."""
        arriving = self._unheard[: len(self._unheard) - but]
        del self._unheard[: len(arriving)]
        for event in arriving:
            assert isinstance(event, Known)
            self.script.frame(event)

    def lose(self, *, unheard: int) -> None:
        """The socket ends; the last frames never came."""
        self.deliver(but=unheard)
        self.settle()
        self._connected = False
        self._unheard.clear()
        self.script.closed()
        self.settle()

    def come_back(self, *, meanwhile: int = 0) -> None:
        """The socket opens; so many things happen while what was missed is read."""
        self._connected = True
        self._dial()
        for _ in range(meanwhile):
            self._answer_one()
            self.anything()
            if self.chance.random() < 0.5:
                self.deliver()
        self.settle()

    def _dial(self) -> None:
        for _ in range(_ROUNDS):
            if self.script.session.link.state is LinkState.LIVE and self._connected and self._open():
                break
            self.settle()
            self.script.opened()
            self.settle()
            if self._open():
                break
            self.script.wake()

    def _open(self) -> bool:
        return self.script.session._joining.open

    # The host's answers ------------------------------------------------------------------------------------------

    def asked(self, kind: type[AskBody]) -> list[Ask]:
        """Questions of a kind so far."""
        return [ask for ask in self.script.of(Ask) if isinstance(ask.body, kind)]

    def settle(self) -> None:
        """Everything asked is answered, everything on the way arrives, until it is quiet."""
        for _ in range(_ROUNDS):
            self.deliver()
            if not self._answer_one():
                return
        raise AssertionError("it never gets quiet")

    def _answer_one(self) -> bool:
        waiting = [ask for ask in self.script.of(Ask) if ask.ask not in self._answered]
        if not waiting:
            return False
        ask = waiting[0]
        self._answered.add(ask.ask)
        reply = self._reply(ask.body)
        if reply is None:
            self.script.put(Refused(ask=ask.ask, status=self.refuses_logs, error=ErrorSeen()))
        else:
            self.script.put(Answered(ask=ask.ask, reply=reply))
        return True

    def _reply(self, body: AskBody) -> Reply | None:
        match body:
            case ReadChats():
                return chats(*(self._named(marker) for marker in self.markers), plain=True)
            case ReadThread(window_url_id=window):
                return self._listed(window)
            case ReadEvents() if not self.refuses_logs:
                log = self.page if body.url_id == "board" else self.thread
                found = [one for one in log if (one.timestamp or 0) >= body.start_ms]
                return _told(sorted(found, key=lambda one: one.timestamp or 0)[:_LIMIT])
        return None

    def _listed(self, window: str) -> Comments:
        comments = [] if window != WINDOW else [
            PublicComment(
                id=key, user_id=OTHER, commenter_name="other", comment=text, comment_html=text, votes=votes,
                date=iso(int(key[1:]) % 60), verified=True,
            )
            for key, (text, votes) in self.comments.items()
        ]  # fmt: skip
        return Comments(status="success", comments=comments, user=None, page_number=0)

    def agrees(self) -> None:
        """The session shows what the host has."""
        self.settle()
        session = self.script.session
        assert session.link.state is LinkState.LIVE
        assert {view.id: view.x for view in session.markers()} == self.markers
        shown = {view.id: (view.text, view.votes) for view in session.thread("m1") or ()}
        assert shown == self.comments
        marker = session.marker("m1")
        assert marker is not None
        assert marker.comment_count == len(self.comments)


def _told(events: list[Event]) -> EventLog:
    entries = [
        LogEntry(id=str(number), created_at="", tenant_id="t", url_id="", broadcast_id="", data=encode(event).decode())
        for number, event in enumerate(events)
    ]
    return EventLog(status="success", events=entries)
