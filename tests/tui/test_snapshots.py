"""The board at every size, as text grids.

The grids lie in ``snapshots``; after a wanted change write them anew with
``IMAGECHAT_UPDATE_SNAPSHOTS=1 pytest tests/tui/test_snapshots.py`` and read the difference before committing it.
"""

import os
from pathlib import Path

import pytest

from imagechat_tui.core.views import LinkState, Reason
from tests.support.grid import masked
from tests.tui.stage import CLOCK, press, reviewed, shown
from tests.tui.usage import Counted, a_fortnight

SNAPSHOTS = Path(__file__).parent / "snapshots"
SIZES = [(160, 45), (100, 30), (80, 24), (40, 12), (30, 8)]
LINKS = {
    "live": (LinkState.LIVE, None, None),
    "reconnecting": (LinkState.RECONNECTING, CLOCK + 12, None),
    "offline": (LinkState.OFFLINE, CLOCK + 30, None),
    "refused": (LinkState.REFUSED, None, Reason.NOT_SIGNED_IN),
}
SCENES = {
    "thread": ("n", "enter"),
    "list": ("tab",),
    "writing": ("m", "H", "i"),
    "jump": ("f",),
    "help": ("?",),
    "delete": ("n", "n", "n", "d"),
    "stack": ("p", "escape", "enter"),
    "filter": ("/", "o", "p", "e", "n"),
    "palette": ("ctrl+p",),
    "sync": ("S",),
    "usage": ("U",),
}


def compare(name: str, now: str) -> None:
    """With the stored grid, or store it."""
    path = SNAPSHOTS / f"{name}.txt"
    if os.environ.get("IMAGECHAT_UPDATE_SNAPSHOTS"):
        path.write_text(now, encoding="utf-8")
    assert now == path.read_text(encoding="utf-8"), f"{name} looks different; see the docstring of this module"


@pytest.mark.parametrize("link", LINKS)
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_the_board_looks_as_before(size: tuple[int, int], link: str) -> None:
    """Nothing is clipped, and the banner says as much as there is room for."""
    board = reviewed()
    state, retry_at, reason = LINKS[link]
    board.set_link(state, retry_at=retry_at, reason=reason)
    async with shown(board, size) as pilot:
        now = masked(pilot.app)
    assert "help" in now.splitlines()[-1]
    assert now.splitlines()[-1].endswith("q quit")
    compare(f"board-{size[0]}x{size[1]}-{link}", now)


@pytest.mark.parametrize("scene", SCENES)
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_every_scene_looks_as_before(size: tuple[int, int], scene: str) -> None:
    """Threads, dialogs and modes at every size."""
    async with shown(reviewed(), size, usage=Counted(a_fortnight())) as pilot:
        await press(pilot, *SCENES[scene])
        now = masked(pilot.app)
    compare(f"{scene}-{size[0]}x{size[1]}", now)


def test_every_stored_grid_is_used() -> None:
    """A scene that is gone leaves nothing behind."""
    wanted = {f"board-{w}x{h}-{link}.txt" for w, h in SIZES for link in LINKS}
    wanted |= {f"{scene}-{w}x{h}.txt" for w, h in SIZES for scene in SCENES}
    assert {path.name for path in SNAPSHOTS.iterdir()} == wanted
