"""Viewers who are sent the same bytes: gathers news, makes frames of them once, writes them to every transport.

Nobody is awaited. What comes in one turn of the loop leaves in one write; a circle with a window sends at once when it
was quiet and then at most once per window; many viewers are written to in slices; who does not read is dropped.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from imagechat_tui.server.hub.news import Parts, Sees
from imagechat_tui.server.hub.viewers import Viewer


class _News(Protocol):
    @property
    def only_for(self) -> str | None: ...


N = TypeVar("N", bound=_News)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """How a circle writes, and whom it tells."""

    buffer_bytes: int
    """A transport with more than this unsent is dropped; its client reads the log when it is back."""
    slice_viewers: int
    """Viewers written to in one turn of the loop; a write costs some microseconds each."""
    delivered: Callable[[str, int, int], None]
    """Called with tenant, frames and bytes that were written."""
    dropped: Callable[[Viewer], None]
    """Called with a viewer who does not read."""


def everything(_only_for: str | None) -> bool:
    """The sight of moderators, and of everybody when nothing is restricted."""
    return True


class Circle(Generic[N]):
    """The viewers of one room who get the same form."""

    def __init__(
        self, compose: Callable[[Sequence[N], Sees], Parts], *, tenant: str, sending: Sending, window: float = 0.0
    ) -> None:
        """``window`` is in seconds; 0 sends once per turn of the loop."""
        self.viewers: set[Viewer] = set()
        self._compose = compose
        self._tenant = tenant
        self._sending = sending
        self._window = window
        self._pending: list[N] = []
        self._timer: asyncio.Handle | None = None
        self._queue: deque[tuple[Sequence[Viewer], Parts]] = deque()

    def post(self, news: N) -> None:
        """Take news for everybody here."""
        if not self.viewers:
            return
        self._pending.append(news)
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_soon(self._flush)

    def send(self, viewers: Iterable[Viewer], parts: Parts) -> None:
        """Write finished frames to these viewers, behind what is already on its way."""
        receivers = list(viewers)
        if not parts.frames or not receivers:
            return
        if not self._queue and len(receivers) <= self._sending.slice_viewers:
            self._write(receivers, parts)
            return
        self._queue.append((receivers, parts))
        if len(self._queue) == 1:
            asyncio.get_running_loop().call_soon(self._pump)

    def close(self) -> None:
        """Nobody is left: forget what was gathered for them."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._pending.clear()

    def _flush(self) -> None:
        self._timer = None
        news, self._pending = self._pending, []
        if not news:
            return
        if self._window:
            self._timer = asyncio.get_running_loop().call_later(self._window, self._flush)
        restricted = {item.only_for for item in news}
        if restricted == {None}:
            self.send(self.viewers, self._compose(news, everything))
            return
        for sees, viewers in self._by_sight(restricted):
            self.send(viewers, self._compose(news, sees))

    def _by_sight(self, restricted: set[str | None]) -> Iterable[tuple[Sees, list[Viewer]]]:
        """The viewers in groups that see the same."""
        groups: dict[tuple[bool, str | None], list[Viewer]] = {}
        for viewer in self.viewers:
            actor = viewer.actor
            mine = actor.user_id if not actor.moderates and actor.user_id in restricted else None
            groups.setdefault((actor.moderates, mine), []).append(viewer)
        for (moderates, mine), viewers in groups.items():
            yield everything if moderates else _sight(mine), viewers

    def _pump(self) -> None:
        """One slice per turn of the loop; what was sent first goes out first to everybody."""
        receivers, parts = self._queue.popleft()
        size = self._sending.slice_viewers
        self._write(receivers[:size], parts)
        if len(receivers) > size:
            self._queue.appendleft((receivers[size:], parts))
        if self._queue:
            asyncio.get_running_loop().call_soon(self._pump)

    def _write(self, receivers: Sequence[Viewer], parts: Parts) -> None:
        plain, limit = parts.data, self._sending.buffer_bytes
        slow: list[Viewer] = []
        written = size = 0
        for viewer in receivers:
            transport = viewer.transport
            if transport.is_closing():
                continue
            if transport.get_write_buffer_size() > limit:
                slow.append(viewer)
                continue
            data = parts.deflated if viewer.deflate else plain
            transport.write(data)
            written += 1
            size += len(data)
        self._sending.delivered(self._tenant, parts.frames * written, size)
        for viewer in slow:
            self._sending.dropped(viewer)


def _sight(mine: str | None) -> Sees:
    return lambda only_for: only_for is None or only_for == mine
