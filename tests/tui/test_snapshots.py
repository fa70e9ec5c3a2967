"""The board at every size, in every language, as text grids.

The grids lie in ``snapshots``, those of other languages than English below it; after a wanted change write them anew
with ``IMAGECHAT_UPDATE_SNAPSHOTS=1 pytest tests/tui/test_snapshots.py`` and read the difference before committing it.
"""

import os
from pathlib import Path

import pytest

from imagechat_tui import i18n
from imagechat_tui.core.views import LinkState, Reason
from tests.support.grid import masked
from tests.tui.stage import CLOCK, calm, press, reviewed, shown
from tests.tui.usage import Counted, a_fortnight

SNAPSHOTS = Path(__file__).parent / "snapshots"
SIZES = [(160, 45), (100, 30), (80, 24), (40, 12), (30, 8)]
QUIT = {"en": ("help", "q quit"), "sl": ("pomoč", "q izhod")}
VIEWS = [(language, size) for language in QUIT for size in SIZES if language == "en" or size != (30, 8)]
"""Languages by sizes; below 40x12 words matter little."""
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


@pytest.fixture(params=VIEWS, ids=lambda view: f"{view[0]}-{view[1][0]}x{view[1][1]}")
def size(request: pytest.FixtureRequest) -> tuple[int, int]:
    """A size, in a language that is spoken from now on."""
    language, size = request.param
    i18n.choose(language)
    return int(size[0]), int(size[1])


def path_of(language: str, name: str) -> Path:
    """Where a grid lies."""
    return SNAPSHOTS / ("" if language == i18n.SOURCE else language) / f"{name}.txt"


def compare(name: str, now: str) -> None:
    """With the stored grid, or store it."""
    path = path_of(i18n.language(), name)
    if os.environ.get("IMAGECHAT_UPDATE_SNAPSHOTS"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(now, encoding="utf-8")
    assert now == path.read_text(encoding="utf-8"), f"{name} looks different; see the docstring of this module"


@pytest.mark.parametrize("link", LINKS)
async def test_the_board_looks_as_before(size: tuple[int, int], link: str) -> None:
    """Nothing is clipped, and the banner says as much as there is room for."""
    board = reviewed()
    state, retry_at, reason = LINKS[link]
    board.set_link(state, retry_at=retry_at, reason=reason)
    async with shown(board, size) as pilot:
        now = masked(pilot.app)
    for words in QUIT[i18n.language()]:
        assert words in now.splitlines()[-1]
    assert now.splitlines()[-1].endswith(QUIT[i18n.language()][1])
    compare(f"board-{size[0]}x{size[1]}-{link}", now)


@pytest.mark.parametrize("scene", SCENES)
async def test_every_scene_looks_as_before(size: tuple[int, int], scene: str) -> None:
    """Threads, dialogs and modes at every size."""
    async with shown(reviewed(), size, usage=Counted(a_fortnight())) as pilot:
        await press(pilot, *SCENES[scene])
        now = masked(pilot.app)
    compare(f"{scene}-{size[0]}x{size[1]}", now)


async def test_who_writes_looks_as_before(size: tuple[int, int]) -> None:
    """In the thread that is open, in another one, and for a marker to come."""
    board = reviewed()
    async with shown(board, size) as pilot:
        await press(pilot, "n", "enter")
        board.write("m1", "Ana Novak", "Tomo Kralj")
        board.write("m2", "Lin")
        board.write(None, "Žana")
        await calm(pilot)
        now = masked(pilot.app)
    compare(f"writers-{size[0]}x{size[1]}", now)


def test_every_stored_grid_is_used() -> None:
    """A scene that is gone leaves nothing behind."""
    wanted = {path_of(language, f"board-{w}x{h}-{link}") for language, (w, h) in VIEWS for link in LINKS}
    wanted |= {path_of(language, f"{scene}-{w}x{h}") for language, (w, h) in VIEWS for scene in (*SCENES, "writers")}
    assert set(SNAPSHOTS.rglob("*.txt")) == wanted
