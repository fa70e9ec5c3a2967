"""``imagechat config``: path, show, validate."""

import json
from pathlib import Path

import pytest

from imagechat_tui.cli.main import main


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A configuration folder of this test."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    (tmp_path / "imagechat").mkdir()
    return tmp_path / "imagechat"


def test_path_is_one_line_of_data(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whether or not the file exists."""
    assert main(["config", "path"]) == 0
    assert capsys.readouterr().out == f"{folder / 'config.toml'}\n"


def test_show_says_what_holds_and_why(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Value and origin of every option; passwords are not shown."""
    (folder / "config.toml").write_text('mode = "half"\n[serve]\nmetrics_token = "SECRET"\n', encoding="utf-8")
    monkeypatch.setenv("IMAGECHAT_COLORS", "256")
    assert main(["config", "show", "--json"]) == 0
    shown = capsys.readouterr().out
    rows = {row["name"]: row for row in json.loads(shown)}
    assert (rows["mode"]["value"], rows["mode"]["from"]) == ("half", str(folder / "config.toml"))
    assert (rows["colors"]["value"], rows["colors"]["from"]) == ("256", "IMAGECHAT_COLORS")
    assert rows["theme"]["from"] == "default"
    assert "SECRET" not in shown


def test_show_is_a_table_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    """Columns with a head."""
    assert main(["config", "show"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["SETTING", "VALUE", "FROM"]
    assert ["mouse", "true", "default"] in [line.split() for line in lines]


def test_validate_praises_a_good_file_and_refuses_a_bad_one(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 2 and the nearest key."""
    file = folder / "config.toml"
    file.write_text('mode = "half"\n', encoding="utf-8")
    assert main(["config", "validate"]) == 0
    file.write_text('mod = "half"\n', encoding="utf-8")
    assert main(["config", "validate"]) == 2
    assert 'did you mean "mode"?' in capsys.readouterr().err
    assert main(["config", "validate", str(folder / "missing.toml")]) == 2


def test_a_projects_file_is_shown_and_checked(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where a value comes from, and what is wrong where."""
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    file = work / ".imagechat.toml"
    file.write_text('theme = "light"\n', encoding="utf-8")
    assert main(["config", "show", "--json"]) == 0
    rows = {row["name"]: row for row in json.loads(capsys.readouterr().out)}
    assert (rows["theme"]["value"], rows["theme"]["from"]) == ("light", str(file))
    assert main(["config", "path", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["project"] == str(file)
    assert main(["config", "validate"]) == 0
    assert f"{file}: fine." in capsys.readouterr().err
    file.write_text('server = "https://evil.example"\n', encoding="utf-8")
    assert main(["config", "validate"]) == 2
    assert main(["config", "validate", str(file)]) == 2
    assert "not for a project to decide" in capsys.readouterr().err
    assert str(folder) != str(work)
