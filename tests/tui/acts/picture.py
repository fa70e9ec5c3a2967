"""The picture: crosshair, zoom, jump, glyphs."""

from imagechat_tui.core import inputs
from imagechat_tui.render.geometry import Zoom
from imagechat_tui.tui.messages import PictureMode
from tests.support.board_client import MemoryBoard
from tests.support.grid import grid
from tests.tui.acts.register import acts, last
from tests.tui.stage import Stage, bench, press, toasts


@acts("jump")
async def _jump(pilot: Stage, board: MemoryBoard) -> None:
    before = bench(pilot).picture.point
    await press(pilot, "f", "s", "d")
    assert bench(pilot).picture.mode is PictureMode.AIM
    aimed = bench(pilot).picture.point
    assert aimed != before
    await press(pilot, "right", "up")
    nudged = bench(pilot).picture.point
    assert (round(nudged.x - aimed.x, 4), round(nudged.y - aimed.y, 4)) == (0.1, -0.1)
    await press(pilot, "enter", "x", "enter")
    made = last(board, inputs.CreateMarker)
    assert isinstance(made, inputs.CreateMarker)
    assert (made.x, made.y) == tuple(nudged)


@acts("hide_markers")
async def _hide(pilot: Stage, _board: MemoryBoard) -> None:
    await press(pilot, "v")
    assert "[2]" not in grid(pilot.app)
    assert "markers hidden" in grid(pilot.app)
    await press(pilot, "v")
    assert "[2]" in grid(pilot.app)


@acts("go_left", "go_right", "go_up", "go_down", "far_left", "far_right", "far_up", "far_down")
async def _crosshair(pilot: Stage, _board: MemoryBoard) -> None:
    def cell() -> tuple[int, int]:
        picture = bench(pilot).picture
        assert picture.viewport is not None
        return picture.viewport.cell_at(picture.point)

    x, y = cell()
    for key, across, down in (
        ("right", 1, 0), ("l", 1, 0), ("down", 0, 1), ("j", 0, 1), ("left", -1, 0), ("up", 0, -1), ("h", -1, 0),
        ("k", 0, -1), ("shift+right", 8, 0), ("H", -8, 0), ("J", 0, 4), ("shift+up", 0, -4),
    ):  # fmt: skip
        x, y = x + across, y + down
        await press(pilot, key)
        assert cell() == (x, y), key


@acts("zoom_in", "zoom_out", "zoom_fit", "zoom_actual", "zoom_marker")
async def _zoom(pilot: Stage, _board: MemoryBoard) -> None:
    picture = bench(pilot).picture

    def scale() -> float:
        assert picture.viewport is not None
        return picture.viewport.pixels_per_column

    fitted = scale()
    await press(pilot, "+")
    near = scale()
    await press(pilot, "+")
    assert scale() < near < fitted
    await press(pilot, "-")
    assert scale() == near
    await press(pilot, "1")
    assert picture.viewport is not None
    assert picture.viewport.zoom is Zoom.ACTUAL
    await press(pilot, "0")
    assert scale() == fitted
    await press(pilot, "n", "z")
    assert scale() < fitted
    assert tuple(picture.point) == (75, 65)


@acts("pan", "pan_left", "pan_right", "pan_up", "pan_down")
async def _pan(pilot: Stage, _board: MemoryBoard) -> None:
    picture = bench(pilot).picture

    def corner() -> tuple[int, int]:
        assert picture.viewport is not None
        return picture.viewport.left, picture.viewport.top

    await press(pilot, "+", "+", "+")
    left, top = corner()
    await press(pilot, "ctrl+right", "ctrl+down")
    assert corner() == (left + 4, top + 2)
    await press(pilot, "ctrl+left", "ctrl+up", "space", "right", "down")
    assert corner() == (left + 2, top + 1)
    assert "PAN" in grid(pilot.app)
    await press(pilot, "escape")
    assert picture.mode is PictureMode.POINT


@acts("minimap")
async def _minimap(pilot: Stage, _board: MemoryBoard) -> None:
    await press(pilot, "+", "+", "+", "+")
    assert "╭" in grid(pilot.app)
    await press(pilot, "O")
    assert "╭" not in grid(pilot.app)
    await press(pilot, "O")
    assert "╭" in grid(pilot.app)


@acts("inspect")
async def _inspect(pilot: Stage, _board: MemoryBoard) -> None:
    await press(pilot, "i", "up", "up", "up", "up", "up", "up", "up", "up", "up", "i")
    said = toasts(pilot)
    assert any(one.startswith("#") and "rgb(" in one for one in said)
    assert any("contrast" in one and ":1" in one for one in said)


@acts("drawing")
async def _drawing(pilot: Stage, _board: MemoryBoard) -> None:
    modes = []
    for _ in range(5):
        await press(pilot, "o")
        modes.append(bench(pilot).picture.look.mode)
    assert modes == ["quadrant", "half", "braille", "ascii", None]


@acts("fill")
async def _fill(pilot: Stage, _board: MemoryBoard) -> None:
    picture = bench(pilot).picture
    assert picture.viewport is not None
    assert picture.viewport.drawn[2:] != picture.viewport.window
    await press(pilot, "2")
    assert picture.viewport.drawn[2:] == picture.viewport.window
    assert picture.viewport.shows(picture.point)
