"""Gathers changes until a screen has time for them: a burst of a thousand becomes one digest.

It keeps no truth of its own; a digest only says where to look again. It never touches a widget.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from imagechat_tui.core.outputs import (
    BoardChanged,
    Change,
    CommentGone,
    CommentPut,
    LinkChanged,
    MarkerGone,
    MarkerPut,
    Noted,
    OperationBegan,
    OperationEnded,
    PeopleChanged,
    PictureChanged,
    ThreadReplaced,
    WritersChanged,
)

APART: Final = 0.03
"""Seconds between two digests of news: a flood repaints thirty times a second at most."""

FRESHEN: Final = 30.0
"""Seconds after which relative times are said anew where no news came."""


@dataclass(kw_only=True, slots=True)
class Digest:
    """What a batch of changes touched."""

    link: bool = False
    board: bool = False
    people: bool = False
    everything: bool = False
    picture: PictureChanged | None = None
    markers: set[str] = field(default_factory=set)
    """Markers that are new, different or gone."""
    threads: set[str] = field(default_factory=set)
    """Markers whose comments changed."""
    writers: set[str | None] = field(default_factory=set)
    """Markers in whose threads others began or ended to write; ``None`` stands for those to come."""
    renamed: dict[str, str] = field(default_factory=dict)
    """Ids before their confirmation to the ids after it, of markers and comments."""
    began: list[OperationBegan] = field(default_factory=list)
    ended: list[OperationEnded] = field(default_factory=list)
    notes: list[Noted] = field(default_factory=list)

    def add(self, change: Change) -> None:
        """Take one more change in; one of a kind that is not known means that anything may be different."""
        match change:
            case MarkerPut() | MarkerGone() | CommentPut() | CommentGone() | ThreadReplaced():
                self._add_conversation(change)
            case OperationBegan():
                self.began.append(change)
            case OperationEnded():
                self.ended.append(change)
            case Noted():
                self.notes.append(change)
            case PictureChanged():
                self.picture = change
            case LinkChanged():
                self.link = True
            case BoardChanged():
                self.board = True
            case PeopleChanged():
                self.people = True
            case WritersChanged():
                self.writers |= change.marker_ids
            case _:
                self.everything = True

    def _add_conversation(self, change: MarkerPut | MarkerGone | CommentPut | CommentGone | ThreadReplaced) -> None:
        match change:
            case MarkerPut(marker=marker, was=was):
                self._renamed(was, marker.id)
                self.markers.add(marker.id)
            case MarkerGone(marker_id=marker_id):
                self.markers.add(marker_id)
            case CommentPut(comment=comment, was=was):
                self._renamed(was, comment.id)
                self.threads.add(comment.marker_id)
            case CommentGone(marker_id=marker_id) | ThreadReplaced(marker_id=marker_id):
                self.threads.add(marker_id)

    def _renamed(self, was: str | None, now: str) -> None:
        if was is not None and was != now:
            self.renamed[was] = now


class NewsDesk:
    """Takes batches at any time and tells once that something lies ready."""

    def __init__(self, *, ring: Callable[[], None]) -> None:
        """``ring`` is called when the first change after an empty desk arrives."""
        self._ring = ring
        self._digest: Digest | None = None

    @property
    def empty(self) -> bool:
        """Whether nothing lies there."""
        return self._digest is None

    def bring(self, changes: Sequence[Change]) -> None:
        """Lay changes on the desk."""
        if not changes:
            return
        waiting = self._digest is not None
        digest = self._digest or Digest()
        self._digest = digest
        for change in changes:
            digest.add(change)
        if not waiting:
            self._ring()

    def take(self) -> Digest | None:
        """What lies there; the desk is empty afterwards."""
        digest, self._digest = self._digest, None
        return digest
