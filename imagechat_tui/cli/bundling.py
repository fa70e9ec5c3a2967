"""The bundle of ``imagechat doctor --bundle``: one text to read through and attach to a report. It holds no secret.

Redacted are the values of secrets, whatever gives access (links to boards, invitations, sessions), the home folder and
the user's name. Nothing of what people wrote is in it, because nothing of that is in the log.
"""

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from imagechat_tui import config as settings
from imagechat_tui import log, plain, xdg
from imagechat_tui.cli.examining import Finding
from imagechat_tui.config import Config

LOG_LINES: Final = 200
"""As many as a long session writes; older ones hardly ever explain what happened last."""

_VARIABLES: Final = (
    "TERM", "COLORTERM", "TERM_PROGRAM", "TERM_PROGRAM_VERSION", "LANG", "LC_ALL", "LC_CTYPE", "NO_COLOR",
    "TMUX", "STY", "SSH_CONNECTION", "SSH_TTY", "WAYLAND_DISPLAY", "DISPLAY", "EDITOR", "VISUAL",
)  # fmt: skip
_TOLD_BY_NAME: Final = frozenset({"TMUX", "STY", "SSH_CONNECTION", "SSH_TTY", "WAYLAND_DISPLAY", "DISPLAY"})
"""Whether they are set says enough; their values name machines."""

_BOARDS: Final = re.compile(r"(/imagechat/v1/b/)[^\s\"'<>]+")
_REMOVED: Final = "[removed]"
_SHORT_NAME: Final = 3
"""A user name of fewer letters is part of too many words to be taken out everywhere."""


def bundle(findings: Sequence[Finding], config: Config | None, *, environ: Mapping[str, str] | None = None) -> str:
    """The whole text, redacted.

    Args:
        findings: what ``doctor`` found.
        config: the settings that hold; ``None`` when they cannot be read.
        environ: the process's variables by default.
    """
    variables = os.environ if environ is None else environ
    parts = {
        "doctor": [f"{one.verdict:5} {one.area}: {one.name}: {one.found} {one.advice}".rstrip() for one in findings],
        "settings": _settings(config),
        "environment": _environment(variables),
        f"log, last {LOG_LINES} lines": _log_tail(xdg.log_file()),
    }
    secrets = [] if config is None else _secret_values(config)
    text = "\n\n".join("\n".join((f"## {title}", *(lines or ["(nothing)"]))) for title, lines in parts.items())
    return _redacted(f"# imagechat, for a report of a mistake\n\n{text}\n", secrets=secrets, variables=variables)


def _settings(config: Config | None) -> list[str]:
    if config is None:
        return ["cannot be read"]
    rows = []
    for option in settings.options().values():
        origin = config.origins[option.name]
        if origin != settings.DEFAULT:
            rows.append(f"{option.name} = {_REMOVED if option.secret else _value(config, option.name)}  ({origin})")
    return [*rows, *(f"keys.{action} = {key}" for action, key in config.keys.items())]


def _value(config: Config, name: str) -> object:
    table, _, last = name.rpartition(".")
    return getattr(config.serve if table else config, last)


def _secret_values(config: Config) -> list[str]:
    values = (_value(config, option.name) for option in settings.options().values() if option.secret)
    return [str(value) for value in values if value]


def _environment(variables: Mapping[str, str]) -> list[str]:
    ours = sorted(name for name in variables if name.startswith("IMAGECHAT_"))
    told = [
        f"{name}: {'set' if name in _TOLD_BY_NAME else variables[name]}" for name in _VARIABLES if variables.get(name)
    ]
    return [*told, *(f"{name}: set" for name in ours)]


def _log_tail(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8", errors="replace").splitlines()[-LOG_LINES:]
    except OSError:
        return ["there is no log"]


def _redacted(text: str, *, secrets: Iterable[str], variables: Mapping[str, str]) -> str:
    text = plain.block(_BOARDS.sub(rf"\1{_REMOVED}", log.redacted(text)))
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, _REMOVED)
    home = variables.get("HOME", "").rstrip("/")
    if home:
        text = text.replace(home, "~")
    for name in {variables.get("USER", ""), variables.get("LOGNAME", ""), Path(home).name}:
        if len(name) >= _SHORT_NAME:
            text = re.sub(rf"\b{re.escape(name)}\b", "[user]", text)
    return text
