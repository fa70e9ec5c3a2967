"""Requests, frames, payloads and pictures made up by chance: an answer as published, never a server error.

``IMAGECHAT_FUZZ=20000 pytest tests/hostile/test_fuzz.py`` looks longer.
"""

import asyncio
import json
import os
import random
import secrets
import struct
import threading
import uuid
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any, Self

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import Struct

from imagechat_tui.protocol import paths
from imagechat_tui.server.settings import Limits, Rate
from tests.hostile import operations
from tests.hostile.operations import ODD_JSON, sendable
from tests.support import published, subset
from tests.support.people import picture
from tests.support.servers import TenantKey, in_process
from tests.support.subset import Operation

_EXAMPLES = int(os.environ.get("IMAGECHAT_FUZZ", "120"))
_MUCH = Rate(per_minute=1e9, burst=1e9)
_GROWTH_BYTES = 400 * 1024 * 1024
_bounded = settings(
    max_examples=_EXAMPLES, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
_of_many = settings(_bounded, max_examples=max(12, _EXAMPLES // 10))
"""For each of the published operations."""


class Target(Struct, frozen=True, kw_only=True):
    """A server at work in a thread of its own, and true names of what is there."""

    client: httpx.Client
    url: str
    acme: TenantKey
    known: dict[str, str]
    token: str

    def alive(self) -> bool:
        """Whether it answers, and truly."""
        return self.client.get(paths.READY).status_code == 200


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    """One server for all examples."""
    started: Future[tuple[str, TenantKey, str]] = Future()
    loop = asyncio.new_event_loop()
    ending = asyncio.Event()
    limits = Limits(comments=_MUCH, tenant=_MUCH, reads=_MUCH, uploads=_MUCH, sign_ins=_MUCH)

    async def serve() -> None:
        async with in_process(tmp_path_factory.mktemp("fuzz"), limits=limits) as server:
            acme = await server.tenant("acme", simple_sso=True)
            started.set_result((server.url, acme, await acme.sign_in(server.url, "ann", isAdmin=True)))
            await ending.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    url, acme, token = started.result(20)
    with httpx.Client(base_url=url, timeout=20) as client:
        try:
            yield Target(
                client=client, url=url, acme=acme, known=operations.fresh(client, acme, token, page="page"), token=token
            )
        finally:
            loop.call_soon_threadsafe(ending.set)
            thread.join(20)
            loop.close()


@pytest.mark.parametrize("operation", subset.operations(), ids=" ".join)
def test_every_published_operation_answers_as_published(target: Target, operation: Operation) -> None:
    """Whatever its parameters and its body are, and whoever asks; some of these requests succeed."""
    statuses: Counter[int] = Counter()

    @_of_many
    @given(data=st.data())
    def ask(data: st.DataObject) -> None:
        names = operations.fresh(target.client, target.acme, target.token, page=str(uuid.uuid4()))
        asked = operations.changed(data, operation, operations.as_it_should_be(operation, names), names)
        answer = operations.send(target.client, operation, asked, target.token)
        statuses[answer.status_code] += 1
        said = (operation, repr(asked)[:900], answer.status_code, answer.text[:300])
        assert answer.status_code < 500, said
        assert not answer.is_redirect, said
        # A slash in a name makes it the address of something else.
        if subset.operation(operation.method, answer.request.url.path) == operation:
            assert not (wrong := published.problems(answer)), (wrong, said)

    ask()
    assert statuses[200], f"chance has never seen it succeed, only {dict(statuses)}"


_keys = st.sampled_from(["userDataJSONBase64", "verificationHash", "timestamp", "username", "email", "id", "loginURL"])
_payloads = st.one_of(st.text(max_size=200), ODD_JSON.map(json.dumps), st.dictionaries(_keys, ODD_JSON).map(json.dumps))


@_bounded
@given(payload=_payloads)
def test_payloads_that_nobody_signed_are_an_answer(target: Target, payload: str) -> None:
    """In the exchange as in the address."""
    payload = sendable(payload)
    for answer in (
        target.client.post(paths.SESSIONS, json={"tenantId": "acme", "sso": payload}),
        target.client.get(paths.comments("acme"), params={"urlId": "page", "sso": payload}),
    ):
        assert answer.status_code < 500, (payload, answer.text)
        assert "isAdmin" not in answer.text
        if answer.status_code == 200 and "user" in answer.json():
            user = answer.json()["user"] or {}
            assert not answer.json().get("isSiteAdmin")
            assert not str(user.get("id", "")).startswith("acme:ann")


def test_pictures_that_are_broken_are_refused_and_nothing_grows(target: Target) -> None:
    """Bytes changed, cut, doubled, announced in other sizes."""
    chance, signed = random.Random(7), {"Authorization": f"Bearer {target.token}"}
    before = _resident()
    whole = picture(width=60, height=40)
    for _ in range(max(12, _EXAMPLES // 10)):
        data = bytearray(whole)
        for _ in range(chance.randrange(1, 6)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        if chance.random() < 0.3:
            del data[chance.randrange(len(data)) :]
        if chance.random() < 0.3:
            data[16:24] = struct.pack(">II", chance.randrange(2**31), chance.randrange(2**31))
        for path in (paths.pictures("acme"), paths.upload_image("acme")):
            files = {"file": ("x.png", bytes(data), "image/png")}
            answer = target.client.post(path, files=files, headers=signed, params={"urlId": "page"})
            assert answer.status_code < 500, answer.text
    assert target.alive()
    assert _resident() - before < _GROWTH_BYTES


class _Long(bytes):
    """Many bytes, said briefly."""

    def __new__(cls, size: int) -> Self:
        return super().__new__(cls, b"x" * size)

    def __repr__(self) -> str:
        return f"_Long({len(self)})"


_content = st.one_of(st.binary(max_size=200), st.sampled_from([b"ping", b"\xff\xfe", _Long(5_000), _Long(70_000)]))
_frames = st.lists(
    st.tuples(
        st.integers(0, 255),
        st.one_of(
            st.binary(max_size=200), st.just(b"ping"), st.just(b"\xff\xfe"), st.sampled_from([5_000, 70_000]).map(_Long)
        ),
        st.booleans(),
        st.sampled_from([None, 0, 126, 2**16, 2**31, 2**63 - 1, 2**64 - 1]),
    ),
    max_size=6,
)


@_bounded
@given(frames=_frames)
def test_frames_of_all_kinds_leave_the_server_and_others_alone(target: Target, frames: list[Any]) -> None:
    """Fragments, binary, reserved bits, no mask, wrong lengths, not UTF-8, far too large."""
    asyncio.run(_talk(target, frames))
    assert target.alive()


async def _talk(target: Target, frames: list[tuple[int, bytes, bool, int | None]]) -> None:
    host, _, port = target.url.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    known = target.known
    line = f"{paths.LIVE}?urlId={known['urlIdWS']}&userIdWS={known['userIdWS']}&tenantIdWS=acme"
    head = (
        f"GET {line} HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n"
    )
    try:
        writer.write(head.encode())
        opened = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 10)
        assert opened.startswith(b"HTTP/1.1 101")
        assert b"permessage-deflate" in opened
        for first, payload, masked, length in frames:
            writer.write(_frame(first, payload, masked=masked, length=length))
        writer.write_eof()
        await asyncio.wait_for(reader.read(), 10)
    except (OSError, asyncio.IncompleteReadError):
        pass
    finally:
        writer.transport.abort()


def _frame(first: int, payload: bytes, *, masked: bool, length: int | None) -> bytes:
    size, bit = len(payload) if length is None else length, 0x80 if masked else 0
    if size < 126:
        head = struct.pack("!BB", first, size | bit)
    elif size < 2**16:
        head = struct.pack("!BBH", first, 126 | bit, size)
    else:
        head = struct.pack("!BBQ", first, 127 | bit, size)
    return head + (b"\0\0\0\0" if masked else b"") + payload


_any_number = st.integers(-(2**65), 2**65)


@_bounded
@given(start=_any_number, end=st.one_of(st.none(), _any_number), after=_any_number)
def test_any_range_of_the_logs_is_an_answer(target: Target, start: int, end: int | None, after: int) -> None:
    """By time on both slash forms, and by position."""
    query = {"urlId": "page", "userIdWS": target.known["userIdWS"], "startTime": str(start)}
    query |= {} if end is None else {"endTime": str(end)}
    for path in (paths.event_log("acme"), paths.event_log("acme") + "/"):
        assert target.client.get(path, params=query).status_code in {200, 400, 422}
    answer = target.client.get(paths.log("acme"), params={"urlId": "page", "after": str(after), "limit": str(end or 5)})
    assert answer.status_code in {200, 400, 410, 422}, answer.text


def test_afterwards_it_still_does_its_work(target: Target) -> None:
    """A marker, read back."""
    signed = {"Authorization": f"Bearer {target.token}"}
    words = secrets.token_hex(8)
    page = f"after {uuid.uuid4()}"
    body = {"urlId": page, "x": 5, "y": 5, "comment": words, "broadcastId": words}
    assert target.client.post(paths.markers("acme"), json=body, headers=signed).status_code == 200
    assert words in target.client.get(paths.boards("acme"), params={"urlId": page}, headers=signed).text


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
