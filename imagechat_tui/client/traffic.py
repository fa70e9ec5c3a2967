"""Counts what went over the wire, for the sync screen; never decides anything by it."""

from dataclasses import dataclass


@dataclass(kw_only=True)
class Traffic:
    """One board's traffic since it was opened, as HTTP and WebSocket see it: without TLS, frames unpacked."""

    bytes_in: int = 0
    bytes_out: int = 0
    requests: int = 0
    """HTTP requests that were sent."""
    frames: int = 0
    """Live frames that arrived."""
    round_trip: float | None = None
    """Seconds of the last measured round trip; ``None`` before the first."""
