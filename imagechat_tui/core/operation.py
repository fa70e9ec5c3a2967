"""One change of the user as a fact: where it stands, which events contain it, what looks exactly like it.

Only ``operations`` changes one.
"""

import math
from dataclasses import dataclass
from typing import Final

from imagechat_tui.core.inputs import (
    AddComment,
    CreateMarker,
    DeleteComment,
    DeleteMarker,
    EditComment,
    Intent,
    MoveMarker,
    ResolveMarker,
    Vote,
)
from imagechat_tui.core.overlay import Overlay, Phase
from imagechat_tui.core.rows import CommentRow, MarkerRow
from imagechat_tui.core.views import Reason
from imagechat_tui.protocol.events import (
    DeletedComment,
    DeletedImageChat,
    DeletedVote,
    Event,
    ImageChatUpdated,
    NewComment,
    NewImageChat,
    NewVote,
    UpdatedComment,
)
from imagechat_tui.protocol.limits import COMMENT_CHARACTERS

NEAR: Final = 0.01
"""Percent; two places nearer than this are the same one."""

TELLING: Final[dict[type[Intent], tuple[type[Event], ...]]] = {
    CreateMarker: (NewImageChat,),
    MoveMarker: (ImageChatUpdated,),
    ResolveMarker: (ImageChatUpdated,),
    DeleteMarker: (DeletedImageChat,),
    AddComment: (NewComment,),
    EditComment: (UpdatedComment,),
    DeleteComment: (DeletedComment,),
    Vote: (NewVote, DeletedVote),
}
"""The events after which the confirmed rows contain a change; a write may emit others beside them."""


@dataclass(slots=True, kw_only=True, eq=False)
class Operation:
    """One change of the user and where it stands."""

    name: str
    change: Overlay
    back: Intent | None
    """What would take it back."""
    undoes: bool = False
    step: int = 0
    ask: int | None = None
    ended: bool = False
    found: bool = False
    """A snapshot or a load has brought what looks exactly like it, although nobody has answered."""
    doubtful: bool = False
    """An attempt ended as unknown: whatever comes later, its id has to stay the same."""

    @property
    def without_answer(self) -> bool:
        """Whether it may have happened without anybody having said so yet."""
        change = self.change
        if self.found:
            return False
        return change.phase is Phase.PENDING or (change.phase is Phase.FAILED and self.doubtful)

    def is_told_by(self, event: Event) -> bool:
        """Whether the confirmed rows contain the change after this event of its write."""
        return isinstance(event, TELLING[type(self.change.intent)])

    def looks_like_marker(self, row: MarkerRow) -> bool:
        """Whether a marker is just what this would have made; the server rounds and nudges places a little."""
        intent = self.change.intent
        if not isinstance(intent, CreateMarker) or intent.text.strip() != row.title.strip():
            return False
        return abs(intent.x - row.x) < NEAR and abs(intent.y - row.y) < NEAR

    def looks_like_comment(self, marker_id: str, row: CommentRow) -> bool:
        """Whether a comment is just what this would have written."""
        intent = self.change.intent
        if not isinstance(intent, AddComment) or self.change.marker_id != marker_id:
            return False
        return intent.text.strip() == row.text.strip() and intent.parent_id == row.parent_id


def first_comment(row: MarkerRow) -> CommentRow:
    """The comment that a marker began with, as far as the marker tells."""
    return CommentRow(
        id=row.first_id,
        author_id=row.author_id,
        author_name=row.author_name,
        text=row.title,
        created_at=row.created_at,
    )


def ids_of(event: Event) -> tuple[str | None, str | None]:
    """The marker and the comment that an event is about."""
    marker_id = getattr(event, "marker_id", None) or getattr(event, "chat_id", None)
    comment = getattr(event, "comment", None)
    return marker_id, comment.id if comment is not None else None


def flaw(intent: Intent) -> Reason | None:
    """What every server would refuse."""
    text = getattr(intent, "text", "-")
    places = [getattr(intent, axis) for axis in ("x", "y") if hasattr(intent, axis)]
    sound = all(math.isfinite(place) and 0 <= place <= 100 for place in places)  # noqa: PLR2004 - percent
    return None if text.strip() and len(text) <= COMMENT_CHARACTERS and sound else Reason.INVALID
