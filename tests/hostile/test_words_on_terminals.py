"""Hostile words in every place that others, servers, files and settings can fill: what reaches the terminal is text."""

import asyncio
import json
import os
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from imagechat_tui.protocol import paths
from imagechat_tui.server.settings import DATABASE_FILE
from imagechat_tui.server.store import tenants
from imagechat_tui.server.store.database import Database
from tests.cli.commands import imagechat
from tests.cli.terminal import Terminal, on_terminal
from tests.client.hosts import Said, http_host, said
from tests.hostile.corpus import ALL, ATTACKS, leaks
from tests.support.people import Place, make_board, person, picture
from tests.support.servers import ServerProcess, TenantKey, process

_NAME = ATTACKS["title"] + ATTACKS["c1"] + ATTACKS["bidi"] + ATTACKS["combining"][:40] + "[bold]x[/bold] [/]"

_BURST = 15


def _run(home: Path, *words: str, code: int | None = None, variables: Mapping[str, str] | None = None) -> bytes:
    """One command to its end; every byte that it wrote."""
    ended = imagechat(home, *words, variables=variables)
    assert code is None or ended.code == code, ended
    return (ended.out + ended.err).encode()


def _run_on_terminal(home: Path, *words: str, variables: Mapping[str, str] | None = None) -> bytes:
    """The same on a terminal, line ends as the command meant them."""
    with on_terminal(home, *words, variables=variables) as terminal:
        terminal.end()
    return terminal.raw.replace(b"\r\n", b"\n")


def _clean(raw: bytes, *, color: bool = False) -> str:
    assert raw.strip(), "nothing was written"
    assert not (found := leaks(raw, color=color)), found
    return raw.decode()


@asynccontextmanager
async def _hostile_board(server: ServerProcess, tenant: TenantKey) -> AsyncIterator[Place]:
    """A board whose title, people, markers and comments are attacks; somebody with a hostile name looks at it."""
    place = await make_board(server.url, tenant, title=ALL[:1_900], username=_NAME, displayName=_NAME[:480])
    author = {"username": _NAME, "displayName": _NAME[:480], "displayLabel": ATTACKS["c1"]}
    texts, made = list(ATTACKS.values()), httpx.Response(500)
    for start in range(0, len(texts), _BURST):
        # Nobody may say so much at once.
        async with await tenant.client(server.url, f"author{start}", **author) as client:
            for number, text in enumerate(texts[start : start + _BURST], start):
                where = {"urlId": place.url_id, "x": number * 3 + 5, "y": 50}
                made = await client.post(
                    paths.markers(tenant.name), json={**where, "comment": text, "broadcastId": f"m{number}"}
                )
                assert made.status_code == 200, (text, made.text)
            window = made.json()["marker"]["urlId"]
            reply = {"commenterName": _NAME, "comment": ALL[:1_900], "url": "u", "urlId": window}
            answer = await client.post(
                paths.comments(tenant.name), params={"urlId": window, "broadcastId": "reply"}, json=reply
            )
            assert answer.status_code == 200, answer.text
    async with person(place, "mallory", username=_NAME, displayName=_NAME[:480]) as mallory:
        await mallory.live()
        yield place


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[ServerProcess]:
    """A server that writes its log."""
    async with process(tmp_path / "data") as running:
        yield running


def _logs(home: Path) -> Iterator[Path]:
    for file in home.rglob("*.log*"):
        if file.is_file():
            yield file


async def test_the_app_shows_a_hostile_board_as_words(tmp_path: Path, server: ServerProcess) -> None:
    """Every thread is opened, every dialog called, everything copied; on a usual screen and on a tiny one."""
    tenant = await server.tenant()
    async with _hostile_board(server, tenant) as place:
        for columns, rows in ((110, 32), (38, 12)):
            await asyncio.to_thread(_look_everywhere, tmp_path, place.link, columns, rows)
    for file in _logs(tmp_path):
        assert not leaks(file.read_bytes(), color=False), file


def _look_everywhere(home: Path, link: str, columns: int, rows: int) -> None:
    with on_terminal(home, "open", link, columns=columns, rows=rows) as terminal:
        terminal.until_shown("live" if columns > 60 else "●")
        for _ in range(0, len(ATTACKS), 4):
            _press(terminal, "nnnn")
        for keys in (
            "\r",
            "j",
            "j",
            "Y",
            "y",
            "S",
            "\x1b",
            "?",
            "\x1b",
            "/",
            "bold\r",
            "\x1b",
            "v",
            "v",
            "p",
            "p",
            "\x10",
        ):
            _press(terminal, keys)
        _press(terminal, "\x1b")
        terminal.settle()
        _press(terminal, "q")
        assert terminal.end() == 0, terminal.text
    assert not (found := leaks(terminal.raw)), found
    assert b"[bold]" in terminal.raw or columns < 60, "markup is shown as it was written"


