"""Deeds on what is meant: resolve, move, delete, undo, vote, copy; asks first where nothing undoes it."""

from imagechat_tui.core.views import MarkerView
from imagechat_tui.i18n import _
from imagechat_tui.plain import block
from imagechat_tui.render.geometry import Point
from imagechat_tui.tui import messages, words
from imagechat_tui.tui.layout import Pane
from imagechat_tui.tui.screens.confirm import Confirm
from imagechat_tui.tui.screens.parts import BoardParts


class Deeds:
    """What keys do to what is meant."""

    def __init__(self, parts: BoardParts) -> None:
        self._parts = parts

    def resolve(self) -> None:
        """Resolve the marker, or reopen it."""
        if (marker := self._parts.marker_or_say()) is not None:
            self._parts.told(self._parts.conversation.resolve(marker))

    def carry(self, marker: MarkerView | None) -> None:
        """Let the arrows carry a marker; nothing without one."""
        parts = self._parts
        if marker is not None and not parts.told(parts.conversation.may_move(marker)):
            parts.bench.go(Pane.PICTURE)
            parts.bench.picture.start_carry(marker.id, Point(marker.x, marker.y))

    def drop(self, marker_id: str, point: Point) -> None:
        """Put a carried marker down."""
        self._parts.told(self._parts.conversation.move(marker_id, x=point.x, y=point.y))

    def delete(self) -> None:
        """Delete the comment under the thread's cursor, else the marker, when the person says yes."""
        parts = self._parts
        marker, comment = parts.marker_or_say(), parts.comment
        if marker is None or parts.told(parts.conversation.may_delete(marker, comment)):
            return
        thread = parts.view.thread(marker.id) or ()
        if comment is not None and thread and thread[0].id == comment.id:
            comment = None
        replies = sum(one.parent_id == comment.id for one in thread) if comment is not None else 0
        comment_id = comment.id if comment is not None else None
        title, body = words.delete_question(marker, comment, replies)

        def answered(answer: object) -> None:
            if answer is True:
                parts.told(parts.conversation.delete(marker.id, comment_id))

        parts.bench.app.push_screen(Confirm(title=title, body=body, yes=_("Delete (y)")), answered)

    def undo(self) -> None:
        """Take back one's own last change."""
        self._parts.told(self._parts.conversation.undo())

    def retry(self) -> None:
        """Try again what failed, or connect now."""
        self._parts.told(self._parts.conversation.retry(self._parts.marker, self._parts.comment))

    def discard(self) -> None:
        """Give up what failed."""
        self._parts.told(self._parts.conversation.discard(self._parts.marker, self._parts.comment))

    def vote(self, direction: int) -> None:
        """For or against a comment."""
        if (comment := self._parts.comment_or_say()) is not None:
            self._parts.told(self._parts.conversation.vote(comment, direction))

    def copy_comment(self) -> None:
        """The comment's text to the clipboard; what is selected with the mouse goes before it."""
        screen = self._parts.bench.screen
        selected = screen.get_selected_text()
        if selected:
            screen.post_message(messages.CopyWanted(selected, _("Selection")))
        elif (comment := self._parts.comment_or_say()) is not None:
            screen.post_message(messages.CopyWanted(block(comment.text), _("Comment")))
