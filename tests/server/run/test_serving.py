"""A server as a process: ready when it says so, ended when asked, and one clear sentence when it cannot start."""

import asyncio
import json
import socket
import stat
from pathlib import Path

import pytest
import websockets

from imagechat_tui.errors import UserError
from imagechat_tui.protocol import paths
from imagechat_tui.server.run import running
from imagechat_tui.server.settings import Settings
from tests.support.servers import PATIENCE, in_process, process


async def _start(settings: Settings) -> None:
    async with running(settings):
        raise AssertionError("it started")


async def test_a_process_says_when_it_is_ready_and_ends_when_asked(tmp_path: Path) -> None:
    """The file is there when requests are answered, and gone afterwards; the exit code is 0."""
    async with process(tmp_path) as server:
        ready = next(tmp_path.glob("ready-*.json"))
        assert json.loads(ready.read_text()) == {"url": server.url, "pid": server.process.pid}
        acme = await server.tenant("acme")
        async with await acme.client(server.url) as ann:
            body = {"urlId": "page", "x": 1, "y": 1, "comment": "kept", "broadcastId": "b1"}
            assert (await ann.post(paths.markers("acme"), json=body)).status_code == 200
        assert await server.terminate() == 0
        assert not ready.exists()
    async with process(tmp_path) as again, await acme.client(again.url, None) as guest:
        markers = (await guest.get(paths.boards("acme"), params={"urlId": "page"})).json()["markers"]
        assert [marker["firstComment"]["comment"] for marker in markers] == ["kept"]


async def test_live_sockets_are_told_to_come_back(tmp_path: Path) -> None:
    """Code 1012, and the server does not wait for ever for them to go."""
    async with process(tmp_path) as server:
        await server.tenant("acme")
        url = f"{server.url.replace('http', 'ws')}{paths.LIVE}?urlId=page&tenantIdWS=acme"
        async with websockets.connect(url) as socket_, asyncio.timeout(PATIENCE):
            ending = asyncio.create_task(server.terminate())
            await socket_.wait_closed()
            assert socket_.close_code == 1012
            assert await ending == 0


async def test_a_port_in_use_is_one_sentence(tmp_path: Path) -> None:
    """That names the port and the way out."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UserError, match=rf"port {port} .* in use.*--port 0"):
            await _start(Settings(data=tmp_path, port=port))


@pytest.mark.parametrize("host", ["203.0.113.7", "no.such.host.invalid"])
async def test_an_address_of_another_machine_is_one_sentence(tmp_path: Path, host: str) -> None:
    """That names the flag."""
    with pytest.raises(UserError, match="--host"):
        await _start(Settings(data=tmp_path, host=host, port=0))


async def test_a_data_directory_that_is_a_file_is_one_sentence(tmp_path: Path) -> None:
    """And nothing is written."""
    (tmp_path / "file").write_text("mine")
    with pytest.raises(UserError, match="--data"):
        await _start(Settings(data=tmp_path / "file", port=0))
    assert (tmp_path / "file").read_text() == "mine"


async def test_a_ready_file_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    """And the server does not stay behind."""
    with pytest.raises(UserError, match="cannot write"):
        await _start(Settings(data=tmp_path / "data", port=0, ready_file=tmp_path / "no" / "ready.json"))


async def test_two_servers_never_share_a_file(tmp_path: Path) -> None:
    """Each would tell only its own viewers; the second one says what to do."""
    async with in_process(tmp_path):
        with pytest.raises(UserError, match="--data"):
            await _start(Settings(data=tmp_path, port=0))
    async with in_process(tmp_path):
        pass


async def test_the_data_directory_is_for_its_owner(tmp_path: Path) -> None:
    """Mode 0700 when the server makes it."""
    async with in_process(tmp_path / "new" / "data"):
        assert stat.S_IMODE((tmp_path / "new" / "data").stat().st_mode) == 0o700
