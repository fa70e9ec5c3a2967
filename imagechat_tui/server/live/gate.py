"""What the live socket asks before it lets somebody in, and what it is told; shapes only, no answer of its own."""

from collections.abc import Sequence
from typing import Protocol

from msgspec import Struct

from imagechat_tui.server.auth.actors import Actor
from imagechat_tui.server.hub import Viewer


class Knock(Struct, frozen=True, kw_only=True):
    """What a caller says about themselves; all of it foreign text."""

    tenant: str
    url_ids: tuple[str, ...]
    """The keys that the address may mean, likeliest first."""
    user_id_ws: str
    """Empty when there is none."""
    origin: str | None = None
    """Set when a browser page of another host asks: it has to be on the tenant's list."""


class Admission(Struct, frozen=True, kw_only=True):
    """Yes: who it is, and where they are."""

    actor: Actor
    """A guest for an unknown ``userIdWS`` on a public page."""
    url_id: str
    """The one of the keys that is meant."""
    board: str | None = None
    """The board that the key belongs to: itself, or that of the marker which claimed the window."""
    generation: int = 0
    """Counts rotations of the tenant's key: what was admitted under another one has lapsed."""
    pass_hash: str | None = None
    """A hash of the ``userIdWS``, for remembering how long its holder was away; ``None`` for an unknown one."""


class Rejection(Struct, frozen=True, kw_only=True):
    """No: the HTTP status of the refused upgrade, and one public sentence."""

    status: int
    reason: str


class Gate(Protocol):
    """Answers from the database and the tenants' keys."""

    async def admit(self, knock: Knock) -> Admission | Rejection:
        """Whether the caller may look. Never raises for anything that the caller said."""

    async def revision(self) -> object:
        """A mark that stays equal only while nothing was committed anywhere: no right can have changed then."""

    async def lapsed(self, viewers: Sequence[Viewer]) -> Sequence[Viewer]:
        """Those who would be refused now, or would be somebody else."""
