"""The processes that ``loop`` starts: a server with boards to look at, and the app that is watched on them.

Run as ``python -m tests.benchmarks.loop_stage serve FOLDER MARKERS`` or ``… app SCENE LINK``; both speak JSON. The
watch is around every step of the loop and costs it about a microsecond.
"""

import asyncio
import json
import sys
import time
from asyncio.events import Handle
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from PIL import Image
from textual.pilot import Pilot

from imagechat_tui.core.views import LinkState
from imagechat_tui.protocol.events import ImageChatUpdated
from imagechat_tui.protocol.models import Conversation, LiveComment
from imagechat_tui.server.store import boards, events
from imagechat_tui.server.store.boards import Board
from imagechat_tui.server.store.database import Transaction
from imagechat_tui.server.store.events import Place as EventPlace
from tests.benchmarks.live.large import filled
from tests.benchmarks.mockups import photos
from tests.support import people
from tests.support.servers import in_process

PHOTO: Final = (6000, 4500)
EVENTS: Final = 1_000
GOAL_SECONDS: Final = 0.05
SIZE: Final = (160, 45)

Stage = Pilot[int]


# The server ------------------------------------------------------------------------------------------------------


async def serve(folder: Path, count: int) -> None:
    """Boards by scene: empty, a photo, so many markers; floods the last one for every line of stdin."""
    async with in_process(folder) as server:
        tenant = await server.tenant("acme")
        database = server.running.deps.database
        empty = await people.make_board(server.url, tenant)
        camera = await people.make_board(server.url, tenant, pixels=_photo())
        crowd = await people.make_board(server.url, tenant)
        await database.write(partial(filled(count), place=crowd))
        board = await database.read(lambda connection: boards.find(connection, "acme", crowd.url_id))
        assert board is not None
        print(json.dumps({"start": empty.link, "photo": camera.link, "many": crowd.link}), flush=True)
        loop = asyncio.get_running_loop()
        while await loop.run_in_executor(None, sys.stdin.readline):
            began = time.monotonic()
            writes = []
            for number in range(EVENTS):
                writes.append(asyncio.create_task(database.write(partial(_change, board=board, number=number))))
                await asyncio.sleep(max(0.0, began + (number + 1) / EVENTS - time.monotonic()))
            await asyncio.gather(*writes)


def _photo() -> bytes:
    """What a camera makes of a landscape."""
    out = BytesIO()
    photos()["landscape"].resize(PHOTO, Image.Resampling.BILINEAR).save(out, "JPEG", quality=92)
    return out.getvalue()


