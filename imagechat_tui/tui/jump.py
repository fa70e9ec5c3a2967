"""Two letters for any place: how labels are spread over a part of the picture and what a pair of letters means.

Arithmetic only. Letters near the resting fingers come first.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

from imagechat_tui.render.geometry import Region

LETTERS: Final = "asdfjklghqwertyuiopzxcvbnm"
_LABEL: Final = 2
_APART: Final = (6, 3)
"""Cells per label, across and down, where there is room for so many labels."""


class Label(NamedTuple):
    """A pair of letters and where it is written; its first letter stands on the place that it means."""

    pair: str
    x: int
    y: int


@dataclass(frozen=True)
class JumpGrid:
    """Labels over a region of the window."""

    region: Region

    @cached_property
    def labels(self) -> tuple[Label, ...]:
        """All of them, row by row; at most one for each pair of letters."""
        width, height = self.region.width, self.region.height
        if width < _LABEL or height < 1:
            return ()
        most = len(LETTERS)
        columns = max(1, min(width // _APART[0], most))
        rows = max(1, min(height // _APART[1], most))
        return tuple(
            Label(
                LETTERS[row] + LETTERS[column],
                self.region.x + _middle(column, columns, width),
                self.region.y + _middle(row, rows, height),
            )
            for row in range(rows)
            for column in range(columns)
        )

    def matching(self, typed: str) -> tuple[Label, ...]:
        """The labels that begin with what was typed."""
        return tuple(label for label in self.labels if label.pair.startswith(typed))


def _middle(index: int, count: int, length: int) -> int:
    """The middle of the ``index``-th of ``count`` equal parts, with room for a whole label."""
    return min(int((index + 0.5) * length / count), length - _LABEL)
