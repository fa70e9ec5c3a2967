"""One person's talk with a board: a typed line in, lines to say out; and what happens meanwhile, in lines.

It reads the board's views and hands intents over. It knows no terminal, no network and no clock of its own.
"""

from collections.abc import Callable, Sequence
from typing import Final

from imagechat_tui.core.inputs import Input, Intent, Retry, Undo
from imagechat_tui.core.outputs import Change, CommentPut, MarkerPut, Noted, OperationBegan, OperationEnded, Outcome
from imagechat_tui.core.views import CommentView, LinkState, MarkerView
from imagechat_tui.errors import UsageError
from imagechat_tui.i18n import _
from imagechat_tui.plain import line as one_line
from imagechat_tui.plain_mode import commands, results, sentences, writing
from imagechat_tui.plain_mode.aiming import Aim
from imagechat_tui.plain_mode.announcer import Announcer
from imagechat_tui.plain_mode.commands import Asked
from imagechat_tui.plain_mode.deeds import Deeds
from imagechat_tui.plain_mode.looking import Looking
from imagechat_tui.plain_mode.writing import Writing
from imagechat_tui.tui.conversation import Conversation
from imagechat_tui.tui.drafts import Drafts, Edit, NewMarker, Reply
from imagechat_tui.tui.ports import BoardClient

QUIT: Final = "quit"
BOARDS: Final = "boards"


