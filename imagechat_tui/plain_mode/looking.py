"""Commands that only tell: lists, conversations, people, states."""

from collections.abc import Callable, Sequence

from imagechat_tui.core.views import BoardReader, LinkState, MarkerView
from imagechat_tui.i18n import _, ngettext
from imagechat_tui.plain import line
from imagechat_tui.plain_mode import commands, sentences
from imagechat_tui.plain_mode.aiming import Aim
from imagechat_tui.plain_mode.commands import Asked, Target
from imagechat_tui.tui import words
from imagechat_tui.tui.conversation import Conversation
from imagechat_tui.tui.filters import Filter

_CUT_OFF = (LinkState.OFFLINE, LinkState.REFUSED, LinkState.CLOSED)


class Looking:
    """What a person can be told."""

    def __init__(
        self,
        view: BoardReader,
        aim: Aim,
        conversation: Conversation,
        *,
        title: str,
        link: str | None,
        wall_ms: Callable[[], int],
    ) -> None:
        self._view = view
        self._aim = aim
        self._conversation = conversation
        self._title = title
        self._link = link
        self._wall_ms = wall_ms
        self._waited_for: str | None = None
        self._unread: Callable[[], int] = lambda: 0

    @property
    def loading(self) -> bool:
        """Whether a conversation is being loaded, to be read."""
        return self._waited_for is not None

    @property
    def waits(self) -> bool:
        """Whether that is so, or what was read still counts as new."""
        return self.loading or self._unread() > 0

    def give_up(self) -> None:
        """Wait no longer."""
        self._waited_for = None
        self._unread = lambda: 0

    def answer(self, asked: Asked) -> list[str] | None:
        """What to say; ``None`` for a command that does something.

        Raises:
            UsageError: What it names is not there.
        """
        tellers: dict[str, Callable[[Asked], list[str]]] = {
            "list": self._list,
            "unread": lambda _asked: self._news(),
            "read": self._read,
            "next": lambda _asked: self._step(1),
            "previous": lambda _asked: self._step(-1),
            "next-open": lambda _asked: self._step(1, open_only=True),
            "filter": self._filter,
            "mark-read": lambda _asked: self._mark_read(),
            "who": lambda _asked: sentences.company(self._view),
            "link": lambda _asked: [self._told_link()],
            "status": lambda _asked: self._status(),
            "help": lambda asked: self._help(asked.text),
        }
        teller = tellers.get(asked.name)
        return None if teller is None else teller(asked)

    def loaded(self) -> list[str]:
        """The conversation that was waited for, once it has come."""
        marker = self._view.marker(self._waited_for) if self._waited_for else None
        if marker is None:
            self._waited_for = None
            return []
        thread = self._view.thread(marker.id)
        if thread is None and self._view.link.state not in _CUT_OFF:
            return []
        self._waited_for = None
        if thread is None:
            return [_("The conversation was not loaded before the connection was lost.")]
        return list(sentences.comments(thread, now_ms=self._wall_ms()))

    def _list(self, asked: Asked) -> list[str]:
        shown = self._matching(Filter(asked.text)) if asked.text else self._aim.selection.shown()
        if shown:
            return [sentences.marker(marker) for marker in shown]
        narrowed = asked.text or self._aim.selection.filter.text
        return (
            [_("No marker matches “{words}”.").format(words=narrowed)] if narrowed else [_("There are no markers yet.")]
        )

    def _news(self) -> list[str]:
        shown = self._matching(Filter("unread"))
        return [sentences.marker(marker) for marker in shown] or [_("Nothing is new.")]

    def _matching(self, wanted: Filter) -> Sequence[MarkerView]:
        view = self._view
        return [marker for marker in view.markers() if wanted.shows(marker, view.thread(marker.id) or ())]

    def _unread_on(self, marker_id: str) -> int:
        marker = self._view.marker(marker_id)
        return 0 if marker is None else marker.unread

    def _read(self, asked: Asked) -> list[str]:
        marker = self._aim.marker(Target(asked.target.marker))
        self._aim.selection.marker_id = self._waited_for = marker.id
        thread = self._view.thread(marker.id)
        said = [sentences.marker(marker)]
        if marker.resolved:
            said.append(words.resolved_by(marker, self._wall_ms()))
        said += self.loaded()
        self._conversation.open_thread(marker.id)
        if thread is not None:
            self._unread = lambda: self._unread_on(marker.id)
        return [*said, _("Loading the conversation.")] if self.loading else said

    def _step(self, by: int, *, open_only: bool = False) -> list[str]:
        step = self._aim.selection.step(by, open_only=open_only)
        if step.marker is None:
            return [_("There is no such marker.")]
        self._aim.selection.marker_id = step.marker.id
        said = [sentences.marker(step.marker)]
        return [_("Around the end."), *said] if step.wrapped else said

    def _filter(self, asked: Asked) -> list[str]:
        self._aim.selection.filter = Filter(asked.text)
        if not asked.text:
            return [_("All markers count again.")]
        found = len(self._matching(self._aim.selection.filter))
        said = ngettext("{n} marker matches “{words}”.", "{n} markers match “{words}”.", found)
        return [said.format(n=found, words=line(asked.text, most=100))]

    def _mark_read(self) -> list[str]:
        self._unread = lambda: self._view.board.unread
        self._conversation.mark_all_read()
        return [_("Nothing is new any longer.")]

    def _told_link(self) -> str:
        return self._link or _("This board is on this machine only; “imagechat share” gives it a link.")

    def _status(self) -> list[str]:
        view = self._view
        me = _("You are {name}.").format(name=words.name(view.me.name)) if view.me.name else _("You are a visitor.")
        said = [sentences.board(view, title=self._title), sentences.link(view.link), me]
        if self._aim.selection.filter:
            said.append(_("Only markers that match “{words}” count.").format(words=self._aim.selection.filter.text))
        if (marker := self._aim.selection.marker) is not None:
            said.append(_("Chosen: {marker}.").format(marker=sentences.called(marker)))
        return said

    def _help(self, name: str) -> list[str]:
        return [sentences.explained(commands.named(name))] if name else sentences.manual()