def _change(tx: Transaction, *, board: Board, number: int) -> None:
    """Somebody answers at one of fifty markers."""
    marker_id = f"many-{number % 50}"
    last = LiveComment(id=f"new-{number}", user_id="acme:ann", commenter_name="Ann", comment="twenty characters ok")
    marker = Conversation(id=marker_id, x=number % 50 + 0.5, y=0.5, comment_count=2 + number // 50, last_comment=last)
    event = ImageChatUpdated(broadcast_id=f"flood-{number}", chat_id=marker_id, conversation=marker)
    place = EventPlace(channel=board.url_id, marker_id=marker_id)
    events.append(tx, board, event, place=place, now_ms=time.time_ns() // 1_000_000)


# The app ---------------------------------------------------------------------------------------------------------


@dataclass
class Watch:
    """The longest steps of the loop since the last look."""

    cpu: float = 0.0
    wall: float = 0.0
    long: int = 0

    @contextmanager
    def on(self) -> Iterator[None]:
        """Around every step while the block runs."""
        step: Any = Handle
        run, cpu_now, now = step._run, time.thread_time, time.perf_counter

        def watched(handle: Handle) -> None:
            cpu, wall = cpu_now(), now()
            run(handle)
            cpu, wall = cpu_now() - cpu, now() - wall
            self.cpu, self.wall = max(self.cpu, cpu), max(self.wall, wall)
            self.long += cpu > GOAL_SECONDS

        step._run = watched
        try:
            yield
        finally:
            step._run = run

    def report(self, scene: str) -> None:
        """Tell what was found, and begin anew."""
        _tell({"scene": scene, "cpu": self.cpu * 1000, "wall": self.wall * 1000, "long": self.long})
        self.cpu = self.wall = 0.0
        self.long = 0


WATCH: Final = Watch()


def _tell(fact: dict[str, Any]) -> None:
    """Past Textual, which keeps what is printed while an app runs."""
    print(json.dumps(fact), file=sys.__stdout__, flush=True)


async def start(link: str) -> None:
    """An empty board, from nothing."""
    async with _opened(link, "start"):
        pass


async def photo(link: str) -> None:
    """A large photo."""
    async with _opened(link, "a photo: open") as app:
        await _pressed(app, "a photo: zoom", "plus", "plus", "plus", "minus", "1")
        await _pressed(app, "a photo: pan", *["ctrl+right"] * 10, *["ctrl+down"] * 10)


async def many(link: str) -> None:
    """A board with very many markers."""
    async with _opened(link, "many markers: open") as app:
        await _pressed(app, "many markers: crosshair", *"llllhhhh")
        await _pressed(app, "many markers: next, previous", *"nnnnpp")
        await _pressed(app, "many markers: filter", "slash", *"9999", "backspace", "backspace", "enter", "escape")
        await _pressed(app, "many markers: the list", "tab", "G", "g", "down", "down", "escape")
        await _pressed(app, "many markers: zoom", "plus", "plus", "minus", "1")
        await _pressed(app, "many markers: pan", *["ctrl+right"] * 10, *["ctrl+down"] * 10, "0")
        await _pressed(app, "many markers: help", "question_mark", "escape")
        await _pressed(app, "many markers: every action by name", "ctrl+p", *"zoom", "escape")
        await _flooded(app)


SCENES: Final = {"start": start, "photo": photo, "many": many}


@asynccontextmanager
async def _opened(link: str, scene: str) -> AsyncIterator[Stage]:
    """The app on the board of a link, calm."""
    from imagechat_tui.cli import memory
    from imagechat_tui.client.arriving import Place
    from imagechat_tui.client.opening import open_board
    from imagechat_tui.tui.app import ImagechatApp
    from imagechat_tui.tui.boards import Board as Shown

    with TemporaryDirectory() as folder:
        opened = await open_board(link, place=Place(data=Path(folder), state=Path(folder)))
        app = ImagechatApp(Shown(client=opened.runner, picture=opened.picture, title=opened.title))
        memory.spare_what_is_loaded()
        with WATCH.on(), memory.sparing(opened.runner):
            async with app.run_test(size=SIZE) as pilot:
                await _until(pilot, lambda: opened.runner.view.link.state is LinkState.LIVE)
                await _calm(pilot)
                WATCH.report(scene)
                yield pilot


async def _pressed(app: Stage, scene: str, *keys: str) -> None:
    for key in keys:
        await app.press(key)
        await _calm(app)
    WATCH.report(scene)


async def _flooded(app: Stage) -> None:
    """Until the last event is on the screen."""
    client = _screen(app)._client
    last = f"many-{(EVENTS - 1) % 50}"
    before = client.view.marker(last)
    assert before is not None
    _tell({"order": "flood"})
    cursor = client.view.stats.cursor
    await _until(app, lambda: client.view.stats.cursor >= cursor + EVENTS)
    await _calm(app)
    WATCH.report("many markers: a flood")


async def _until(app: Stage, holds: Callable[[], Any]) -> None:
    async with asyncio.timeout(60):
        while not holds():
            await app.pause(0.02)


async def _calm(app: Stage) -> None:
    """Everything that was asked for is drawn."""
    still = 0
    while still < 2:
        await app.pause()
        screen = _screen(app)
        reading = any(not worker.is_finished for worker in app.app.workers if worker.group == "picture")
        still = 0 if reading or screen.picture.drawing or not screen.desk.empty else still + 1


def _screen(app: Stage) -> Any:
    from imagechat_tui.tui.screens.board import BoardScreen

    return next(screen for screen in app.app.screen_stack if isinstance(screen, BoardScreen))


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["serve", folder, count]:
            asyncio.run(serve(Path(folder), int(count)))
        case ["app", scene, link]:
            asyncio.run(SCENES[scene](link))
