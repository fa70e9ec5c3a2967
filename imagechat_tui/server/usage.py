"""What is counted without a transaction of its own: frames, their bytes, reads; per tenant and UTC day.

Counts wait in memory and are added to the store by ``flush``, on a timer and at the end: a crash loses at most what
came since the last one. It never decides when to flush; ``run`` does.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Final

from imagechat_tui.server.store import counters, tenants
from imagechat_tui.server.store.database import Database, Transaction

FRAMES: Final = "pub_sub_message_count"
"""Frames delivered to live sockets."""
FRAME_BYTES: Final = "pub_sub_bandwidth"
"""Bytes of those frames."""
COMMENT_FETCHES: Final = "comment_fetch_count"
API_ERRORS: Final = "api_error_count"


def day_of(now_ms: int) -> str:
    """The UTC day of a moment, as the store names it: ``2030-01-31``."""
    return datetime.fromtimestamp(now_ms / 1000, UTC).strftime("%Y-%m-%d")


class Usage:
    """The counts of this process that the store does not have yet."""

    def __init__(self, *, clock_ms: Callable[[], int]) -> None:
        self._clock_ms = clock_ms
        self._waiting: Counter[tuple[str, str, str]] = Counter()

    def delivered(self, tenant: str, frames: int, size: int) -> None:
        """Frames handed to the sockets of one tenant, and their bytes in all."""
        day = day_of(self._clock_ms())
        self._waiting[tenant, day, FRAMES] += frames
        self._waiting[tenant, day, FRAME_BYTES] += size

    def count(self, tenant: str, name: str, amount: int = 1) -> None:
        """Anything else, by the names of the daily usage."""
        self._waiting[tenant, day_of(self._clock_ms()), name] += amount

    def waiting(self, tenant: str, day: str) -> Mapping[str, int]:
        """What is counted and not stored yet, by name."""
        return {name: count for (owner, of, name), count in self._waiting.items() if (owner, of) == (tenant, day)}

    async def flush(self, database: Database) -> None:
        """Add everything to the store; what could not be written stays for the next time.

        What was counted for a tenant that has been removed meanwhile goes with it.
        """
        if not self._waiting:
            return
        taken, self._waiting = self._waiting, Counter()

        def write(tx: Transaction) -> None:
            present = {name for name in {key[0] for key in taken} if tenants.find(tx.connection, name) is not None}
            for (tenant, day, name), amount in taken.items():
                if tenant in present:
                    counters.add(tx, tenant, day=day, name=name, amount=amount)

        try:
            await database.write(write)
        except BaseException:
            self._waiting.update(taken)
            raise
