"""The questions a session asks a server; ``client/rest`` puts them into HTTP, the simulation answers them directly.

Each names the type of its reply. A write carries its ``broadcast_id``: the operation's identity on the wire.
"""

from msgspec import Struct


class AskBody(Struct, frozen=True, kw_only=True):
    """The root of all questions."""


class Read(AskBody, frozen=True, kw_only=True):
    """A question that changes nothing: it may be asked again at will."""


class ReadChats(Read, frozen=True, kw_only=True):
    """Markers by the contract, the names for the socket, what the host can do -> ``ImageChats``."""


class ReadSnapshot(Read, frozen=True, kw_only=True):
    """The whole board at one position -> ``Snapshot``."""


class ReadLog(Read, frozen=True, kw_only=True):
    """Events after a position -> ``LogPage``; refused with 410 when the log no longer reaches back."""

    after: int


class ReadEvents(Read, frozen=True, kw_only=True):
    """Events by time of a plain host -> ``EventLog``."""

    url_id: str
    """The base key or a thread's."""
    start_ms: int


class ReadThread(Read, frozen=True, kw_only=True):
    """All comments of a thread, oldest first -> ``Comments``."""

    window_url_id: str


class Probe(Read, frozen=True, kw_only=True):
    """Does anything answer at all -> ``Done``; any HTTP answer counts as yes."""


class TellTyping(AskBody, frozen=True, kw_only=True):
    """A word in passing: the user writes, or no longer -> ``Done``. Nobody cares for the answer."""

    marker_id: str | None
    """The marker whose thread it is for; ``None``: for a marker to come."""
    ended: bool = False


class Write(AskBody, frozen=True, kw_only=True):
    """A question that changes something."""

    broadcast_id: str


class WriteMarker(Write, frozen=True, kw_only=True):
    """Marker with first comment in one request -> ``MarkerCreated``."""

    x: float
    y: float
    comment: str


class ClaimWindow(Write, frozen=True, kw_only=True):
    """The plain contract's marker for an existing first comment -> ``ImageChatCreated``."""

    window_url_id: str
    src: str
    page_title: str
    x: float
    y: float
    comment_id: str


class WriteComment(Write, frozen=True, kw_only=True):
    """A comment in a thread -> ``CommentSaved``."""

    window_url_id: str
    comment: str
    parent_id: str | None = None
    marker_id: str | None = None
    """The marker it is meant for: refused when that is gone, though anybody may write under the bare key."""


class WriteText(Write, frozen=True, kw_only=True):
    """A comment's new text -> ``TextSaved``."""

    comment_id: str
    comment: str


class RemoveComment(Write, frozen=True, kw_only=True):
    """A comment and its replies -> ``CommentDeleted``."""

    comment_id: str


class ChangeMarker(Write, frozen=True, kw_only=True):
    """Move, resolve or reopen -> ``MarkerChanged``; what is ``None`` stays."""

    marker_id: str
    x: float | None = None
    y: float | None = None
    resolved: bool | None = None


class RemoveMarker(Write, frozen=True, kw_only=True):
    """The marker and its thread -> ``Done``."""

    marker_id: str


class WriteVote(Write, frozen=True, kw_only=True):
    """A vote -> ``Voted``."""

    window_url_id: str
    comment_id: str
    up: bool


class RemoveVote(Write, frozen=True, kw_only=True):
    """A vote taken back -> ``VoteDeleted``."""

    window_url_id: str
    comment_id: str
    vote_id: str
