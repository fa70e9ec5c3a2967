"""In which order a thread's comments are shown, and which of them are on a page; pure, knows ids and no text.

Pinned comments come first; answers follow what they answer, oldest first.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Literal

from msgspec import Struct

from imagechat_tui.server.store.comments import Outline

Direction = Literal["OF", "NF", "MR"]
"""Oldest first, newest first, most relevant first."""

DIRECTIONS: tuple[Direction, ...] = ("OF", "NF", "MR")


class Tree(Struct, frozen=True, kw_only=True):
    """A thread in order."""

    roots: tuple[str, ...]
    """Comments that answer nothing that is shown."""
    answers: Mapping[str, Sequence[str]]
    """Direct answers, by the comment they answer."""

    def children(self, comment_id: str) -> Sequence[str]:
        """Direct answers of a comment."""
        return self.answers.get(comment_id, ())

    def below(self, comment_id: str) -> list[str]:
        """A comment and everything under it, in reading order; no recursion, whatever the depth."""
        found: list[str] = []
        stack = [comment_id]
        while stack:
            one = stack.pop()
            found.append(one)
            stack.extend(reversed(self.children(one)))
        return found

    def flat(self) -> list[str]:
        """The whole thread in reading order."""
        return [one for root in self.roots for one in self.below(root)]


def arrange(outlines: Sequence[Outline], direction: Direction) -> Tree:
    """A thread in this order. ``outlines`` are in order of writing."""
    known = {outline.id for outline in outlines}
    answers: dict[str, list[str]] = defaultdict(list)
    roots: list[Outline] = []
    for outline in outlines:
        if outline.parent_id is not None and outline.parent_id in known and outline.parent_id != outline.id:
            answers[outline.parent_id].append(outline.id)
        else:
            roots.append(outline)
    if direction != "OF":
        roots.reverse()
    if direction == "MR":
        roots.sort(key=lambda outline: -outline.votes)
    roots.sort(key=lambda outline: not outline.pinned)
    return Tree(roots=tuple(root.id for root in roots), answers=answers)


def neighbours(ids: Sequence[str], comment_id: str) -> dict[str, str | None]:
    """What stands before and after a comment; nothing where it is not, or at the ends."""
    if comment_id not in ids:
        return {"before": None, "after": None}
    at = ids.index(comment_id)
    return {"before": ids[at - 1] if at else None, "after": ids[at + 1] if at + 1 < len(ids) else None}
