"""The small map over a zoomed picture."""

import pytest

from imagechat_tui.tui.widgets.picture_map import PictureMap
from imagechat_tui.tui.widgets.picture_view import PictureView
from tests.support.grid import grid
from tests.tui.stage import Stage, bench, calm, press, reviewed, shown


def small_map(pilot: Stage) -> PictureMap:
    """The map, seen or not."""
    return pilot.app.screen.query_one(PictureMap)


async def test_the_map_comes_with_the_zoom_and_goes_with_it() -> None:
    """A fitted picture needs none."""
    async with shown(reviewed(), size=(120, 36)) as pilot:
        assert not small_map(pilot).display
        await press(pilot, "+", "+", "+", "+")
        assert small_map(pilot).display
        assert "╭" in grid(pilot.app)
        await press(pilot, "0")
        assert not small_map(pilot).display


async def test_a_click_on_the_map_goes_there() -> None:
    """The crosshair as well."""
    async with shown(reviewed(), size=(120, 36)) as pilot:
        await press(pilot, "+", "+", "+", "+")
        await pilot.click(PictureMap, offset=(2, 1))
        await calm(pilot)
        view = bench(pilot).picture
        assert view.point.x < 20
        assert view.point.y < 30
        assert view.viewport is not None
        assert (view.viewport.left, view.viewport.top) == (0, 0)


async def test_the_map_makes_room_for_the_crosshair() -> None:
    """It changes its corner."""
    async with shown(reviewed(), size=(120, 36)) as pilot:
        await press(pilot, "+", "+", "+", "+")
        view, one = bench(pilot).picture, small_map(pilot)
        assert one.region.bottom == view.region.bottom
        await press(pilot, *["L"] * 12, *["J"] * 8)
        assert one.region.y == view.region.y
        assert view.viewport is not None
        column, row = view.viewport.cell_at(view.point)
        assert not one.region.contains(column + view.region.x, row + view.region.y)


async def test_open_markers_are_dots_on_the_map() -> None:
    """Hidden markers are hidden there too, resolved ones are done with."""
    async with shown(reviewed(), size=(120, 36)) as pilot:
        await press(pilot, "+", "+", "+", "+")
        one = small_map(pilot)

        def dots() -> int:
            return sum(one.render_line(y).text.count("•") for y in range(one.content_size.height))

        assert dots() == 3  # two of the four open ones share a cell
        await press(pilot, "v")
        assert dots() == 0


async def test_moving_the_crosshair_does_not_paint_the_map(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither its cells nor its place change."""
    async with shown(reviewed(), size=(120, 36)) as pilot:
        await press(pilot, "+", "+", "+", "+")
        one = small_map(pilot)
        painted: list[int] = []
        monkeypatch.setattr(one, "refresh", lambda *_args, **_more: painted.append(1))
        await press(pilot, "left", "up")
        assert not painted
        assert isinstance(one.parent, PictureView)


async def test_the_map_can_be_turned_off() -> None:
    """By setting; the key brings it back."""
    async with shown(reviewed(), size=(120, 36), minimap=False) as pilot:
        await press(pilot, "+", "+", "+", "+")
        assert not small_map(pilot).display
        await press(pilot, "O")
        assert small_map(pilot).display
