"""Token buckets that all nodes share: what the throttle needs of them."""

from typing import Protocol


class Buckets(Protocol):
    """Buckets by name."""

    async def take(self, name: tuple[str, ...], *, burst: float, per_second: float) -> float | None:
        """Take one token: 0.0 when there was one, else the seconds until there is; ``None`` when nobody knows."""

    async def close(self) -> None:
        """Let go of everything."""
