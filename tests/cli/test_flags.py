"""Flags made from declarations: names, types and sentences are those of the settings."""

import click
import pytest
from click.testing import CliRunner

from imagechat_tui import config as settings
from imagechat_tui.cli import flags, looking
from imagechat_tui.config import Config
from imagechat_tui.errors import UsageError

seen: list[Config] = []


def command(*names: str) -> click.Command:
    """A command that keeps the settings it was given."""

    def keep(*, config: Config) -> None:
        seen.append(config)

    return click.command()(flags.with_settings(*names)(keep))


@pytest.mark.parametrize(
    ("words", "value"),
    [
        (["--server", "https://x"], ("server", "https://x")),
        (["--no-mouse"], ("mouse", False)),
        (["--mouse"], ("mouse", True)),
        (["--readonly"], ("readonly", True)),
        (["--marker-size", "2.5"], ("marker_size", 2.5)),
        (["--mode", "half"], ("mode", "half")),
        (["--max-reply-depth", "2"], ("max_reply_depth", 2)),
        (["--url-id", "board"], ("url_id", "board")),
        (["--locale", "sl"], ("locale", "sl")),
        (["--on-count", "wall"], ("on_count", "wall")),
    ],
)
def test_a_flag_sets_its_option(words: list[str], value: tuple[str, object]) -> None:
    """And says that it did."""
    name, expected = value
    result = CliRunner().invoke(command("server", "url_id", *looking.APP_OPTIONS), words)
    assert result.exit_code == 0, result.output
    assert getattr(seen[-1], name) == expected
    assert seen[-1].origins[name].startswith("--")


def test_help_names_the_variable_and_the_default() -> None:
    """Everything that can be set is found by reading help."""
    result = CliRunner().invoke(command(*settings.options()), ["--help"])
    words = " ".join(result.output.split())
    for option in settings.options().values():
        assert option.variable in words
        assert option.flag in words
    assert "default: 8787" in words


def test_a_wrong_number_is_refused_before_the_command_runs() -> None:
    """With the flag's name."""
    before = len(seen)
    result = CliRunner().invoke(command("serve.port"), ["--port", "many"])
    assert isinstance(result.exception, UsageError)
    assert "--port" in str(result.exception)
    assert len(seen) == before
