"""What would take a change back, as seen before it was made; never carries it out."""

from imagechat_tui.core.board import Board
from imagechat_tui.core.inputs import EditComment, Intent, MoveMarker, ResolveMarker, Vote


def inverse(intent: Intent, board: Board) -> Intent | None:
    """The change back; ``None`` for what only a deletion, or nothing at all, can take back."""
    match intent:
        case MoveMarker():
            marker = board.showing.marker_view(intent.marker_id)
            return None if marker is None else MoveMarker(marker_id=marker.id, x=marker.x, y=marker.y)
        case ResolveMarker():
            marker = board.showing.marker_view(intent.marker_id)
            return None if marker is None else ResolveMarker(marker_id=marker.id, resolved=marker.resolved)
        case EditComment() | Vote():
            comment = board.compose_comment(intent.marker_id, intent.comment_id)
            if comment is None:
                return None
            if isinstance(intent, Vote):
                return Vote(marker_id=intent.marker_id, comment_id=comment.id, direction=comment.my_vote)
            return EditComment(marker_id=intent.marker_id, comment_id=comment.id, text=comment.text)
    return None
