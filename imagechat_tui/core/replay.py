"""What was heard on one channel of a host without positions, and what its log by time has beyond that.

All stamps are the host's own: no clock is compared with another. The log is read with some overlap, because events may
be stored in another order than they are stamped; what was heard is dropped by what it is, not by when it was. A log
that lacks something that was heard in that time does not reach back far enough, and says nothing.
"""

from collections import OrderedDict
from typing import Final, TypeGuard

from msgspec import Struct

from imagechat_tui.errors import ProtocolError
from imagechat_tui.protocol.codec import decode_event
from imagechat_tui.protocol.events import ChatEvent, CommentEvent, LiveEvent, Skip, VoteEvent
from imagechat_tui.protocol.replies import EventLog

OVERLAP_MS: Final = 5_000
"""How much earlier than the last thing heard the log is read."""

REMEMBERED: Final = 4_000
"""Events remembered at most."""

LONGEST: Final = REMEMBERED // 2
"""Events of one answer; a longer one would push what it has itself out of the memory."""

FULL: Final = 100
"""An answer with so many events may have been cut at the host's limit, which nobody publishes: read on."""

_Key = tuple[str, str, int, str]


class Missed(Struct, frozen=True, kw_only=True):
    """What a log has that was not heard."""

    events: list[LiveEvent]
    """In the log's order."""
    more: bool
    """Whether the log may go on."""


class Heard:
    """The memory of one channel; bounded."""

    def __init__(self) -> None:
        self._seen: OrderedDict[_Key, None] = OrderedDict()
        self._newest: OrderedDict[str, int] = OrderedDict()
        self._last: _Key | None = None
        self._stamped = True

    @property
    def start_ms(self) -> int | None:
        """From when the log has to be read; ``None``: nothing was heard, or the host does not stamp what it sends."""
        return None if self._last is None or not self._stamped else max(self._last[2] - OVERLAP_MS, 0)

    def hear(self, event: LiveEvent) -> bool:
        """Remember an event; ``False`` when it was heard before. What no log keeps is not remembered."""
        if not _is_kept(event):
            return True
        key = _key(event)
        if key is None:
            self._stamped = False
            return True
        if key in self._seen:
            return False
        self._seen[key] = None
        _, thing, stamp, _ = key
        self._newest[thing] = max(stamp, self._newest.pop(thing, 0))
        for memory in (self._seen, self._newest):
            if len(memory) > REMEMBERED:
                memory.popitem(last=False)
        if self._last is None or stamp >= self._last[2]:
            self._last = key
        return True

    def missed(self, log: EventLog) -> Missed | None:
        """What the log has beyond what was heard, which is remembered from now on; ``None``: it tells nothing.

        What is older than something heard of the same thing is dropped too: every event but a vote says how a thing
        is, not how it changed.
        """
        start_ms, events = self.start_ms, _decoded(log)
        if start_ms is None or events is None or len(events) > LONGEST:
            return None
        keys = [_key(event) for event in events]
        if None in keys or not {key for key in self._seen if key[2] >= start_ms} <= set(keys):
            return None
        found: list[LiveEvent] = []
        for event, (_, thing, stamp, _) in zip(events, filter(None, keys), strict=True):
            older = self._newest.get(thing, 0) > stamp
            if self.hear(event) and not older:
                found.append(event)
        return Missed(events=found, more=bool(found) and len(events) >= FULL)


def _key(event: LiveEvent) -> _Key | None:
    """What tells an event from all others; ``None`` without a stamp."""
    if event.timestamp is None:
        return None
    thing = event.marker_id if isinstance(event, ChatEvent) else None
    if isinstance(event, CommentEvent):
        thing = event.comment.id
    elif isinstance(event, VoteEvent):
        thing = event.vote.id
    return type(event).__name__, thing or "", event.timestamp, event.broadcast_id or ""


def _decoded(log: EventLog) -> list[LiveEvent] | None:
    try:
        events = [decode_event(entry.data) for entry in log.events]
    except ProtocolError:
        return None
    return [event for event in events if _is_kept(event)]


def _is_kept(event: LiveEvent | Skip) -> TypeGuard[LiveEvent]:
    return isinstance(event, ChatEvent | CommentEvent | VoteEvent)
