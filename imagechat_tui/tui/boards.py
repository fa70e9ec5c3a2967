"""The boards of one run: usually one, or several images side by side, of which one is on the screen.

It knows which one that is, where the others are from there, and what is new on them; it shows nothing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from imagechat_tui.core.outputs import Change
from imagechat_tui.core.views import LinkState
from imagechat_tui.tui import words
from imagechat_tui.tui.ports import BoardClient, UsageSource


@dataclass(frozen=True, kw_only=True, eq=False)
class Board:
    """One board, not running yet.

    Attributes:
        client: the board itself.
        picture: the bytes of its picture; ``None`` to ask the client for them.
        title: shown until the board tells its own; foreign text.
        link: what is copied as its link; ``None`` when others cannot reach it.
        key: tells its drafts from those of other boards.
        notices: sentences to show at the start.
        usage: tells what its tenant uses; ``None`` where nobody counts.
    """

    client: BoardClient
    picture: bytes | None = field(default=None, repr=False)
    title: str = "imagechat"
    link: str | None = None
    key: str = ""
    notices: tuple[str, ...] = ()
    usage: UsageSource | None = None


class Standing(NamedTuple):
    """Where the board on the screen stands among the others."""

    place: int
    """From 1."""
    of: int
    unread: int
    """Unread comments on the others."""


class BoardSet:
    """All boards of the run, in the order in which they were named."""

    def __init__(self, boards: Sequence[Board]) -> None:
        self.boards = tuple(boards)
        self.at = 0
        """Which one is on the screen."""
        self._unread: list[int | None] = [None] * len(self.boards)

    @property
    def current(self) -> Board:
        """The one on the screen."""
        return self.boards[self.at]

    @property
    def standing(self) -> Standing:
        """Where it stands, and what is new on the others."""
        others = (board for place, board in enumerate(self.boards) if place != self.at)
        unread = sum(board.client.view.board.unread for board in others)
        return Standing(self.at + 1, len(self.boards), unread)

    def step(self, by: int) -> bool:
        """Go on by so many, around the ends; whether that is another one."""
        before, self.at = self.at, (self.at + by) % len(self.boards)
        return self.at != before

    def listen(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call whenever anything changed on any board; returns the way to end that."""

        def heard(changes: Sequence[Change]) -> None:
            if changes:
                callback()

        ends = [board.client.listen(heard) for board in self.boards]

        def unlisten() -> None:
            for end in ends:
                end()

        return unlisten

    def news(self) -> list[str]:
        """A sentence for each board with more unread comments than at the last question; one's own are never unread."""
        said = []
        for place, board in enumerate(self.boards):
            view, before = board.client.view, self._unread[place]
            if view.link.state is not LinkState.LIVE:
                continue
            now = self._unread[place] = view.board.unread
            if before is not None and now > before:
                said.append(words.new_comments(now - before, title=view.board.title or board.title))
        return said
