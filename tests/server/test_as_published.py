"""The watch over everything that servers of tests say (``tests/support/judge.py``) finds what is not as published.

That it fails the test in which it was said is a fixture of ``tests/conftest.py``.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path
from urllib.parse import urlencode

import httpx
import msgspec
import pytest
from msgspec.structs import asdict, replace
from websockets.asyncio.client import connect

from imagechat_tui.protocol import paths
from imagechat_tui.protocol.events import Known
from imagechat_tui.protocol.replies import Comments
from imagechat_tui.server.actions.refusals import Refusal
from imagechat_tui.server.hub import news
from imagechat_tui.server.hub.compact import plain_event
from imagechat_tui.server.hub.frames import deflated, text_frame
from imagechat_tui.server.routes.asking import Asked
from tests.server.live_world import news as next_news
from tests.support import published, subset
from tests.support.judge import Judge, judge
from tests.support.servers import InProcess, TenantKey, in_process, process
from tests.support.subset import Operation
from tests.support.watched import written_down
from tests.support.witness import Said, Witness, frames

LIST = Operation("GET", "/comments/{tenantId}")
PAGE = {"urlId": "page"}


class Tall(Comments, frozen=True, kw_only=True):
    """An answer with a key too many."""

    shoe_size: int


def _with_a_key_more(answer: Comments) -> object:
    return Tall(**asdict(answer), shoe_size=43)


def _without_a_key(answer: Comments) -> object:
    return {"status": answer.status, "comments": [], "user": None}


def _with_a_wrong_null(answer: Comments) -> object:
    return {"status": answer.status, "comments": [], "user": None, "pageNumber": 0, "isClosed": None}


def _with_an_undocumented_status(_answer: Comments) -> object:
    raise Refusal(418, "teapot", "No coffee here.")


def _with_another_documented_status(_answer: Comments) -> object:
    raise Refusal(404, "not-found", "There is nothing here.")


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Judge]:
    """A judge beside the one of the run, who hears nothing of what is wrong on purpose."""
    one = Judge()
    (tmp_path / "said").mkdir()
    with one.over(tmp_path / "said"):
        yield one


def change(monkeypatch: pytest.MonkeyPatch, how: Callable[[Comments], object]) -> None:
    """Let the server answer for a thread as ``how`` says."""
    monkeypatch.setattr(Asked, "with_session_id", lambda _asked, answer: how(answer))


async def ask(server: InProcess, key: TenantKey) -> int:
    """For a thread; the status of the answer."""
    async with await key.client(server.url, None) as guest:
        return (await guest.get(paths.comments(key.name), params=PAGE)).status_code


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        (_with_a_key_more, "200: the whole: Additional properties are not allowed ('shoeSize' was unexpected)"),
        (_without_a_key, "200: the whole: 'pageNumber' is a required property"),
        (_with_a_wrong_null, "200: isClosed: None is not of type 'boolean'"),
        (_with_an_undocumented_status, "418: the status 418 is not documented"),
    ],
)
@pytest.mark.parametrize("elsewhere", [False, True])
async def test_a_wrong_answer_is_told_each_time(
    own: Judge,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    how: Callable[[Comments], object],
    reason: str,
    *,
    elsewhere: bool,
) -> None:
    """Also after a right one, and also by a server that only writes down what it says."""
    with written_down(tmp_path / "said") if elsewhere else nullcontext():
        async with in_process(tmp_path / "data") as server:
            acme = await server.tenant()
            assert await ask(server, acme) == 200
            assert own.verdict() == []
            change(monkeypatch, how)
            for _ in range(1 if elsewhere else 2):
                await ask(server, acme)
                (wrong,) = own.verdict()
                assert wrong.startswith(f"GET /comments/{{tenantId}}, {reason}; it was ")
            assert own.verdict() == []


async def test_a_refusal_that_clients_know_is_no_fault(
    own: Judge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error in its published shape."""
    async with in_process(tmp_path / "data") as server:
        acme = await server.tenant()
        change(monkeypatch, _with_another_documented_status)
        assert await ask(server, acme) == 404
    assert own.verdict() == []


