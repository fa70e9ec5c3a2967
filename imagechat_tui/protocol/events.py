"""What the live socket and the logs carry; shapes only.

``seq`` is set on ``scope=board`` frames and in the log by position. ``p-u`` carries ``ts`` and never ``timestamp``:
presence is not stored, and clients take ``timestamp`` for their replay position.
"""

from msgspec import Struct, field

from imagechat_tui.protocol.models import Conversation, Image, LiveComment, Vote, Wire


class Event(Wire, tag_field="type", frozen=True, kw_only=True):
    """The root of all events."""

    timestamp: int | None = None
    """Milliseconds; strictly increasing per key."""
    broadcast_id: str | None = None
    seq: int | None = None
    """Position on the board: 1, 2, 3 ... without gaps, in commit order (ours)."""


class ChatEvent(Event, frozen=True, kw_only=True):
    """An event of a marker."""

    chat_id: str | None = None
    conversation: Conversation | None = None
    chat: Conversation | None = None
    created_chat_id: str | None = None

    @property
    def marker_id(self) -> str | None:
        """The marker's id, wherever a host put it."""
        found = self.conversation or self.chat
        return self.chat_id or (found.id if found else None) or self.created_chat_id


class NewImageChat(ChatEvent, tag="new-image-chat", frozen=True, kw_only=True):
    """A marker was created."""


class ImageChatUpdated(ChatEvent, tag="image-chat-updated", frozen=True, kw_only=True):
    """A marker moved, was resolved or reopened, or its comments changed."""


class DeletedImageChat(ChatEvent, tag="deleted-image-chat", frozen=True, kw_only=True):
    """A marker was deleted, its comments with it."""


class CommentEvent(Event, frozen=True, kw_only=True):
    """An event of a comment; ``chat_id`` names its marker on ``scope=board`` frames (ours)."""

    comment: LiveComment
    chat_id: str | None = None
    extra_info: dict[str, object] | None = None


class NewComment(CommentEvent, tag="new-comment", frozen=True, kw_only=True):
    """A comment was written."""


class UpdatedComment(CommentEvent, tag="updated-comment", frozen=True, kw_only=True):
    """A comment's text, pin, lock or approval changed."""


class DeletedComment(CommentEvent, tag="deleted-comment", frozen=True, kw_only=True):
    """A comment was deleted; the whole comment is carried, not just its id."""


class VoteEvent(Event, frozen=True, kw_only=True):
    """An event of a vote; official clients apply it as a delta, so it is sent once."""

    vote: Vote
    chat_id: str | None = None


class NewVote(VoteEvent, tag="new-vote", frozen=True, kw_only=True):
    """A vote was given."""


class DeletedVote(VoteEvent, tag="deleted-vote", frozen=True, kw_only=True):
    """A vote was taken back."""


class ThreadStateChange(Event, tag="thread-state-change", frozen=True, kw_only=True):
    """A thread was closed or opened for comments."""

    is_closed: bool


class BoardUpdated(Event, tag="board-updated", frozen=True, kw_only=True):
    """The board has another picture now (ours; goes to viewers of whole boards only)."""

    image: Image | None = None


class PresenceUpdate(Event, tag="p-u", frozen=True, kw_only=True):
    """Who came (``uj``) and went (``ul``), and how many look (``sc``). Never stored."""

    joined: list[str] = field(name="uj", default_factory=list)
    left: list[str] = field(name="ul", default_factory=list)
    count: int | None = field(name="sc", default=None)
    ts: int | None = None
    names: dict[str, str] | None = None
    """Display names of those who came, on ``scope=board`` only (ours)."""


class Writer(Wire, frozen=True, kw_only=True):
    """Somebody who writes a comment, by the id that everybody sees (ours)."""

    user_id: str
    user_name: str | None = None
    chat_id: str | None = None
    """The marker whose thread it is for; absent: for a marker to come."""
    ended: bool | None = None
    """No longer."""


class TypingUpdate(Event, tag="typing", frozen=True, kw_only=True):
    """Who writes now, on ``scope=board`` only (ours). Never stored, without a position; it holds for some seconds."""

    who: list[Writer]


class Skip(Wire, tag_field="type", tag="skip", frozen=True, kw_only=True):
    """Positions ``from`` to ``to`` hold nothing that this viewer may see (ours)."""

    from_: int = field(name="from")
    to: int


class Unknown(Struct, frozen=True, kw_only=True, rename="camel"):
    """An event whose type this version does not know; its position still counts."""

    type: str
    timestamp: int | None = None
    broadcast_id: str | None = None
    seq: int | None = None


Known = (
    NewImageChat
    | ImageChatUpdated
    | DeletedImageChat
    | NewComment
    | UpdatedComment
    | DeletedComment
    | NewVote
    | DeletedVote
    | ThreadStateChange
    | BoardUpdated
    | PresenceUpdate
    | TypingUpdate
)
"""Every event this version understands."""

LiveEvent = Known | Unknown


class Batch(Struct, frozen=True, kw_only=True):
    """Several events in one frame, covering every position from ``first`` to ``last`` (ours)."""

    first: int
    last: int
    events: tuple[LiveEvent | Skip, ...]


Frame = LiveEvent | Skip | Batch
"""What one text frame of the live socket decodes to."""
