"""The command palette knows every action, and picking one does it."""

import pytest
from textual.command import CommandPalette

from imagechat_tui.tui.app import ImagechatApp
from imagechat_tui.tui.keys import TABLE, Place
from imagechat_tui.tui.palette import ActionsProvider
from tests.support.grid import grid
from tests.tui.stage import Stage, bench, board_screen, calm, press, reviewed, shown

IN_TEXT = {key.action for key in TABLE if key.place in {Place.COMPOSER, Place.FILTER}}


def provider(pilot: Stage) -> ActionsProvider:
    """The one that the palette would make."""
    return ActionsProvider(board_screen(pilot))


async def test_every_action_outside_a_text_field_is_in_the_palette() -> None:
    """In the order of the table."""
    async with shown(reviewed()) as pilot:
        named = [deed.key.action for deed in provider(pilot).deeds()]
    assert named == [key.action for key in TABLE if key.action not in IN_TEXT | {"command_palette"}]


async def test_each_action_runs_once_from_the_palette(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a sample board, one after the other; none fails and none leaves the app unusable."""
    monkeypatch.delenv("EDITOR", raising=False)
    async with shown(reviewed(), link="https://chat.example/b") as pilot:
        await press(pilot, "n")
        hits = [hit async for hit in provider(pilot).discover()]
        for hit in hits:
            if hit.text == "Quit; drafts are kept":
                continue
            await hit.command()
            await calm(pilot)
            while len(pilot.app.screen_stack) > 2:
                await press(pilot, "escape")
            if bench(pilot).writing or board_screen(pilot).focused is None:
                await press(pilot, "escape")
        assert pilot.app.is_running
        assert pilot.app.return_value is None


async def test_every_key_of_the_table_is_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """From the palette or, where a text field has the focus, by its key: no action is without a run."""
    monkeypatch.delenv("EDITOR", raising=False)
    monkeypatch.delenv("VISUAL", raising=False)
    ran: set[object] = set()
    run = ImagechatApp.run_action

    async def noted(self: ImagechatApp, action: str, *rest: object) -> bool:
        done = await run(self, action, *rest)  # type: ignore[arg-type]
        if done:
            ran.add(action)
        return done

    monkeypatch.setattr(ImagechatApp, "run_action", noted)
    async with shown(reviewed(), link="https://chat.example/b") as pilot:
        await press(pilot, "n")
        for deed in list(provider(pilot).deeds()):
            if deed.key.action != "quit":
                await pilot.app.run_action(deed.key.call or deed.key.action, deed.node)
                await calm(pilot)
                while len(pilot.app.screen_stack) > 2:
                    await press(pilot, "escape")
                await press(pilot, "escape")
        await press(pilot, "m", "H", "i", "ctrl+j", "@", "tab", "ctrl+o", "escape")
        await press(pilot, "m", "!", "enter", "escape")
        await press(pilot, "slash", "x", "enter", "slash", "escape")
        await pilot.press("ctrl+p")
        await pilot.pause()
        assert isinstance(pilot.app.screen, CommandPalette)
        await pilot.press("escape")
        await calm(pilot)
        await pilot.press("q")
        await pilot.pause()
    assert {key.action for key in TABLE if (key.call or key.action) not in ran} == set()


async def test_words_of_the_sentence_or_the_label_find_an_action() -> None:
    """As people remember them."""
    async with shown(reviewed()) as pilot:
        found = [hit.text async for hit in provider(pilot).search("contrast")]
        assert found
        assert "contrast" in str(found[0])
        labels = [hit.text async for hit in provider(pilot).search("resolve")]
        assert any("Resolve" in str(one) for one in labels)


async def test_picking_with_the_keyboard_runs_it() -> None:
    """From the key to the deed."""
    async with shown(reviewed()) as pilot:
        await pilot.press("ctrl+p")
        await pilot.pause()
        assert isinstance(pilot.app.screen, CommandPalette)
        await pilot.press(*"show the markers")
        await calm(pilot)
        await pilot.press("down")
        await pilot.press("enter")
        await calm(pilot)
        assert "markers hidden" in grid(pilot.app)
