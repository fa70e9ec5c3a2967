"""How far the opening of a board is, for whoever shows it: nothing is shown here, and nothing depends on it."""

from collections.abc import Callable
from enum import Enum, auto
from typing import TypeAlias


class Work(Enum):
    """What can take long."""

    READING = auto()
    """A file, a pipe, and whether it is a picture."""
    LOADING = auto()
    """A picture that comes from elsewhere."""
    STARTING = auto()
    """The local server comes up."""
    SENDING = auto()
    """A picture goes to the server."""
    SETTING_UP = auto()
    """The picture is there, and its board is made or changed."""


Told: TypeAlias = Callable[[Work, int, int], None]
"""Told of the bytes that are done, and of how many there are; 0 where nobody knows."""

Counted: TypeAlias = Callable[[int, int], None]
"""The same of one piece of work."""


def nobody(_work: Work, _done: int, _of: int) -> None:
    """Nobody wants to know."""
