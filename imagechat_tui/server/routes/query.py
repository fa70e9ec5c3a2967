"""Query strings, strictly: names and values of a request's address as the types a route asks for; knows no route.

A required parameter that is missing is 422, one that does not fit is 400. Clients that only know doubles send integers
as ``2026.0``.
"""

from collections.abc import Sequence
from typing import Final
from urllib.parse import parse_qsl

from imagechat_tui.server.actions.refusals import Refusal

MOST_CHARACTERS: Final = 200_000
"""Longest query string: an ``sso`` payload with an inline picture, percent-encoded."""
_MOST_FIELDS: Final = 200
_LARGEST: Final = 2**53
_SAFE: Final = 80


def missing(name: str) -> Refusal:
    """The refusal of a request that lacks a required parameter."""
    code = {"urlId": "missing-url-id", "tenantId": "missing-tenant-id"}.get(name, "unexpected-param")
    return Refusal(422, code, f"The parameter {name} is required.")


def unfit(name: str, wanted: str) -> Refusal:
    """The refusal of a parameter that is not what it has to be."""
    return Refusal(400, "invalid-input", f"The parameter {name} has to be {wanted}.")


class Query:
    """The parameters of one request; the first of several equal names counts, except for lists."""

    def __init__(self, raw: bytes) -> None:
        """``raw`` is the query string as it came.

        Raises:
            Refusal: It is too long, has too many fields, or is no UTF-8.
        """
        if len(raw) > MOST_CHARACTERS:
            raise Refusal(414, "invalid-input", "The address is too long.")
        try:
            self._pairs = parse_qsl(
                raw.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS
            )
        except (UnicodeDecodeError, ValueError):
            raise Refusal(400, "invalid-input", "The query of the address is not valid.") from None
        if any("\0" in value for _, value in self._pairs):
            raise Refusal(400, "invalid-input", "The query of the address is not valid.")

    def text(self, name: str, *, most: int = MOST_CHARACTERS) -> str | None:
        """A text; absent and empty are both ``None``."""
        value = next((value for key, value in self._pairs if key == name), "")
        if len(value) > most:
            raise unfit(name, f"no longer than {most} characters")
        return value or None

    def needed(self, name: str, *, most: int = MOST_CHARACTERS) -> str:
        """A text that has to be there."""
        value = self.text(name, most=most)
        if value is None:
            raise missing(name)
        return value

    def texts(self, name: str) -> list[str]:
        """Every value of a repeated name."""
        return [value for key, value in self._pairs if key == name and value]

    def listed(self, name: str, *, most: int) -> list[str]:
        """The items of a required comma list, without blanks and doubles."""
        items = list(dict.fromkeys(item.strip() for item in self.needed(name).split(",")))
        items = [item for item in items if item]
        if len(items) > most:
            raise unfit(name, f"a list of at most {most}")
        return items

    def flag(self, name: str) -> bool | None:
        """``true`` or ``false`` in any case (or ``1`` and ``0``): ``True`` is how Python writes it."""
        value = self.text(name, most=_SAFE)
        if value is None:
            return None
        value = value.lower()
        if value not in {"true", "false", "1", "0"}:
            raise unfit(name, "true or false")
        return value in {"true", "1"}

    def needed_flag(self, name: str) -> bool:
        """The same, required."""
        value = self.flag(name)
        if value is None:
            raise missing(name)
        return value

    def number(self, name: str) -> int | None:
        """An integer, which may be written as ``2026.0``."""
        value = self.text(name, most=_SAFE)
        if value is None:
            return None
        head, dot, tail = value.partition(".")
        digits = head.removeprefix("-")
        fits = digits.isascii() and digits.isdecimal() and (not dot or (tail and not tail.strip("0")))
        if not fits or int(digits) > _LARGEST:
            raise unfit(name, "a whole number")
        return int(head)

    def needed_number(self, name: str) -> int:
        """The same, required."""
        value = self.number(name)
        if value is None:
            raise missing(name)
        return value

    def one_of(self, name: str, allowed: Sequence[str]) -> str | None:
        """One of these words."""
        value = self.text(name, most=_SAFE)
        if value is not None and value not in allowed:
            raise unfit(name, f"one of {', '.join(allowed)}")
        return value
