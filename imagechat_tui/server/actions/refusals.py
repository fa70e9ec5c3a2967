"""Every no of the server: status, code and one public sentence; ``routes`` turns them into bodies.

::

    Refusal                    any status
     ├── UnknownRefusal        404  there is no such thing, or it is another tenant's
     ├── ForbiddenRefusal      401 or 403  not this caller
     ├── InvalidRefusal        400  the input does not fit
     └── ConflictRefusal       409  it fits, but not now
"""

from imagechat_tui.protocol.limits import COMMENT_CHARACTERS
from imagechat_tui.server.auth.actors import Actor, Role


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not a failure
    """A request that is not carried out; nothing was changed."""

    def __init__(self, status: int, code: str, reason: str, *, max_character_length: int | None = None) -> None:
        super().__init__(reason)
        self.status = status
        self.code = code
        self.reason = reason
        self.max_character_length = max_character_length


class UnknownRefusal(Refusal):
    """There is no such thing here."""

    def __init__(self, what: str) -> None:
        super().__init__(404, "not-found", f"There is no such {what}.")


class ForbiddenRefusal(Refusal):
    """This caller may not."""

    def __init__(self, actor: Actor, *, code: str = "unauthorized") -> None:
        if actor.role is Role.GUEST:
            super().__init__(401, code, "Sign in first.")
        else:
            super().__init__(403, code, "You are not allowed to do this.")


class InvalidRefusal(Refusal):
    """The input does not fit."""

    def __init__(self, reason: str, *, code: str = "invalid-input") -> None:
        super().__init__(400, code, reason)


class ConflictRefusal(Refusal):
    """The input fits, but not the present state of things."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(409, code, reason)


def page_hidden(actor: Actor) -> Refusal:
    """The page is not for this caller."""
    return ForbiddenRefusal(actor, code="unauthorized-page")


def locked() -> Refusal:
    """Nobody edits, deletes or answers a locked comment."""
    return ConflictRefusal("locked", "This comment is locked.")


def broadcast_id_reused() -> Refusal:
    """The same id came with something else before."""
    return ConflictRefusal("broadcast-id-reused", "This broadcastId belongs to another change.")


def wrong_edit_key() -> Refusal:
    """An edit key was shown, but not the right one."""
    return Refusal(403, "edit-key-invalid", "The edit key is not the right one.")


def comment_too_big() -> Refusal:
    """The text is too long."""
    return Refusal(
        400,
        "comment-too-big",
        f"The comment is longer than {COMMENT_CHARACTERS} characters.",
        max_character_length=COMMENT_CHARACTERS,
    )


def log_too_old() -> Refusal:
    """What was asked for is no longer in the log: read the board anew."""
    return Refusal(410, "log-too-old", "The log does not reach back that far.")
