"""Ranges of what came in: texts that fit, coordinates that are on the picture; looks nothing up."""

import math
import re
from typing import Final

from imagechat_tui.protocol.limits import (
    BROADCAST_ID_CHARACTERS,
    COMMENT_CHARACTERS,
    NAME_CHARACTERS,
    URL_ID_CHARACTERS,
)
from imagechat_tui.server.actions.refusals import InvalidRefusal, comment_too_big

_MOST: Final = 100.0
_LONGEST_COMMENT: Final = 20 * COMMENT_CHARACTERS
"""With the addresses of its pictures, which do not count otherwise."""
# No part may hold what begins another one: so every character is looked at a few times at most, whatever was written.
_IMAGE: Final = re.compile(
    r"\[img\]\s?https?://[^\s\[\]<>\"'()]+\s?\[/img\]|!\[([^\[\]]*)\]\(https?://[^\s\[\]<>\"'()]+\)", re.IGNORECASE
)
_MAIL: Final = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
# A database column of text cannot hold NUL.
_NUL: Final = "\0"


def text(value: str, name: str, *, most: int = URL_ID_CHARACTERS, empty: bool = False) -> str:
    """A text of at most so many characters.

    Raises:
        Refusal: 400, it is empty, too long, or holds what no text may hold.
    """
    if not value and not empty:
        raise InvalidRefusal(f"{name} must not be empty.")
    if len(value) > most:
        raise InvalidRefusal(f"{name} is longer than {most} characters.")
    if _NUL in value:
        raise InvalidRefusal(f"{name} holds a character that no text may hold.")
    return value


def url_id(value: str) -> str:
    """A base key."""
    if not value:
        raise InvalidRefusal("urlId must not be empty.", code="missing-url-id")
    return text(value, "urlId")


def window_url_id(value: str) -> str:
    """The key of a thread."""
    if not value:
        raise InvalidRefusal("urlId must not be empty.", code="missing-url-id")
    return text(value, "urlId", most=2 * URL_ID_CHARACTERS + 64)


def broadcast_id(value: str) -> str:
    """The identity of a write."""
    return text(value, "broadcastId", most=BROADCAST_ID_CHARACTERS)


def coordinate(value: float, name: str) -> float:
    """Percent of the picture, both ends included."""
    if not math.isfinite(value) or not 0 <= value <= _MOST:
        raise InvalidRefusal(f"{name} must be a number from 0 to 100.")
    return float(value)


def comment(value: str) -> str:
    """What somebody wrote, without the white space around it.

    Raises:
        Refusal: 400, ``empty-comment`` or ``comment-too-big``.
    """
    stripped = value.replace(_NUL, "").strip()
    if not stripped:
        raise InvalidRefusal("The comment is empty.", code="empty-comment")
    if len(stripped) > _LONGEST_COMMENT or len(_IMAGE.sub(r"\1", stripped)) > COMMENT_CHARACTERS:
        raise comment_too_big()
    return stripped


def name(value: str) -> str:
    """The name that somebody without an account gives.

    Raises:
        Refusal: 400, ``invalid-name`` or ``invalid-name-is-email``.
    """
    stripped = " ".join(value.replace(_NUL, "").split())
    if not stripped or len(stripped) > NAME_CHARACTERS:
        raise InvalidRefusal("Give a name.", code="invalid-name")
    if _MAIL.fullmatch(stripped):
        raise InvalidRefusal("A name must not be an e-mail address.", code="invalid-name-is-email")
    return stripped
