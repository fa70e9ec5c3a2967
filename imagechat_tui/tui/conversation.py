"""What a person may do to markers and comments: checks what can be known here, then hands the intent over.

Every method returns a sentence that says why not, or ``None`` when the intent is on its way. It shows nothing.
"""

from collections.abc import Callable

from imagechat_tui.core import inputs
from imagechat_tui.core.views import BoardReader, CommentView, Delivery, LinkState, MarkerView
from imagechat_tui.i18n import _, ngettext
from imagechat_tui.protocol.limits import COMMENT_CHARACTERS
from imagechat_tui.tui import words
from imagechat_tui.tui.drafts import Edit, NewMarker, Reply, Target

Problem = str | None

_CUT_OFF = (LinkState.OFFLINE, LinkState.REFUSED, LinkState.CLOSED)


class Conversation:
    """The deeds of one person on one board."""

    def __init__(
        self, *, read: Callable[[], BoardReader], submit: Callable[[inputs.Input], None], read_only: bool
    ) -> None:
        self._read = read
        self._submit = submit
        self._read_only = read_only

    def blocked(self) -> Problem:
        """Why nothing can be changed now, if so."""
        if self._read_only:
            return _("This board is open for reading only.")
        match self._read().link.state:
            case LinkState.OFFLINE:
                return _("You are offline: nothing can be sent. Your text is kept.")
            case LinkState.REFUSED | LinkState.CLOSED:
                return _("There is no connection: nothing can be sent. Your text is kept.")
            case _:
                return None

    def send(self, target: Target, text: str) -> Problem:
        """A new marker, a reply, or a changed comment."""
        if len(text) > COMMENT_CHARACTERS:
            over = len(text) - COMMENT_CHARACTERS
            said = ngettext(
                "{n} character too many: a comment has at most {most}.",
                "{n} characters too many: a comment has at most {most}.",
                over,
            )
            return said.format(n=over, most=COMMENT_CHARACTERS)
        match target:
            case NewMarker(x=x, y=y):
                return self._try(inputs.CreateMarker(x=x, y=y, text=text))
            case Reply(marker_id=marker_id, parent_id=parent_id):
                return self._try(inputs.AddComment(marker_id=marker_id, text=text, parent_id=parent_id))
            case Edit(marker_id=marker_id, comment_id=comment_id):
                return self._try(inputs.EditComment(marker_id=marker_id, comment_id=comment_id, text=text))

    def writes(self, target: Target) -> None:
        """Something was typed for it; others may know."""
        self._submit(inputs.Writing(marker_id=None if isinstance(target, NewMarker) else target.marker_id))

    def writes_no_longer(self) -> None:
        """It was left unsent."""
        self._submit(inputs.WritingEnded())

    def may_create(self) -> Problem:
        """Why there can be no new marker, if so; without a connection its text can still be written."""
        return self.blocked() if self._read_only else None

    def may_reply(self, marker: MarkerView) -> Problem:
        """Why there is no answering in this thread, if so."""
        if self._read_only:
            return self.blocked()
        return self._settled(marker)

    def resolve(self, marker: MarkerView) -> Problem:
        """Resolve, or reopen."""
        return self._settled(marker) or self._try(
            inputs.ResolveMarker(marker_id=marker.id, resolved=not marker.resolved)
        )

    def may_move(self, marker: MarkerView) -> Problem:
        """Why the marker stays where it is, if so."""
        me = self._read().me
        if not marker.mine and not me.moderator:
            who = words.name(marker.author_name)
            return _("Only {name} or a moderator can move this marker.").format(name=who)
        return self._settled(marker) or self.blocked()

    def move(self, marker_id: str, *, x: float, y: float) -> Problem:
        """To another place."""
        return self._try(inputs.MoveMarker(marker_id=marker_id, x=x, y=y))

    def may_edit(self, comment: CommentView) -> Problem:
        """Why the comment's text stays, if so."""
        if not comment.mine:
            return _("Only {name} can edit this comment.").format(name=words.name(comment.author_name))
        if comment.delivery is Delivery.PENDING:
            return _("It is still being sent.")
        return self.blocked() if self._read_only else None

    def may_delete(self, marker: MarkerView, comment: CommentView | None) -> Problem:
        """Why it stays, if so."""
        whose = marker if comment is None else comment
        if not whose.mine and not self._read().me.moderator:
            return _("Only {name} or a moderator can delete this.").format(name=words.name(whose.author_name))
        if whose.delivery is Delivery.PENDING:
            return _("It is still being sent.")
        return self.blocked()

    def delete(self, marker_id: str, comment_id: str | None) -> Problem:
        """A comment with its replies, or the marker with its thread."""
        if comment_id is None:
            return self._try(inputs.DeleteMarker(marker_id=marker_id))
        return self._try(inputs.DeleteComment(marker_id=marker_id, comment_id=comment_id))

    def vote(self, comment: CommentView, direction: int) -> Problem:
        """Up or down; the same again takes it back."""
        if comment.mine:
            return _("Votes are for the comments of others.")
        wanted = 0 if comment.my_vote == direction else direction
        return self._try(inputs.Vote(marker_id=comment.marker_id, comment_id=comment.id, direction=wanted))

    def undo(self) -> Problem:
        """One's own last change."""
        return self._try(inputs.Undo())

    def retry(self, marker: MarkerView | None, comment: CommentView | None) -> Problem:
        """What failed here; without such, connect now."""
        operation = self.failed_operation(marker, comment)
        link = self._read().link.state
        if operation is not None and link not in _CUT_OFF:
            self._submit(inputs.Retry(operation=operation))
        elif link not in {LinkState.LIVE, LinkState.SYNCING}:
            self._submit(inputs.RetryNow())
        else:
            return _("There is nothing to try again.")
        return None

    def discard(self, marker: MarkerView | None, comment: CommentView | None) -> Problem:
        """Give up what failed here."""
        operation = self.failed_operation(marker, comment)
        if operation is None:
            return _("There is nothing to give up.")
        self._submit(inputs.Discard(operation=operation))
        return None

    def failed_operation(self, marker: MarkerView | None, comment: CommentView | None) -> str | None:
        """The failed operation that is meant: of the comment, the marker, its thread, any marker."""
        view = self._read()
        thread = (view.thread(marker.id) or ()) if marker is not None else ()
        meant = [one for one in (comment, marker, *thread, *view.markers()) if one is not None]
        return next((one.operation for one in meant if one.delivery is Delivery.FAILED and one.operation), None)

    def open_thread(self, marker_id: str | None) -> None:
        """Look at a thread, or at none."""
        self._submit(inputs.OpenThread(marker_id=marker_id) if marker_id else inputs.CloseThread())

    def mark_all_read(self) -> None:
        """Nothing is new any longer."""
        self._submit(inputs.MarkAllRead())

    def _settled(self, marker: MarkerView) -> Problem:
        if marker.delivery is Delivery.PENDING:
            return _("The marker is still being sent.")
        if marker.delivery is Delivery.FAILED and marker.number is None:
            return _("The marker was not sent yet.")
        return None

    def _try(self, intent: inputs.Input) -> Problem:
        problem = self.blocked()
        if problem is None:
            self._submit(intent)
        return problem
