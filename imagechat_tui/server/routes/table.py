"""Every route of the server, the busy ones first; what is not here does not exist."""

from typing import Final

from imagechat_tui.server.routes import health, sessions
from imagechat_tui.server.routes.endpoint import Entry

ENTRIES: Final[tuple[Entry, ...]] = (
    *sessions.ENTRIES,
    *health.ENTRIES,
)
"""Method, path, handler."""
