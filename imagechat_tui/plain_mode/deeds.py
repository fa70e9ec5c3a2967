"""Commands that change something: the same deeds as in the app, each with a sentence when it cannot begin."""

from collections.abc import Sequence

from imagechat_tui.core.views import CommentView, MarkerView
from imagechat_tui.i18n import _
from imagechat_tui.plain_mode import sentences
from imagechat_tui.plain_mode.aiming import Aim
from imagechat_tui.plain_mode.commands import Asked, Target
from imagechat_tui.plain_mode.writing import Writing
from imagechat_tui.tui import words
from imagechat_tui.tui.conversation import Conversation, Problem
from imagechat_tui.tui.drafts import Target as Draft


class Deeds:
    """What a person may do to the board."""

    def __init__(self, aim: Aim, conversation: Conversation, writing: Writing) -> None:
        self._aim = aim
        self._conversation = conversation
        self._writing = writing

    def do(self, asked: Asked) -> Problem:
        """A command without a text; why not, if so.

        Raises:
            UsageError: What it names is not there.
        """
        match asked.name:
            case "resolve" | "reopen":
                return self._resolve(asked.target, resolved=asked.name == "resolve")
            case "move":
                return self._move(asked)
            case "vote-up" | "vote-down":
                return self._vote(asked.target, 1 if asked.name == "vote-up" else -1)
            case "undo":
                return self._conversation.undo()
            case "retry":
                return self._conversation.retry(self._aim.selection.marker, None)
            case "discard":
                return self._discard()
        raise LookupError(asked.name)

    def send(self, target: Draft, text: str) -> Problem:
        """A text on its way; when that cannot begin, it is kept."""
        text = text.strip()
        if not text:
            return _("There is no text to send.")
        problem = self._conversation.send(target, text)
        if problem is not None:
            self._writing.keep(target, text)
        return problem

    def may_create(self) -> Problem:
        """Why there can be no new marker, if so."""
        return self._conversation.may_create()

    def may_reply(self, marker: MarkerView) -> Problem:
        """Why there is no answering, if so."""
        return self._conversation.may_reply(marker)

    def may_edit(self, comment: CommentView) -> Problem:
        """Why its text stays, if so."""
        return self._conversation.may_edit(comment)

    def may_delete(self, marker: MarkerView, comment: CommentView | None) -> Problem:
        """Why it stays, if so."""
        return self._conversation.may_delete(marker, comment)

    def question(
        self, marker: MarkerView, comment: CommentView | None, thread: Sequence[CommentView]
    ) -> tuple[str, str]:
        """What is asked before something is deleted, and what it means."""
        replies = sum(one.parent_id == comment.id for one in thread) if comment is not None else 0
        return words.delete_question(marker, comment, replies)

    def delete(self, marker: MarkerView, comment: CommentView | None) -> Problem:
        """Delete it."""
        return self._conversation.delete(marker.id, comment.id if comment is not None else None)

    def _resolve(self, target: Target, *, resolved: bool) -> Problem:
        marker = self._aim.marker(target)
        if marker.resolved == resolved:
            said = _("It is resolved already: {marker}.") if resolved else _("It is open already: {marker}.")
            return said.format(marker=sentences.called(marker))
        return self._conversation.resolve(marker)

    def _move(self, asked: Asked) -> Problem:
        marker = self._aim.marker(asked.target)
        x, y = asked.point or (marker.x, marker.y)
        return self._conversation.may_move(marker) or self._conversation.move(marker.id, x=x, y=y)

    def _vote(self, target: Target, direction: int) -> Problem:
        marker, comment = self._aim.comment(target)
        return self._conversation.vote(comment or self._aim.thread(marker)[0], direction)

    def _discard(self) -> Problem:
        marker = self._aim.selection.marker
        operation = self._conversation.failed_operation(marker, None)
        if operation is not None:
            self._writing.given_up(operation)
        return self._conversation.discard(marker, None)
