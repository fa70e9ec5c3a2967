"""What a person is told when a change of their own has ended, and which draft belongs to a change."""

from imagechat_tui.core import inputs
from imagechat_tui.core.outputs import OperationEnded
from imagechat_tui.core.views import BoardReader
from imagechat_tui.i18n import _
from imagechat_tui.plain_mode import commands, sentences
from imagechat_tui.tui import words
from imagechat_tui.tui.drafts import Edit, NewMarker, Reply, Target


def ended(change: OperationEnded, view: BoardReader) -> str:
    """How a change of one's own went."""
    failure = words.failure(change, retry_key=commands.shown_name(commands.TABLE["retry"]))
    return failure if failure is not None else _done(change, view)


def _done(change: OperationEnded, view: BoardReader) -> str:  # noqa: PLR0911 - one way out per kind of change
    intent = change.intent
    marker = view.marker(change.marker_id) if change.marker_id else None
    called = sentences.called(marker) if marker is not None else _("the marker")
    match intent:
        case inputs.CreateMarker():
            return _("Placed: {marker}.").format(marker=called)
        case inputs.AddComment():
            return _("Sent to {marker}.").format(marker=called)
        case inputs.EditComment():
            return _("The comment is changed.")
        case inputs.DeleteComment():
            return _("The comment is deleted.")
        case inputs.DeleteMarker():
            return _("The marker is deleted.")
        case inputs.MoveMarker():
            where, place = sentences.where(intent.x, intent.y), words.place(intent.x, intent.y)
            return _("Moved: {marker} is now {where}, at {place}.").format(marker=called, where=where, place=place)
        case inputs.ResolveMarker():
            said = _("Resolved: {marker}.") if intent.resolved else _("Open again: {marker}.")
            return said.format(marker=called)
        case inputs.Vote():
            return _("Your vote counts.") if intent.direction else _("Your vote is taken back.")
    return _("Done.")


def draft_of(intent: inputs.Intent) -> tuple[Target, str] | None:
    """Where the text of a change is kept until it has arrived; ``None`` for one without a text."""
    match intent:
        case inputs.CreateMarker():
            return NewMarker(x=intent.x, y=intent.y), intent.text
        case inputs.AddComment():
            return Reply(marker_id=intent.marker_id, parent_id=intent.parent_id), intent.text
        case inputs.EditComment():
            return Edit(marker_id=intent.marker_id, comment_id=intent.comment_id), intent.text
    return None
