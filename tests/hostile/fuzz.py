"""Looks for what nobody thought of: ``python -m tests.hostile.fuzz --cases 100000 --seed 1``.

A server in a process of its own gets requests, payloads, ranges and frames made by chance; pictures go to the decoder
under the worker's memory limit. It is an error when an answer is a 5xx, when anything of another tenant comes back,
when the server ends or grows without bound, or when a picture is anything but decoded or refused. ``--only N`` plays
one case.
"""

import argparse
import asyncio
import json
import multiprocessing
import os
import random
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, Final

import httpx
from msgspec import Struct, field

from imagechat_tui.errors import PictureError
from imagechat_tui.imaging.decode import decode
from imagechat_tui.protocol import paths
from imagechat_tui.server.routes.reencoder import MEMORY_BYTES
from tests.hostile import making
from tests.hostile.making import Names
from tests.support.people import make_board
from tests.support.servers import PATIENCE, TenantKey, add_tenant

CANARY: Final = b"CANARY"
GROWTH_BYTES: Final = 300 * 1024 * 1024
"""What the server may grow by after its first cases: its caches are bounded, its database is on the disk."""
SHARES: Final = {
    "request": 0.40,
    "broken request": 0.08,
    "payload": 0.15,
    "log range": 0.10,
    "frames": 0.12,
    "picture": 0.15,
}
_AT_ONCE: Final = 8
_WARM: Final = 0.1
_SAMPLE_EVERY: Final = 250
_ANSWER_SECONDS: Final = 30
_HALF_SECONDS: Final = 0.3
"""For the answer to what may be half a request, for the rest of which the server waits longer."""
_PICTURES_TOGETHER: Final = 500


class Found(Struct, kw_only=True):
    """What came of it."""

    cases: Counter[str] = field(default_factory=Counter)
    answers: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = []
    resident: list[int] = []
    """Bytes of the server's memory, sampled."""
    seconds: float = 0.0

    @property
    def growth(self) -> int:
        """Bytes between what the server had after its first cases and the most that it ever had."""
        warm = self.resident[int(len(self.resident) * _WARM)] if self.resident else 0
        return max(self.resident, default=0) - warm


class Target(Struct, frozen=True, kw_only=True):
    """The server under attack."""

    url: str
    process: asyncio.subprocess.Process
    names: Names
    acme: TenantKey
    zeta: TenantKey

    @property
    def resident(self) -> int:
        """Bytes that it holds in memory."""
        return int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def chosen(seed: int, number: int) -> tuple[str, random.Random]:
    """The kind of a case, and the chance that makes it."""
    chance = random.Random(f"{seed}:{number}")
    return chance.choices(list(SHARES), list(SHARES.values()))[0], chance


async def run(cases: int, seed: int, *, first: int = 0, database: str | None = None) -> Found:
    """So many cases, beginning with the case of a number; an empty database in place of a file."""
    found, started = Found(), time.monotonic()
    numbers = range(first, first + cases)
    pictures = [number for number in numbers if chosen(seed, number)[0] == "picture"]
    waiting = iter([number for number in numbers if chosen(seed, number)[0] != "picture"])
    with tempfile.TemporaryDirectory() as folder:
        async with _target(Path(folder), database) as target:
            found.resident.append(target.resident)
            async with asyncio.TaskGroup() as group:
                group.create_task(asyncio.to_thread(_look_at_pictures, seed, pictures, found))
                for _ in range(_AT_ONCE):
                    group.create_task(_attack(target, seed, waiting, found))
            found.resident.append(target.resident)
            await _still_works(target, found)
    if found.growth > GROWTH_BYTES:
        found.wrong.append(f"the server grew by {found.growth >> 20} MB")
    found.seconds = time.monotonic() - started
    return found


@asynccontextmanager
async def _target(folder: Path, database: str | None) -> AsyncIterator[Target]:
    acme = await add_tenant(folder, "acme", simple_sso=True, database=database)
    zeta = await add_tenant(folder, "zeta", database=database)
    served = (str(folder), *([] if database is None else [database]))
    with (folder / "server.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.hostile.target", *served), stdout=log, stderr=log
        )
    try:
        url = await _url_in(folder / "ready.json", process)
        yield Target(url=url, process=process, names=await _names(url, acme, zeta), acme=acme, zeta=zeta)
    finally:
        with suppress(ProcessLookupError):
            process.terminate()
        await process.wait()


