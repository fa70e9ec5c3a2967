"""Rounds of ``kill -9``: people write without pause, the server dies in the middle, comes back, all is looked at.

``python -m tests.faults.kills --rounds 200`` plays many rounds and says what they contained.
"""

import argparse
import asyncio
import contextlib
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import httpx

from imagechat_tui.protocol import codec, paths
from imagechat_tui.protocol.events import DeletedImageChat, Event, NewComment, NewImageChat, Skip
from imagechat_tui.server.settings import DATABASE_FILE, Settings
from tests.faults.nursery import Nursling, load_also, nursling
from tests.faults.writers import Writer
from tests.support.people import Person, Place, agree, make_board, person
from tests.support.servers import add_tenant

NAMES = ("ann", "ben", "cid")
BURST = 25
"""Up to so many endings of one person happen between two deaths; then the end comes at any moment."""


@dataclass
class Tally:
    """What the rounds contained."""

    kills: int = 0
    acknowledged: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    events: int = 0

    def __str__(self) -> str:
        ends = ", ".join(f"{count} {name}" for name, count in sorted(self.outcomes.items()))
        return (
            f"{self.kills} kills, {self.acknowledged} acknowledged changes, all kept, in {self.events} events; {ends}"
        )


@dataclass
class Log:
    """The board's log as the server tells it, read on from where the last look ended."""

    place: Place
    token: str
    head: int = 0
    changed: dict[str, list[int]] = field(default_factory=dict)
    """Positions by broadcast id."""
    made: Counter[str | None] = field(default_factory=Counter)
    """Markers and comments made by a broadcast id."""
    markers: set[str | None] = field(default_factory=set)
    """Those that were made and not deleted."""

    async def read(self) -> None:
        """Read on to the end; positions follow each other without a gap."""
        async with httpx.AsyncClient(
            base_url=self.place.url, headers={"Authorization": f"Bearer {self.token}"}
        ) as client:
            more = True
            while more:
                answer = await client.get(
                    paths.log(self.place.tenant.name), params={"urlId": self.place.url_id, "after": self.head}
                )
                answer.raise_for_status()
                page = codec.decode_log_page(answer.content)
                for event in page.events:
                    assert isinstance(event, Event), event
                    self._note(event)
                assert self.head == page.head or page.has_more
                more = page.has_more

    def _note(self, event: Event) -> None:
        assert not isinstance(event, Skip)
        assert event.seq == self.head + 1, f"after position {self.head} comes {event.seq}"
        self.head = event.seq
        if event.broadcast_id is not None:
            self.changed.setdefault(event.broadcast_id, []).append(event.seq)
        if isinstance(event, NewImageChat):
            self.made[f"marker of {event.broadcast_id}"] += 1
            self.markers.add(event.marker_id)
        elif isinstance(event, NewComment):
            self.made[f"comment of {event.broadcast_id}"] += 1
        elif isinstance(event, DeletedImageChat):
            self.markers.discard(event.marker_id)


async def play(data: Path, *, rounds: int, seed: int = 1) -> Tally:
    """Play rounds over one data directory.

    Raises:
        AssertionError: Something that was acknowledged is gone, is there twice, or is seen differently by somebody.
    """
    rng, tally = Random(seed), Tally()
    tenant = await add_tenant(data)
    settings = Settings(data=data)
    async with contextlib.AsyncExitStack() as open_boards:
        async with nursling(settings) as server:
            place = await make_board(server.url, tenant)
            people = [await open_boards.enter_async_context(person(place, name)) for name in NAMES]
            writers = [Writer(each, seed=seed * 100 + number) for number, each in enumerate(people)]
            token = await tenant.sign_in(server.url, "witness")
            log = Log(place, token)
            for each in people:
                await each.live()
            await _burst(server, writers, rng)
            tally.kills += 1
        for number in range(1, rounds + 1):
            async with nursling(settings, port=server.port) as server:
                await _look(place, writers, log)
                if number < rounds:
                    await _burst(server, writers, rng)
                    tally.kills += 1
    for writer in writers:
        tally.acknowledged += len(writer.acknowledged)
        tally.outcomes.update(writer.outcomes)
    tally.events = log.head
    _is_sound(data / DATABASE_FILE)
    return tally


async def _burst(server: Nursling, writers: Sequence[Writer], rng: Random) -> None:
    """Everybody writes; after some endings, at no particular moment, the server is gone."""
    chosen, wanted = rng.choice(writers), rng.randrange(1, BURST)
    for writer in writers:
        writer.write()
    goal = sum(chosen.outcomes.values()) + wanted
    await chosen.person.until(lambda: sum(chosen.outcomes.values()) >= goal, "some changes to end")
    await asyncio.sleep(rng.random() * 0.01)
    await server.kill()
    for writer in writers:
        await writer.rest()


async def _look(place: Place, writers: Sequence[Writer], log: Log) -> None:
    """All that was acknowledged is there, once, in a log without gaps; everybody sees what a newcomer sees."""
    for writer in writers:
        writer.come_back()
    for writer in writers:
        await writer.person.live()
    await log.read()
    for writer in writers:
        lost = {name: what for name, what in writer.acknowledged.items() if name not in log.changed}
        assert not lost, f"acknowledged to {writer.person.name} and gone: {lost}"
    twice = {name: count for name, count in log.made.items() if count > 1}
    assert not twice, f"there more than once: {twice}"
    async with person(place, "witness") as witness:
        await witness.live()
        people = [witness, *(writer.person for writer in writers)]
        await witness.until(lambda: all(_complete(each, log) for each in people), "everybody to have read everything")
        await agree(*people)
        assert {marker.id for marker in witness.view.markers()} == log.markers


def _complete(one: Person, log: Log) -> bool:
    view = one.view
    return view.stats.cursor == log.head and all(
        len(view.thread(marker.id) or ()) == marker.comment_count for marker in view.markers()
    )


def _is_sound(database: Path) -> None:
    with contextlib.closing(sqlite3.connect(database)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def main(arguments: Sequence[str] | None = None) -> int:
    """Play rounds; 0 when nothing was lost."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.kills", description=main.__doc__)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args(arguments)
    load_also("tests.faults.writers")
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="imagechat-kills-") as folder:
        print(asyncio.run(play(Path(folder), rounds=chosen.rounds, seed=chosen.seed)))
    print(f"{time.monotonic() - began:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
