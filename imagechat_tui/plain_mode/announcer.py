"""What happened since the last word, as lines: changes of others, ends of one's own, the state of the connection.

It compares what it told last with what the board shows now, so that a long absence and a single event read the same.
One's own changes are told once, when they have ended.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from imagechat_tui.core import inputs
from imagechat_tui.core.outputs import (
    BoardReplaced,
    Change,
    CommentGone,
    CommentPut,
    LinkChanged,
    MarkerGone,
    MarkerPut,
    Noted,
    OperationBegan,
    OperationEnded,
    PeopleChanged,
    PictureChanged,
    ThreadReplaced,
)
from imagechat_tui.core.views import BoardReader, LinkState, MarkerView
from imagechat_tui.i18n import _, ngettext
from imagechat_tui.plain_mode import differences, results
from imagechat_tui.plain_mode.sentences import link
from imagechat_tui.tui import words

MOST: Final = 20
"""Lines for one batch of changes; more of them are counted."""

_TOLD: Final = (LinkState.LIVE, LinkState.RECONNECTING, LinkState.OFFLINE, LinkState.REFUSED)


class Announcer:
    """Remembers what has been told of one board."""

    def __init__(self, view: BoardReader) -> None:
        self._view = view
        self._markers: dict[str, MarkerView] = {}
        self._threads: dict[str, differences.Thread] = {}
        self._people: dict[str, str] | None = None
        self._link = view.link.state
        self._own: dict[str, inputs.Intent] = {}
        self._whole = False
        self._touched: set[str] = set()
        self._spoken: set[str] = set()
        """Markers whose comments may be different."""

    @property
    def busy(self) -> bool:
        """Whether one's own changes are on their way."""
        return bool(self._own)

    def start(self) -> None:
        """Take the present state as told."""
        for each in self._view.markers():
            self._markers[each.id] = each
            self._follow_thread(each.id)
        self._link = self._view.link.state
        self._meet()

    def hear(self, changes: Sequence[Change]) -> list[str]:
        """What to say about a batch of changes."""
        own = [*self._own.values()]
        said: list[str] = []
        for change in changes:
            if isinstance(change, OperationBegan | OperationEnded):
                own.append(change.intent)
            said += self._hear(change)
        news = [*self._marker_news(own), *self._comment_news(own)]
        if len(news) > MOST:
            more = len(news) - MOST
            news = news[:MOST]
            news.append(ngettext("And {n} more change.", "And {n} more changes.", more).format(n=more))
        return [*news, *said]

    def _hear(self, change: Change) -> Iterator[str]:
        match change:
            case OperationBegan():
                self._own[change.operation] = change.intent
            case OperationEnded():
                self._own.pop(change.operation, None)
                yield results.ended(change, self._view)
            case Noted():
                yield words.nothing(change.what)
            case LinkChanged():
                yield from self._link_news()
            case PeopleChanged():
                yield from self._people_news()
            case PictureChanged():
                yield _("The picture is now version {n}.").format(n=change.version)
            case _:
                self._touch(change)

    def _touch(self, change: Change) -> None:
        match change:
            case MarkerPut():
                if change.was is not None and change.was in self._markers:
                    self._markers[change.marker.id] = self._markers.pop(change.was)
                    self._threads.pop(change.was, None)
                self._touched.add(change.marker.id)
            case MarkerGone():
                self._touched.add(change.marker_id)
            case CommentPut():
                known = self._threads.get(change.comment.marker_id, {})
                if change.was is not None and change.was in known:
                    known[change.comment.id] = known.pop(change.was)
                self._spoken.add(change.comment.marker_id)
            case CommentGone() | ThreadReplaced():
                self._spoken.add(change.marker_id)
            case BoardReplaced():
                self._whole = True

    # Markers and comments ----------------------------------------------------------------------------------------

    def _marker_news(self, own: Sequence[inputs.Intent]) -> list[str]:
        ids = list(self._touched)
        if self._whole:
            ids = [*dict.fromkeys([*self._markers, *(each.id for each in self._view.markers())])]
            self._spoken.update(self._threads)
        self._touched.clear()
        self._whole = False
        said: list[str] = []
        for marker_id in ids:
            before, now = self._markers.pop(marker_id, None), self._view.marker(marker_id)
            if now is not None and now.id != marker_id:
                continue
            said += differences.marker(before, now, own=own, loaded=marker_id in self._threads)
            if now is None:
                self._threads.pop(marker_id, None)
                self._spoken.discard(marker_id)
            else:
                self._markers[marker_id] = now
        return said

    def _comment_news(self, own: Sequence[inputs.Intent]) -> list[str]:
        spoken, self._spoken = self._spoken, set()
        said: list[str] = []
        for marker_id in spoken:
            marker, before = self._view.marker(marker_id), self._threads.get(marker_id)
            if marker is None or not self._follow_thread(marker_id) or before is None:
                continue
            said += differences.thread(marker, before, self._threads[marker_id], own=own)
        return said

    def _follow_thread(self, marker_id: str) -> bool:
        """Remember a conversation as it is now; whether it is there."""
        comments = self._view.thread(marker_id)
        if comments is not None:
            self._threads[marker_id] = {comment.id: comment for comment in comments}
        return comments is not None

    # The connection and who is here ------------------------------------------------------------------------------

    def _link_news(self) -> Iterator[str]:
        now = self._view.link
        if now.state is not LinkState.LIVE:
            self._people = None
        if now.state is self._link or now.state not in _TOLD:
            return
        self._link = now.state
        yield link(now)

    def _people_news(self) -> Iterator[str]:
        before = self._people
        if self._view.link.state is not LinkState.LIVE:
            return
        now = self._meet()
        if before is None:
            return
        yield from (_("{name} is here.").format(name=words.name(now[one])) for one in now if one not in before)
        yield from (_("{name} has left.").format(name=words.name(before[one])) for one in before if one not in now)

    def _meet(self) -> dict[str, str]:
        view = self._view
        self._people = {person.id: person.name for person in view.people if person.id != view.me.id}
        return self._people
