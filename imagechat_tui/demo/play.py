"""Lets the reviewers play their script: a prologue at once, then calmly and without end; it can be held at any time.

Everything random comes from one seed. When a guest pins or writes something, somebody answers. A change that fails is
let go, as a person would.
"""

import asyncio
import random
from collections.abc import Mapping, Sequence
from typing import Final

from imagechat_tui.core.inputs import (
    AddComment,
    CreateMarker,
    DeleteComment,
    DeleteMarker,
    EditComment,
    MoveMarker,
    ResolveMarker,
)
from imagechat_tui.core.outputs import Change, MarkerPut
from imagechat_tui.core.views import Delivery, MarkerView
from imagechat_tui.demo import script
from imagechat_tui.demo.mockup import SPOTS
from imagechat_tui.demo.reviewers import Reviewer
from imagechat_tui.demo.script import Act

PAUSE_SECONDS: Final = 6.0
"""Between two acts, for somebody of average pace: lively enough to watch, calm enough to read."""

# The last part of a pause goes by with typing, where something is about to be said.
_TYPING: Final = 0.4
# Answers wait until a guest has most likely finished, and come quicker than the script's next line.
_ANSWER_PAUSES: Final = 0.5


class _Thread:
    """What the play remembers of a marker it made."""

    def __init__(self, marker_id: str, author: str) -> None:
        self.marker_id = marker_id
        self.author = author