def _press(terminal: Terminal, keys: str) -> None:
    terminal.press(keys)
    terminal.settle(quiet=0.12)


async def test_commands_print_a_hostile_board_as_words(tmp_path: Path, server: ServerProcess) -> None:
    """As a picture with markers, in words, and as data; who is signed in, and what a tenant used."""
    tenant = await server.tenant()
    sign_in = {"tenantId": tenant.name, "secret": tenant.secret, "user": _admin()}
    (tmp_path / "sso.json").write_text(json.dumps(sign_in))

    def commands(link: str) -> None:
        _clean(_run_on_terminal(tmp_path, "show", link, "--markers"), color=True)
        _clean(_run_on_terminal(tmp_path, "show", link, "--json"))
        words = _clean(_run(tmp_path, "show", link, "--words", code=0))
        assert "[bold]x[/bold]" in words
        data = _clean(_run(tmp_path, "show", link, "--json", code=0))
        assert ATTACKS["c1"] in [one["title"] for one in json.loads(data)] or "\\u009b" in data
        login = ("login", "--server", server.url, "--sso-file", "sso.json")
        assert "Signed in" in _clean(_run(tmp_path, *login, code=0))
        for command in (("whoami",), ("whoami", "--json"), ("usage",), ("usage", "--json"), ("doctor",)):
            _clean(
                _run(tmp_path, *command, "--server", server.url) if command != ("doctor",) else _run(tmp_path, "doctor")
            )
        _clean(_run(tmp_path, "logout", code=0))

    async with _hostile_board(server, tenant) as place:
        await asyncio.to_thread(commands, place.link)


def _admin() -> dict[str, object]:
    return {"id": _NAME, "username": _NAME, "email": "mallory@example.com", "displayName": _NAME[:480], "isAdmin": True}


async def test_operators_commands_print_hostile_rows_as_words(tmp_path: Path) -> None:
    """Names and origins as a database could hold them that somebody else has written to."""
    data = tmp_path / "data"
    data.mkdir()
    database = Database(f"sqlite:///{data / DATABASE_FILE}")
    await database.open()
    await database.write(lambda tx: tenants.add(tx, _NAME, secret="s", now_ms=1, origins=[ALL]))
    await database.close()

    def commands() -> None:
        where = ("--data", str(data))
        _clean(_run(tmp_path, "tenant", "list", *where, code=0))
        _clean(_run(tmp_path, "tenant", "list", "--json", *where, code=0))
        _clean(_run(tmp_path, "tenant", "rotate-key", _NAME, *where, code=0))
        _clean(_run(tmp_path, "tenant", "rotate-key", "x" + _NAME, *where, code=5))
        _clean(_run(tmp_path, "tenant", "add", _NAME, *where, code=2))
        _clean(_run(tmp_path, "tenant", "add", "fine", "--origin", _NAME, *where, code=2))
        _clean(_run(tmp_path, "invite", _NAME, "--tenant", _NAME, *where))
        with on_terminal(tmp_path, "tenant", "remove", _NAME, *where) as terminal:
            terminal.until(lambda: b"[y/N]" in terminal.raw)
            terminal.press("y\r")
            assert terminal.end() == 0, terminal.text
        _clean(terminal.raw.replace(b"\r\n", b"\n"))

    await asyncio.to_thread(commands)


