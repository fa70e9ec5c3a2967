"""The log keeps no secret, cannot be forged by foreign words, and never reaches the screen."""

import io
import json
import logging
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from imagechat_tui import log


@pytest.fixture(autouse=True)
def root_logger_afterwards() -> Iterator[None]:
    """Whatever a test installs is taken away again."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    for handler in set(root.handlers) - set(handlers):
        handler.close()
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.captureWarnings(capture=False)


@pytest.mark.parametrize(
    "text",
    [
        "GET /sub?a=1&userIdWS=SECRET.x-y&urlIdWS=page HTTP/1.1",
        "GET /comments/T?sso=%7B%22hash%22%3A%22SECRET%22%7D&page=1",
        'sent {"token": "SECRET", "x": 1}',
        'sent {"token": "a\\"SECRET", "x": 1}',
        '{"sso":"{\\"userDataJSONBase64\\":\\"SECRET\\",\\"verificationHash\\":\\"SECRET\\"}","tenantId":"T"}',
        'sso={"userDataJSONBase64": "SECRET"}',
        "Authorization: Bearer SECRET",
        "authorization: basic SECRET",
        "X-API-KEY: SECRET",
        "Cookie: imagechat=SECRET; other=SECRET",
        "redeem https://host/imagechat/v1/invite#SECRET now",
        "postgresql+psycopg://user:SECRET@host/name",
        "Tenant(name='t', secret='SECRET')",
        "api_secret=SECRET",
    ],
)
def test_secrets_are_cut_out(text: str) -> None:
    """Whatever form a secret comes in, its value is gone and the rest is readable."""
    shown = log.redacted(text)
    assert "SECRET" not in shown
    assert "[removed]" in shown


def test_escaped_values_are_cut_out_to_their_own_end() -> None:
    """However deep they are escaped; a long run of backslashes is no work."""
    assert log.redacted(r'{"body":"{\"token\":\"a\\nb\",\"x\":1}"}') == r'{"body":"{\"token\":[removed],\"x\":1}"}'
    run = "\\" * 200_000
    assert log.redacted(run) == run


@pytest.mark.parametrize("text", ["the token was renewed", "GET /healthz", "urlId=page&x=25.5", "secret garden"])
def test_other_words_stay(text: str) -> None:
    """Redaction touches values, not language."""
    assert log.redacted(text) == text


def test_a_file_is_private_and_a_foreign_word_cannot_forge_a_line(tmp_path: Path) -> None:
    """One record is one line, without escape sequences."""
    file = tmp_path / "state" / "app.log"
    log.to_file(file)
    logging.getLogger("imagechat_tui.x").warning("name %s", "\x1b[31mEve\n2026-01-01T00:00:00Z info fake: hi")
    (line,) = file.read_text(encoding="utf-8").splitlines()
    assert line.endswith("warning imagechat_tui.x: name Eve 2026-01-01T00:00:00Z info fake: hi")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_json_lines_carry_the_traceback_without_secrets() -> None:
    """One object per line, tracebacks inside, and what they quote is redacted as well."""
    stream = io.StringIO()
    log.to_stream(stream, form="json")
    try:
        int("sso=SECRET")
    except ValueError:
        logging.getLogger("imagechat_tui.x").exception("failed with token=SECRET")
    (line,) = stream.getvalue().splitlines()
    entry = json.loads(line)
    assert entry["level"] == "error"
    assert entry["message"] == "failed with token=[removed]"
    assert "ValueError" in entry["traceback"]
    assert "SECRET" not in line


def test_a_full_file_makes_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The log never grows without bound."""
    monkeypatch.setattr(log, "_FILE_BYTES", 1000)
    log.to_file(tmp_path / "app.log")
    for number in range(60):
        logging.getLogger("imagechat_tui.x").warning("line %d", number)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["app.log", "app.log.1"]
    assert (tmp_path / "app.log").stat().st_size <= 1000


def test_a_folder_that_cannot_be_written_loses_the_log_only(tmp_path: Path) -> None:
    """The program goes on."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    log.to_file(tmp_path / "file" / "app.log")
    logging.getLogger("imagechat_tui.x").error("unheard")


def test_chatty_libraries_are_quiet_even_when_debugging(tmp_path: Path) -> None:
    """Their debug lines would hold headers and frames."""
    file = tmp_path / "app.log"
    log.to_file(file, level="debug")
    logging.getLogger("httpx").debug("Authorization: x")
    logging.getLogger("imagechat_tui.x").debug("ours")
    assert [line.split()[2] for line in file.read_text(encoding="utf-8").splitlines()] == ["imagechat_tui.x:"]
