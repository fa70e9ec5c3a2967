"""``imagechat tenant`` and ``invite``: the database alone, secrets shown once, nothing half-made."""

import json
import stat
from pathlib import Path

import pytest

from imagechat_tui.cli.main import main
from imagechat_tui.protocol.paths import read_invitation


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """One command in this process."""
    code = main(list(words))
    shown = capsys.readouterr()
    return code, shown.out, shown.err


def test_a_tenant_is_added_listed_changed_rotated_and_removed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The whole life, without a server running."""
    data = ["--data", str(tmp_path / "data")]
    code, secret, _ = run(capsys, "tenant", "add", "acme", "--origin", "https://App.example", *data)
    assert code == 0
    assert len(secret.strip()) >= 43
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700

    code, out, _ = run(capsys, "tenant", "list", "--json", *data)
    assert [(one["name"], one["origins"], one["simpleSso"]) for one in json.loads(out)] == [
        ("acme", ["https://app.example"], False)
    ]
    assert secret.strip() not in out

    assert run(capsys, "tenant", "set", "acme", "--no-origins", "--simple-sso", *data)[0] == 0
    _, out, _ = run(capsys, "tenant", "list", "--json", *data)
    assert [(one["origins"], one["simpleSso"]) for one in json.loads(out)] == [([], True)]

    code, out, _ = run(capsys, "tenant", "rotate-key", "acme", "--json", *data)
    assert code == 0
    assert json.loads(out)["secret"] != secret.strip()

    assert run(capsys, "tenant", "remove", "acme", "--yes", *data)[0] == 0
    _, out, _ = run(capsys, "tenant", "list", "--json", *data)
    assert json.loads(out) == []


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["add", "acme"], 1, "rotate-key acme"),
        (["add", "a/b"], 2, "letters, digits"),
        (["add", "new", "--origin", "app.example"], 2, "not an origin"),
        (["set", "acme"], 2, "Nothing to change"),
        (["set", "other", "--simple-sso"], 5, "no tenant 'other'"),
        (["rotate-key", "other"], 5, "no tenant 'other'"),
        (["remove", "other", "--yes"], 5, "no tenant 'other'"),
        (["remove", "acme"], 2, "--yes"),
        (["users", "other"], 5, "no tenant 'other'"),
        (["remove-user", "acme", "eve"], 5, "no user 'eve'"),
        (["remove-user", "other", "eve"], 5, "no user 'eve'"),
    ],
)
def test_mistakes_are_sentences(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], code: int, says: str
) -> None:
    """With the exit code that scripts rely on."""
    data = ["--data", str(tmp_path)]
    run(capsys, "tenant", "add", "acme", *data)
    ended, out, err = run(capsys, "tenant", *words, *data)
    assert (ended, out) == (code, "")
    assert says in err


def test_looking_into_a_folder_without_data_makes_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A mistyped --data leaves no empty database behind."""
    code, _, err = run(capsys, "tenant", "list", "--data", str(tmp_path / "typo"))
    assert code == 5
    assert "no server data" in err
    assert not (tmp_path / "typo").exists()


def test_a_folder_that_is_a_file_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One sentence that names another way."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    code, _, err = run(capsys, "tenant", "add", "acme", "--data", str(tmp_path / "file" / "data"))
    assert code == 1
    assert "--data" in err


def test_an_invitation_is_a_link_to_the_server_with_a_secret(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Stored by its hash only."""
    data = ["--data", str(tmp_path)]
    run(capsys, "tenant", "add", "acme", *data)
    code, out, _ = run(capsys, "invite", "Ana", "--tenant", "acme", "--server", "https://pins.example", *data)
    assert code == 0
    invitation = read_invitation(out.strip())
    assert invitation is not None
    assert invitation.server == "https://pins.example"
    assert len(invitation.secret) >= 43
    stored = b"".join(file.read_bytes() for file in tmp_path.iterdir() if file.is_file())
    assert invitation.secret.encode() not in stored


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["Ana", "--tenant", "other"], 5, "no tenant 'other'"),
        (["Ana", "--tenant", "acme", "--expires", "soon"], 2, "30m, 12h or 7d"),
        (["Ana", "--tenant", "acme", "--expires", "999d"], 2, "at most 365d"),
        (["  ", "--tenant", "acme"], 2, "name"),
        (["Ana"], 2, "--tenant"),
    ],
)
def test_invitations_refuse_what_makes_no_sense(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], code: int, says: str
) -> None:
    """No link comes out."""
    data = ["--data", str(tmp_path)]
    run(capsys, "tenant", "add", "acme", *data)
    ended, out, err = run(capsys, "invite", *words, *data)
    assert (ended, out) == (code, "")
    assert says in err
