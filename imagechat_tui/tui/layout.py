"""Which parts of the screen are seen at a size; arithmetic and names only, no widgets."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

WIDE_COLUMNS: Final = 84
"""From here on picture and side pane stand side by side."""
TINY_COLUMNS: Final = 40
TINY_ROWS: Final = 12
"""Below either a picture says nothing: markers are listed as text instead."""
ROOMY_ROWS: Final = 16
"""From here on a thread has a row of its own for who is writing; below its heading says it."""
_SIDE_SHARE: Final = 0.34
_SIDE_RANGE: Final = (32, 54)


class Pane(StrEnum):
    """A part of the screen that can have the focus."""

    PICTURE = "picture"
    LIST = "list"
    THREAD = "thread"


class Shape(StrEnum):
    """How much room there is."""

    WIDE = "wide"
    NARROW = "narrow"
    TINY = "tiny"


@dataclass(frozen=True, kw_only=True, slots=True)
class Layout:
    """What is seen.

    Attributes:
        shape: how much room there is.
        panes: the panes that can be seen together, in the order of the tab key.
        side_columns: width of the side pane; 0 when nothing stands beside it.
    """

    shape: Shape
    panes: tuple[Pane, ...]
    side_columns: int


def shape_for(columns: int, rows: int) -> Shape:
    """How much room a terminal of this size gives."""
    if columns < TINY_COLUMNS or rows < TINY_ROWS:
        return Shape.TINY
    return Shape.WIDE if columns >= WIDE_COLUMNS else Shape.NARROW


def arrange(columns: int, rows: int, *, pane: Pane) -> Layout:
    """The panes to show at a size when ``pane`` has the focus."""
    shape = shape_for(columns, rows)
    if shape is Shape.WIDE:
        side = round(columns * _SIDE_SHARE)
        side = max(_SIDE_RANGE[0], min(side, _SIDE_RANGE[1]))
        return Layout(shape=shape, panes=tuple(Pane), side_columns=side)
    if shape is Shape.TINY and pane is Pane.PICTURE:
        pane = Pane.LIST
    return Layout(shape=shape, panes=(pane,), side_columns=0)


def reachable(shape: Shape, *, thread_open: bool) -> tuple[Pane, ...]:
    """The panes that the tab key walks through."""
    panes = [Pane.LIST] if shape is Shape.TINY else [Pane.PICTURE, Pane.LIST]
    return (*panes, Pane.THREAD) if thread_open or shape is Shape.WIDE else tuple(panes)