def test_hostile_words_of_ones_own_come_back_as_words(tmp_path: Path) -> None:
    """File names, addresses, settings, variables and commands that were pasted from somewhere."""
    named = _NAME.replace("/", "_")[:100]
    (tmp_path / f"{named}.png").write_bytes(picture())
    (tmp_path / f"{named}.txt").write_bytes(b"no picture")
    raw_name = os.fsdecode(b"\xff\x9b2J\xfe.png")
    (tmp_path / raw_name).write_bytes(b"no picture")
    for words, code in (
        (("show", f"{named}.png", "--size", "20x5"), 0),
        (("show", f"{named}.txt"), 1),
        (("show", f"{named}.gone"), 5),
        (("show", raw_name), 1),
        (("show", f"http://127.0.0.1:1/{named}"), None),
        (("open", f"ftp://{named}"), None),
        (("share", named, "--server", f"https://{named}"), None),
        (("login", named), 2),
        (("login", f"http://127.0.0.1:1/imagechat/v1/invite#{named}"), None),
        ((named,), 2),
        (("show", "x", "--mode", named), 2),
    ):
        _clean(_run(tmp_path, *words, code=code), color=words[0] == "show" and code == 0)
    _clean(_run_on_terminal(tmp_path, "doctor", variables={"TERM_PROGRAM": _NAME, "TERM": _NAME}), color=True)
    hostile = {"IMAGECHAT_SERVER": _NAME, "IMAGECHAT_MODE": _NAME, "TERM": "xterm", "TERM_PROGRAM": _NAME}
    for command in (("doctor",), ("doctor", "--json"), ("config", "show"), ("whoami",)):
        _clean(_run(tmp_path, *command, variables=hostile))
    settings = tmp_path / "config" / "imagechat" / "config.toml"
    settings.parent.mkdir(parents=True, exist_ok=True)
    escaped = json.dumps(_NAME)
    for line in (
        f"server = {escaped}",
        f"{escaped} = 1",
        f"theme = {escaped}",
        f"[keys]\n{escaped} = {escaped}",
        _NAME,
    ):
        settings.write_text(line, encoding="utf-8")
        for which in (("config", "show"), ("doctor", "--json")):
            _clean(_run(tmp_path, *which))


@pytest.mark.parametrize("status", [200, 403, 429, 500])
async def test_a_hostile_server_gets_words_at_most(tmp_path: Path, status: int) -> None:
    """What it says of errors, people and pictures, in the contract's shapes, with the longest words it likes."""
    flood = ALL + "W" * 1_000_000
    answer: dict[str, object] = {
        "status": "failed" if status != 200 else "success", "reason": flood, "code": _NAME, "translatedError": flood,
        "message": flood, "token": "t", "tenantId": _NAME, "isSiteAdmin": True,
        "user": {"id": _NAME, "username": flood, "displayName": flood}, "urlId": _NAME, "title": flood, "image": None,
        "tenantDailyUsages": [],
    }  # fmt: skip
    async with http_host() as host:
        told = said(answer, status=status)
        for path in (paths.SESSIONS, paths.INVITE, paths.USAGE, "/imagechat/v1/b/acme/token", "/x.png"):
            host.answers[path] = told
        host.answers["/pic.png"] = Said(status=302, headers={"Location": "http://127.0.0.1:1/PWNED"})

        def commands() -> None:
            for words in (
                ("login", f"{host.url}/imagechat/v1/invite#secret"),
                ("whoami", "--server", host.url),
                ("usage", "--server", host.url),
                ("show", f"{host.url}/imagechat/v1/b/acme/token"),
                ("show", f"{host.url}/x.png"),
                ("doctor", "--server", host.url),
            )[: 6 if status in {200, 403} else 1]:
                _clean(_run(tmp_path, *words), color=words[0] == "show")

        await asyncio.to_thread(commands)
    for file in _logs(tmp_path):
        assert not leaks(file.read_bytes(), color=False), file


async def test_the_servers_log_of_hostile_requests_is_lines_of_words(tmp_path: Path) -> None:
    """No request forges a line or colors it, whatever form the log has."""
    for form, texts in (("plain", list(ATTACKS.values())), ("json", [ALL])):
        async with process(tmp_path / form, "--log-format", form) as server:
            tenant = await server.tenant()
            async with httpx.AsyncClient(base_url=server.url) as client:
                for text in texts:
                    await client.get(f"/comments/{tenant.name}", params={"urlId": text, "sso": text})
                    await client.post(paths.SESSIONS, json={"tenantId": text, "sso": text})
                    await client.get(paths.image_chats(text[:80]), headers={"x-odd": ascii(text)})
            await server.terminate()
        log = server.log.read_bytes()
        assert log.strip()
        assert not (found := leaks(log, color=False)), found
        if form == "json":
            assert all(json.loads(line) for line in log.splitlines())


def test_the_judge_sees_every_attack_that_is_not_neutralised() -> None:
    """Or the tests above would prove nothing."""
    harmless = {"markup", "formats", "wide", "private use", "noncharacters", "nothing visible", "long word"}
    for name, text in ATTACKS.items():
        seen = bool(leaks(text.encode()))
        assert seen is (name not in harmless), name
    assert not leaks(b"\x1b[?1049h\x1b[38;2;1;2;3mhi\x1b[0m\x1b]0;imagechat\x07\x1b[1;1H")
