"""Markers and comments as the model server keeps them."""

from msgspec import Struct, field


class Comment(Struct, frozen=True):
    """A comment as it is."""

    id: str
    author: str
    text: str
    at: int
    seq: int
    parent: str | None = None
    edited: bool = False
    votes: tuple[tuple[str, str, int], ...] = ()
    """Vote id, voter, direction."""


class Marker(Struct, frozen=True):
    """A marker as it is."""

    id: str
    number: int
    x: float
    y: float
    author: str
    at: int
    resolved: tuple[int, str] | None = None
    comments: dict[str, Comment] = field(default_factory=dict)
