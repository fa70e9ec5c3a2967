"""Who asks: one value that every action takes; never a token, never a secret."""

from enum import Enum

from msgspec import Struct


class Role(Enum):
    """What somebody is inside one tenant; the table of rights is in ``permissions``."""

    GUEST = "guest"
    """Nobody is known: may read what anybody may read."""
    ANONYMOUS = "anonymous"
    """An anonymous session: may also write, and change what the same session wrote."""
    MEMBER = "member"
    """Signed in."""
    MODERATOR = "moderator"
    ADMIN = "admin"


class Actor(Struct, frozen=True, kw_only=True):
    """Somebody, inside one tenant."""

    tenant: str
    role: Role
    user_id: str | None = None
    """The id on the wire: ``<tenant>:<sso id>``, ``<tenant>:simple:<hash>`` or ``anon:<id>``; ``None`` for a guest."""
    name: str = ""
    session: str | None = None
    """The row of the session, not its token; ``None`` when the identity came with the request itself."""
    groups: tuple[str, ...] | None = None
    """Groups of an SSO payload: ``None`` has access to all pages, an empty tuple to none that asks for groups."""
    verified: bool = False
    email: str | None = None
    avatar: str | None = None
    label: str | None = None

    @property
    def signed_in(self) -> bool:
        """Known by name, not just by a session."""
        return self.role in {Role.MEMBER, Role.MODERATOR, Role.ADMIN}

    @property
    def moderates(self) -> bool:
        """Acts on what others wrote."""
        return self.role in {Role.MODERATOR, Role.ADMIN}
