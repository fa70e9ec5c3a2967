"""Figures of several rounds as one table: medians with their spread, as Markdown and as JSON."""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final, NamedTuple

_WHOLE: Final = 100
"""From here on a figure is shown without decimals."""


class Figure(NamedTuple):
    """The middle of several rounds, and the least and the most of them."""

    median: float
    low: float
    high: float

    def __str__(self) -> str:
        if self.low == self.high:
            return _number(self.median)
        return f"{_number(self.median)} ({_number(self.low)}-{_number(self.high)})"


Cell = str | Figure


@dataclass(frozen=True, kw_only=True)
class Table:
    """Named rows of named figures."""

    title: str
    note: str
    """How it was measured."""
    rows: Sequence[Mapping[str, Cell]]

    def markdown(self) -> str:
        """For people."""
        lines = [f"### {self.title}", "", self.note, ""]
        if self.rows:
            names = list(self.rows[0])
            lines += [_line(names), _line(["---", *["---:"] * (len(names) - 1)])]
            lines += [_line([str(row[name]) for name in names]) for row in self.rows]
        return "\n".join([*lines, ""])

    def plain(self) -> dict[str, Any]:
        """For machines."""
        rows = [
            {name: cell if isinstance(cell, str) else cell._asdict() for name, cell in row.items()} for row in self.rows
        ]
        return {"title": self.title, "note": self.note, "rows": rows}


def summary(rounds: Sequence[Any]) -> dict[str, Cell]:
    """One row of several rounds of the same dataclass; texts are taken from the first."""
    first = asdict(rounds[0])
    return {
        name.replace("_", " "): value if isinstance(value, str) else figure([getattr(each, name) for each in rounds])
        for name, value in first.items()
    }


def figure(values: Sequence[float]) -> Figure:
    """The middle and the spread."""
    return Figure(statistics.median(values), min(values), max(values))


def _number(value: float) -> str:
    if abs(value) >= _WHOLE or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.2f}" if abs(value) < 10 else f"{value:.1f}"


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
