"""How an operation ended, read from what the network did; a table of statuses, nothing else.

Every doubt counts as unknown: a retry with the same id cannot double, one with a new id can.
"""

from typing import Final

from msgspec import Struct

from imagechat_tui.core.inputs import Refused, Silence, Unanswered
from imagechat_tui.core.outputs import Outcome
from imagechat_tui.core.views import Reason


class Ending(Struct, frozen=True, kw_only=True):
    """How an operation ended."""

    outcome: Outcome
    reason: Reason | None = None
    detail: str = ""
    """The other side's own words (foreign text)."""
    retry_after: float | None = None
    """Seconds."""


CONFIRMED: Final = Ending(outcome=Outcome.CONFIRMED)

_BY_CODE: Final = {"locked": Reason.LOCKED, "banned": Reason.NOT_ALLOWED, "broadcast-id-reused": Reason.CONFLICT}

_BY_STATUS: Final = {
    400: Reason.INVALID,
    401: Reason.NOT_SIGNED_IN,
    403: Reason.NOT_ALLOWED,
    404: Reason.GONE,
    409: Reason.CONFLICT,
    410: Reason.GONE,
    413: Reason.INVALID,
    422: Reason.INVALID,
    429: Reason.TOO_FAST,
    503: Reason.BUSY,
}

_BY_SILENCE: Final = {
    Silence.UNREACHABLE: (Outcome.REFUSED, Reason.OFFLINE),
    Silence.INSECURE: (Outcome.REFUSED, Reason.INSECURE),
    Silence.LOST: (Outcome.UNKNOWN, Reason.NO_ANSWER),
    Silence.FOREIGN: (Outcome.UNKNOWN, Reason.NOT_COMPATIBLE),
}

SERVER_ERROR: Final = 500


def reason_of(answer: Refused) -> Reason:
    """Why the server said no."""
    if answer.error.code in _BY_CODE:
        return _BY_CODE[answer.error.code]
    return _BY_STATUS.get(answer.status, Reason.SERVER if answer.status >= SERVER_ERROR else Reason.INVALID)


def ending_of(answer: Refused | Unanswered) -> Ending:
    """The end of an operation without success.

    A server error says nothing about whether it was done, except 503: nothing was.
    """
    if isinstance(answer, Unanswered):
        outcome, why = _BY_SILENCE[answer.why]
        return Ending(outcome=outcome, reason=why, detail=answer.detail)
    reason = reason_of(answer)
    outcome = Outcome.UNKNOWN if reason is Reason.SERVER else Outcome.REFUSED
    return Ending(outcome=outcome, reason=reason, detail=answer.error.sentence, retry_after=answer.retry_after)
