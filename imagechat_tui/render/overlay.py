"""Where markers stand over the picture and what they look like: squares with a number, told apart by shape.

Arithmetic and words of a few characters; it paints nothing, and colors belong to the theme. Two markers never cover
each other: what would collide is drawn small, and what still collides becomes one stack that says how many it holds.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from imagechat_tui.render.geometry import Point, Region, Size, Viewport

SQUARE_PERCENT: Final = 5.0
"""Side of a marker's square in percent of the picture's width, unless the host says otherwise."""

_LEAST_WIDTH: Final = 3
_LABEL_ONLY: Final = Size(0, 0)
_FRAMED_HEIGHT: Final = 3
"""From this many rows on a square has room for a frame around its label."""


class MarkerState(StrEnum):
    """What a marker's conversation is in; ``PENDING`` and ``FAILED`` are own operations that are not confirmed."""

    OPEN = "open"
    RESOLVED = "resolved"
    PENDING = "pending"
    FAILED = "failed"


_WEIGHT: Final = {MarkerState.RESOLVED: 0, MarkerState.OPEN: 1, MarkerState.PENDING: 2, MarkerState.FAILED: 3}
"""A stack shows the state among its markers that most wants to be seen."""

_SIGNS: Final = {MarkerState.OPEN: "", MarkerState.RESOLVED: "✓", MarkerState.PENDING: "~", MarkerState.FAILED: "!"}
_ASCII_SIGNS: Final = _SIGNS | {MarkerState.RESOLVED: "x"}
_UNREAD: Final = "*"

_FRAMES: Final = {
    MarkerState.OPEN: "┌─┐│└┘",
    MarkerState.RESOLVED: "╭─╮│╰╯",
    MarkerState.PENDING: "┌╌┐╎└┘",
    MarkerState.FAILED: "┌!┐!└┘",
}
_SELECTED_FRAME: Final = "┏━┓┃┗┛"
_ASCII_FRAME: Final = "+-+|++"
_ASCII_SELECTED_FRAME: Final = "#=##=#"


@dataclass(frozen=True, kw_only=True, slots=True)
class MarkerFacts:
    """What has to be known of a marker to draw it or to say it.

    Attributes:
        key: names it for the caller; never shown.
        number: shown in the square.
        point: where it is pinned, percent of the picture.
        state: its conversation's state.
        selected: it is the one the side pane shows.
        unread: it holds something that this person has not seen.
        replies: answers to its first comment.
    """

    key: str
    number: int
    point: Point
    state: MarkerState = MarkerState.OPEN
    selected: bool = False
    unread: bool = False
    replies: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Placed:
    """One square, or one stack of several.

    Attributes:
        region: the cells of the window it covers, inside the window.
        lines: its text, one string of ``region.width`` characters per row.
        keys: the markers it stands for; several for a stack, the one whose number it shows first.
        state: for colors; of a stack the one that most wants to be seen.
        selected: whether it holds the selected marker.
        unread: whether it holds something unread.
    """

    region: Region
    lines: tuple[str, ...]
    keys: tuple[str, ...]
    state: MarkerState
    selected: bool
    unread: bool


def place(
    viewport: Viewport,
    markers: Iterable[MarkerFacts],
    *,
    square_percent: float = SQUARE_PERCENT,
    ascii_only: bool = False,
) -> list[Placed]:
    """Squares for the markers in view, by number; no two share a cell.

    Args:
        viewport: what of the picture is in view.
        markers: any order.
        square_percent: side of a square in percent of the width that the picture has on screen.
        ascii_only: the terminal has no other signs.
    """
    window = viewport.window
    seen = sorted(_in_view(viewport, markers), key=lambda found: _order(found[0]))
    if not seen or not window.width or not window.height:
        return []
    across = viewport.canvas.width * square_percent / 100
    square = Size(round(across), round(across * viewport.cell.width / viewport.cell.height))
    groups = _grouped(window, _stacked(window, seen, ascii_only=ascii_only))
    small = [group.region(window) for group in groups]
    large = [group.region(window, square) for group in groups]
    crowded = _crowded(large)
    placed = [group.placed(small[i] if i in crowded else large[i]) for i, group in enumerate(groups)]
    return sorted(placed, key=lambda p: (p.region.y, p.region.x))


def _order(marker: MarkerFacts) -> tuple[bool, int, str]:
    return not marker.selected, marker.number, marker.key


def _in_view(viewport: Viewport, markers: Iterable[MarkerFacts]) -> Iterator[tuple[MarkerFacts, tuple[int, int]]]:
    """The markers whose points are in view, each with its cell of the window, as ``cell_at`` tells it."""
    (x, y, width, height), (across, down) = viewport.drawn, viewport.canvas
    left, top, right, below = viewport.left, viewport.top, x + width, y + height
    for marker in markers:
        point = marker.point
        # Points are 0 to 100, and 100 belongs to the last cell.
        column = min(int(point.x * across / 100), across - 1) - left
        if x <= column < right:
            row = min(int(point.y * down / 100), down - 1) - top
            if y <= row < below:
                yield marker, (column, row)


