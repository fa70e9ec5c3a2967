"""Runs the real command in a process of its own, in folders of its own."""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.support.vigil import vigil

ROOT = Path(__file__).parent.parent.parent
COMMAND = (sys.executable, "-m", "imagechat_tui")
INTERRUPTED = (sys.executable, "-m", "tests.cli.interrupted")


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str


def environment(home: Path, **more: str) -> dict[str, str]:
    """The environment of a person who has just installed the program and whose home is ``home``."""
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "TMPDIR") if name in os.environ}
    folders = {f"XDG_{name}_HOME": str(home / name.lower()) for name in ("CONFIG", "DATA", "STATE", "CACHE")}
    runtime = {"XDG_RUNTIME_DIR": str(home / "runtime")}
    return {**kept, **folders, **runtime, "HOME": str(home), "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8", **more}


def imagechat(
    home: Path,
    *words: str,
    stdin: bytes = b"",
    timeout: float = 60,
    variables: Mapping[str, str] | None = None,
    stop_at: str | None = None,
) -> Ended:
    """Run one command to its end, without a terminal; with ``stop_at`` ctrl+c comes then (see ``interrupted``)."""
    command = COMMAND if stop_at is None else (*INTERRUPTED, stop_at)
    done = subprocess.run(
        [*command, *words],
        input=stdin,
        capture_output=True,
        check=False,
        timeout=timeout,
        env=environment(home, **(variables or {})),
        cwd=home,
    )
    vigil.keep_printed(done.stdout.decode(errors="replace"))
    return Ended(done.returncode, done.stdout.decode(), done.stderr.decode())
