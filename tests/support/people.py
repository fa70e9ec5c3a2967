"""People for stories: each with an identity, a session and a connection of their own, with or without a screen.

``Person`` uses the real runner over the real network; ``Seat`` sits before the real app, driven by Textual's pilot.
Waiting is always for something to be true, never for time to pass.
"""

import asyncio
import dataclasses
import io
import random
import time
import uuid
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import httpx
from PIL import Image, ImageDraw
from textual.pilot import Pilot

from imagechat_tui.client.channels import Channels
from imagechat_tui.client.exchange import Exchange, Identity
from imagechat_tui.client.live import KeepAlive, WebSockets
from imagechat_tui.client.opening import new_id
from imagechat_tui.client.rest import Rest
from imagechat_tui.client.runner import Runner
from imagechat_tui.client.server import Server
from imagechat_tui.client.trace import Chance
from imagechat_tui.core.inputs import CreateMarker, Input, Intent, OpenThread
from imagechat_tui.core.outputs import Change, OperationEnded
from imagechat_tui.core.session import Session
from imagechat_tui.core.settings import SessionSettings
from imagechat_tui.core.views import BoardReader, CommentView, LinkState, MarkerView
from imagechat_tui.protocol import paths
from imagechat_tui.tui.app import ImagechatApp
from imagechat_tui.tui.boards import Board
from tests.support import grid
from tests.support.servers import PATIENCE, TenantKey

T = TypeVar("T")

_LOOK_SECONDS = 0.01
WIDE = (120, 36)


@dataclass(frozen=True, kw_only=True)
class Place:
    """A board on a server."""

    url: str
    tenant: TenantKey
    url_id: str
    src: str
    link: str
    plain: bool = False
    """Its host opens no sessions: people sign every request."""

    def through(self, url: str, *, plain: bool | None = None) -> "Place":
        """The same board, reached another way, which may lead past a plain host."""
        return dataclasses.replace(self, url=url, plain=self.plain if plain is None else plain)


