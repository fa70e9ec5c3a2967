"""What this copy of the program is made of: version, commit, day of its build, Python, system. Loads little."""

import json
import platform
import subprocess
import sys
from pathlib import Path
from typing import Final

from imagechat_tui import __version__

_PACKAGE: Final = Path(__file__).parent.parent
_FILE: Final = _PACKAGE / "build.json"
"""Written while a wheel is built; a checkout has none."""

_GIT_SECONDS: Final = 5.0


def text() -> str:
    """What ``imagechat --version`` prints: the version on the first line, for programs; the rest below, for people."""
    return f"imagechat {__version__}\n{', '.join(facts())}\n"


def facts() -> list[str]:
    """Commit and day of the build as far as they are known, Python, system."""
    commit, built = _origin()
    known = [f"commit {commit}"] if commit else []
    known += [f"built {built}"] if built else []
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return [*known, python, f"{sys.platform} {platform.machine()}"]


def _origin() -> tuple[str, str]:
    try:
        written = json.loads(_FILE.read_text(encoding="ascii"))
        return str(written["commit"]), str(written["built"])
    except (OSError, ValueError, KeyError, TypeError):
        return _checkout(), ""


def _checkout() -> str:
    """The commit of a checkout, with ``-dirty`` when something was changed since; empty elsewhere."""
    if not (_PACKAGE.parent / ".git").exists():
        return ""
    asked = ("git", "-C", str(_PACKAGE.parent), "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*")
    try:
        told = subprocess.run(asked, capture_output=True, text=True, check=False, timeout=_GIT_SECONDS)
    except (OSError, subprocess.SubprocessError):
        return ""
    return told.stdout.strip()
