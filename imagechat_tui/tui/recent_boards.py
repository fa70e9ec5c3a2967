"""A board that was looked at, as every list of them says it; shows nothing itself."""

from msgspec import Struct

from imagechat_tui.tui import words


class RecentBoard(Struct, frozen=True, kw_only=True):
    """One board that was looked at."""

    target: str
    """What opens it."""
    title: str
    seen_ms: int
    """When it was looked at last, milliseconds since the epoch."""
    open: int | None = None
    """Unresolved markers at that time, if they were counted."""
    resolved: int | None = None
    """The same of the resolved ones."""

    def counts(self) -> list[str]:
        """What is known of its markers, in words."""
        known = [] if self.open is None else [words.open_count(self.open)]
        return [*known, words.resolved_count(self.resolved)] if self.resolved else known