async def _url_in(ready: Path, process: asyncio.subprocess.Process) -> str:
    async with asyncio.timeout(PATIENCE):
        while True:
            if ready.exists():
                url: str = json.loads(ready.read_text())["url"]
                return url
            assert process.returncode is None, "the server did not start"
            await asyncio.sleep(0.05)


async def _sown(client: httpx.AsyncClient, url_id: str) -> dict[str, Any]:
    """A new marker's names: those known before may have been deleted by now."""
    body = {"urlId": url_id, "x": 5, "y": 5, "comment": "first", "broadcastId": os.urandom(8).hex()}
    made = (await client.post(paths.markers("acme"), json=body)).json()
    comment, window = made["comment"]["_id"], made["marker"]["urlId"]
    return {
        "urlId": (window, url_id, "page"), "windowUrlId": window, "chat": made["marker"]["_id"], "comment": comment,
        "commentId": comment, "parentId": comment, "commentIds": comment,
    }  # fmt: skip


async def _names(url: str, acme: TenantKey, zeta: TenantKey) -> Names:
    """What there is: a board of acme, whose names are known, and one of zeta full of words that must not come back."""
    word = CANARY.decode()
    other = await make_board(url, zeta, title=f"{word} title", visibility="tenant", displayName=f"{word} name")
    async with await zeta.client(url, "zed", displayName=f"{word} name") as zed:
        body = {"urlId": other.url_id, "x": 5, "y": 5, "comment": f"{word} said", "broadcastId": "z"}
        theirs = (await zed.post(paths.markers("zeta"), json=body)).json()
    place = await make_board(url, acme)
    async with await acme.client(url, "ann", isAdmin=True) as ann, await acme.client(url, "bob") as bob:
        marker = await _sown(ann, place.url_id)
        chats = (await ann.get(paths.image_chats("acme"), params={"urlId": place.url_id})).json()
        identities = ("", *(f"Authorization: {one.headers['authorization']}" for one in (ann, bob)))
    known: dict[str, Any] = {
        "tenant": "acme", "tenantId": "acme",
        "urlId": ("page", place.url_id), "base": place.url_id, "vote": "none", "token": place.link.rpartition("/")[2],
        "picture": place.src.rpartition("/")[2],
        "src": place.src,
        "userIdWS": chats["userIdWS"], "urlIdWS": chats["urlIdWS"], "startTime": 0, "endTime": 2**42, "after": 0,
        "limit": 5, "skip": 0, "page": 0, "ids": "acme:ann", "userIds": "acme:ann",
        "isFlagged": "true", "dir": 1, "direction": "OF", "broadcastId": "b", "editKey": "guess", "sessionId": "guess",
        "x": 5, "y": 5, "commenterName": "m", "commenterEmail": None, "url": "u", "pageTitle": "t", "voteDir": "up",
        "createdFromCommentId": theirs["comment"]["_id"], "title": "t", "visibility": "link", "resolved": True,
        "secret": "guess", "sizePreset": "Default", "yearNumber": 2026, "afterName": "a", "asTree": "true",
    } | marker  # fmt: skip
    live = f"urlId={chats['urlIdWS']}&userIdWS={chats['userIdWS']}&tenantIdWS=acme"
    return Names(known=known, identities=identities, sso=(acme.sso("ann"), zeta.sso("zed", isAdmin=True)), live=live)


_MAKERS: Final[dict[str, Callable[[random.Random, Names], bytes]]] = {
    "request": making.request, "broken request": making.broken_request, "payload": making.sign_in,
    "log range": making.log_range, "frames": making.knock,
}  # fmt: skip


