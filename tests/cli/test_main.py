"""The door: help, version, wrong use, pipes that close, and what is never loaded on the way."""

import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from imagechat_tui import __version__, config, i18n
from imagechat_tui.cli import overview
from imagechat_tui.cli.main import main
from imagechat_tui.cli.root import group
from tests.cli.commands import COMMAND, environment, imagechat


def test_help_is_the_overview(tmp_path: Path) -> None:
    """Every command with its sentence, on stdout."""
    ended = imagechat(tmp_path, "--help")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == overview.text()
    for entry in overview.COMMANDS.values():
        assert f"  {entry.name} " in ended.out
        assert entry.summary in ended.out


@pytest.mark.parametrize("language", i18n.languages())
def test_help_fits_a_narrow_terminal(language: str) -> None:
    """80 columns hold every line, in every language."""
    i18n.choose(language)
    assert max(len(line) for line in overview.text().splitlines()) <= 80


def test_help_loads_next_to_nothing(tmp_path: Path) -> None:
    """Not even the library that parses commands: it costs more than the interpreter."""
    code = (
        "import sys; sys.argv[1:] = ['--help']\n"
        "from imagechat_tui.cli.main import main\n"
        "main(); print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run(
        [COMMAND[0], "-c", code], capture_output=True, text=True, check=True, env=environment(tmp_path), cwd=tmp_path
    )
    loaded = set(done.stderr.split())
    heavy = {
        "click",
        "msgspec",
        "platformdirs",
        "asyncio",
        "textual",
        "starlette",
        "httpx",
        "sqlalchemy",
        "PIL",
        "rich",
    }
    assert not loaded & heavy
    assert "imagechat_tui.cli.overview" in loaded


def test_every_command_explains_itself() -> None:
    """Its module loads, its help begins with a usage line and a sentence."""
    for name in overview.COMMANDS:
        result = CliRunner().invoke(group, [name, "--help"])
        assert result.exit_code == 0, name
        assert result.output.startswith("Usage:"), name


def test_no_command_loads_the_app_or_the_server_for_its_help(tmp_path: Path) -> None:
    """Also the help of the heaviest ones is quick."""
    code = (
        "import sys\n"
        "from imagechat_tui.cli.main import main\n"
        f"for name in {list(overview.COMMANDS)!r}: assert main([name, '--help']) == 0, name\n"
        "print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run(
        [COMMAND[0], "-c", code], capture_output=True, text=True, check=True, env=environment(tmp_path), cwd=tmp_path
    )
    assert not set(done.stderr.split()) & {"textual", "starlette", "uvicorn", "httpx", "sqlalchemy", "PIL", "numpy"}


def test_version(tmp_path: Path) -> None:
    """One line of data."""
    ended = imagechat(tmp_path, "--version")
    assert (ended.code, ended.out.splitlines()[0]) == (0, f"imagechat {__version__}")


def test_without_a_command_and_without_a_terminal_it_helps_and_fails(tmp_path: Path) -> None:
    """A script that forgot the command must notice; stdout stays empty."""
    ended = imagechat(tmp_path)
    assert (ended.code, ended.out) == (2, "")
    assert "Usage: imagechat" in ended.err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["demoo"], 'There is no command "demoo"; did you mean "demo"?'),
        (["picture.png"], "imagechat open picture.png"),
        (["--frobnicate"], "No such option"),
        (["config", "shw"], "show"),
        (["open"], "imagechat open --help"),
        (["completions", "tcsh"], "tcsh"),
    ],
)
def test_wrong_use_is_one_sentence_and_exit_code_2(
    capsys: pytest.CaptureFixture[str], words: list[str], says: str
) -> None:
    """The sentence says what was meant or where help is."""
    assert main(words) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert says in shown.err
    assert "Traceback" not in shown.err


def test_a_reader_that_leaves_is_no_error(tmp_path: Path) -> None:
    """``imagechat ... | head -1`` ends quietly."""
    with subprocess.Popen(
        [*COMMAND, "--help"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(tmp_path)
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(timeout=30) == 0


def test_an_unexpected_error_is_short_and_names_the_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """No traceback on the screen, all of it in the log, no secret in either."""

    def fail() -> None:
        raise RuntimeError("broken: token=SECRET")

    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setattr(config, "load", fail)
    assert main(["config", "show"]) == 1
    shown = capsys.readouterr()
    log = tmp_path / "imagechat" / "imagechat.log"
    assert str(log) in shown.err
    assert "Traceback" not in shown.err
    assert "SECRET" not in shown.err
    written = log.read_text(encoding="utf-8")
    assert "Traceback" in written
    assert "SECRET" not in written


def test_completions_know_the_commands(tmp_path: Path) -> None:
    """Names come from the overview; nothing is loaded for them."""
    ended = imagechat(
        tmp_path,
        variables={"_IMAGECHAT_COMPLETE": "bash_complete", "COMP_WORDS": "imagechat s", "COMP_CWORD": "1"},
    )
    assert ended.out.split() == ["plain,share", "plain,show", "plain,serve"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completions_are_a_script(capsys: pytest.CaptureFixture[str], shell: str) -> None:
    """Ready to be saved where the shell looks."""
    assert main(["completions", shell]) == 0
    assert "_IMAGECHAT_COMPLETE" in capsys.readouterr().out


def test_interruption_ends_with_130(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Control-C in a command that waits."""

    def interrupted() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(config, "load", interrupted)
    assert main(["config", "show"]) == 130
    assert "Interrupted." in capsys.readouterr().err
