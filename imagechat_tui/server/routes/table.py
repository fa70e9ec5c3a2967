"""Every route of the server, the busy ones first; what is not here does not exist."""

from typing import Final

from imagechat_tui.server.routes import comments, health, image_chats, markers, sessions, votes
from imagechat_tui.server.routes.endpoint import Entry

ENTRIES: Final[tuple[Entry, ...]] = (
    *markers.ENTRIES,
    *comments.ENTRIES,
    *image_chats.ENTRIES,
    *votes.ENTRIES,
    *sessions.ENTRIES,
    *health.ENTRIES,
)
"""Method, path, handler."""
