"""A server, an invitation, a session, a shared picture: the commands of a first day, one after the other."""

import json
import os
import signal
import stat
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from imagechat_tui.demo import mockup
from imagechat_tui.protocol.sso import sign
from tests.cli.commands import COMMAND, environment, imagechat

DEADLINE = 30


class Served:
    """A server process of this test."""

    def __init__(self, home: Path, url: str, secret: str) -> None:
        self.home = home
        self.url = url
        self.secret = secret
        self.data = str(home / "server-data")

    def invitation(self, user: str) -> str:
        """A link for somebody."""
        ended = imagechat(self.home, "invite", user, "--tenant", "acme", "--data", self.data, "--server", self.url)
        assert ended.code == 0, ended.err
        return ended.out.strip()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """``imagechat serve`` with a tenant, until it is interrupted."""
    data, ready = str(tmp_path / "server-data"), tmp_path / "ready.json"
    secret = imagechat(tmp_path, "tenant", "add", "acme", "--data", data).out.strip()
    process = subprocess.Popen(
        [*COMMAND, "serve", "--port", "0", "--data", data, "--ready-file", str(ready), "--log-format", "json"],
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment(tmp_path),
        cwd=tmp_path,
    )
    try:
        deadline = time.monotonic() + DEADLINE
        while not ready.exists():
            assert process.poll() is None
            assert time.monotonic() < deadline
            os.sched_yield()
        facts = json.loads(ready.read_text(encoding="utf-8"))
        assert facts["pid"] == process.pid
        yield Served(tmp_path, facts["url"], secret)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=DEADLINE)
        (tmp_path / "server.log").write_bytes(err)
        assert (process.returncode, out) == (0, b"")
        assert all(json.loads(line)["logger"] for line in err.splitlines())
        assert secret.encode() not in err
    finally:
        process.kill()
        process.communicate()


def test_a_first_day(served: Served) -> None:
    """Sign in, share, look, sign out."""
    home = served.home
    (home / "page.png").write_bytes(mockup.FILE.read_bytes())

    link = served.invitation("Ana")
    assert imagechat(home, "login", "-", stdin=link.encode() + b"\n").code == 0
    sessions = home / "state" / "imagechat" / "sessions.json"
    assert stat.S_IMODE(sessions.stat().st_mode) == 0o600
    again = imagechat(home, "login", link)
    assert again.code == 4
    assert "used before" in again.err

    who = json.loads(imagechat(home, "whoami", "--json").out)
    assert who == {"server": served.url, "tenant": "acme", "id": "acme:Ana", "name": "Ana", "admin": False}

    shared = imagechat(home, "share", "page.png")
    assert (shared.code, shared.err) == (0, "")
    board = shared.out.strip()
    assert board.startswith(f"{served.url}/imagechat/v1/b/acme/")

    shown = imagechat(home, "show", board, "--size", "40x12", "--colors", "mono", "--mode", "half")
    assert shown.code == 0
    assert 6 <= len(shown.out.splitlines()) <= 12
    assert json.loads(imagechat(home, "show", board, "--json").out) == []

    for wrong in (board.replace("/acme/", "/other/"), board + "x"):
        refused = imagechat(home, "open", wrong)
        assert refused.code == 5, refused
        assert len(refused.err.strip().splitlines()) == 1

    assert imagechat(home, "usage").code == 4
    doctor = json.loads(imagechat(home, "doctor", "--json").out)
    verdicts = {finding["name"]: finding["verdict"] for finding in doctor if finding["area"] == "server"}
    assert verdicts["round trip"] == verdicts["websocket"] == verdicts["session"] == "ok"
    nowhere = imagechat(home, "doctor", "--json", "--server", "http://127.0.0.1:9")
    assert nowhere.code == 3
    assert [one["verdict"] for one in json.loads(nowhere.out) if one["area"] == "server"] == ["wrong"]

    assert imagechat(home, "logout").code == 0
    assert json.loads(sessions.read_text(encoding="utf-8"))["sessions"] == []
    assert imagechat(home, "logout").code == 5


def test_a_private_board_is_for_the_signed_in(served: Served) -> None:
    """Somebody without a session is told what to do."""
    home, stranger = served.home, served.home / "stranger"
    stranger.mkdir()
    (home / "page.png").write_bytes(mockup.FILE.read_bytes())
    assert imagechat(home, "login", served.invitation("Ana")).code == 0
    board = imagechat(home, "share", "page.png", "--private").out.strip()
    refused = imagechat(stranger, "show", board)
    assert refused.code == 4
    assert "imagechat login" in refused.err
    assert imagechat(home, "show", board, "--size", "20x8", "--colors", "mono").code == 0


def test_an_administrator_reads_the_usage(served: Served) -> None:
    """Signed in by a payload that the tenant's backend made."""
    home = served.home
    user = {"id": "boss", "username": "Boss", "email": "boss@example.com", "isAdmin": True}
    payload = home / "sso.json"
    payload.write_text(sign(user, secret=served.secret, now_ms=time.time_ns() // 1_000_000), encoding="utf-8")
    words = ["login", "--server", served.url, "--sso-file", str(payload)]
    assert imagechat(home, *words).code == 2
    assert imagechat(home, *words, "--tenant", "acme").code == 0
    (home / "page.png").write_bytes(mockup.FILE.read_bytes())
    assert imagechat(home, "share", "page.png").code == 0
    rows = json.loads(imagechat(home, "usage", "--json").out)
    assert all(set(row) >= {"day", "pubSubMessageCount", "pubSubBandwidth", "conversationCreateCount"} for row in rows)
    table = imagechat(home, "usage", "--days", "3")
    assert table.code == 0
    assert table.out.splitlines()[0].split()[:3] == ["DAY", "MESSAGES", "BYTES"]


def test_a_backend_reads_the_usage_with_the_secret_of_its_tenant(served: Served) -> None:
    """From the environment or a file, without a session; a wrong one is not allowed, and is not repeated."""
    home = served.home
    words = ["usage", "--json", "--server", served.url, "--tenant", "acme"]
    assert imagechat(home, *words).code == 4
    assert imagechat(home, *words, variables={"IMAGECHAT_API_KEY": served.secret}).code == 0
    (home / "key").write_text(served.secret + "\n", encoding="utf-8")
    asked = imagechat(home, *words, "--api-key-file", "key")
    assert asked.code == 0
    assert isinstance(json.loads(asked.out), list)
    (home / "key").write_text("guessed", encoding="utf-8")
    refused = imagechat(home, *words, "--api-key-file", "key")
    assert refused.code == 4
    assert "guessed" not in refused.err
    assert imagechat(home, *words[:-2], "--api-key-file", "key").code == 2
    assert imagechat(home, *words, "--api-key-file", "missing").code == 5


def test_a_rotated_key_ends_sessions(served: Served) -> None:
    """Noticed by the running server, without a restart."""
    home = served.home
    assert imagechat(home, "login", served.invitation("Ana")).code == 0
    assert imagechat(home, "whoami").code == 0
    assert imagechat(home, "tenant", "rotate-key", "acme", "--data", served.data).code == 0
    deadline = time.monotonic() + DEADLINE
    while imagechat(home, "whoami").code != 4:
        assert time.monotonic() < deadline