class Play:
    """One performance."""

    def __init__(self, cast: Mapping[str, Reviewer], *, seed: int, pause: float = PAUSE_SECONDS) -> None:
        """``cast`` has a reviewer for every persona; ``pause`` is in seconds."""
        self._cast = cast
        self._random = random.Random(seed)  # noqa: S311 - a play is no secret
        self._pause = pause
        self._threads: dict[str, _Thread] = {}
        self._comments: dict[str, tuple[str, str]] = {}
        self._heard: set[tuple[str, int]] = set()
        self._guests: asyncio.Queue[MarkerView] = asyncio.Queue()
        self._away: set[asyncio.Task[None]] = set()

    async def prologue(self) -> None:
        """What has happened before anybody came: as fast as the server takes it."""
        await asyncio.gather(*(reviewer.here() for reviewer in self._cast.values()))
        for act in script.PROLOGUE:
            await self._perform(act)

    async def run(self) -> None:
        """The first round, then scenes in a shuffled order, until cancelled."""
        listener = next(iter(self._cast.values()))
        for marker in listener.view.markers():
            self._heard.add(_last_words(marker))
        unlisten = listener.listen(self._listen_to_guests)
        try:
            await self._scene(script.FIRST_ROUND)
            while True:
                for scene in self._random.sample(script.LATER, len(script.LATER)):
                    await self._scene(scene)
        finally:
            unlisten()
            for task in self._away:
                task.cancel()
            await asyncio.gather(*self._away, return_exceptions=True)

    async def _scene(self, acts: Sequence[Act]) -> None:
        for act in acts:
            who, typing = self._cast[act.who], _TYPING if self._speaks(act) else 0.0
            await self._wait(who.persona.pace * (1 - typing))
            if typing:
                await who.write(self._place(act), self._pause * who.persona.pace * typing)
            await self._perform(act)

    def _speaks(self, act: Act) -> bool:
        """Whether it is a new marker, or a reply in a thread that is there."""
        return isinstance(act, script.Pin) or (isinstance(act, script.Reply) and act.spot in self._threads)

    def _place(self, act: Act) -> str | None:
        """The marker that a reply is for; none for a new one."""
        thread = self._threads.get(act.spot) if isinstance(act, script.Reply) else None
        return thread.marker_id if thread is not None else None

    async def _wait(self, pace: float) -> None:
        """A pause of natural length, in which guests are answered."""
        end = asyncio.get_running_loop().time() + self._pause * pace * self._random.uniform(0.6, 1.4)
        while True:
            try:
                async with asyncio.timeout_at(end):
                    marker = await self._guests.get()
            except TimeoutError:
                break
            await self._answer(marker)

    async def _perform(self, act: Act) -> None:
        who = self._cast[act.who]
        match act:
            case script.Pin():
                await self._pin(who, act)
            case script.Reply():
                await self._reply(who, act)
            case script.Edit() if act.name in self._comments:
                marker_id, comment_id = self._comments[act.name]
                await who.look_into(marker_id)
                await who.change(EditComment(marker_id=marker_id, comment_id=comment_id, text=act.text))
            case script.Unsay() if act.name in self._comments:
                marker_id, comment_id = self._comments.pop(act.name)
                await who.look_into(marker_id)
                await who.change(DeleteComment(marker_id=marker_id, comment_id=comment_id))
            case script.Settle() if act.spot in self._threads:
                marker_id = self._threads[act.spot].marker_id
                await who.change(ResolveMarker(marker_id=marker_id, resolved=act.resolved))
            case script.Unpin() if act.spot in self._threads:
                await who.change(DeleteMarker(marker_id=self._threads.pop(act.spot).marker_id))
            case script.Nudge() if act.spot in self._threads:
                marker_id = self._threads[act.spot].marker_id
                x, y = SPOTS[act.spot]
                await who.change(MoveMarker(marker_id=marker_id, x=round(x + act.by[0], 2), y=round(y + act.by[1], 2)))
            case script.Vanish():
                self._send_away(who, act.pauses * self._pause)
            case _:
                # It speaks of something that failed, or that a guest has deleted.
                pass

    async def _pin(self, who: Reviewer, act: script.Pin) -> None:
        old = self._threads.pop(act.spot, None)
        if old is not None:
            await self._cast[old.author].change(DeleteMarker(marker_id=old.marker_id))
        x, y = SPOTS[act.spot]
        ended = await who.change(CreateMarker(x=x, y=y, text=act.text))
        if ended is not None and ended.marker_id is not None:
            self._threads[act.spot] = _Thread(ended.marker_id, act.who)

    async def _reply(self, who: Reviewer, act: script.Reply) -> None:
        thread = self._threads.get(act.spot)
        if thread is None:
            return
        await who.look_into(thread.marker_id)
        ended = await who.change(AddComment(marker_id=thread.marker_id, text=act.text))
        if act.name and ended is not None and ended.comment_id is not None:
            self._comments[act.name] = (thread.marker_id, ended.comment_id)

    def _send_away(self, who: Reviewer, seconds: float) -> None:
        task = asyncio.create_task(who.vanish(seconds), name=f"{who.persona.key} is away")
        self._away.add(task)
        task.add_done_callback(self._away.discard)

    def _listen_to_guests(self, changes: Sequence[Change]) -> None:
        names = {reviewer.persona.name for reviewer in self._cast.values()}
        for change in changes:
            if not isinstance(change, MarkerPut) or change.marker.delivery is not Delivery.CONFIRMED:
                continue
            said = _last_words(change.marker)
            if said not in self._heard and (change.marker.last_author or change.marker.author_name) not in names:
                self._guests.put_nowait(change.marker)
            self._heard.add(said)

    async def _answer(self, marker: MarkerView) -> None:
        who = self._random.choice(list(self._cast.values()))
        fresh = marker.comment_count <= 1
        answers = script.ANSWERS_TO_MARKERS if fresh else script.ANSWERS_TO_COMMENTS
        pause = self._pause * _ANSWER_PAUSES
        await asyncio.sleep(pause * (1 - _TYPING))
        if await who.look_into(marker.id):
            await who.write(marker.id, pause * _TYPING)
            await who.change(AddComment(marker_id=marker.id, text=self._random.choice(answers)))


def _last_words(marker: MarkerView) -> tuple[str, int]:
    """What tells whether somebody said something new: a moved or resolved marker keeps it."""
    return marker.id, marker.last_comment_at or marker.created_at
