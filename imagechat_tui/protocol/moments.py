"""Moments: milliseconds since the epoch, and ISO 8601 as the contract writes it; reads no clock."""

from datetime import UTC, datetime, timedelta
from typing import Final

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def iso(moment_ms: int) -> str:
    """A moment as the contract writes it: ISO 8601 in UTC with milliseconds and Z."""
    seconds, rest = divmod(moment_ms, 1_000)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{rest:03d}Z"


def milliseconds(text: str | None) -> int:
    """An ISO 8601 time as milliseconds since the epoch; 0 for none and for one that cannot be read."""
    if not text:
        return 0
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return 0
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return (moment - _EPOCH) // timedelta(milliseconds=1)
