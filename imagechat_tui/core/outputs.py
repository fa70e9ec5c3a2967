"""All that a session asks for (effects) or announces (changes); values only, nothing happens by making one.

Effects are carried out by ``client/runner``; changes are shown by ``tui``. The order of a list of outputs matters.
"""

from enum import Enum

from msgspec import Struct

from imagechat_tui.core.asks import AskBody
from imagechat_tui.core.inputs import Intent
from imagechat_tui.core.views import BoardView, CommentView, LinkView, MarkerView, Me, Person, Reason


class Output(Struct, frozen=True, kw_only=True):
    """The root of all outputs."""


class Effect(Output, frozen=True, kw_only=True):
    """Something that has to be done in the world."""


class Connect(Effect, frozen=True, kw_only=True):
    """Open the live socket, closing an earlier one. Everything it reports repeats ``attempt``."""

    attempt: int
    tenant_id_ws: str
    url_id_ws: str
    user_id_ws: str
    board_scope: bool
    """Ask for ``scope=board`` and ``batch=1``."""
    thread_url_id: str | None = None
    """A plain host: also the window channel of this thread."""


class Disconnect(Effect, frozen=True, kw_only=True):
    """Close the live socket, and drop what it still delivers."""


class Ask(Effect, frozen=True, kw_only=True):
    """Put a question to the server; exactly one of ``Answered``, ``Refused``, ``Unanswered`` has to follow."""

    ask: int
    body: AskBody
    timeout: float
    """Seconds until it counts as unanswered."""


class WakeAt(Effect, frozen=True, kw_only=True):
    """Send ``Woke`` at this moment of the session's clock; replaces the moment before; ``None``: never."""

    at: float | None


class Change(Output, frozen=True, kw_only=True):
    """Something that a screen may show."""


class LinkChanged(Change, frozen=True, kw_only=True):
    """The link's state, or its countdown, is another."""

    link: LinkView


class BoardReplaced(Change, frozen=True, kw_only=True):
    """Everything may be different (first load, or a snapshot): read the views anew."""


class BoardChanged(Change, frozen=True, kw_only=True):
    """Counts, title, picture or identity changed."""

    board: BoardView
    me: Me


class PictureChanged(Change, frozen=True, kw_only=True):
    """The board shows another version of its picture."""

    src: str
    version: int


class MarkerPut(Change, frozen=True, kw_only=True):
    """A marker is new or different; ``was`` is the id it had before its confirmation."""

    marker: MarkerView
    was: str | None = None


class MarkerGone(Change, frozen=True, kw_only=True):
    """A marker is no longer there."""

    marker_id: str


class ThreadReplaced(Change, frozen=True, kw_only=True):
    """A thread was loaded, or may be different as a whole."""

    marker_id: str


class CommentPut(Change, frozen=True, kw_only=True):
    """A comment is new or different; ``was`` is the id it had before its confirmation."""

    comment: CommentView
    was: str | None = None


class CommentGone(Change, frozen=True, kw_only=True):
    """A comment is no longer there."""

    marker_id: str
    comment_id: str


class PeopleChanged(Change, frozen=True, kw_only=True):
    """Who looks at the board now."""

    people: tuple[Person, ...]
    count: int
    """Everybody, those without a name included."""


class WritersChanged(Change, frozen=True, kw_only=True):
    """Others write, or write no longer."""

    marker_ids: frozenset[str | None]
    """The markers in whose threads that is so; ``None``: for a marker to come."""


class Outcome(Enum):
    """How an operation ended."""

    CONFIRMED = "confirmed"
    REFUSED = "refused"
    """The server, or the lack of a connection, said no: it did not happen."""
    UNKNOWN = "unknown"
    """No answer: it may have happened; the log will tell."""


class OperationBegan(Change, frozen=True, kw_only=True):
    """An intent became an operation."""

    operation: str
    intent: Intent


class OperationEnded(Change, frozen=True, kw_only=True):
    """An operation ended; exactly once for each that began."""

    operation: str
    intent: Intent
    outcome: Outcome
    reason: Reason | None = None
    detail: str = ""
    """The server's own words, if any (foreign text)."""
    marker_id: str | None = None
    comment_id: str | None = None
    retry_after: float | None = None


class Nothing(Enum):
    """Why an input had no effect that a user would expect."""

    NOTHING_TO_UNDO = "nothing-to-undo"
    CANNOT_UNDO = "cannot-undo"
    NO_SUCH_OPERATION = "no-such-operation"


class Noted(Change, frozen=True, kw_only=True):
    """A word to the user that needs no answer."""

    what: Nothing
