"""How much one caller may do and send: refused in time, with a hint, and without harm to others."""

import contextlib
import json
import subprocess
import sys
import uuid
from io import BytesIO
from pathlib import Path

import httpx
import pytest
from PIL import Image

from imagechat_tui.errors import PictureError
from imagechat_tui.protocol import paths
from imagechat_tui.server.routes.reencoding import Reencoder
from imagechat_tui.server.settings import Limits, Rate
from imagechat_tui.server.throttle import TooOftenError
from tests.support.servers import InProcess, TenantKey, in_process

FEW = Limits(comments=Rate(per_minute=1, burst=3), address_factor=1.0)


def _comment(number: int = 0) -> dict[str, object]:
    return {"commenterName": "Ann", "comment": f"word {number}", "url": "u", "urlId": "w"}


async def _write(client: httpx.AsyncClient, number: int = 0) -> httpx.Response:
    query = {"urlId": "w", "broadcastId": str(uuid.uuid4())}
    return await client.post("/comments/acme", params=query, json=_comment(number))


async def test_one_persons_flood_is_stopped_and_others_go_on(tmp_path: Path) -> None:
    """429 with the published code and ``Retry-After``; reading the event log is never counted."""
    async with in_process(tmp_path, limits=FEW) as server:
        acme = await server.tenant("acme")
        async with await acme.client(server.url, "ann") as ann, await acme.client(server.url, "bob") as bob:
            statuses = [(await _write(ann, number)).status_code for number in range(5)]
            assert statuses[:3] == [200] * 3
            stopped = await _write(ann)
            assert stopped.status_code == 429
            assert stopped.json()["code"] == "user-rate-limited"
            assert int(stopped.headers["retry-after"]) >= 1
            assert (await _write(bob)).status_code == 200
            log = {"urlId": "w", "userIdWS": "x", "startTime": "0"}
            assert {(await ann.get("/event-log/acme", params=log)).status_code for _ in range(30)} == {200}


async def test_new_names_do_not_help_a_flood(tmp_path: Path) -> None:
    """Anonymous callers share what their address may do."""
    async with in_process(tmp_path, limits=FEW) as server:
        await server.tenant("acme")
        statuses = []
        for number in range(6):
            async with httpx.AsyncClient(base_url=server.url) as nobody:
                statuses.append((await _write(nobody, number)).status_code)
        assert statuses[-1] == 429


async def test_a_tenants_image_chats_have_a_limit_of_their_own(tmp_path: Path) -> None:
    """Code ``rate-limited``: it is not one person's fault."""
    limits = Limits(tenant=Rate(per_minute=1, burst=2))
    async with in_process(tmp_path, limits=limits) as server:
        acme, other = await server.tenant("acme"), await server.tenant("other")
        async with await acme.client(server.url) as ann, await other.client(server.url) as eve:
            answers = [await ann.get("/comment-image-chats/acme", params={"urlId": "x"}) for _ in range(4)]
            answer = answers[-1]
            assert (answer.status_code, answer.json()["code"]) == (429, "rate-limited")
            assert answer.json()["status"] == "error"
            assert (await eve.get("/comment-image-chats/other", params={"urlId": "x"})).status_code == 200


async def test_everything_that_a_tenants_people_write_counts_together(tmp_path: Path) -> None:
    """However many people and kinds of writes it is spread over, uploads included."""
    limits = Limits(tenant=Rate(per_minute=1, burst=3))
    async with in_process(tmp_path, limits=limits) as server:
        acme = await server.tenant("acme")
        async with await acme.client(server.url, "ann") as ann, await acme.client(server.url, "bob") as bob:
            marker = {"url": "u", "urlId": "x", "x": 1, "y": 1, "broadcastId": str(uuid.uuid4()), "commentText": "w"}
            assert (await _write(ann)).status_code == 200
            assert (await _write(bob)).status_code == 200
            file = {"file": ("a.png", b"no picture", "image/png")}
            assert (await ann.post(paths.pictures("acme"), files=file)).status_code != 429
            refused = [
                await _write(bob),
                await ann.post(paths.markers("acme"), json=marker),
                await bob.post(paths.pictures("acme"), files=file),
            ]
            assert [(one.status_code, one.json()["code"]) for one in refused] == [(429, "rate-limited")] * 3
            assert (await bob.get("/comments/acme", params={"urlId": "w"})).status_code == 200


async def test_a_body_too_large_is_refused_whether_or_not_it_says_so(server: InProcess, acme: TenantKey) -> None:
    """By its announced length before it is read, else as soon as it is too much."""

    async def endless() -> object:
        for _ in range(64):
            yield b"x" * 16_384

    async with await acme.client(server.url) as ann:
        for content in (b"x" * 300_000, endless()):
            headers = {"content-type": "application/json"}
            answer = await ann.post(paths.markers("acme"), content=content, headers=headers)  # type: ignore[arg-type] # an async generator is one
            assert answer.status_code == 413


async def test_bodies_that_are_no_json_are_refused(server: InProcess, acme: TenantKey) -> None:
    """By what they say they are (a form of another site), or by what they are."""
    async with await acme.client(server.url) as ann:
        form = await ann.post(paths.markers("acme"), data={"urlId": "x"})
        assert form.status_code == 415
        for content in (b"", b"{", b"[]", b"null", b'{"urlId":1}', b"\xff", b'{"urlId":"\\ud800"}', b"[" * 100_000):
            answer = await ann.post(
                paths.markers("acme"), content=content, headers={"content-type": "application/json"}
            )
            assert answer.status_code == 400, content[:20]


async def test_uploads_of_one_address_take_turns() -> None:
    """Each holds a picture in memory, so only so many at a time; the rest is told to come back."""
    reencoder = Reencoder()
    with contextlib.ExitStack() as held:
        for _ in range(6):
            held.enter_context(reencoder.place("10.0.0.1"))
        with pytest.raises(TooOftenError), reencoder.place("10.0.0.1"):
            pass
        with reencoder.place("10.0.0.2"):
            pass
    with reencoder.place("10.0.0.1"):
        pass


async def test_a_worker_that_dies_is_an_answer_and_not_a_crash() -> None:
    """Its caller hears that the picture could not be decoded; the next one is served."""
    reencoder = Reencoder()
    with pytest.raises(PictureError):
        await reencoder.reencode(b"\x89PNG\r\n\x1a\n" + b"\0" * 100)
    file = BytesIO()
    Image.new("RGB", (30, 20)).save(file, "PNG")
    made = await reencoder.reencode(file.getvalue(), sides=(0, 10))
    assert [(one.width, one.height) for one in made] == [(30, 20), (10, 7)]


def test_the_worker_that_decodes_has_little_memory() -> None:
    """A picture that needs more is a refusal in its own words; the worker's limit is the system's, not a promise."""
    file = BytesIO()
    Image.new("RGB", (6_000, 5_000)).save(file, "PNG")
    program = (
        "from imagechat_tui.server.routes import reencoder as r; import resource\nr.MEMORY_BYTES = {limit}\nr.main([0])"
    )
    for limit, word in (("150 * 1024 * 1024", "problem"), ("r.MEMORY_BYTES", "made")):
        command = [sys.executable, "-c", program.format(limit=limit)]
        done = subprocess.run(command, input=file.getvalue(), capture_output=True, check=False)
        assert list(json.loads(done.stdout.partition(b"\n")[0])) == [word], done.stderr[-500:]