async def _attack(target: Target, seed: int, numbers: Any, found: Found) -> None:
    """One case after another, each on a connection of its own: what one leaves behind is not the next one's."""
    host, _, port = target.url.removeprefix("http://").partition(":")
    for number in numbers:
        kind, chance = chosen(seed, number)
        data = _MAKERS[kind](chance, target.names)
        more = making.frames(chance) if kind == "frames" else b""
        whole = kind not in {"broken request", "frames"}
        answer = bytearray()
        try:
            async with asyncio.timeout(_ANSWER_SECONDS if whole else _HALF_SECONDS):
                await _exchange(host, int(port), data, more, answer)
        except OSError as problem:
            if whole and not answer:
                found.wrong.append(f"case {number} ({kind}): no answer ({problem!r}) to {data[:300]!r}")
        found.cases[kind] += 1
        status = answer[9:12].decode("ascii", "replace") if answer.startswith(b"HTTP/1.1 ") else "none"
        found.answers[status] += 1
        if status.startswith("5") or CANARY in answer or target.process.returncode is not None:
            found.wrong.append(f"case {number} ({kind}): {data[:300]!r} {more[:100]!r} -> {answer[:300]!r}")
        if found.cases.total() % _SAMPLE_EVERY == 0:
            found.resident.append(target.resident)
            async with await target.acme.client(target.url, "ann", isAdmin=True) as ann:
                target.names.known.update(await _sown(ann, target.names.known["base"]))


async def _exchange(host: str, port: int, data: bytes, more: bytes, answer: bytearray) -> None:
    """Send these bytes, and ``more`` once there was a word back; everything that comes until the end is the answer."""
    reader, writer = await asyncio.open_connection(host, port)
    try:
        writer.write(data)
        while part := await reader.read(1 << 16):
            answer += part
            if more:
                writer.write(more)
                more = b""
                writer.write_eof()
    finally:
        writer.transport.abort()


def _look_at_pictures(seed: int, numbers: list[int], found: Found) -> None:
    context = multiprocessing.get_context("spawn")
    for start in range(0, len(numbers), _PICTURES_TOGETHER):
        together = numbers[start : start + _PICTURES_TOGETHER]
        ours, theirs = context.Pipe()
        child = context.Process(target=_decode_all, args=(seed, together, theirs))
        child.start()
        theirs.close()
        try:
            answers, wrong = ours.recv()
        except EOFError:
            answers, wrong = {}, [f"the decoder died in cases {together[0]} to {together[-1]}"]
        child.join()
        found.cases["picture"] += len(together)
        found.answers.update(answers)
        found.wrong += wrong


def _decode_all(seed: int, numbers: list[int], answer: Any) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    answers, wrong = Counter[str](), list[str]()
    for number in numbers:
        try:
            decode(making.picture(chosen(seed, number)[1]))
            answers["decoded"] += 1
        except PictureError:
            answers["refused"] += 1
        except BaseException as problem:  # noqa: BLE001 - whatever else it is, it is what is looked for
            wrong.append(f"case {number} (picture): {problem!r}")
    answer.send((dict(answers), wrong))


async def _still_works(target: Target, found: Found) -> None:
    """A comment of the other tenant, read back by its own people."""
    async with await target.zeta.client(target.url, "zed") as zed:
        said = {"commenterName": "z", "comment": "after", "url": "u", "urlId": "after"}
        where = {"urlId": "after", "broadcastId": "after"}
        made = await zed.post(paths.comments("zeta"), params=where, json=said)
        read = await zed.get(paths.comments("zeta"), params={"urlId": "after"})
    if made.status_code != httpx.codes.OK or "after" not in read.text:
        found.wrong.append(f"afterwards: {made.status_code} {made.text[:200]} {read.text[:200]}")


def told(found: Found) -> list[str]:
    """The outcome in lines."""
    kinds = ", ".join(f"{count} {kind}" for kind, count in found.cases.most_common())
    answers = ", ".join(f"{count} x {answer}" for answer, count in sorted(found.answers.items()))
    mega = [size >> 20 for size in found.resident]
    return [
        f"{found.cases.total()} cases in {found.seconds:.0f} s: {kinds}",
        f"answers: {answers}",
        f"server memory: {mega[0]} MB at first, {max(mega)} MB at most, {mega[-1]} MB at last",
        *(f"WRONG {one}" for one in found.wrong[:20]),
        f"{len(found.wrong)} wrong",
    ]


def main() -> int:
    """Attack, and tell."""
    parser = argparse.ArgumentParser(prog="python -m tests.hostile.fuzz", description=__doc__)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int, metavar="N", help="play the case of this number alone")
    parser.add_argument("--database", metavar="URL", help="an empty one on PostgreSQL, in place of SQLite")
    asked = parser.parse_args()
    cases, first = (asked.cases, 0) if asked.only is None else (1, asked.only)
    found = asyncio.run(run(cases, asked.seed, first=first, database=asked.database))
    print("\n".join(told(found)))
    return 1 if found.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
