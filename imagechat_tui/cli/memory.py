"""Keeps Python's looks for garbage short: they grow with all that is loaded, not with the garbage.

A full look blocks the app for some 0.5 ms per thousand objects. What is frozen is not looked through any longer; it is
given back as before when nobody holds it, unless it holds itself.
"""

import contextlib
import gc
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from imagechat_tui.core.outputs import BoardReplaced, Change

if TYPE_CHECKING:
    from imagechat_tui.tui.ports import BoardClient


def spare_what_is_loaded() -> None:
    """Modules and everything else that was made until now: 100,000 objects that stay to the end."""
    gc.freeze()


@contextlib.contextmanager
def sparing(client: "BoardClient") -> Iterator[None]:
    """While the block runs, a board that was read as a whole is spared as well, with tens of thousands of markers."""

    def heard(changes: Sequence[Change]) -> None:
        if any(isinstance(change, BoardReplaced) for change in changes):
            # Garbage that is frozen would stay for ever: a client that loses its connection often reads many boards.
            gc.collect()
            gc.freeze()

    unlisten = client.listen(heard)
    try:
        yield
    finally:
        unlisten()
