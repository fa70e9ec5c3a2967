"""Markers and comments as the model server keeps them."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Comment:
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


@dataclass(frozen=True)
class Marker:
    """A marker as it is."""

    id: str
    number: int
    x: float
    y: float
    author: str
    at: int
    resolved: tuple[int, str] | None = None
    comments: dict[str, Comment] = field(default_factory=dict)
