"""A terminal's answers, asked for or remembered: one that answers slowly, or never, is not waited for at every start.

One that answers at once is asked at every start: its colors may have been turned from dark to light meanwhile.
"""

import hashlib
import os
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec

from imagechat_tui import xdg
from imagechat_tui.i18n import _
from imagechat_tui.render.probe import TIMEOUT_SECONDS, probe
from imagechat_tui.render.replies import Replies

if TYPE_CHECKING:
    from collections.abc import Mapping

QUICK_SECONDS: Final = 0.05
"""Up to this long an answer is waited for at every start."""

KEPT_SECONDS: Final = 3600.0
"""How long a slow answer, or none, is remembered."""

_MOST: Final = 50
"""Terminals remembered."""

_FILE: Final = "terminals.json"
_IDENTIFYING: Final = ("TERM", "TERM_PROGRAM", "TERM_PROGRAM_VERSION", "LC_TERMINAL", "TMUX", "STY", "SSH_CONNECTION")
_STARTED: Final = 19
"""When a process was started, of the fields of ``/proc/PID/stat`` behind the program's name."""


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """What a terminal said at some time."""

    at: float
    """Seconds since 1970."""
    graphics: bool
    """Whether it was asked for graphics as well."""
    replies: Replies


class Answers(NamedTuple):
    """What a terminal said, and how that is known."""

    replies: Replies | None
    how: str


def answers(fd_in: int, fd_out: int, *, graphics: bool, anew: bool) -> Answers:
    """What a terminal says of itself.

    Args:
        fd_in: open for reading on it.
        fd_out: open for writing on it.
        graphics: ask for graphics as well.
        anew: ask, whatever is remembered.
    """
    key, now = _key(fd_in, os.environ), time.time()
    known = _read(now)
    kept = known.pop(key, None)
    if kept is not None and kept.graphics == graphics and not anew:
        at = time.strftime("%H:%M", time.localtime(kept.at))
        return Answers(kept.replies, _("remembered from {time}, `imagechat doctor` asks again").format(time=at))
    began = time.monotonic()
    replies = probe(fd_in, fd_out, graphics=graphics)
    took = time.monotonic() - began
    if replies is not None and took > QUICK_SECONDS:
        known[key] = Kept(at=now, graphics=graphics, replies=replace(replies, typed=b""))
    if kept is not None or key in known:
        _write(known)
    if replies is None or not replies.complete:
        return Answers(replies, _("none within {seconds:g} s").format(seconds=TIMEOUT_SECONDS))
    return Answers(replies, _("after {milliseconds:.0f} ms").format(milliseconds=took * 1000))


def _key(fd: int, environment: "Mapping[str, str]") -> str:
    """A name for this very window or connection: its device, who began the session there and when, and its variables.

    Only a hash of that is kept.
    """
    leader = os.getsid(0)
    device = began = ""
    with suppress(OSError):
        device = os.ttyname(fd)
    with suppress(OSError, IndexError):
        began = Path(f"/proc/{leader}/stat").read_text(errors="replace").rpartition(")")[2].split()[_STARTED]
    parts = (device, str(leader), began, *(environment.get(name, "") for name in _IDENTIFYING))
    return hashlib.sha256("\0".join(parts).encode(errors="replace")).hexdigest()


def _read(now: float) -> dict[str, Kept]:
    """What is remembered and not too old; a damaged file is an empty one."""
    try:
        found = msgspec.json.decode((xdg.cache_dir() / _FILE).read_bytes(), type=dict[str, Kept])
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return {}
    return {key: kept for key, kept in found.items() if 0 <= now - kept.at < KEPT_SECONDS}


def _write(known: dict[str, Kept]) -> None:
    from imagechat_tui.client.credentials import replace_file

    folder = xdg.cache_dir()
    latest = sorted(known.items(), key=lambda item: item[1].at)[-_MOST:]
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        replace_file(folder / _FILE, msgspec.json.encode(dict(latest)))
    except OSError:
        # Asking once more is no reason to keep somebody from a board.
        return
