"""The picture under the mouse, and what it costs."""

from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from imagechat_tui.render.color import hexadecimal
from imagechat_tui.tui.layout import Pane
from imagechat_tui.tui.messages import PictureMode
from imagechat_tui.tui.widgets.marker_badge import MarkerBadge
from imagechat_tui.tui.widgets.picture_view import PictureView
from tests.support.grid import grid
from tests.tui.stage import bench, calm, press, reviewed, shown, until

if TYPE_CHECKING:
    from textual.geometry import Region


async def test_a_click_places_the_crosshair() -> None:
    """On the cell that was clicked."""
    async with shown(reviewed()) as pilot:
        await pilot.click(PictureView, offset=(10, 12))
        await calm(pilot)
        view = bench(pilot).picture
        assert view.viewport is not None
        assert view.viewport.cell_at(view.point) == (10, 12)


async def test_a_click_on_a_marker_opens_its_thread() -> None:
    """Its square is a part of the picture."""
    async with shown(reviewed()) as pilot:
        badge = next(each for each in pilot.app.screen.query(MarkerBadge) if each.keys == ("m2",))
        await pilot.click(badge)
        await calm(pilot)
        assert "#2 · open" in grid(pilot.app)
        assert bench(pilot).pane is Pane.THREAD


async def test_a_click_on_a_stack_asks_which() -> None:
    """Coincident markers are listed."""
    async with shown(reviewed()) as pilot:
        badge = next(each for each in pilot.app.screen.query(MarkerBadge) if len(each.keys) == 2)
        await pilot.click(badge)
        await calm(pilot)
        assert "2 markers here" in grid(pilot.app)
        await press(pilot, "down", "enter")
        assert "#5 · open" in grid(pilot.app)


async def test_the_wheel_zooms_at_the_mouse_and_a_drag_pans() -> None:
    """What is under the mouse stays under it."""
    async with shown(reviewed()) as pilot:
        view = bench(pilot).picture
        assert view.viewport is not None
        under = view.viewport.point_at(20, 10)
        fitted = view.viewport.pixels_per_column
        await pilot._post_mouse_events([_scroll()], view, (20, 10))
        await calm(pilot)
        assert view.viewport.pixels_per_column < fitted
        assert view.viewport.cell_at(under) == pytest.approx((20, 10), abs=1)
        for _ in range(3):
            view.zoom(1)
        await calm(pilot)
        left = view.viewport.left
        await pilot.mouse_down(view, offset=(30, 10))
        await pilot.hover(view, offset=(25, 10))
        await pilot.mouse_up(view, offset=(25, 10))
        await calm(pilot)
        assert view.viewport.left == left + 5


def _scroll() -> type:
    from textual.events import MouseScrollUp  # noqa: PLC0415 - only here

    return MouseScrollUp


async def test_the_color_under_the_crosshair_is_the_pictures() -> None:
    """Not that of a cell."""
    async with shown(reviewed()) as pilot:
        await press(pilot, "n", "n")
        color = bench(pilot).picture.color
        assert color is not None
        assert hexadecimal(color) in grid(pilot.app)


async def test_escape_comes_back_from_a_jump() -> None:
    """Crosshair and zoom as before."""
    async with shown(reviewed()) as pilot:
        view = bench(pilot).picture
        before = view.point, view.viewport
        await press(pilot, "f", "a", "s", "f", "backspace", "s", "a", "right", "escape")
        assert (view.point, view.viewport) == before
        assert view.mode is PictureMode.POINT


async def test_escape_puts_a_carried_marker_back() -> None:
    """Nothing is sent."""
    board = reviewed()
    board.moderator = True
    async with shown(board) as pilot:
        await press(pilot, "n", "M", "up", "up", "escape")
        assert bench(pilot).picture.mode is PictureMode.POINT
        marker = board.marker("m1")
        assert marker is not None
        assert (marker.x, marker.y) == (75, 65)


async def test_the_newest_wish_is_drawn_and_none_in_between() -> None:
    """A held key costs as many frames as there is time for."""
    async with shown(reviewed()) as pilot:
        view = bench(pilot).picture
        drawn = []
        original = view._repaint

        def counted() -> None:
            drawn.append(view._easel.frame)
            original()

        view._repaint = counted  # type: ignore[method-assign] # counts, then does the same
        for _ in range(4):
            view.zoom(1)
        for _ in range(40):
            view.action_shift(1, 0)
        await calm(pilot)
        assert len(drawn) <= 3
        assert view._easel.frame is not None
        assert view._easel.frame.viewport == view.viewport


async def test_a_frame_that_comes_while_the_app_ends_harms_nothing() -> None:
    """Widgets go one after the other, the small map before the picture."""
    async with shown(reviewed()) as pilot:
        view = bench(pilot).picture
        view.zoom(3)
        await calm(pilot)
        await view._pins.map.remove()
        view.zoom(1)
        await calm(pilot)
        assert view._easel.frame is not None
        assert view._easel.frame.viewport == view.viewport


async def test_recoloring_one_marker_writes_few_bytes() -> None:
    """Its own cells, nothing of the picture."""
    board = reviewed()
    async with shown(board, (160, 45)) as pilot:
        await press(pilot, "n")
        badge = next(each for each in pilot.app.screen.query(MarkerBadge) if each.keys == ("m3",))
        compositor = pilot.app.screen._compositor
        written = []
        original = compositor.render_update

        def counted(**options: object) -> object:
            update = original(**options)  # type: ignore[arg-type] # passed on as it came
            render = getattr(update, "render_segments", None)
            written.append(len(render(pilot.app.console).encode()) if render else 0)
            return update

        compositor.render_update = counted  # type: ignore[method-assign,assignment] # counts, then does the same
        badge.set_class(True, "-failed")  # noqa: FBT003 - Textual's shape
        await until(pilot, lambda: bool(written))
        cells = badge.region.width * badge.region.height
        assert written[0] <= 60 * badge.region.height
        assert cells <= 15


async def test_hidden_markers_come_back_where_they_were() -> None:
    """Also those that came meanwhile."""
    board = reviewed()
    async with shown(board) as pilot:
        await press(pilot, "v")
        marker = board.marker("m2")
        assert marker is not None
        board.put(msgspec.structs.replace(marker, x=50, y=80))
        await calm(pilot)
        assert "[2]" not in grid(pilot.app)
        await press(pilot, "v")
        assert "[2]" in grid(pilot.app)


async def test_the_focus_comes_and_goes_without_a_repaint() -> None:
    """The picture looks the same; the pane that has the keys says so itself."""
    async with shown(reviewed(), (120, 40)) as pilot:
        view = bench(pilot).picture
        compositor = pilot.app.screen._compositor
        touched: list[Region] = []
        original = compositor.render_update

        def watched(**options: Any) -> Any:
            touched.extend(region for region in compositor._dirty_regions if region.overlaps(view.region))
            return original(**options)

        compositor.render_update = watched  # type: ignore[method-assign,assignment] # looks, then does the same
        await press(pilot, "tab")
        assert bench(pilot).pane is Pane.LIST
        await press(pilot, "shift+tab")
        assert bench(pilot).pane is Pane.PICTURE
        assert view.has_focus
        assert touched == []
        view.refresh()
        await until(pilot, lambda: bool(touched))
