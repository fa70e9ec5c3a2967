"""What the app needs from whoever runs the session; the real runner and the one of tests have this shape."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Protocol

from imagechat_tui.core.inputs import Input
from imagechat_tui.core.outputs import Change
from imagechat_tui.core.views import BoardReader, LinkState


class TrafficCounts(Protocol):
    """What has gone over the wire since the board was opened."""

    @property
    def bytes_in(self) -> int:
        """Received, without TLS and TCP."""

    @property
    def bytes_out(self) -> int:
        """Sent, without TLS and TCP."""

    @property
    def round_trip(self) -> float | None:
        """Seconds of the last measured round trip."""


class UsageCounts(Protocol):
    """What a tenant used on one day."""

    @property
    def day(self) -> date:
        """The day, UTC."""

    @property
    def messages(self) -> int:
        """Live frames delivered."""

    @property
    def bytes(self) -> int:
        """Bytes of those frames."""

    @property
    def conversations(self) -> int:
        """Markers made."""

    @property
    def comments(self) -> int:
        """Comments made."""

    @property
    def votes(self) -> int:
        """Votes given."""


class UsageSource(Protocol):
    """Knows what the board's tenant uses."""

    async def read(self, days: int) -> Sequence[UsageCounts]:
        """The last ``days`` days on which anything was counted, oldest first.

        Raises:
            NotAllowedError: It is not for this person.
            ServerError: No answer.
        """


class BoardClient(Protocol):
    """One board, live: its present truth, a way to say what the user wants, and news."""

    @property
    def view(self) -> BoardReader:
        """The present truth; cheap to ask at any time."""

    def submit(self, input: Input) -> None:  # noqa: A002 - the word of the session itself
        """Hand over what the user wants; returns at once, what comes of it arrives as changes."""

    def listen(self, callback: Callable[[Sequence[Change]], None]) -> Callable[[], None]:
        """Call ``callback`` on the event loop with every batch of changes; returns the way to end that."""

    @property
    def traffic(self) -> TrafficCounts:
        """Bytes and round trip."""

    def link_history(self) -> Sequence[tuple[float, LinkState]]:
        """The last states of the link, newest first, each with the seconds since it began."""

    def report(self) -> bytes:
        """The last inputs for a bug report, without anybody's words."""

    async def run(self) -> None:
        """Do the work until ``Stop``."""

    async def stop(self) -> None:
        """End the work in good order; safe to call twice."""

    async def picture(self, *, told: Callable[[int, int], None] | None = None) -> bytes:
        """The bytes of the board's present picture; ``told`` hears how many have come, and of how many (0: unknown).

        Raises:
            ServerError: Not there, not allowed, not reachable.
            PictureError: Larger than the limit.
        """
