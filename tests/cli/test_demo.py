"""``imagechat demo --no-app``, as a script or a curious person runs it."""

import json
import os
import signal
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.commands import COMMAND, environment, imagechat
from tests.support.vigil import vigil

ENDS_WITHIN = 20


@contextmanager
def demo(home: Path, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    """A running demo whose temporary files are in ``home``."""
    process = subprocess.Popen(
        [*COMMAND, "demo", "--no-app", "--seed", "1", "--pause", "0.1", *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(home, TMPDIR=str(home)),
        cwd=home,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def first_line(process: subprocess.Popen[bytes]) -> dict[str, str]:
    """What it prints when everything is ready."""
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line, process.stderr.read().decode() if process.stderr else ""
    facts: dict[str, str] = json.loads(line)
    vigil.keep_all_in(facts)
    return facts


def read(url: str) -> dict[str, object]:
    """A JSON answer."""
    with urllib.request.urlopen(url, timeout=30) as answer:  # noqa: S310 - a loopback address
        found: dict[str, object] = json.load(answer)
        return found


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_it_prints_the_way_in_and_leaves_nothing(tmp_path: Path, number: int, code: int) -> None:
    """One JSON object, a server that answers, reviewers at work; a signal ends all of it."""
    with demo(tmp_path) as process:
        facts = first_line(process)
        assert set(facts) == {"link", "server", "tenant", "urlId", "secret"}
        assert facts["server"].startswith("http://127.0.0.1:")
        assert facts["link"].startswith(facts["server"])
        assert read(f"{facts['server']}/healthz")["status"] == "success"
        board = read(f"{facts['server']}/imagechat/v1/boards/{facts['tenant']}?urlId={facts['urlId']}")
        markers = board["markers"]
        assert isinstance(markers, list)
        assert len(markers) >= 4
        process.send_signal(number)
        out, err = process.communicate(timeout=ENDS_WITHIN)
        assert (process.returncode, out, err) == (code, b"", b"")
    assert not list(tmp_path.glob("imagechat-demo-*"))


def test_an_embedded_demo_ends_with_its_owner(tmp_path: Path) -> None:
    """Even one that was killed: its end of the pipe closes."""
    with demo(tmp_path, "--until-stdin-closes") as process:
        first_line(process)
        process.communicate(timeout=ENDS_WITHIN)
        assert process.returncode == 0
    assert not list(tmp_path.glob("imagechat-demo-*"))


def test_a_signal_during_the_start_leaves_nothing_either(tmp_path: Path) -> None:
    """Impatience is no reason for leftovers."""
    with demo(tmp_path) as process:
        while not list(tmp_path.glob("imagechat-demo-*")):
            assert process.poll() is None
            os.sched_yield()
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=ENDS_WITHIN)
        assert process.returncode == 130
    assert not list(tmp_path.glob("imagechat-demo-*"))


def test_without_a_terminal_the_app_does_not_open(tmp_path: Path) -> None:
    """One sentence; nothing was started."""
    ended = imagechat(tmp_path, "demo", variables={"TMPDIR": str(tmp_path)})
    assert (ended.code, ended.out) == (2, "")
    assert "needs a terminal" in ended.err
    assert not list(tmp_path.glob("imagechat-demo-*"))