async def test_a_wrong_frame_and_a_wrong_event_of_the_log_are_told(
    own: Judge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A position in a frame that nobody asked one for, and one in the log by time; ``scope=board`` has its own form."""
    stored = msgspec.json.encode({"type": "new-comment", "seq": 7}).decode()

    def with_position(event: Known) -> Known:
        return replace(plain_event(event), seq=7)

    monkeypatch.setattr(news, "plain_event", with_position)
    async with in_process(tmp_path / "data") as server:
        acme = await server.tenant()
        async with await acme.client(server.url) as ann:
            named = (await ann.get(paths.image_chats("acme"), params=PAGE)).json()
            query = {"urlId": named["urlIdWS"], "userIdWS": named["userIdWS"], "tenantIdWS": "acme"}
            live = f"{server.url.replace('http', 'ws', 1)}{paths.LIVE}?"
            async with (
                connect(live + urlencode(query)) as bare,
                connect(live + urlencode(query | {"scope": "board"})) as whole,
            ):
                body = {**PAGE, "x": 1, "y": 2, "comment": "hello", "broadcastId": "b"}
                (await ann.post(paths.markers("acme"), json=body)).raise_for_status()
                assert (await next_news(whole))["seq"] == 1
                assert (await next_news(bare))["seq"] == 7
    (wrong,) = own.verdict()
    assert wrong.startswith("frame: the whole: ")
    assert "'seq' was unexpected" in wrong
    entry = {"_id": "1", "createdAt": "2030-01-01T00:00:00.000Z", "tenantId": "t", "urlId": "u", "broadcastId": "b"}
    answer = {"status": "success", "events": [entry | {"data": stored}]}
    log = Operation("GET", subset.EVENT_LOG)
    Witness(own.hear).answered(log, 200, "application/json", json.dumps(answer).encode())
    (wrong,) = own.verdict()
    assert wrong.startswith("stored event: the whole: ")


@pytest.mark.parametrize(
    ("first", "text", "reason"),
    [
        (0x81, b"pong", "it is no JSON"),
        (0x81, b'[{"type":"p-u"}]', "is not of type 'object'"),
        (0x81, b'{"type":"p-u","uj":["100%"]}', "it has a bare %"),
        (0x81, b'{"type":"p-u","sc":1.0}', "sc: 1.0 is not of type 'integer'"),
        (0x81, b'{"type":"board-updated"}', "type: 'board-updated' is not one of"),
        (0x82, b'{"type":"p-u"}', "text frames only"),
    ],
)
def test_what_a_live_client_cannot_read_is_told(own: Judge, first: int, text: bytes, reason: str) -> None:
    """After a right frame; pings are nobody's business."""
    watch = Witness(own.hear)
    watch.framed(0x81, b'{"type":"p-u","uj":["x"],"sc":1}')
    watch.framed(0x89, b"")
    assert own.verdict() == []
    watch.framed(first, text)
    (wrong,) = own.verdict()
    assert reason in wrong


def test_frames_are_taken_apart() -> None:
    """Several in one write, of all three lengths, deflated or not."""
    texts = [b"x" * size for size in (0, 125, 126, 65_535, 65_536)]
    data = b"".join(map(text_frame, texts))
    assert len(deflated(data)) < len(data)
    for sent in (data, deflated(data)):
        assert list(frames(sent)) == [(0x81, text) for text in texts]


async def test_a_server_of_its_own_process_is_watched(tmp_path: Path) -> None:
    """What it says about the contract is written down where the run's judge looks; nothing else is."""
    assert judge.folder is not None
    async with process(tmp_path) as server, httpx.AsyncClient(base_url=server.url) as guest:
        await server.tenant()
        for path in (paths.READY, paths.SESSIONS, paths.comments("acme")):
            await guest.get(path, params=PAGE)
        lines = (judge.folder / f"{server.process.pid}.said").read_bytes().splitlines()
    (said,) = [msgspec.json.decode(line, type=Said) for line in lines]
    assert (said.what, said.operation, said.status) == ("answer", LIST, 200)


def test_values_of_one_shape_are_those_that_no_schema_tells_apart() -> None:
    """Words of the file, types, moments and keys make the difference; other texts and numbers do not."""
    moment = "2030-01-01T00:00:00.000Z"
    distinct = [None, True, False, 1, 1.0, "a", "success", "failed", moment, [], {}, ["a"], [1], {"a": 1}, {"b": 1}]
    assert len({subset.shape(value) for value in distinct}) == len(distinct)
    assert subset.shape([{"a": "x"}, {"a": "y"}]) == subset.shape([{"a": "z"}])
    assert subset.shape({"a": 1, "b": 2}) == subset.shape({"b": 3, "a": 4})


def test_every_caveat_is_one() -> None:
    """A key of our own is none of the file's, a status none that it names everywhere; each has its reason."""
    schemas = subset.raw()["components"]["schemas"]
    for name, keys in published.OURS.items():
        assert not keys.keys() & schemas[name].get("properties", {}).keys(), name
        assert all(extra.why for extra in keys.values())
    for methods in subset.raw()["paths"].values():
        for operation in methods.values():
            assert not published.REFUSALS.keys() <= set(map(int, operation["responses"]))
