"""What every action may use, in one frozen value; made once by ``run``, handed down, never looked up."""

from collections.abc import Callable
from dataclasses import dataclass

from imagechat_tui.server.auth.directory import Directory
from imagechat_tui.server.hub import Hub
from imagechat_tui.server.metrics import Metrics
from imagechat_tui.server.settings import Settings
from imagechat_tui.server.store.database import Database
from imagechat_tui.server.store.shelf import Shelf
from imagechat_tui.server.throttle import Throttle
from imagechat_tui.server.usage import Usage


@dataclass(frozen=True, kw_only=True, slots=True)
class Deps:
    """The parts of one server process."""

    settings: Settings
    database: Database
    directory: Directory
    """Tenants and sessions, a few seconds fresh; ``(await directory.tenant(name)).secret`` signs ``userIdWS``."""
    shelf: Shelf
    """The bytes of pictures."""
    hub: Hub
    throttle: Throttle
    usage: Usage
    metrics: Metrics
    clock_ms: Callable[[], int]
    """Milliseconds since 1970, UTC."""
    new_id: Callable[[], str]
    """A new id: URL-safe, at least 96 random bits."""
