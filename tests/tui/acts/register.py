"""Which action is proven by which piece of acting."""

from collections.abc import Awaitable, Callable

from imagechat_tui.core import inputs
from tests.support.board_client import MemoryBoard
from tests.tui.stage import Stage

Act = Callable[[Stage, MemoryBoard], Awaitable[None]]
ACTS: dict[str, Act] = {}


def acts(*actions: str) -> Callable[[Act], Act]:
    """Says which actions a piece of acting proves."""

    def keep(act: Act) -> Act:
        for action in actions:
            ACTS[action] = act
        return act

    return keep


def last(board: MemoryBoard, kind: type[inputs.Input]) -> inputs.Input:
    """The newest input of a kind."""
    return next(one for one in reversed(board.submitted) if isinstance(one, kind))
