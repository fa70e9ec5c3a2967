"""All that can happen to a session: what the user wants, what the network did, what time it is.

Values only. ``Session.handle(input, now)`` is the one that reads them; ``now`` is monotonic seconds.
"""

from enum import Enum

from msgspec import Struct

from imagechat_tui.protocol.events import Frame
from imagechat_tui.protocol.replies import ErrorSeen, Reply


class Input(Struct, frozen=True, kw_only=True):
    """The root of all inputs."""


# What the user wants ---------------------------------------------------------------------------------------------


class Intent(Input, frozen=True, kw_only=True):
    """A change that the user makes: it becomes an operation, and ends exactly once."""


class CreateMarker(Intent, frozen=True, kw_only=True):
    """A marker at ``x``, ``y`` (percent) with its first comment."""

    x: float
    y: float
    text: str


class MoveMarker(Intent, frozen=True, kw_only=True):
    """An existing marker to another place."""

    marker_id: str
    x: float
    y: float


class ResolveMarker(Intent, frozen=True, kw_only=True):
    """Resolve, or reopen."""

    marker_id: str
    resolved: bool


class DeleteMarker(Intent, frozen=True, kw_only=True):
    """The marker and its thread."""

    marker_id: str


class AddComment(Intent, frozen=True, kw_only=True):
    """A reply in a marker's thread."""

    marker_id: str
    text: str
    parent_id: str | None = None


class EditComment(Intent, frozen=True, kw_only=True):
    """A new text for a comment."""

    marker_id: str
    comment_id: str
    text: str


class DeleteComment(Intent, frozen=True, kw_only=True):
    """A comment, and its replies."""

    marker_id: str
    comment_id: str


class Vote(Intent, frozen=True, kw_only=True):
    """A vote on a comment: 1, -1, or 0 to take it back."""

    marker_id: str
    comment_id: str
    direction: int


class Retry(Input, frozen=True, kw_only=True):
    """Try a failed operation again: with its own id after an unknown outcome, with a new one after a refusal."""

    operation: str


class Discard(Input, frozen=True, kw_only=True):
    """Give a failed operation up; its text is not kept any longer."""

    operation: str


class Undo(Input, frozen=True, kw_only=True):
    """Take back one's own last confirmed operation by a new one (a move, a resolution, an edit, a creation)."""


class OpenThread(Input, frozen=True, kw_only=True):
    """The user looks at a marker's thread: load it first, keep it read."""

    marker_id: str


class CloseThread(Input, frozen=True, kw_only=True):
    """The user looks at no thread any longer."""


class Writing(Input, frozen=True, kw_only=True):
    """The user has just typed something that is not sent yet; said at every key, or less often."""

    marker_id: str | None = None
    """The marker whose thread it is for; ``None``: for a marker to come."""


class WritingEnded(Input, frozen=True, kw_only=True):
    """The user writes no longer, and has not sent it."""


class MarkAllRead(Input, frozen=True, kw_only=True):
    """Nothing on the board is new any longer."""


class Start(Input, frozen=True, kw_only=True):
    """Open the board."""


class RetryNow(Input, frozen=True, kw_only=True):
    """Do not wait for the next attempt; also the way out of *refused*."""


class Stop(Input, frozen=True, kw_only=True):
    """The user leaves."""


# What the network did --------------------------------------------------------------------------------------------


class Network(Input, frozen=True, kw_only=True):
    """Something happened on the wire."""


class SocketOpened(Network, frozen=True, kw_only=True):
    """The live socket is open. ``attempt`` repeats that of ``Connect``."""

    attempt: int


class SocketClosed(Network, frozen=True, kw_only=True):
    """The live socket ended, or could not be opened."""

    attempt: int
    status: int | None = None
    """The HTTP status of a refused upgrade; ``None`` when there was no HTTP answer or the socket had been open."""
    insecure: bool = False
    """The server's certificate is not trusted."""
    detail: str = ""


class FrameReceived(Network, frozen=True, kw_only=True):
    """One decoded frame of the live socket; ``None`` stands for a frame that no rule covers."""

    attempt: int
    frame: Frame | None


class Answered(Network, frozen=True, kw_only=True):
    """A question was answered with 2xx."""

    ask: int
    reply: Reply


class Refused(Network, frozen=True, kw_only=True):
    """A question was answered, but not with 2xx."""

    ask: int
    status: int
    error: ErrorSeen
    retry_after: float | None = None
    """Seconds, if the server named them."""


class Silence(Enum):
    """Why there was no answer."""

    UNREACHABLE = "unreachable"
    """Refused, no route, no name: nothing was sent."""
    LOST = "lost"
    """Sent, perhaps done; the answer never came."""
    INSECURE = "insecure"
    """The certificate is not trusted: nothing was sent."""
    FOREIGN = "foreign"
    """A 2xx answer that does not decode: this is not a server of the contract."""


class Unanswered(Network, frozen=True, kw_only=True):
    """A question got no answer."""

    ask: int
    why: Silence
    detail: str = ""


# What time it is -------------------------------------------------------------------------------------------------


class Woke(Input, frozen=True, kw_only=True):
    """The moment of the last ``WakeAt`` has come."""
