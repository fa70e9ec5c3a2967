"""People who write without pause, each over a real runner, and remember every change that was acknowledged to them."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from random import Random

from imagechat_tui.core.inputs import (
    AddComment,
    CreateMarker,
    DeleteComment,
    DeleteMarker,
    Discard,
    EditComment,
    Intent,
    MoveMarker,
    ResolveMarker,
    Retry,
    RetryNow,
)
from imagechat_tui.core.outputs import Change, LinkChanged, Noted, OperationEnded, Outcome
from imagechat_tui.core.views import Delivery, LinkState
from tests.support.people import Person

IN_FLIGHT = 3
"""Changes of one person on their way at once."""
ENOUGH_MARKERS = 12
"""With so many on the board, people delete more of their own than they make: boards stay small over many rounds."""
KINDS = ("create",) * 3 + ("delete",) * 4 + ("say",) * 5 + ("edit",) * 3 + ("unsay", "move", "move", "move", "resolve")
HALF = 0.5


class Writer:
    """One person's hand, moved by the runner's own announcements: an ending starts the next change."""

    def __init__(self, person: Person, *, seed: int) -> None:
        self.person = person
        self.acknowledged: dict[str, Intent] = {}
        """Confirmed operations by their id, which is their first broadcast id."""
        self.outcomes: Counter[str] = Counter()
        self.ended = asyncio.Event()
        """Set with every ending."""
        self._rng = Random(seed)
        self._number = 0
        self._under_way = 0
        self._writing = False
        self._failed: list[str] = []
        self._doubtful: list[str] = []
        person.runner.listen(self._heard)

    def write(self) -> None:
        """Write from now on, whenever there is a connection."""
        self._writing = True
        self._again()

    async def rest(self) -> None:
        """Start nothing new, wait for the end of what is under way, and give up what failed."""
        self._writing = False
        await self.person.until(lambda: not self._under_way, "everything to end")
        for operation in self._failed:
            self.person.do(Discard(operation=operation))
        self._failed.clear()
        self._doubtful.clear()

    def come_back(self) -> None:
        """Do not wait for the next attempt."""
        self.person.do(RetryNow())

    def _heard(self, changes: Sequence[Change]) -> None:
        for change in changes:
            if isinstance(change, OperationEnded):
                self._end(change)
            elif isinstance(change, Noted) and self._under_way:
                # The log had told of it before it was tried again.
                self._under_way -= 1
        if any(isinstance(change, OperationEnded | Noted | LinkChanged) for change in changes):
            self._again()

    def _end(self, ended: OperationEnded) -> None:
        self._under_way -= 1
        self.outcomes[ended.outcome.value] += 1
        self.ended.set()
        if ended.outcome is Outcome.CONFIRMED:
            self.acknowledged[ended.operation] = ended.intent
            return
        self._failed.append(ended.operation)
        if ended.outcome is Outcome.UNKNOWN:
            self._doubtful.append(ended.operation)

    def _again(self) -> None:
        if not self._writing or self.person.view.link.state is not LinkState.LIVE:
            return
        while self._under_way < IN_FLIGHT:
            self._under_way += 1
            self.person.do(self._retry() or self._next())

    def _retry(self) -> Retry | None:
        """Repeat half of what nobody knows the end of."""
        operation = self._doubtful.pop(0) if self._doubtful else None
        return Retry(operation=operation) if operation is not None and self._rng.random() < HALF else None

    def _next(self) -> Intent:  # noqa: PLR0911 - one way out per kind of change
        self._number += 1
        rng, text = self._rng, f"{self.person.name} {self._number}"
        x, y = rng.uniform(0, 100), rng.uniform(0, 100)
        markers = [one for one in self.person.view.markers() if one.delivery is Delivery.CONFIRMED]
        if not markers:
            return CreateMarker(x=x, y=y, text=text)
        marker = rng.choice(markers)
        mine = [one for one in self.person.view.thread(marker.id) or () if one.mine and one.operation is None]
        match rng.choice(KINDS):
            case "create":
                return CreateMarker(x=x, y=y, text=text)
            case "delete" if len(markers) >= ENOUGH_MARKERS:
                own = [one for one in markers if one.mine]
                return DeleteMarker(marker_id=rng.choice(own or markers).id)
            case "edit" if mine:
                return EditComment(marker_id=marker.id, comment_id=rng.choice(mine).id, text=text)
            case "unsay" if len(mine) > 1:
                return DeleteComment(marker_id=marker.id, comment_id=mine[-1].id)
            case "move":
                return MoveMarker(marker_id=marker.id, x=x, y=y)
            case "resolve":
                return ResolveMarker(marker_id=marker.id, resolved=not marker.resolved)
        return AddComment(marker_id=marker.id, text=text)
