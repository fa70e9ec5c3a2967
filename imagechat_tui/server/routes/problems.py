"""From an exception to a status and a body: the one table; a caller learns what to do, never what broke inside.

Two shapes are published: ``{"status":"failed","reason","code"}`` everywhere, and on the image chat endpoints the union
that also says ``"status":"error"`` and ``message``. Nothing is ever sent with a 2xx status.
"""

import logging
import math
from typing import Final

from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException

from imagechat_tui import plain
from imagechat_tui.errors import PictureError, ProtocolError
from imagechat_tui.log import FACTS
from imagechat_tui.protocol.replies import ApiError
from imagechat_tui.server.actions.refusals import Refusal
from imagechat_tui.server.auth.sso import SsoError
from imagechat_tui.server.routes.answering import Answer, of
from imagechat_tui.server.store.shelf import ShelfAwayError
from imagechat_tui.server.throttle import TooOftenError

logger = logging.getLogger(__name__)

_IMAGE_CHATS: Final = "/comment-image-chats/"
_WORDS: Final = {
    404: ("not-found", "There is nothing here."),
    405: ("unexpected-param", "This method is not for this address."),
}
_INTERNAL: Final = ("internal", "The server failed; this was logged. Try again later.")
_SERVER_ERRORS: Final = 500
_BUSY: Final = 503
_BUSY_SECONDS: Final = b"1"


def answer_to(problem: Exception, *, path: str, request_id: str) -> Answer:
    """What the caller gets for an exception that ended its request; the unexpected is logged with its traceback."""
    if isinstance(problem, Refusal):
        return _answer(
            path, problem.status, problem.code, problem.reason, max_character_length=problem.max_character_length
        )
    if isinstance(problem, TooOftenError):
        seconds = str(max(1, math.ceil(problem.retry_after))).encode()
        code = "user-rate-limited" if problem.per_user else "rate-limited"
        return _answer(path, 429, code, "Too many requests; try again later.", headers=((b"retry-after", seconds),))
    status, code, reason = _plain(problem)
    if status < _SERVER_ERRORS:
        return _answer(path, status, code, reason)
    logger.error("request %s failed", request_id, exc_info=problem, extra={FACTS: {"request": request_id}})
    headers: tuple[tuple[bytes, bytes], ...] = ((b"x-request-id", request_id.encode()),)
    if status == _BUSY:
        headers = (*headers, (b"retry-after", _BUSY_SECONDS))
    return _answer(path, status, code, reason, headers=headers)


def _plain(problem: Exception) -> tuple[int, str, str]:
    """Status, code and reason of what needs no more than these."""
    match problem:
        case SsoError():
            return (401, problem.code, problem.reason)
        case ProtocolError():
            return (400, "invalid-input", f"The body does not fit: {plain.line(problem.detail, most=200)}.")
        case PictureError():
            return (400, "invalid-input", str(problem))
        case HTTPException():
            code, reason = _WORDS.get(problem.status_code, ("invalid-input", "The request is not valid."))
            return (problem.status_code, code, reason)
        case OperationalError() | ShelfAwayError():
            return (_BUSY, *_INTERNAL)
        case _:
            return (_SERVER_ERRORS, *_INTERNAL)


def _answer(
    path: str,
    status: int,
    code: str,
    reason: str,
    *,
    headers: tuple[tuple[bytes, bytes], ...] = (),
    max_character_length: int | None = None,
) -> Answer:
    union = path.startswith(_IMAGE_CHATS)
    body = ApiError(
        status="error" if union else "failed",
        reason=reason,
        code=code,
        message=reason if union else None,
        max_character_length=max_character_length,
    )
    return of(body, status=status, headers=headers)
