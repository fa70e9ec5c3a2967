"""One's own broadcast ids: remembered, recognised, forgotten; it never decides what an event means.

One write emits several events, so an id is kept until the cursor has passed the last of them (the reply names it).
Hosts without positions: ten minutes, and a thousand ids at most.
"""

from typing import Final

KEPT_SECONDS: Final = 600.0
"""How long an id without a position is kept after its confirmation."""

MOST: Final = 1_000
"""Ids kept at most; the oldest go first."""


class Echo:
    """The ids of one's own operations whose events may still come."""

    def __init__(self, *, most: int = MOST) -> None:
        self._most = most
        self._operations: dict[str, str] = {}
        self._until: dict[str, int] = {}
        self._expires: dict[str, float] = {}

    def __len__(self) -> int:
        return len(self._operations)

    def __contains__(self, broadcast_id: str) -> bool:
        return broadcast_id in self._operations

    def remember(self, broadcast_id: str, operation: str) -> None:
        """An operation goes out under this id."""
        self._operations[broadcast_id] = operation
        while len(self._operations) > self._most:
            self.forget(next(iter(self._operations)))

    def operation(self, broadcast_id: str | None) -> str | None:
        """Whose id this is; ``None`` for anybody else's."""
        return None if broadcast_id is None else self._operations.get(broadcast_id)

    def until(self, broadcast_id: str, *, seq: int | None, now: float) -> None:
        """The operation is confirmed: keep the id until the cursor has passed ``seq``; without one, for a time."""
        if broadcast_id not in self._operations:
            return
        if seq is None:
            self._expires[broadcast_id] = now + KEPT_SECONDS
        else:
            self._until[broadcast_id] = seq

    def forget(self, broadcast_id: str) -> None:
        """Events with this id are news from now on."""
        self._operations.pop(broadcast_id, None)
        self._until.pop(broadcast_id, None)
        self._expires.pop(broadcast_id, None)

    def passed(self, *, cursor: int | None, now: float) -> list[str]:
        """Forget what the cursor or the clock has passed; the operations whose ids went."""
        if not self._until and not self._expires:
            return []
        done = [kept for kept, seq in self._until.items() if cursor is not None and seq <= cursor]
        done += [kept for kept, at in self._expires.items() if at <= now]
        operations = [self._operations[kept] for kept in done]
        for kept in done:
            self.forget(kept)
        return operations
