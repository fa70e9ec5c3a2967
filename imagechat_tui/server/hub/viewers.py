"""Somebody who looks at a board right now, as the hub knows them: facts and one socket; decides nothing."""

from asyncio import WriteTransport
from dataclasses import dataclass
from typing import Protocol

from imagechat_tui.server.auth.actors import Actor


class Outlet(Protocol):
    """The hub's side of a socket."""

    def close(self, code: int, reason: str) -> None:
        """Say goodbye and end it; the viewer has left its room already."""

    def abort(self) -> None:
        """End it without a word, because it does not read what it is sent."""


@dataclass(eq=False, slots=True, kw_only=True)
class Viewer:
    """One open socket. Compared by identity: one person may look from several terminals."""

    actor: Actor
    """Who looks; an anonymous viewer is a guest, with or without an id."""
    url_id: str
    """The channel: a base key, or a ``windowUrlId``."""
    board: str | None
    """The base key of the board whose visibility holds here; ``None`` while no marker has claimed the window."""
    whole_board: bool
    """``scope=board``: compact events of all threads, with positions."""
    batch: bool
    """``batch=1``: several events may come in one frame; only with ``scope=board``."""
    transport: WriteTransport
    outlet: Outlet
    deflate: bool = False
    """Frames may be deflated, each by itself: agreed with the client."""
    generation: int = 0
    """The tenant's, when the socket was opened."""
    pass_hash: str | None = None
    """A hash of the ``userIdWS`` that opened the socket."""

    @property
    def tenant(self) -> str:
        """The tenant; nothing crosses it."""
        return self.actor.tenant
