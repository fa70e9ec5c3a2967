"""Manual pages say what help, the key table and the settings say, and roff takes them."""

import re
import subprocess
from pathlib import Path

import click
import pytest

from imagechat_tui import config, i18n
from imagechat_tui.cli import manual, overview
from imagechat_tui.cli.main import main
from imagechat_tui.cli.root import group
from imagechat_tui.plain_mode import commands
from imagechat_tui.tui import keys


def words(page: str) -> str:
    """The page without roff's own signs, in one line."""
    page = page.replace("\\-", "-").replace("\\e", "\\").replace("\\&", "")
    return " ".join(re.sub(r"^\.\w+ ?", "", page, flags=re.MULTILINE).split())


def test_every_command_has_a_page_with_every_flag() -> None:
    """Those of subcommands too."""
    made = manual.pages()
    assert made.keys() == {"imagechat.1", *(f"imagechat-{name}.1" for name in overview.COMMANDS)}
    context = click.Context(group)
    for name in overview.COMMANDS:
        command = group.get_command(context, name)
        assert command is not None
        said = words(made[f"imagechat-{name}.1"])
        for each in (command, *(command.commands.values() if isinstance(command, click.Group) else ())):
            for param in each.params:
                if isinstance(param, click.Option) and not param.hidden:
                    assert param.opts[0] in said, f"{name} {param.opts[0]}"
                    assert " ".join((param.help or "").split()) in said


def test_the_programs_page_has_keys_settings_and_commands() -> None:
    """The same sentences as the help screen, plain mode and README."""
    said = words(manual.pages()["imagechat.1"])
    for _category, rows in keys.by_category():
        for shown, sentence in rows:
            assert f"{shown} {sentence}" in said
    for option in config.options().values():
        assert option.variable in said
        assert option.description in said
    for row in commands.TABLE.values():
        assert commands.usage(row) in said
    for code, sentence in manual.EXIT_CODES:
        assert f"{code} {sentence}" in said


@pytest.mark.parametrize("language", i18n.languages())
def test_roff_takes_every_page_without_a_warning(language: str) -> None:
    """In every language."""
    i18n.choose(language)
    for name, page in manual.pages().items():
        done = subprocess.run(
            ["groff", "-man", "-Tutf8", "-Kutf8", "-ww", "-z"], input=page.encode(), capture_output=True, check=False
        )
        assert (done.returncode, done.stderr.decode()) == (0, ""), name


def test_pages_are_printed_or_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One to stdout, all into a folder; an unknown command has none."""
    assert main(["man", "open"]) == 0
    assert capsys.readouterr().out == manual.pages()["imagechat-open.1"]
    assert main(["man"]) == 0
    assert capsys.readouterr().out.startswith(".TH IMAGECHAT 1")
    folder = tmp_path / "share" / "man1"
    assert main(["man", "--into", str(folder)]) == 0
    assert {path.name for path in folder.iterdir()} == manual.pages().keys()
    capsys.readouterr()
    assert main(["man", "opne"]) == 5
    assert "opne" in capsys.readouterr().err
    (tmp_path / "file").write_text("")
    assert main(["man", "--into", str(tmp_path / "file" / "x")]) == 1
