"""The reviewers at work on a real server: what a guest sees, and how they react to one."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from imagechat_tui.core.inputs import CreateMarker
from imagechat_tui.core.views import LinkState, MarkerView
from imagechat_tui.demo import script
from imagechat_tui.demo.reviewers import Reviewer
from imagechat_tui.demo.script import Persona
from imagechat_tui.demo.stage import Facts, Stage, seated, stage

PATIENCE = 60


@pytest.fixture
async def set_up(tmp_path: Path) -> AsyncIterator[Stage]:
    """A stage after its prologue, with a play that hardly pauses."""
    async with stage(tmp_path / "data", seed=1, pause=0.01) as ready:
        yield ready


@pytest.fixture
async def guest(set_up: Stage) -> AsyncIterator[Reviewer]:
    """Somebody who is not in the script, looking at the same board."""
    async with await seated(Persona(key="guest", name="Gast", pace=1), set_up.facts, seed=1) as somebody:
        assert await somebody.here()
        yield somebody


async def until(viewer: Reviewer, holds: Callable[[], bool]) -> None:
    """Wait for what a viewer sees to become so."""
    async with asyncio.timeout(PATIENCE):
        changed = asyncio.Event()
        unlisten = viewer.listen(lambda _changes: changed.set())
        try:
            while not holds():
                await changed.wait()
                changed.clear()
        finally:
            unlisten()


@pytest.fixture
async def playing(set_up: Stage) -> AsyncIterator[asyncio.Task[None]]:
    """The play, running."""
    task = asyncio.create_task(set_up.play.run())
    yield task
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_the_prologue_is_there_when_somebody_comes_in(guest: Reviewer) -> None:
    """Markers of several people, replies, one resolved thread."""
    markers = guest.view.markers()
    assert [marker.number for marker in markers] == [1, 2, 3, 4]
    assert {marker.author_name for marker in markers} == {persona.name for persona in script.PERSONAS}
    assert [marker.number for marker in markers if marker.resolved] == [3]
    assert max(marker.comment_count for marker in markers) >= 2


async def test_the_play_pins_talks_resolves_and_loses_its_connection(
    set_up: Stage, guest: Reviewer, playing: asyncio.Task[None]
) -> None:
    """Everything a guest is meant to see happens, seen from the guest's own screen."""

    def enough() -> bool:
        markers = guest.view.markers()
        return (
            any((marker.number or 0) > 7 for marker in markers)
            and sum(marker.resolved for marker in markers) >= 4
            and max(marker.comment_count for marker in markers) >= 4
        )

    await until(guest, enough)
    assert not playing.done()
    assert guest.view.link.state is LinkState.LIVE
    assert sum(reviewer.view.stats.reconnects for reviewer in set_up.play._cast.values()) >= 1


async def test_somebody_answers_a_guest(guest: Reviewer, playing: asyncio.Task[None]) -> None:
    """Whoever pins something is not left alone."""
    ended = await guest.change(CreateMarker(x=33.3, y=44.4, text="And this?"))
    assert ended is not None

    def mine() -> MarkerView | None:
        return next((marker for marker in guest.view.markers() if marker.id == ended.marker_id), None)

    await until(guest, lambda: (marker := mine()) is not None and marker.comment_count >= 2)
    marker = mine()
    assert marker is not None
    assert marker.last_author in {persona.name for persona in script.PERSONAS}
    assert not playing.done()


def test_facts_travel_in_camel_case() -> None:
    """The names that scripts read."""
    assert Facts.__struct_encode_fields__ == ("link", "server", "tenant", "urlId", "secret")


async def test_a_reviewer_who_types_is_seen_to_write(set_up: Stage, guest: Reviewer) -> None:
    """For as long as it takes."""
    marker = guest.view.markers()[0]
    typing = asyncio.create_task(next(iter(set_up.play._cast.values())).write(marker.id, PATIENCE))
    await until(guest, lambda: marker.id in guest.view.writers)
    typing.cancel()
    await asyncio.gather(typing, return_exceptions=True)


async def test_reviewers_type_before_they_pin_reply_and_answer(
    guest: Reviewer, monkeypatch: pytest.MonkeyPatch, set_up: Stage
) -> None:
    """For a marker to come, in a thread, and to a guest."""
    typed: list[str | None] = []

    async def write(_reviewer: Reviewer, marker_id: str | None, _seconds: float) -> None:
        typed.append(marker_id)

    monkeypatch.setattr(Reviewer, "write", write)
    playing = asyncio.create_task(set_up.play.run())
    ended = await guest.change(CreateMarker(x=33.3, y=44.4, text="And this?"))
    assert ended is not None
    others = {marker.id for marker in guest.view.markers()} - {ended.marker_id}
    await until(guest, lambda: {None, ended.marker_id} <= {*typed} and not others.isdisjoint(typed))
    playing.cancel()
    await asyncio.gather(playing, return_exceptions=True)
