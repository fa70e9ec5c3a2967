"""Completions, in the shells that are here and by the protocol of those that are not."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.commands import environment, imagechat

SHELLS = ("bash", "zsh", "fish")
ASKS = {
    # Each loads the script as a person would, types, and prints what is offered.
    "bash": """
        source "$1"
        COMP_WORDS=({words}); COMP_CWORD={place}
        _imagechat_completion imagechat
        printf '%s\\n' "${{COMPREPLY[@]}}"
    """,
    "zsh": """
        autoload -U compinit; compinit -u -D
        compadd() {{ print -l -- $completions $completions_with_descriptions }}
        _describe() {{ print -l -- ${{(P)${{@[-1]}}}} }}
        source "$1"
        words=({words}); CURRENT={place}+1
        _imagechat_completion
    """,
    "fish": """
        source $argv[1]
        complete -C "{words}"
    """,
}
HERE = [shell for shell in SHELLS if shutil.which(shell)]


@pytest.fixture
def program(tmp_path: Path) -> dict[str, str]:
    """An environment in which ``imagechat`` is this program."""
    folder = tmp_path / "bin"
    folder.mkdir()
    script = folder / "imagechat"
    script.write_text(f'#!/bin/sh\nexec {sys.executable} -m imagechat_tui "$@"\n')
    script.chmod(0o755)
    found = environment(tmp_path)
    return {**found, "PATH": f"{folder}{os.pathsep}{found['PATH']}"}


@pytest.mark.parametrize("shell", HERE)
@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (("imagechat", "de"), {"demo"}),
        (("imagechat", "co"), {"config", "completions"}),
        (("imagechat", "config", "v"), {"validate"}),
        (("imagechat", "open", "--the"), {"--theme"}),
        (("imagechat", "open", "--theme", "li"), {"light"}),
    ],
)
def test_a_shell_completes(
    shell: str, words: tuple[str, ...], offered: set[str], program: dict[str, str], tmp_path: Path
) -> None:
    """Commands, subcommands, flags and their values."""
    script = tmp_path / f"completions.{shell}"
    script.write_text(imagechat(tmp_path, "completions", shell).out)
    typed = ASKS[shell].format(words=" ".join(words), place=len(words) - 1)
    start = [shell, "-c", typed, *([] if shell == "fish" else ["shell"]), str(script)]
    done = subprocess.run(start, capture_output=True, text=True, check=False, env=program, cwd=tmp_path, timeout=60)
    assert done.stderr == ""
    assert {line.split()[0] for line in done.stdout.splitlines() if line.strip()} == offered


@pytest.mark.parametrize("shell", SHELLS)
def test_the_program_answers_each_shell_in_its_own_form(shell: str, program: dict[str, str], tmp_path: Path) -> None:
    """What the scripts ask for; the sentences of help come along where the shell shows them."""
    asked = {"_IMAGECHAT_COMPLETE": f"{shell}_complete", "COMP_WORDS": "imagechat de", "COMP_CWORD": "1"}
    if shell == "fish":
        asked["COMP_CWORD"] = "de"
    done = subprocess.run(
        ["imagechat"], capture_output=True, text=True, check=False, env={**program, **asked}, cwd=tmp_path, timeout=60
    )
    assert "demo" in done.stdout
    if shell != "bash":
        assert "sample mockup" in done.stdout


@pytest.mark.parametrize("shell", SHELLS)
def test_a_script_is_printed_for_each_shell(shell: str, tmp_path: Path) -> None:
    """And for no other."""
    assert "_IMAGECHAT_COMPLETE" in imagechat(tmp_path, "completions", shell).out
    assert imagechat(tmp_path, "completions", "tcsh").code == 2