class _Group:
    """The markers of one square; the first one's number and place are used."""

    __slots__ = ("ascii_only", "cell", "markers", "selected", "state", "text", "unread")

    def __init__(self, marker: MarkerFacts, cell: tuple[int, int], ascii_only: bool) -> None:  # noqa: FBT001 - made ten thousand times
        self.markers = [marker]
        self.cell = cell
        self.ascii_only = ascii_only
        self.state = marker.state
        self.selected = marker.selected
        self.unread = marker.unread
        self.text = self._text()

    def take(self, markers: Sequence[MarkerFacts], other: "_Group | MarkerFacts") -> None:
        """Let others in, and what is true of them; ``finish`` when all are there."""
        self.markers += markers
        self.selected |= other.selected
        self.unread |= other.unread
        if _WEIGHT[other.state] > _WEIGHT[self.state]:
            self.state = other.state

    def finish(self) -> None:
        """Say what has become of it."""
        self.text = self._text()

    def _text(self) -> str:
        """The number, a sign for the state behind it, a star for unread before it, and how many more there are."""
        more = f"+{len(self.markers) - 1}" if len(self.markers) > 1 else ""
        sign = (_ASCII_SIGNS if self.ascii_only else _SIGNS)[self.state]
        return f"{_UNREAD if self.unread else ''}{self.markers[0].number}{more}{sign}"

    def label(self, width: int) -> str:
        """One line of ``width`` characters."""
        opening, closing = (">", "<") if self.ascii_only else ("»", "«")
        if not self.selected:
            opening, closing = "[", "]"
        return f"{opening}{_centred(self.text, width - 2)}{closing}"[:width]

    def region(self, window: Size, square: Size = _LABEL_ONLY) -> Region:
        """Cells around the place, inside the window: as large as ``square``, and at least the label."""
        width = min(max(square.width, _LEAST_WIDTH, len(self.text) + 2), window.width)
        height = min(max(square.height, 1), window.height)
        column, row = self.cell
        x = max(0, min(column - width // 2, window.width - width))
        y = max(0, min(row - height // 2, window.height - height))
        return Region(x, y, width, height)

    def label_cells(self, window: Size) -> range:
        """The cells of the label alone."""
        return _label_cells(window, self.cell, len(self.text))

    def placed(self, region: Region) -> Placed:
        return Placed(
            region=region,
            lines=self._lines(region),
            keys=tuple([marker.key for marker in self.markers]),
            state=self.state,
            selected=self.selected,
            unread=self.unread,
        )

    def _lines(self, region: Region) -> tuple[str, ...]:
        """The label in the middle, a frame around it where there is room."""
        if region.height < _FRAMED_HEIGHT:
            return (self.label(region.width), *[" " * region.width] * (region.height - 1))
        frame = _FRAMES[self.state]
        if self.selected:
            frame = _SELECTED_FRAME
        if self.ascii_only:
            frame = _ASCII_SELECTED_FRAME if self.selected else _ASCII_FRAME
        left_top, across, right_top, down, left_bottom, right_bottom = tuple(frame)
        inner = region.width - 2
        lines = [f"{down}{' ' * inner}{down}"] * region.height
        lines[0] = f"{left_top}{across * inner}{right_top}"
        lines[-1] = f"{left_bottom}{across * inner}{right_bottom}"
        lines[region.height // 2] = self.label(region.width)
        return tuple(lines)


def _label_cells(window: Size, cell: tuple[int, int], characters: int) -> range:
    """The cells of a label, counted along the rows of the window; where ``region`` puts them."""
    width = min(max(_LEAST_WIDTH, characters + 2), window.width)
    start = cell[1] * window.width + max(0, min(cell[0] - width // 2, window.width - width))
    return range(start, start + width)


def _stacked(window: Size, seen: Iterable[tuple[MarkerFacts, tuple[int, int]]], *, ascii_only: bool) -> list[_Group]:
    """The first round of ``_grouped``, of ten thousand perhaps: only those that get a square become groups."""
    owner: dict[int, _Group] = {}
    kept: list[_Group] = []
    grown: set[_Group] = set()
    for marker, cell in seen:
        characters = len(str(marker.number)) + marker.unread + bool(_SIGNS[marker.state])
        cells = _label_cells(window, cell, characters)
        for one in cells:
            if one in owner:
                owner[one].take((marker,), marker)
                grown.add(owner[one])
                break
        else:
            group = _Group(marker, cell, ascii_only)
            owner.update(dict.fromkeys(cells, group))
            kept.append(group)
    for group in grown:
        group.finish()
    return kept


def _grouped(window: Size, groups: Sequence[_Group]) -> list[_Group]:
    """Those whose labels would collide, joined, until none do; a joined label is longer and may collide anew."""
    while True:
        owner: dict[int, _Group] = {}
        kept: list[_Group] = []
        grown: set[_Group] = set()
        for group in groups:
            cells = group.label_cells(window)
            met = next(filter(None, map(owner.get, cells)), None)
            if met is None:
                owner.update(dict.fromkeys(cells, group))
                kept.append(group)
            else:
                met.take(group.markers, group)
                grown.add(met)
        if not grown:
            return kept
        for group in grown:
            group.finish()
        groups = kept


def _crowded(regions: Sequence[Region]) -> set[int]:
    """The indices of the regions that share a cell with another one."""
    owner: dict[tuple[int, int], int] = {}
    crowded: set[int] = set()
    for index, region in enumerate(regions):
        for cell in _cells(region):
            other = owner.setdefault(cell, index)
            if other != index:
                crowded |= {index, other}
    return crowded


def _cells(region: Region) -> list[tuple[int, int]]:
    return [(x, y) for y in range(region.y, region.y + region.height) for x in range(region.x, region.x + region.width)]


def _centred(text: str, width: int) -> str:
    """Centred, the odd space on the right."""
    left = max(0, width - len(text)) // 2
    return (" " * left + text).ljust(width)