def picture(*, width: int = 480, height: int = 320) -> bytes:
    """A small page with a header, a card and a button, as PNG."""
    image = Image.new("RGB", (width, height), "#f4f4f8")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, width, height // 8), fill="#1f2a44")
    draw.rectangle((width // 12, height // 4, width // 2, height * 3 // 4), fill="#ffffff", outline="#c8ccd8")
    draw.rounded_rectangle((width * 5 // 8, height * 5 // 8, width * 7 // 8, height * 3 // 4), 8, fill="#0f62fe")
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


async def make_board(
    url: str, tenant: TenantKey, *, by: str = "author", pixels: bytes | None = None, **more: Any
) -> Place:
    """A board with a picture, made over HTTP as ``share`` makes it; ``more`` are keys of the request."""
    async with await tenant.client(url, by) as client:
        stored = await client.post(
            paths.pictures(tenant.name), files={"file": ("page.png", pixels or picture(), "image/png")}
        )
        stored.raise_for_status()
        src: str = stored.json()["src"]
        body = {"title": "page.png", "src": src, "broadcastId": str(uuid.uuid4()), **more}
        put = await client.put(paths.boards(tenant.name), json=body)
        put.raise_for_status()
        return Place(url=url, tenant=tenant, url_id=put.json()["urlId"], src=src, link=url + put.json()["link"])


async def _anonymous(url: str, tenant: str) -> str:
    async with httpx.AsyncClient(base_url=url) as client:
        answer = await client.post(paths.SESSIONS, json={"tenantId": tenant})
        answer.raise_for_status()
        token: str = answer.json()["token"]
        return token


def make_runner(place: Place, identity: Identity, *, settings: SessionSettings | None = None, name: str = "") -> Runner:
    """A runner as ``open`` makes it, on this board."""
    server = Server(base_url=place.url)
    channels = Channels()
    exchange = Exchange(server, identity=identity)
    chance = Chance(new_id=new_id, random=random.random)
    session = Session(
        tenant=place.tenant.name,
        url_id=place.url_id,
        src=place.src,
        settings=settings or SessionSettings(max_reply_depth=1),
        new_id=chance.new_id,
        random=chance.random,
        wall_ms=lambda: time.time_ns() // 1_000_000,
    )
    # A half-open connection is noticed within three seconds, so that a story about one does not take twenty.
    keep_alive = KeepAlive(interval=1.0, answer=1.0, close=0.5)
    live = WebSockets(server, channels=channels, traffic=exchange.traffic, keep_alive=keep_alive)
    return Runner(
        session,
        api=Rest(exchange, tenant=place.tenant.name, url_id=place.url_id, name=name, channels=channels),
        live=live,
        traffic=exchange.traffic,
        chance=chance,
    )


class Person:
    """Somebody with the board open, without a screen."""

    def __init__(self, name: str, runner: Runner) -> None:
        self.name = name
        self.runner = runner
        self.heard: list[Change] = []
        runner.listen(self.heard.extend)

    @property
    def view(self) -> BoardReader:
        """The board as this person has it."""
        return self.runner.view

    def do(self, what: Input) -> None:
        """Want something, without waiting for what comes of it."""
        self.runner.submit(what)

    async def until(self, holds: Callable[[], T | None], what: str = "") -> T:
        """What ``holds`` answers once that is something true; an assertion error says what did not come true."""
        deadline = time.monotonic() + PATIENCE
        while not (found := holds()):
            assert time.monotonic() < deadline, f"{self.name} waited in vain for {what or 'a condition'}: {self.told()}"
            await asyncio.sleep(_LOOK_SECONDS)
        return found

    async def live(self) -> None:
        """Wait until the board is live."""
        await self.until(lambda: self.view.link.state is LinkState.LIVE, "the link to be live")

    async def state(self, state: LinkState) -> None:
        """Wait until the link is in this state."""
        await self.until(lambda: self.view.link.state is state, f"the link to be {state.value}")

    async def change(self, intent: Intent) -> OperationEnded:
        """Make a change and wait for how it ends."""
        self.runner.submit(intent)
        return await self.ended(intent)

    async def ended(self, intent: Intent) -> OperationEnded:
        """How an intent ended, once it has."""
        return await self.until(
            lambda: next((one for one in self.heard if isinstance(one, OperationEnded) and one.intent is intent), None),
            f"{type(intent).__name__} to end",
        )

    async def pin(self, text: str, *, x: float = 50.0, y: float = 50.0) -> MarkerView:
        """Create a marker; as the server confirmed it."""
        ended = await self.change(CreateMarker(x=x, y=y, text=text))
        assert ended.marker_id is not None, ended
        marker = self.view.marker(ended.marker_id)
        assert marker is not None
        return marker

    def marker(self, title: str) -> MarkerView | None:
        """The marker whose thread opens with these words."""
        return next((one for one in self.view.markers() if one.title == title), None)

    async def sees(self, title: str, *, like: Callable[[MarkerView], bool] = lambda _one: True) -> MarkerView:
        """The marker whose thread opens with these words, once it is there and like that."""

        def found() -> MarkerView | None:
            marker = self.marker(title)
            return marker if marker is not None and like(marker) else None

        return await self.until(found, f"a marker “{title}”")

    def comment(self, text: str) -> CommentView | None:
        """The comment of these words, in any loaded thread."""
        for marker in self.view.markers():
            for comment in self.view.thread(marker.id) or ():
                if comment.text == text:
                    return comment
        return None

    async def reads(self, text: str) -> CommentView:
        """The comment of these words, once it is there."""
        return await self.until(lambda: self.comment(text), f"a comment “{text}”")

    async def opens(self, title: str) -> str:
        """Open the thread of a marker, and wait until news of it arrive; the marker's id."""
        marker = await self.sees(title)
        self.do(OpenThread(marker_id=marker.id))
        await self.reads(title)
        if self.view.link.plain_host:
            # Such a host tells what is said in a thread on a channel of its own.
            await self.until(lambda: self.view.stats.followed == marker.id, "the thread's channel")
        await self.live()
        return marker.id

    def canonical(self) -> list[tuple[object, ...]]:
        """The board in a form that is equal for everybody who sees the same; plain hosts give no numbers."""
        plain = self.view.link.plain_host
        rows: list[tuple[object, ...]] = []
        for marker in sorted(self.view.markers(), key=lambda one: one.id):
            comments = [(one.id, one.text, one.author_id) for one in self.view.thread(marker.id) or ()]
            number = None if plain else marker.number
            rows.append((marker.id, number, marker.x, marker.y, marker.resolved, tuple(comments)))
        return rows

    def told(self) -> str:
        """What this person could tell about the state of things."""
        titles = [marker.title for marker in self.view.markers()]
        return f"{self.view.link}, markers {titles}, faults {list(self.runner.faults)}"


@asynccontextmanager
async def person(
    place: Place, name: str | None = "ann", *, settings: SessionSettings | None = None, **more: object
) -> AsyncIterator[Person]:
    """Somebody who opens the board without a screen; ``None`` is an anonymous visitor; ``more`` goes into the SSO."""
    runner = make_runner(place, await _identity(place, name, more), name=name or "visitor", settings=settings)
    working = asyncio.create_task(runner.run())
    try:
        yield Person(name or "anonymous", runner)
    finally:
        await runner.stop()
        await working


async def _identity(place: Place, name: str | None, more: dict[str, object]) -> Identity:
    if place.plain:
        return Identity(sso=place.tenant.sso(name, **more) if name else None)
    if name is None:
        return Identity(token=await _anonymous(place.url, place.tenant.name))
    return Identity(token=await place.tenant.sign_in(place.url, name, **more))


class Seat(Person):
    """Somebody before the app, in a terminal of a given size; keys are pressed one after another."""

    def __init__(self, name: str, runner: Runner, *others: Runner, size: tuple[int, int]) -> None:
        super().__init__(name, runner)
        beside = [Board(client=other, picture=picture(), title="beside.png", key=str(other)) for other in others]
        self.app = ImagechatApp(Board(client=runner, picture=picture(), title="page.png"), *beside)
        self._size = size
        self._jobs: asyncio.Queue[tuple[Callable[[Pilot[int]], Coroutine[Any, Any, object]], asyncio.Future[object]]]
        self._jobs = asyncio.Queue()

    async def sit(self) -> None:
        """Run the app until cancelled. The app and all that is done to it live in this one task."""
        async with self.app.run_test(size=self._size) as pilot:
            while True:
                job, done = await self._jobs.get()
                try:
                    result = await job(pilot)
                except Exception as problem:  # noqa: BLE001 - handed to whoever asked
                    done.set_exception(problem)
                else:
                    done.set_result(result)

    async def _with_pilot(self, job: Callable[[Pilot[int]], Coroutine[Any, Any, T]]) -> T:
        done: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        await self._jobs.put((job, done))
        result: T = await asyncio.wait_for(done, PATIENCE)
        return result

    async def press(self, *keys: str) -> None:
        """Press keys by Textual's names."""

        async def job(pilot: Pilot[int]) -> None:
            await pilot.press(*keys)

        await self._with_pilot(job)

    async def type(self, text: str) -> None:
        """Type a text into whatever has the focus."""
        names = {
            " ": "space",
            "\n": "ctrl+j",
            ".": "full_stop",
            ",": "comma",
            "?": "question_mark",
            "!": "exclamation_mark",
        }
        await self.press(*(names.get(char, char) for char in text))

    async def resize(self, width: int, height: int) -> None:
        """Give the terminal another size."""

        async def job(pilot: Pilot[int]) -> None:
            await pilot.resize_terminal(width, height)

        await self._with_pilot(job)

    async def screen(self) -> str:
        """What the terminal shows, as text."""

        async def job(pilot: Pilot[int]) -> str:
            await pilot.pause()
            return grid.masked(self.app)

        return await self._with_pilot(job)

    async def shows(self, *words: str) -> str:
        """Wait until the terminal shows all these words; the screen."""
        return await self._until_screen(lambda text: all(word in text for word in words), f"{words} on the screen")

    async def hides(self, *words: str) -> str:
        """Wait until the terminal shows none of these words; the screen."""
        return await self._until_screen(lambda text: not any(word in text for word in words), f"{words} to go")

    async def _until_screen(self, holds: Callable[[str], bool], what: str) -> str:
        deadline = time.monotonic() + PATIENCE
        while not holds(text := await self.screen()):
            assert time.monotonic() < deadline, f"{self.name} waited in vain for {what}:\n{text}\n{self.told()}"
            await asyncio.sleep(_LOOK_SECONDS)
        return text


@asynccontextmanager
async def seat(
    place: Place, name: str | None = "ann", *beside: Place, size: tuple[int, int] = WIDE, **more: object
) -> AsyncIterator[Seat]:
    """Somebody who opens the board in the app, and those ``beside`` it in the same set."""
    identity = await _identity(place, name, more)
    runners = [make_runner(one, identity, name=name or "visitor") for one in (place, *beside)]
    sitting = Seat(name or "anonymous", *runners, size=size)
    task = asyncio.create_task(sitting.sit())
    try:
        yield sitting
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def agree(*people: Person) -> None:
    """Wait until all of them see the very same board."""
    first, *others = people
    await first.until(
        lambda: all(other.canonical() == first.canonical() for other in others), "everybody to see the same board"
    )


def titles(markers: Sequence[MarkerView]) -> list[str]:
    """The opening words of markers."""
    return [marker.title for marker in markers]
