"""Who may do what: one table, and the rule of who sees a page; looks nothing up and refuses nothing by itself.

Whether somebody may see the page at all is asked first (``may_see``); the table then says what they may do there.
"""

from collections.abc import Collection
from enum import Enum
from types import MappingProxyType
from typing import Final, Literal

from imagechat_tui.server.auth.actors import Actor, Role

Visibility = Literal["link", "tenant", "groups"]

SIMPLE_PREFIX: Final = "simple:"
"""What follows the tenant in the wire id of a user whose identity nobody has proved."""


class Action(Enum):
    """What somebody may cause."""

    READ = "read"
    CREATE_MARKER = "create-marker"
    MOVE_MARKER = "move-marker"
    RESOLVE_MARKER = "resolve-marker"
    DELETE_MARKER = "delete-marker"
    CREATE_COMMENT = "create-comment"
    TELL_TYPING = "tell-typing"
    EDIT_COMMENT = "edit-comment"
    READ_TEXT = "read-text"
    DELETE_COMMENT = "delete-comment"
    VOTE = "vote"
    DELETE_VOTE = "delete-vote"
    FLAG = "flag"
    BLOCK = "block"
    PIN = "pin"
    LOCK = "lock"
    UPLOAD_IMAGE = "upload-image"
    UPLOAD_PICTURE = "upload-picture"
    CREATE_BOARD = "create-board"
    CHANGE_BOARD = "change-board"
    READ_USAGE = "read-usage"


class Rule(Enum):
    """A cell of the table."""

    ALWAYS = "always"
    OWN = "own"
    """Only on what the same person made (or, for a comment or vote, with its edit key)."""
    NEVER = "never"


_A, _O, _N = Rule.ALWAYS, Rule.OWN, Rule.NEVER
_ROLES = (Role.GUEST, Role.ANONYMOUS, Role.MEMBER, Role.MODERATOR, Role.ADMIN)
_ROWS: dict[Action, tuple[Rule, Rule, Rule, Rule, Rule]] = {
    #                      guest anonymous member moderator admin
    Action.READ: (_A, _A, _A, _A, _A),
    Action.CREATE_MARKER: (_N, _A, _A, _A, _A),
    Action.MOVE_MARKER: (_N, _O, _O, _A, _A),
    Action.RESOLVE_MARKER: (_N, _N, _A, _A, _A),
    Action.DELETE_MARKER: (_N, _O, _O, _A, _A),
    Action.CREATE_COMMENT: (_N, _A, _A, _A, _A),
    Action.TELL_TYPING: (_N, _A, _A, _A, _A),
    Action.EDIT_COMMENT: (_O, _O, _O, _A, _A),
    Action.READ_TEXT: (_A, _A, _A, _A, _A),
    Action.DELETE_COMMENT: (_O, _O, _O, _A, _A),
    Action.VOTE: (_N, _A, _A, _A, _A),
    Action.DELETE_VOTE: (_O, _O, _O, _O, _O),
    Action.FLAG: (_N, _A, _A, _A, _A),
    Action.BLOCK: (_N, _A, _A, _A, _A),
    Action.PIN: (_N, _N, _N, _A, _A),
    Action.LOCK: (_N, _N, _N, _A, _A),
    Action.UPLOAD_IMAGE: (_A, _A, _A, _A, _A),
    Action.UPLOAD_PICTURE: (_N, _N, _A, _A, _A),
    Action.CREATE_BOARD: (_N, _N, _A, _A, _A),
    Action.CHANGE_BOARD: (_N, _N, _O, _A, _A),
    Action.READ_USAGE: (_N, _N, _N, _N, _A),
}

TABLE: Final = MappingProxyType(
    {(role, action): rule for action, row in _ROWS.items() for role, rule in zip(_ROLES, row, strict=True)}
)
"""Every role and action; the whole of the law inside a page that may be seen."""


def is_simple(actor: Actor) -> bool:
    """Whether the actor's name is only claimed (simple SSO)."""
    return actor.user_id is not None and actor.user_id.startswith(f"{actor.tenant}:{SIMPLE_PREFIX}")


def owns(actor: Actor, owner: str | None, owner_session: str | None = None) -> bool:
    """Whether the actor made something of ``owner`` (a wire user id).

    A claimed name proves nothing: what such a user wrote belongs to the session that wrote it.
    """
    if owner is None or actor.user_id != owner:
        return False
    if is_simple(actor):
        return actor.session is not None and actor.session == owner_session
    return True


def may(
    actor: Actor,
    action: Action,
    *,
    owner: str | None = None,
    owner_session: str | None = None,
    key: bool = False,
) -> bool:
    """Whether the actor may do this.

    Args:
        actor: Who asks.
        action: What they ask for.
        owner: The wire user id of who made the thing, where there is one.
        owner_session: The session that made it, where it is known.
        key: Whether the thing's edit key was shown.
    """
    rule = TABLE[actor.role, action]
    if rule is Rule.OWN:
        return key or owns(actor, owner, owner_session)
    return rule is Rule.ALWAYS


def may_see(
    actor: Actor,
    *,
    visibility: Visibility,
    groups: Collection[str] | None = None,
    creator: str | None = None,
) -> bool:
    """Whether the actor may see a page at all.

    Args:
        actor: Who asks.
        visibility: ``link``: everybody; ``tenant``: who is signed in; ``groups``: who shares a group with the page.
        groups: The page's groups; ``None`` is open to every signed-in user, an empty collection to nobody.
        creator: Who made the board; always sees it.
    """
    if visibility == "link":
        return True
    if not actor.signed_in or is_simple(actor):
        return False
    if visibility == "tenant" or groups is None or (creator is not None and actor.user_id == creator):
        return True
    if actor.groups is None:
        return bool(groups)
    return not set(actor.groups).isdisjoint(groups)
