"""Unsent text, by what it was written for; kept while the app runs and, where a file is given, between runs.

It never sends anything: a draft becomes a comment only by the person's own hand.
"""

import os
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

_REPLY: Final = "reply "
_MOST: Final = 200
"""Drafts of a board, and boards in the file; the oldest are dropped."""


class NewMarker(Struct, frozen=True, kw_only=True, tag="marker"):
    """The first comment of a marker to be."""

    x: float
    y: float


class Reply(Struct, frozen=True, kw_only=True, tag="reply"):
    """A comment in a thread."""

    marker_id: str
    parent_id: str | None = None


class Edit(Struct, frozen=True, kw_only=True, tag="edit"):
    """Another text for a comment."""

    marker_id: str
    comment_id: str


Target = NewMarker | Reply | Edit


def _slot(target: Target) -> str:
    """One draft per slot; there is one for new markers, wherever the crosshair stands meanwhile."""
    match target:
        case NewMarker():
            return "new"
        case Reply(marker_id=marker_id):
            return f"{_REPLY}{marker_id}"
        case Edit(comment_id=comment_id):
            return f"edit {comment_id}"


class Drafts:
    """What has been typed and not sent on one board."""

    def __init__(self, *, path: Path | None = None, board: str = "") -> None:
        """Start with what the file holds; an unreadable one counts as empty.

        Args:
            path: the file of all boards; ``None`` keeps nothing after the end.
            board: tells this board from the others in the file.
        """
        self._path = path
        self._board = board
        self._texts: dict[str, str] = self._read().get(board, {})

    def text(self, target: Target) -> str:
        """The draft, or nothing."""
        return self._texts.get(_slot(target), "")

    def replies(self) -> list[str]:
        """The markers in whose threads an unsent reply waits."""
        return [slot.removeprefix(_REPLY) for slot, text in self._texts.items() if text and slot.startswith(_REPLY)]

    def keep(self, target: Target, text: str) -> None:
        """Remember the text; an empty one is forgotten."""
        slot = _slot(target)
        self._texts.pop(slot, None)
        if text.strip():
            self._texts[slot] = text

    def renamed(self, was: str, now: str) -> None:
        """A marker got its final id: its draft goes with it."""
        text = self._texts.pop(f"{_REPLY}{was}", None)
        if text is not None:
            self._texts[f"{_REPLY}{now}"] = text

    def save(self) -> None:
        """Write the file, readable by its owner only; never half of it, and nothing of other boards is lost.

        Raises:
            OSError: The file cannot be written.
        """
        if self._path is None:
            return
        boards = self._read()
        boards.pop(self._board, None)
        if self._texts:
            boards[self._board] = dict(list(self._texts.items())[-_MOST:])
        if not boards:
            self._path.unlink(missing_ok=True)
            return
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = self._path.with_name(f"{self._path.name}.{os.getpid()}")
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(msgspec.json.encode(dict(list(boards.items())[-_MOST:])))
        part.replace(self._path)

    def _read(self) -> dict[str, dict[str, str]]:
        if self._path is None:
            return {}
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=dict[str, dict[str, str]])
        except (OSError, msgspec.DecodeError):
            return {}
