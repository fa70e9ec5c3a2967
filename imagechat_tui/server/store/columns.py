"""Lists and moments as columns keep them: JSON text, and milliseconds shown as ISO 8601; knows no table."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

import msgspec

from imagechat_tui.protocol.moments import iso

_TOGETHER: Final = 5_000
"""Values of one ``IN``; engines allow some ten thousand."""

_texts = msgspec.json.Decoder(tuple[str, ...])


def pack(texts: Iterable[str]) -> str:
    """Texts as one column."""
    return msgspec.json.encode(tuple(texts)).decode()


def unpack(column: str) -> tuple[str, ...]:
    """Texts of one column."""
    return _texts.decode(column)


def pack_groups(groups: Iterable[str] | None) -> str | None:
    """Groups of a user: ``None`` (all pages) stays ``None``."""
    return None if groups is None else pack(groups)


def unpack_groups(column: str | None) -> tuple[str, ...] | None:
    """The same, back."""
    return None if column is None else unpack(column)


def iso_or_none(moment_ms: int | None) -> str | None:
    """A moment as the contract writes it; one that has not come is none."""
    return None if moment_ms is None else iso(moment_ms)


def in_parts(values: Iterable[str]) -> Iterator[list[str]]:
    """Many values in parts that one ``IN`` can hold."""
    rest = iter(values)
    while part := list(islice(rest, _TOGETHER)):
        yield part
