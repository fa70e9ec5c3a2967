"""Every route of the server, the busy ones first; what is not here does not exist."""

from imagechat_tui.server.routes import (
    boards,
    comments,
    health,
    image_chats,
    logs,
    markers,
    moderation,
    pictures,
    presence,
    sessions,
    usage,
    votes,
    writers,
)
from imagechat_tui.server.routes.endpoint import Entry
from imagechat_tui.server.routes.reencoding import Reencoder


def entries() -> tuple[Entry, ...]:
    """Method, path, handler."""
    return (
        *markers.ENTRIES,
        *comments.ENTRIES,
        *image_chats.ENTRIES,
        *logs.ENTRIES,
        *boards.ENTRIES,
        *votes.ENTRIES,
        *presence.ENTRIES,
        *writers.ENTRIES,
        *pictures.entries(Reencoder()),
        *moderation.ENTRIES,
        *sessions.ENTRIES,
        *usage.ENTRIES,
        *health.ENTRIES,
    )
