"""Which marker or comment a typed line means; says in a sentence why none is meant."""

from imagechat_tui.core.views import BoardReader, CommentView, MarkerView
from imagechat_tui.errors import UsageError
from imagechat_tui.i18n import _
from imagechat_tui.plain_mode import sentences
from imagechat_tui.plain_mode.commands import Target
from imagechat_tui.tui.selection import Selection


class Aim:
    """The chosen marker, and ways to mean another one."""

    def __init__(self, view: BoardReader) -> None:
        self._view = view
        self.selection = Selection(lambda: view)

    def marker(self, target: Target) -> MarkerView:
        """The marker that is meant.

        Raises:
            UsageError: There is none of that number, or none is chosen.
        """
        if target.marker is None:
            if self.selection.marker is None:
                raise UsageError(_("No marker is chosen: name one by its number, or read it first."))
            return self.selection.marker
        found = next((one for one in self._view.markers() if one.number == target.marker), None)
        if found is None:
            raise UsageError(_("There is no marker {n}.").format(n=target.marker))
        return found

    def comment(self, target: Target) -> tuple[MarkerView, CommentView | None]:
        """The marker, and the comment if the target names one.

        Raises:
            UsageError: As above, or the conversation has no such comment, or is not loaded.
        """
        marker = self.marker(target)
        if target.comment is None:
            return marker, None
        thread = self.thread(marker)
        if not 1 <= target.comment <= len(thread):
            raise UsageError(
                _("There is no comment {n} on {marker}.").format(n=target.comment, marker=sentences.called(marker))
            )
        return marker, thread[target.comment - 1]

    def thread(self, marker: MarkerView) -> list[CommentView]:
        """The conversation of a marker.

        Raises:
            UsageError: It is not loaded.
        """
        thread = self._view.thread(marker.id)
        if thread is None:
            raise UsageError(
                _("The conversation of {marker} is not loaded yet.").format(marker=sentences.called(marker))
            )
        return list(thread)

    def own_comment(self, target: Target) -> tuple[MarkerView, CommentView]:
        """The comment to be edited: the one named, else one's own last one.

        Raises:
            UsageError: As above, or there is none.
        """
        marker, comment = self.comment(target)
        if comment is None:
            mine = [one for one in self.thread(marker) if one.mine]
            if not mine:
                raise UsageError(_("There is no comment of yours here."))
            comment = mine[-1]
        return marker, comment
