"""The line below everything."""

import pytest

from tests.support.grid import grid
from tests.tui.stage import press, reviewed, shown


@pytest.mark.parametrize("columns", [200, 100, 60, 40, 30, 20])
async def test_help_and_quit_are_never_clipped(columns: int) -> None:
    """Other keys give way, whole."""
    async with shown(reviewed(), (columns, 20)) as pilot:
        last = grid(pilot.app).splitlines()[-1]
        assert last.endswith("? help  q quit")
        assert "…" not in last


async def test_the_keys_follow_the_focus() -> None:
    """Picture, list, thread, composer, filter, modes."""
    async with shown(reviewed()) as pilot:
        seen = []
        for keys in (("n",), ("tab",), ("tab",), ("R",), ("escape",), ("/",), ("escape",), ("tab",), ("f",)):
            await press(pilot, *keys)
            seen.append(grid(pilot.app).splitlines()[-1].split()[0:2])
        assert seen == [
            ["m", "marker"],
            ["enter", "open"],
            ["R", "reply"],
            ["enter", "send"],
            ["R", "reply"],
            ["enter", "apply"],
            ["R", "reply"],
            ["m", "marker"],
            ["a-z", "two"],
        ]
