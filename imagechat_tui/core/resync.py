"""How far the log has been read, and what is held back until it has: positions only, no question, no clock.

What ends at or before the cursor is old; what starts at the next position, or overlaps it, is applied from there; what
starts later waits. Presence has no position and never comes here.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from imagechat_tui.protocol.events import Batch, LiveEvent, Skip
from imagechat_tui.protocol.replies import LogPage

MOST: Final = 2_000
"""Events held back at most; beyond that all of them are dropped and the log is read once more."""


class Segment(NamedTuple):
    """A run of positions, and the events in it that are there to be seen."""

    first: int
    last: int
    events: Sequence[LiveEvent | Skip]


def segment_of(frame: LiveEvent | Skip | Batch) -> Segment | None:
    """The positions a frame covers; ``None`` for one without a position."""
    if isinstance(frame, Batch):
        return Segment(frame.first, frame.last, frame.events)
    if isinstance(frame, Skip):
        return Segment(frame.from_, frame.to, ())
    return None if frame.seq is None else Segment(frame.seq, frame.seq, (frame,))


class Resync:
    """The cursor and the hold-back."""

    def __init__(self) -> None:
        self.cursor: int | None = None
        """The last position that the board shows; ``None`` before the first snapshot."""
        self.holding = True
        """Whether frames wait, because the log or a snapshot is being read."""
        self.expected = 0
        """A position that is known to exist."""
        self.held_back = 0
        """Events held back now."""
        self._held: list[Segment] = []
        self._damaged = False

    @property
    def gap(self) -> bool:
        """Whether the socket has left something out."""
        return bool(self._held) or self._damaged

    @property
    def behind(self) -> bool:
        """Whether something is known to be missing: a gap, or a position that the server has told."""
        return self.gap or self.expected > (self.cursor or 0)

    def damage(self) -> None:
        """A frame could not be read: any position may have been in it."""
        self._damaged = True

    def starts_next(self, seq: int) -> bool:
        """Whether what is held back connects to a board as of ``seq``, so that nothing can be missing between."""
        return not self._damaged and any(segment.first <= seq + 1 for segment in self._held)

    def offer(self, segment: Segment) -> list[LiveEvent]:
        """Take a frame of the live socket; what is to be applied now, in order."""
        if self.cursor is not None and segment.last <= self.cursor:
            return []
        if self.holding or self.cursor is None or segment.first > self.cursor + 1:
            self._hold(segment)
            return []
        events = self._advance(segment)
        return [*events, *self._drain()] if self._held else events

    def begin_read(self) -> None:
        """The log is about to be read from the cursor on."""
        self.holding = True
        self._damaged = False

    def page(self, page: LogPage) -> list[LiveEvent]:
        """One page of the log; the last one moves the cursor to the head, even over events that are not there."""
        events: list[LiveEvent] = []
        for event in page.events:
            segment = segment_of(event)
            if segment is not None and segment.last > (self.cursor or 0):
                self.cursor = max(self.cursor or 0, segment.first - 1)
                events.extend(self._advance(segment))
        if not page.has_more:
            self.cursor = max(self.cursor or 0, page.head)
        return events

    def snapshot(self, seq: int) -> None:
        """The board has been replaced by one as of ``seq``."""
        self.cursor = seq
        self.expected = min(self.expected, seq)

    def release(self) -> list[LiveEvent]:
        """The log has been read: what was held back, as far as it connects."""
        self.holding = False
        return self._drain()

    def drop_held(self) -> None:
        """The socket is gone: the log will bring what was held back."""
        self._held.clear()
        self.held_back = 0
        self._damaged = False
        self.holding = True

    def _hold(self, segment: Segment) -> None:
        self._held.append(segment)
        self.held_back += max(len(segment.events), 1)
        if self.held_back > MOST:
            self._held.clear()
            self.held_back = 0
            self._damaged = True

    def _drain(self) -> list[LiveEvent]:
        events: list[LiveEvent] = []
        self._held.sort(key=lambda segment: segment.first)
        waiting: list[Segment] = []
        for segment in self._held:
            if segment.first <= (self.cursor or 0) + 1:
                events.extend(self._advance(segment))
            else:
                waiting.append(segment)
        self._held = waiting
        self.held_back = sum(max(len(segment.events), 1) for segment in waiting)
        return events

    def _advance(self, segment: Segment) -> list[LiveEvent]:
        cursor = self.cursor or 0
        if segment.last <= cursor:
            return []
        whole = segment.first > cursor
        self.cursor = segment.last
        return [
            event
            for event in segment.events
            if not isinstance(event, Skip) and (whole if event.seq is None else event.seq > cursor)
        ]
