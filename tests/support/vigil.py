"""Watches a whole test run: no secret that anybody was handed may stand in a log, whoever wrote the log.

Secrets are gathered where they are made or travel: requests and answers of every HTTP client of the tests, tenants'
keys, what commands print, files of kept sessions. Logs are the records of this process as they would be written, at
every level, and every log file below the run's folder, those of servers and apps in processes of their own included.
"""

import json
import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, TextIO
from urllib.parse import parse_qsl, unquote

import httpx
import pytest

from imagechat_tui import log
from imagechat_tui.client.credentials import FILE_NAME

RECORDS: Final = "records.log"
"""What this process logged, in the run's folder."""
SHORTEST: Final = 16
"""Characters that make a secret: what is shorter was made up by a test and may be a word."""
_LONGEST: Final = 64 * 1024
_KINDS: Final = {
    "token": "session token", "sessionId": "session token", "userIdWS": "userIdWS", "editKey": "edit key",
    "secret": "API secret or invitation", "API_KEY": "API secret", "sso": "SSO payload",
    "verificationHash": "SSO hash", "userDataJSONBase64": "SSO data",
}  # fmt: skip
_RUN: Final = re.compile(rf"[A-Za-z0-9_-]{{{SHORTEST},}}")
_INVITATION: Final = re.compile(r"/invite(?:#|%23)([A-Za-z0-9_-]{16,})")
_API_SECRET: Final = re.compile(r"^[A-Za-z0-9_-]{43}$", re.MULTILINE)
_OURS: Final = "imagechat_tui"


class Vigil:
    """Secrets that were handed out, and the judge of what was logged."""

    def __init__(self) -> None:
        self.kinds: dict[str, str] = {}
        """What a secret is for, by its telling part."""
        self._beginnings: dict[str, set[str]] = {}

    def keep(self, secret: object, kind: str) -> None:
        """Remember a secret; what is too short to be one is not."""
        if not isinstance(secret, str) or not SHORTEST <= len(secret) <= _LONGEST:
            return
        mark = max(_RUN.findall(secret), key=len, default=None)
        if mark is not None and mark not in self.kinds:
            self.kinds[mark] = kind
            self._beginnings.setdefault(mark[:SHORTEST], set()).add(mark)

    def keep_all_in(self, value: Any) -> None:
        """Remember the secrets of decoded JSON, by the names of its keys; payloads inside strings are opened."""
        if isinstance(value, dict):
            for name, inside in value.items():
                if name in _KINDS:
                    self.keep(inside, _KINDS[name])
                self.keep_all_in(_opened(inside) if name == "sso" else inside)
        elif isinstance(value, list):
            for inside in value:
                self.keep_all_in(inside)

    def keep_printed(self, words: str) -> None:
        """Remember what a command printed for its user alone: API secrets, links of invitations, JSON with secrets."""
        for secret in _INVITATION.findall(words):
            self.keep(secret, "invitation")
        for secret in _API_SECRET.findall(words):
            self.keep(secret, "API secret")
        for line in words.splitlines():
            if line.startswith(("{", "[")):
                self.keep_all_in(_opened(line))

    def keep_exchange(self, request: httpx.Request, response: httpx.Response) -> None:
        """Remember what a request and its answer tell."""
        scheme, _, shown = request.headers.get("authorization", "").partition(" ")
        self.keep(shown or scheme, "bearer token")
        self.keep(request.headers.get("x-api-key"), "API secret")
        for header in (*request.headers.get_list("cookie"), *response.headers.get_list("set-cookie")):
            self.keep(header.partition("=")[2].partition(";")[0], "cookie")
        self.keep_all_in(dict(parse_qsl(request.url.query.decode())))
        for message in (request, response):
            if message.headers.get("content-type", "").startswith("application/json") and hasattr(message, "_content"):
                self.keep_all_in(_opened(message.content))

    def found_in(self, text: str) -> list[str]:
        """What kinds of secrets stand in a text, each with a little of the line around it."""
        found = []
        for run in _RUN.finditer(text):
            word = run[0]
            for at in range(len(word) - SHORTEST + 1):
                for mark in self._beginnings.get(word[at : at + SHORTEST], ()):
                    if word.startswith(mark, at):
                        line = text[text.rfind("\n", 0, run.start()) + 1 : run.start()][-160:]
                        found.append(f"{self.kinds[mark]} after {line!r}")
        return found

    def leaks_below(self, folder: Path) -> list[str]:
        """Secrets in log files below a folder; kept sessions and ready files in there are read as secrets first."""
        for file in folder.rglob(FILE_NAME):
            if file.is_file():
                self.keep_all_in(_opened(file.read_text(errors="replace")))
        return [
            f"{file.relative_to(folder)}: {one}"
            for file in sorted(folder.rglob("*.log*"))
            if file.is_file()
            for one in self.found_in(file.read_text(errors="replace"))
        ]

    @contextmanager
    def over(self, records: Path) -> Iterator[None]:
        """Watch this process: its HTTP clients' exchanges, and its log, which goes into a file as it would be kept."""
        with pytest.MonkeyPatch.context() as patch, records.open("w", encoding="utf-8") as out:
            patch.setattr(httpx.Client, "send", _listening(httpx.Client.send, self))
            patch.setattr(httpx.AsyncClient, "send", _listening_async(httpx.AsyncClient.send, self))
            enabled, handle = logging.Logger.isEnabledFor, logging.Logger.handle
            patch.setattr(logging.Logger, "isEnabledFor", _awake(enabled))
            patch.setattr(logging.Logger, "handle", _writing(handle, out, only_if=enabled))
            yield


vigil: Final = Vigil()
"""The one of this test process."""


def _opened(text: object) -> Any:
    """Text as JSON, also when it is percent-encoded; nothing when it is none."""
    if isinstance(text, bytes):
        text = text.decode(errors="replace")
    if not isinstance(text, str):
        return None
    for form in (text, unquote(text)):
        try:
            return json.loads(form)
        except (ValueError, RecursionError):
            continue
    return None


def _listening(send: Callable[..., httpx.Response], watch: Vigil) -> Callable[..., httpx.Response]:
    def sending(client: httpx.Client, request: httpx.Request, **more: Any) -> httpx.Response:
        response = send(client, request, **more)
        watch.keep_exchange(request, response)
        return response

    return sending


def _listening_async(send: Callable[..., Any], watch: Vigil) -> Callable[..., Any]:
    async def sending(client: httpx.AsyncClient, request: httpx.Request, **more: Any) -> httpx.Response:
        response: httpx.Response = await send(client, request, **more)
        watch.keep_exchange(request, response)
        return response

    return sending


def _awake(enabled: Callable[[logging.Logger, int], bool]) -> Callable[[logging.Logger, int], bool]:
    """Our own loggers make every record; whom it reaches is decided by their level, as ever."""
    return lambda logger, level: logger.name.startswith(_OURS) or enabled(logger, level)


def _writing(
    handle: Callable[..., None], out: TextIO, *, only_if: Callable[[logging.Logger, int], bool]
) -> Callable[..., None]:
    form = log.PlainLines()

    def handling(logger: logging.Logger, record: logging.LogRecord) -> None:
        if not out.closed:
            out.write(form.format(record) + "\n")
        if only_if(logger, record.levelno):
            handle(logger, record)

    return handling
