"""The watch over secrets in logs sees them in every place; a server that says all it can say tells none.

The search through the logs of the whole run is a fixture of ``tests/conftest.py``.
"""

import logging
import secrets
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from websockets.asyncio.client import connect

from imagechat_tui.protocol import paths
from tests.cli.commands import imagechat
from tests.support.servers import process
from tests.support.vigil import RECORDS, Vigil, vigil

_EVERY_KIND = {"session token", "userIdWS", "edit key", "API secret", "SSO hash", "SSO payload", "invitation"}


def test_the_watch_finds_a_secret_wherever_it_stands(tmp_path: Path) -> None:
    """In a log of another process, glued to other words, in a traceback, in what only a debugger would read."""
    watch, token = Vigil(), secrets.token_urlsafe(16)
    watch.keep(token, "session token")
    watch.keep("short", "word")
    assert "short" not in watch.kinds
    for line in (f"GET /x?userIdWS={token}&a=1", f"x%22{token}%22", f'{{"a":"q{token}z"}}', f"zz-{token}"):
        assert watch.found_in(f"first line\n{line}\nlast line"), line
    assert not watch.found_in(f"{token[:-1]}")
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "server.log.1").write_text(f"hello {token}")
    (found,) = watch.leaks_below(tmp_path)
    assert "server.log.1" in found
    assert token not in found


def test_records_of_every_level_are_searched_as_they_would_be_kept(tmp_path: Path) -> None:
    """Also those that nobody listens to; what the log's own redaction takes out is no leak."""
    watch, token = Vigil(), "x" + secrets.token_urlsafe(16)
    watch.keep(token, "session token")
    log = logging.getLogger("imagechat_tui.x")
    with watch.over(tmp_path / RECORDS):
        log.debug("sent with Authorization: Bearer %s", token)
    assert not watch.leaks_below(tmp_path)
    with watch.over(tmp_path / RECORDS):
        log.debug("the next one is %s", token)
        try:
            int(token)
        except ValueError:
            log.exception("failed")
    assert len(watch.leaks_below(tmp_path)) == 2


@pytest.mark.parametrize("form", ["plain", "json"])
async def test_a_talkative_server_tells_no_secret(tmp_path: Path, form: str) -> None:
    """Every way in and everything that hands out a secret, with the most detailed log; refusals and errors as well."""
    async with process(tmp_path / "data", "--log-format", form, "--log-level", "debug") as server:
        acme = await server.tenant(simple_sso=True)
        link = imagechat(tmp_path, "invite", "bob", "--tenant", "acme", "--data", str(tmp_path / "data"), "--json")
        assert link.code == 0, link.err
        invitation = next(mark for mark, kind in vigil.kinds.items() if kind == "invitation" and mark in link.out)
        async with httpx.AsyncClient(base_url=server.url) as client:
            for _ in range(2):
                await client.post(paths.INVITE, json={"secret": invitation})
                await client.get(f"{paths.INVITE}?secret={invitation}")
            await client.get(paths.USAGE, params={"tenantId": "acme", "API_KEY": acme.secret})
            await client.get(paths.USAGE, params={"tenantId": "acme"}, headers={"x-api-key": acme.secret})
            for payload in (acme.sso("ann"), acme.sso("ann")[:-9], '{"username":"a","email":"a@example.com"}'):
                await client.post(paths.SESSIONS, json={"tenantId": "acme", "sso": payload})
                await client.get(paths.comments("acme"), params={"urlId": "p", "sso": payload})
            said = {"commenterName": "a", "comment": "c", "url": "u", "urlId": "p"}
            made = await client.post(paths.comments("acme"), params={"urlId": "p", "broadcastId": "b"}, json=said)
            key, comment = made.json()["comment"]["editKey"], made.json()["comment"]["_id"]
            await client.get(paths.comment("acme", comment, "text"), params={"editKey": key})
            chats = (await client.get(paths.image_chats("acme"), params={"urlId": "p"})).json()
            await client.get(f"/nowhere/{quote(chats['userIdWS'])}", params={"userIdWS": chats["userIdWS"]})
            await client.get(f"{paths.LIVE}?userIdWS={chats['userIdWS']}")
            query = f"?urlId={chats['urlIdWS']}&userIdWS={chats['userIdWS']}&tenantIdWS=acme"
            async with connect(server.url.replace("http", "ws") + paths.LIVE + query) as socket:
                await socket.send("\ud7ff" * 3_000)
        await server.terminate()
    words = server.log.read_text()
    assert "imagechat_tui.server.access" in words
    assert not vigil.found_in(words)
    assert set(vigil.kinds.values()) >= _EVERY_KIND
