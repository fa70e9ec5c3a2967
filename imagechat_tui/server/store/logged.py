"""One event as the store keeps it and the writer hands it over; a fact, nothing else."""

from msgspec import Struct

from imagechat_tui.protocol.events import Known


class Logged(Struct, frozen=True, kw_only=True):
    """A stored event.

    ``event`` is the full contract form (``timestamp`` and ``broadcast_id`` set, ``seq`` unset): what official clients
    get. What ``scope=board`` viewers get is made of it, with ``seq`` and without what they can do without.
    """

    tenant: str
    url_id: str
    """The channel: the base key for marker events, the ``windowUrlId`` for comment and vote events."""
    board: str | None
    """The board's base key; ``None`` while no marker has claimed the window."""
    marker_id: str | None
    """The marker it belongs to, if any."""
    seq: int | None
    """Position on the board; set exactly where ``board`` is."""
    timestamp: int
    """Milliseconds; strictly increasing per ``url_id``."""
    event: Known
    only_for: str | None = None
    """A wire user id: nobody but this user and moderators may see it (unapproved, or an unclaimed window's)."""
    first_src: str | None = None
    """The picture of its board, if that is the only one it ever had; known while the event is new."""
    replayed: bool = False
    """Older than its position, which a marker gave it by claiming its window: only the board has yet to get it."""
