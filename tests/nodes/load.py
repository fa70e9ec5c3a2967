"""People who change one board without pause, and what has to be true once everything has healed."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from imagechat_tui.core.inputs import CreateMarker, Discard, RetryNow
from imagechat_tui.core.outputs import Outcome
from imagechat_tui.core.views import Delivery
from imagechat_tui.protocol import paths
from tests.support.people import Person, Place, agree

_PAUSE_SECONDS = 0.25
"""Between two changes of one person: four a second, and the allowance of a user at once, last a round."""


@dataclass
class Tally:
    """What became of everything that people did."""

    confirmed: set[str] = field(default_factory=set)
    others: Counter[str] = field(default_factory=Counter)
    """How often something was refused or ended as unknown, and why."""

    async def work(self, one: Person, done: asyncio.Event) -> None:
        """Pin until told to stop."""
        number = 0
        while not done.is_set():
            number += 1
            text = f"{one.name} {number}"
            ended = await one.change(CreateMarker(x=number % 100, y=1, text=text))
            if ended.outcome is Outcome.CONFIRMED:
                self.confirmed.add(text)
            else:
                self.others[f"{ended.outcome.value}: {ended.reason.value if ended.reason else '-'}"] += 1
            await asyncio.sleep(_PAUSE_SECONDS)


async def settled(tally: Tally, place: Place, url: str, people: Sequence[Person]) -> set[str]:
    """Everybody's board equals the database, nothing that was confirmed is missing; all opening words there are."""
    for each in people:
        each.do(RetryNow())
        await each.live()
        for failed in [marker for marker in each.view.markers() if marker.delivery is Delivery.FAILED]:
            each.do(Discard(operation=failed.operation or ""))
    await agree(*people)
    found = await stored(place, url)
    assert {marker.title for marker in people[0].view.markers()} == found
    assert tally.confirmed <= found
    assert len(people[0].view.markers()) == len(found)
    return found


async def progress(one: Person, markers: int) -> None:
    """Wait until so many more markers are seen."""
    before = len(one.view.markers())
    await one.until(lambda: len(one.view.markers()) >= before + markers, "some progress")


async def stored(place: Place, url: str) -> set[str]:
    """The opening words of all markers, as the database has them."""
    async with await place.tenant.client(url, "auditor") as client:
        answer = await client.get(paths.boards(place.tenant.name), params={"urlId": place.url_id})
        markers = answer.json()["markers"]
    titles = [marker["firstComment"]["comment"] for marker in markers]
    assert len(titles) == len(set(titles)), "a marker is there twice"
    return set(titles)
