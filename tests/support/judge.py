"""Watches a whole test run: what a server of any test says by the published contract is as published.

Every answer to a published operation, every event of an answered log, and every frame to a live client without
``scope``, of servers in this process and of those that tests start beside it. What is wrong fails the test in which it
was said. Of what has one shape (``subset.shape``) one is judged, which says the same of all.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import msgspec

from tests.support import published
from tests.support.witness import Said, Witness

_SUFFIX: Final = ".said"


class Judge:
    """What was found wrong since the last verdict."""

    def __init__(self) -> None:
        self.folder: Path | None = None
        """Where servers of other processes write down what they say; ``None`` while nobody watches."""
        self._wrong: list[str] = []
        self._read: dict[Path, int] = {}

    @contextmanager
    def over(self, folder: Path) -> Iterator[None]:
        """Watch this process, and those that write into ``folder``."""
        self.folder = folder
        try:
            with Witness(self.hear).over():
                yield
        finally:
            self.folder = None

    def command(self) -> tuple[str, ...]:
        """How to start ``imagechat``, so that it is watched whenever this process is."""
        if self.folder is None:
            return (sys.executable, "-m", "imagechat_tui")
        return (sys.executable, "-m", "tests.support.watched", str(self.folder))

    def hear(self, said: Said) -> bool:
        """Judge; whether it is right."""
        wrong = problems(said)
        if wrong:
            self._wrong.append(f"{_named(said)}: {'; '.join(wrong)}; it was {said.body[:500]!r}")
        return not wrong

    def verdict(self) -> list[str]:
        """What was wrong since the last time, in whichever process it was said."""
        if self.folder is not None:
            for file in sorted(self.folder.glob(f"*{_SUFFIX}")):
                self._hear_from(file)
        wrong, self._wrong = self._wrong, []
        return wrong

    def _hear_from(self, file: Path) -> None:
        with file.open("rb") as lines:
            lines.seek(self._read.get(file, 0))
            for line in lines:
                if not line.endswith(b"\n"):
                    break  # Its process is still writing it, or was killed meanwhile.
                self._read[file] = self._read.get(file, 0) + len(line)
                self.hear(msgspec.json.decode(line, type=Said))


judge: Final = Judge()
"""The one of this test process."""


def problems(said: Said) -> list[str]:
    """What is wrong with it."""
    if said.operation is not None:
        return published.answer_problems(said.operation, said.status, said.media_type, said.body)
    if said.what == "frame":
        return published.frame_problems(said.body)
    if said.what == "stored event":
        return published.stored_problems(said.body)
    return [f"a live client of the contract gets text frames only, and this is a {said.what}"]


def _named(said: Said) -> str:
    if said.operation is None:
        return said.what
    return f"{said.operation.method} {said.operation.template}, {said.status}"
