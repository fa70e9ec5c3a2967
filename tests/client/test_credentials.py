"""The file of sessions: only its owner reads it, it is replaced whole, and two processes take turns."""

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from imagechat_tui.client.credentials import Credentials, Kept, replace_file
from imagechat_tui.errors import UserError

ACME = Kept(server="https://pins.example", tenant="acme", token="t-1", name="Ana", user_id="acme:ana")


def mode_of(path: Path) -> int:
    """Permission bits."""
    return stat.S_IMODE(path.stat().st_mode)


def test_nobody_else_can_read_it(tmp_path: Path) -> None:
    """Neither the file nor the folder that was made for it."""
    credentials = Credentials(tmp_path / "state")
    credentials.keep(ACME)
    assert mode_of(credentials.path) == 0o600
    assert mode_of(credentials.path.parent) == 0o700


def test_a_file_that_was_opened_to_others_is_closed_again(tmp_path: Path) -> None:
    """By the next look at it."""
    credentials = Credentials(tmp_path)
    credentials.keep(ACME)
    credentials.path.chmod(0o644)
    assert credentials.all() == [ACME]
    assert mode_of(credentials.path) == 0o600


def test_a_session_is_found_by_server_and_tenant(tmp_path: Path) -> None:
    """Without a tenant, the latest of that server."""
    credentials = Credentials(tmp_path)
    other = Kept(server=ACME.server, tenant="beta", token="t-2")
    elsewhere = Kept(server="https://else.example", tenant="acme", token="t-3")
    for kept in (ACME, other, elsewhere):
        credentials.keep(kept)
    assert credentials.of(ACME.server, "acme") == ACME
    assert credentials.of(ACME.server) == other
    assert credentials.of("https://nowhere.example") is None
    assert [kept.token for kept in credentials.all()] == ["t-3", "t-2", "t-1"]


def test_signing_in_again_replaces_the_session(tmp_path: Path) -> None:
    """There is one per server and tenant."""
    credentials = Credentials(tmp_path)
    credentials.keep(ACME)
    again = Kept(server=ACME.server, tenant=ACME.tenant, token="t-9")
    credentials.keep(again)
    assert credentials.all() == [again]


def test_a_forgotten_session_is_gone_from_the_file(tmp_path: Path) -> None:
    """Its token is not left on the disk."""
    credentials = Credentials(tmp_path)
    credentials.keep(ACME)
    credentials.forget(ACME)
    assert credentials.all() == []
    assert "t-1" not in credentials.path.read_text()


def test_nothing_is_made_by_looking(tmp_path: Path) -> None:
    """A folder appears with the first session."""
    assert Credentials(tmp_path / "state").all() == []
    assert not (tmp_path / "state").exists()


def test_a_damaged_file_is_said_so(tmp_path: Path) -> None:
    """And is not overwritten."""
    credentials = Credentials(tmp_path)
    credentials.path.write_text("{half")
    with pytest.raises(UserError, match="damaged"):
        credentials.all()
    with pytest.raises(UserError, match="damaged"):
        credentials.keep(ACME)
    assert credentials.path.read_text() == "{half"


def test_a_folder_that_cannot_be_written_is_said_so(tmp_path: Path) -> None:
    """In one sentence, with the folder's name."""
    (tmp_path / "state").write_text("a file in the way")
    with pytest.raises(UserError, match="cannot be kept"):
        Credentials(tmp_path / "state").keep(ACME)


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing half-written stays, and the old content does."""
    path = tmp_path / "f"
    path.write_bytes(b"old")

    def fails(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", fails)
    with pytest.raises(OSError, match="space"):
        replace_file(path, b"new")
    assert [one.name for one in tmp_path.iterdir()] == ["f"]
    assert path.read_bytes() == b"old"


def test_processes_take_turns(tmp_path: Path) -> None:
    """No sign-in is lost to another one at the same moment."""
    code = (
        "import sys; from pathlib import Path\n"
        "from imagechat_tui.client.credentials import Credentials, Kept\n"
        "for number in range(10):\n"
        "    kept = Kept(server=f'https://{sys.argv[2]}-{number}', tenant='t', token='x')\n"
        "    Credentials(Path(sys.argv[1])).keep(kept)\n"
    )
    processes = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path), name]) for name in "abc"]
    assert [process.wait(timeout=60) for process in processes] == [0, 0, 0]
    assert len(Credentials(tmp_path).all()) == 30


def test_a_session_never_shows_its_token() -> None:
    """A log or a traceback may print it."""
    assert "t-1" not in repr(ACME)


@pytest.mark.parametrize(
    ("kept", "named"),
    [
        (ACME, True),
        (Kept(server="s", tenant="t", sso="{}"), True),
        (Kept(server="s", tenant="t", token="x", user_id="anon:1"), False),
        (Kept(server="s", tenant="t"), False),
    ],
)
def test_an_anonymous_session_has_no_name(kept: Kept, *, named: bool) -> None:
    """It is not what a person means by being signed in."""
    assert kept.named is named