class Dialogue:
    """The state of the talk: what is chosen, asked, written."""

    def __init__(
        self,
        client: BoardClient,
        *,
        title: str,
        drafts: Drafts,
        link: str | None,
        read_only: bool,
        wall_ms: Callable[[], int],
    ) -> None:
        self._view = client.view
        self._title = title
        self._announcer = Announcer(client.view)
        self._writing = Writing(drafts)
        self._aim = Aim(client.view)
        self._submit = client.submit
        self._handed = 0
        self._conversation = Conversation(read=lambda: client.view, submit=self._hand_over, read_only=read_only)
        self._looking = Looking(self._view, self._aim, self._conversation, title=title, link=link, wall_ms=wall_ms)
        self._deeds = Deeds(self._aim, self._conversation, self._writing)
        self._question: Callable[[], list[str]] | None = None
        self.left: str | None = None
        """``QUIT`` or ``BOARDS`` once the person has left."""
        self.failed = False
        """Whether anything that was asked for could not be done."""

    @property
    def ready(self) -> bool:
        """Whether there is something to talk about: the board is loaded, or cannot be."""
        return self._view.link.state not in {LinkState.CONNECTING, LinkState.SYNCING, LinkState.CLOSED}

    @property
    def busy(self) -> bool:
        """Whether an answer is still on its way."""
        return self._handed > 0 or self._announcer.busy or self._looking.waits

    def begin(self, notices: Sequence[str] = ()) -> list[str]:
        """The first lines."""
        self._announcer.start()
        return [*sentences.greeting(self._view, title=self._title), *(one_line(notice) for notice in notices)]

    def hear(self, changes: Sequence[Change]) -> list[str]:
        """What to say about changes."""
        for change in changes:
            self._follow(change)
        said = self._announcer.hear(changes)
        return [*said, *self._looking.loaded()]

    def enter(self, line: str) -> list[str]:
        """What to say to a typed line."""
        try:
            if self._writing.target is not None:
                return self._written(line)
            if self._question is not None:
                return self._answered(line)
            asked = commands.parse(line)
            return [] if asked is None else self._do(asked)
        except UsageError as mistake:
            self.failed = True
            return [str(mistake)]

    def give_up_waiting(self) -> list[str]:
        """What was waited for does not come."""
        self.failed = True
        self._handed = 0
        self._looking.give_up()
        return [_("There is no answer; going on.")]

    def leave(self, begun: str = "") -> None:
        """Keep what is being written, the line that is ``begun`` included."""
        if self._writing.target is not None:
            if begun.strip():
                self._writing.add(begun)
            self._writing.end()
            return
        try:
            asked = commands.parse(begun)
            if asked is not None and asked.text:
                self._keep(asked)
        except UsageError:
            return

    # Lines -------------------------------------------------------------------------------------------------------

    def _written(self, line: str) -> list[str]:
        target, text = self._writing.target, self._writing.text
        word = line.strip()
        if target is None or word not in {writing.SEND, writing.KEEP, writing.DROP}:
            self._writing.add(line)
            if target is not None and word:
                self._conversation.writes(target)
            return []
        self._writing.end()
        if word == writing.SEND:
            return self._said(self._deeds.send(target, text))
        self._conversation.writes_no_longer()
        self._writing.keep(target, text if word == writing.KEEP else "")
        return [_("Kept as a draft.") if word == writing.KEEP and text else _("Nothing is kept.")]

    def _answered(self, line: str) -> list[str]:
        question, self._question = self._question, None
        if question is not None and line.strip().casefold() in {"yes", "y", _("yes").casefold()}:
            return question()
        return [_("Nothing is deleted.")]

    def _do(self, asked: Asked) -> list[str]:
        if asked.name in {QUIT, BOARDS}:
            self.left = asked.name
            return []
        if asked.name == "delete":
            return self._delete(asked)
        if asked.name in {"new", "reply", "edit"}:
            return self._write(asked)
        answer = self._looking.answer(asked)
        if answer is not None:
            return answer
        problem = self._deeds.do(asked)
        return [_("Given up.")] if problem is None and asked.name == "discard" else self._said(problem)

    def _said(self, problem: str | None) -> list[str]:
        if problem is None:
            return []
        self.failed = True
        return [problem]

    def _write(self, asked: Asked) -> list[str]:
        target = self._target(asked)
        if isinstance(target, str):
            return self._said(target)
        if asked.text:
            return self._said(self._deeds.send(target, asked.text))
        return self._writing.begin(target)

    def _target(self, asked: Asked) -> NewMarker | Reply | Edit | str:
        """What the text is for, or why there can be none."""
        if asked.point is not None:
            return self._deeds.may_create() or NewMarker(x=asked.point[0], y=asked.point[1])
        if asked.name == "edit":
            marker, comment = self._aim.own_comment(asked.target)
            return self._deeds.may_edit(comment) or Edit(marker_id=marker.id, comment_id=comment.id)
        marker, parent = self._aim.comment(asked.target)
        parent_id = parent.id if parent is not None and parent.operation is None else None
        return self._deeds.may_reply(marker) or Reply(marker_id=marker.id, parent_id=parent_id)

    def _keep(self, asked: Asked) -> None:
        target = self._target(asked) if asked.name in {"new", "reply", "edit"} else ""
        if not isinstance(target, str):
            self._writing.keep(target, asked.text)

    def _delete(self, asked: Asked) -> list[str]:
        marker, comment = self._aim.comment(asked.target)
        thread = self._view.thread(marker.id) or ()
        if comment is not None and thread and thread[0].id == comment.id:
            comment = None
        problem = self._deeds.may_delete(marker, comment)
        if problem is not None:
            return self._said(problem)
        self._question = lambda: self._said(self._deeds.delete(marker, comment))
        return [self._question_about(marker, comment, thread)]

    def _question_about(self, marker: MarkerView, comment: CommentView | None, thread: Sequence[CommentView]) -> str:
        title, body = self._deeds.question(marker, comment, thread)
        return _("{question} {meaning} Type {yes} to delete it, anything else to keep it.").format(
            question=title, meaning=body, yes=_("yes")
        )

    # Changes -----------------------------------------------------------------------------------------------------

    def _hand_over(self, wish: Input) -> None:
        """To the session, which says for each of these once that it began, or why there was nothing to begin."""
        self._handed += isinstance(wish, Intent | Undo | Retry)
        self._submit(wish)

    def _follow(self, change: Change) -> None:
        """Ids become final, and a text is a draft until it has arrived, whatever ends the program before."""
        match change:
            case OperationBegan() | Noted():
                self._handed = max(0, self._handed - 1)
            case MarkerPut() if change.was is not None:
                self._writing.renamed(change.was, change.marker.id)
                self._aim.selection.renamed({change.was: change.marker.id})
        match change:
            case OperationBegan() if (kept := results.draft_of(change.intent)) is not None:
                self._writing.keep(*kept)
            case OperationEnded():
                self._ended(change)
            case MarkerPut(marker=marker) if change.was is not None and marker.operation is None:
                self._writing.arrived(NewMarker(x=marker.x, y=marker.y), marker.title)
            case CommentPut(comment=comment) if change.was is not None and comment.operation is None:
                self._writing.arrived(Reply(marker_id=comment.marker_id), comment.text)

    def _ended(self, change: OperationEnded) -> None:
        kept, failed = results.draft_of(change.intent), change.outcome is not Outcome.CONFIRMED
        self.failed |= failed
        if kept is not None and failed:
            self._writing.failed(change.operation, *kept)
        elif kept is not None:
            self._writing.arrived(*kept)
