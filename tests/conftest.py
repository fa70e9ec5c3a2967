"""What holds for the whole suite.

Nothing is skipped where everything should run, no secret stands in any log, and no server says anything to clients of
the contract that is not as published.
"""

import os
import signal
from collections.abc import Iterator

import pytest

from imagechat_tui import i18n
from tests.support.judge import judge
from tests.support.vigil import RECORDS, vigil

_skipped: list[str] = []


@pytest.fixture(scope="session", autouse=True)
def no_secret_in_any_log(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """At the end of the run, the logs of everything that ran are searched for every secret that anybody was given."""
    folder = tmp_path_factory.getbasetemp()
    with vigil.over(folder / RECORDS):
        yield
    leaks = vigil.leaks_below(folder)
    assert not leaks, f"{len(leaks)} secrets in logs, the first ones: {leaks[:20]}"


@pytest.fixture(scope="session", autouse=True)
def servers_are_watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What any server says from the first test to the last; after that, what was said when no test ran any longer."""
    with judge.over(tmp_path_factory.mktemp("said")):
        yield
        wrong = judge.verdict()
    assert not wrong, _not_as_published(wrong)


@pytest.fixture(autouse=True)
def as_published() -> Iterator[None]:
    """What servers said during this test, to its very end, is what official clients expect."""
    yield
    wrong = judge.verdict()
    assert not wrong, _not_as_published(wrong)


def _not_as_published(wrong: list[str]) -> str:
    return "\n".join([f"{len(wrong)} things that a server said are not as published:", *wrong[:20]])


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every test begins in English, whatever the developer's own language, and leaves no other one behind."""
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")
    i18n.choose(None)
    yield
    i18n.choose(None)


def pytest_configure() -> None:
    """A script that runs the tests in its background has told them to ignore ctrl+c; what they start must not."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Remember what did not run, and why."""
    if report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        _skipped.append(f"{report.nodeid}: {reason}")


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """With ``CI`` set, PostgreSQL, Redis and all tools are there: nothing may be left out."""
    if os.environ.get("CI") and _skipped and exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say so."""
    if os.environ.get("CI") and _skipped:
        terminalreporter.section("skipped although everything should run", red=True)
        for line in _skipped:
            terminalreporter.write_line(line)
