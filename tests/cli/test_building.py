"""What a copy says about its making."""

import json
import platform
from pathlib import Path

import pytest

from imagechat_tui import __version__
from imagechat_tui.cli import building


def test_the_first_line_is_for_programs_and_the_second_for_people() -> None:
    """Python and system are always known."""
    first, second = building.text().splitlines()
    assert first == f"imagechat {__version__}"
    assert platform.python_version() in second
    assert platform.machine() in second


def test_a_build_tells_its_commit_and_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the build wrote them."""
    written = tmp_path / "build.json"
    monkeypatch.setattr(building, "_FILE", written)
    written.write_text(json.dumps({"commit": "0123456789ab", "built": "2026-01-31"}), encoding="ascii")
    assert building.facts()[:2] == ["commit 0123456789ab", "built 2026-01-31"]


@pytest.mark.parametrize("damaged", ["", "[]", "{}", '{"commit": "x"}'])
def test_a_damaged_file_says_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damaged: str) -> None:
    """Neither does a copy that is no checkout."""
    written = tmp_path / "build.json"
    monkeypatch.setattr(building, "_FILE", written)
    monkeypatch.setattr(building, "_PACKAGE", tmp_path / "imagechat_tui")
    written.write_text(damaged, encoding="ascii")
    assert len(building.facts()) == 2
