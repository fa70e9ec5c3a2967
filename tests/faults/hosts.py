"""The same questions to two hosts, the model of the simulation and the real server, and what both say in one language.

Ids become the names a story gives them, moments become ``some time``; what is left has to be equal.
"""

from collections.abc import Mapping
from typing import Any, Protocol

import msgspec

from imagechat_tui.client.exchange import Exchange, Identity
from imagechat_tui.client.rest import Rest
from imagechat_tui.client.server import Server
from imagechat_tui.core import asks
from imagechat_tui.core.inputs import Answered, Refused
from imagechat_tui.protocol import limits
from imagechat_tui.protocol.replies import CommentSaved, MarkerCreated, Reply, Voted
from imagechat_tui.server.store import events
from tests.simulation.model_server import ModelServer, Refusal
from tests.support.people import Place
from tests.support.servers import PATIENCE, InProcess

Told = dict[str, Any]
"""An answer in the language of the story."""

_MOMENTS = frozenset({"createdAt", "date", "editedAt", "resolvedAt", "timestamp"})
# Rendered text, addresses, and what only a whole installation knows.
_UNCOMPARED = frozenset(
    {"commentHTML", "url", "src", "pageTitle", "user", "title", "image", "createdFromCommentId", "tenantId"}
)
_TENANT = "acme:"


class Host(Protocol):
    """Somebody who answers questions about one board."""

    async def ask(self, user: str, body: asks.AskBody) -> Reply | tuple[int, str]:
        """The reply, or status and code of a refusal."""

    async def forget_the_log(self) -> None:
        """Positions up to now are no longer told."""

    async def close(self) -> None:
        """Let go."""


class Model:
    """The truth of the simulation."""

    def __init__(self) -> None:
        self._server = ModelServer()
        self._now = 0

    async def ask(self, user: str, body: asks.AskBody) -> Reply | tuple[int, str]:
        self._now += 10
        try:
            return self._server.answer(user, body, self._now)
        except Refusal as refusal:
            return refusal.status, refusal.code

    async def forget_the_log(self) -> None:
        self._server.truncate()

    async def close(self) -> None:
        return


class Real:
    """The server with SQLite, asked over HTTP as the client asks."""

    def __init__(self, server: InProcess, place: Place) -> None:
        self._server = server
        self._place = place
        self._rests: dict[str, Rest] = {}
        self._number = 0

    async def ask(self, user: str, body: asks.AskBody) -> Reply | tuple[int, str]:
        rest = self._rests.get(user) or await self._come(user)
        self._number += 1
        answer = await rest.ask(self._number, body, timeout=PATIENCE)
        if isinstance(answer, Refused):
            return answer.status, answer.error.code
        assert isinstance(answer, Answered), answer
        return answer.reply

    async def _come(self, user: str) -> Rest:
        place = self._place
        token = await place.tenant.sign_in(place.url, user)
        exchange = Exchange(Server(base_url=place.url), identity=Identity(token=token))
        self._rests[user] = Rest(exchange, tenant=place.tenant.name, url_id=place.url_id, name=user)
        return self._rests[user]

    async def forget_the_log(self) -> None:
        deps = self._server.running.deps
        after = deps.clock_ms() + events.KEPT_MS + 1
        await deps.database.write(lambda tx: events.prune(tx, now_ms=after, most=limits.LOG_PAGE_EVENTS))

    async def close(self) -> None:
        for rest in self._rests.values():
            await rest.close()


class Scene:
    """One story on one host: remembers which id has which name, and all that was said."""

    def __init__(self, host: Host) -> None:
        self.told: list[tuple[str, Told]] = []
        self._host = host
        self._names: dict[str, str] = {}
        self._ids: dict[str, str] = {}
        self._windows: dict[str, str] = {}
        self._writes = 0

    def id(self, name: str) -> str:
        """The id behind a name; an unknown one for a name that nothing got."""
        return self._ids.get(name, f"no-{name}")

    def window(self, marker: str) -> str:
        """The key of a marker's thread."""
        return self._windows[marker]

    def write(self) -> str:
        """A fresh broadcast id."""
        self._writes += 1
        return f"write-{self._writes}"

    async def ask(self, user: str, body: asks.AskBody, *, called: str = "") -> None:
        """Ask, and give what is made a name: a marker, its first comment ``<name>-first``, a comment, a vote."""
        answer = await self._host.ask(user, body)
        if isinstance(answer, tuple):
            status, code = answer
            self.told.append((_label(user, body), {"status": status, "code": code}))
            return
        if called:
            self._name(answer, called)
        self.told.append((_label(user, body), {"kind": type(answer).__name__} | self._plain(answer)))

    async def look(self, *markers: str) -> None:
        """Everything that can be read: the board, its log from the start, the threads of these markers."""
        await self.ask("cid", asks.ReadSnapshot())
        await self.ask("cid", asks.ReadLog(after=0))
        for marker in markers:
            await self.ask("ann", asks.ReadThread(window_url_id=self.window(marker)))

    async def forget_the_log(self) -> None:
        """The host no longer tells what was up to now."""
        await self._host.forget_the_log()

    def _name(self, answer: Reply, name: str) -> None:
        match answer:
            case MarkerCreated():
                self._bind(name, answer.marker.id)
                self._bind(f"{name}-first", answer.comment.id)
                self._windows[name] = answer.marker.url_id
                self._names[answer.marker.url_id] = f"thread of {name}"
            case CommentSaved():
                self._bind(name, answer.comment.id)
            case Voted(vote_id=str(vote_id)):
                self._bind(name, vote_id)

    def _bind(self, name: str, key: str) -> None:
        # A repeated answer names nothing new.
        if key not in self._names:
            self._names[key] = name
            self._ids[name] = key

    def _plain(self, answer: Reply) -> Told:
        plain: Told = self._translate(msgspec.to_builtins(answer))
        return plain

    def _translate(self, value: Any, key: str = "") -> Any:
        match value:
            case Mapping():
                return {name: self._translate(each, name) for name, each in value.items() if name not in _UNCOMPARED}
            case list() | tuple():
                return [self._translate(each, key) for each in value]
            case str() if key in _MOMENTS:
                return "some time"
            case int() if key in _MOMENTS:
                return "some time"
            case str():
                return self._names.get(value, value.removeprefix(_TENANT))
            case _:
                return value


def differences(model: Any, real: Any, *, where: str = "") -> list[str]:
    """Where two tellings disagree; of two shapes the keys that both have."""
    if isinstance(model, dict) and isinstance(real, dict):
        common = [key for key in model if key in real or key in MEANT]
        return [each for key in common for each in differences(model[key], real.get(key), where=f"{where}.{key}")]
    if isinstance(model, list) and isinstance(real, list):
        if len(model) != len(real):
            return [f"{where}: {len(model)} of {model} and {len(real)} of {real}"]
        pairs = enumerate(zip(model, real, strict=True))
        return [each for number, (a, b) in pairs for each in differences(a, b, where=f"{where}[{number}]")]
    return [] if model == real else [f"{where}: {model!r} and {real!r}"]


MEANT = frozenset({"_id", "x", "y", "seq", "number", "resolvedAt", "parentId", "myVoteId", "comment", "type"})
"""Keys that a host may not leave out where the other one says something."""


def _label(user: str, body: asks.AskBody) -> str:
    return f"{user} {type(body).__name__}"
