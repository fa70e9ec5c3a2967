"""Where the program's own words go: a file for the app, lines or JSON on stderr for the server; never to a screen.

Every line passes two gates: secrets are cut out, foreign control characters are taken out. Importing sets nothing up.
"""

import json
import logging
import re
import sys
import time
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Final, TextIO

from imagechat_tui import plain

LEVELS: Final = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}

# One file and one older one: a month of a busy user, and small enough to attach to a report.
_FILE_BYTES: Final = 2_000_000
_OLDER_FILES: Final = 1
_LINE_CHARACTERS: Final = 4_000
_CHATTY: Final = ("httpx", "httpcore", "websockets", "uvicorn", "alembic", "PIL", "markdown_it")
FACTS: Final = "facts"
"""Name of the ``extra`` whose entries become fields of a line of JSON."""
_REMOVED: Final = "[removed]"
_NAMES: Final = (
    r"(?:access_?token|session_?token|token|api_?secret|secret|password|api_?key|x-api-key|user_?id_?ws|sso|cookie"
    r"|edit_?key|verification_?hash|user_?data_?json_?base64)"
)
_SECRETS: Final = (
    # "name": "value" of JSON and reprs.
    re.compile(
        rf"""(?P<head>["']?\b{_NAMES}["']?\s*[:=]\s*)(?:"(?:\\.|[^"\\])*"?|'(?:\\.|[^'\\])*'?)""",
        re.IGNORECASE | re.DOTALL,
    ),
    # The same inside a string of JSON, where quotes are escaped. A run of backslashes is looked at once, as a whole:
    # a long one would take time that grows with its square.
    re.compile(
        rf"""(?P<head>(?<!\\)\\++["']{_NAMES}\\++["']\s*[:=]\s*)\\++["'](?:[^\\]|\\++(?!["']))*+(?:\\++["'])?""",
        re.IGNORECASE | re.DOTALL,
    ),
    # A payload without quotes, and all cookies of a header: to the end of the line.
    re.compile(rf"(?P<head>\b(?:{_NAMES}=\{{|(?:set-)?cookie:\s)).*", re.IGNORECASE),
    # name=value of queries, name: value of headers.
    re.compile(rf"(?P<head>\b{_NAMES}(?:=|%3D|:\s*))(?![\"'\\[{{])[^\s&;,\"'<>]+", re.IGNORECASE),
    re.compile(r"(?P<head>\b(?:Bearer|Basic)\s+)[^\s,;\"']+", re.IGNORECASE),
    # The secret of an invitation is the fragment of its link.
    re.compile(r"(?P<head>/invite(?:#|%23))[^\s\"'<>]+", re.IGNORECASE),
    # user:password@host of a database address.
    re.compile(r"(?P<head>\b[a-z][a-z0-9+.-]*://[^\s/:@\"']*:)[^\s/@\"']+(?=@)", re.IGNORECASE),
)


def redacted(text: str) -> str:
    """The text without values of tokens, secrets, sessions, ``sso``, ``userIdWS``, invitations and passwords."""
    for pattern in _SECRETS:
        text = pattern.sub(lambda found: f"{found['head']}{_REMOVED}", text)
    return text


def to_file(path: Path, *, level: str = "info") -> None:
    """Everything from here on goes to ``path``, which nobody else may read; a full file becomes ``path.1``.

    A folder that cannot be written loses the log, never the program.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
        handler: logging.Handler = RotatingFileHandler(
            path, maxBytes=_FILE_BYTES, backupCount=_OLDER_FILES, encoding="utf-8"
        )
    except OSError:
        handler = logging.NullHandler()
    _install(handler, PlainLines(), level=level)


def to_stream(stream: TextIO | None = None, *, form: str = "plain", level: str = "info") -> None:
    """Everything from here on goes to ``stream`` (stderr); ``form="json"`` makes one JSON object of every line."""
    handler = logging.StreamHandler(stream or sys.stderr)
    _install(handler, JsonLines() if form == "json" else PlainLines(), level=level)


def to_nowhere() -> None:
    """Until something else is said, nothing is written: without this, Python writes warnings to the terminal."""
    root = logging.getLogger()
    if not root.handlers:
        root.addHandler(logging.NullHandler())


def _install(handler: logging.Handler, formatter: logging.Formatter, *, level: str) -> None:
    handler.setFormatter(formatter)
    root = logging.getLogger()
    for old in list(root.handlers):
        root.removeHandler(old)
        old.close()
    root.addHandler(handler)
    root.setLevel(LEVELS[level])
    logging.captureWarnings(capture=True)
    # Their lines say what ours say already, or repeat headers and frames with what must not be kept.
    for chatty in _CHATTY:
        logging.getLogger(chatty).setLevel(max(logging.WARNING, LEVELS[level]))


class PlainLines(logging.Formatter):
    """``2026-01-31T12:00:00Z info imagechat_tui.client: words``; a traceback follows in lines of its own, indented."""

    def __init__(self) -> None:
        super().__init__()
        self.converter = time.gmtime

    def format(self, record: logging.LogRecord) -> str:
        """One record as text without secrets and control characters."""
        when = self.formatTime(record, "%Y-%m-%dT%H:%M:%SZ")
        words = plain.logged(redacted(record.getMessage()), most=_LINE_CHARACTERS)
        return f"{when} {record.levelname.lower()} {record.name}: {words}{_indented(self._traceback(record))}"

    def _traceback(self, record: logging.LogRecord) -> str:
        return redacted(self.formatException(record.exc_info)) if record.exc_info else ""


class JsonLines(PlainLines):
    """``{"time","level","logger","message"}``, what was given as ``extra={"facts": {...}}``, and a ``"traceback"``."""

    def format(self, record: logging.LogRecord) -> str:
        """One record as one line of JSON without secrets and control characters."""
        line: dict[str, object] = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%SZ"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": plain.line(redacted(record.getMessage()), most=_LINE_CHARACTERS),
        }
        for name, value in getattr(record, FACTS, {}).items():
            line.setdefault(
                name, plain.line(redacted(value), most=_LINE_CHARACTERS) if isinstance(value, str) else value
            )
        if record.exc_info:
            line["traceback"] = plain.block(self._traceback(record))
        return json.dumps(line, ensure_ascii=False)


def _indented(text: str) -> str:
    return "".join(f"\n    {line}" for line in plain.block(text).splitlines())
