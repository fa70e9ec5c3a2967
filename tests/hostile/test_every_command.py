"""Every command and option that there is, asked of click itself, with hostile words: a new one cannot be forgotten.

What others, servers and databases say to commands is played in ``test_words_on_terminals.py``; here everything a person
may have pasted goes in, and the list of commands says where foreign data of each is tested.
"""

import json
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from imagechat_tui.cli.root import group
from imagechat_tui.server.settings import DATABASE_FILE
from imagechat_tui.server.store import tenants, users
from imagechat_tui.server.store.database import Database
from tests.cli.commands import COMMAND, environment, imagechat
from tests.hostile import test_words_on_terminals
from tests.hostile.corpus import ATTACKS, leaks

_WORDS = (
    ATTACKS["title"]
    + ATTACKS["c1"]
    + ATTACKS["bidi"]
    + ATTACKS["clipboard"]
    + ATTACKS["combining"][:40]
    + "[bold]x[/] %s {0}"
).replace("/", "")
_SECONDS = 60

FOREIGN = {
    ("show",): "test_commands_print_a_hostile_board_as_words",
    ("open",): "test_the_app_shows_a_hostile_board_as_words",
    ("share",): "test_hostile_words_of_ones_own_come_back_as_words",
    ("login",): "test_a_hostile_server_gets_words_at_most",
    ("whoami",): "test_a_hostile_server_gets_words_at_most",
    ("usage",): "test_a_hostile_server_gets_words_at_most",
    ("doctor",): "test_a_hostile_server_gets_words_at_most",
    ("logout",): "test_commands_print_a_hostile_board_as_words",
    ("serve",): "test_the_servers_log_of_hostile_requests_is_lines_of_words",
    ("tenant", "list"): "test_operators_commands_print_hostile_rows_as_words",
    ("tenant", "add"): "test_operators_commands_print_hostile_rows_as_words",
    ("tenant", "remove"): "test_operators_commands_print_hostile_rows_as_words",
    ("tenant", "rotate-key"): "test_operators_commands_print_hostile_rows_as_words",
    ("invite",): "test_operators_commands_print_hostile_rows_as_words",
    ("config", "show"): "test_hostile_words_of_ones_own_come_back_as_words",
}
"""Commands that print what somebody else said, and the test that makes somebody else say it."""
HERE = {("tenant", "users"), ("tenant", "remove-user"), ("tenant", "set")}
OWN_WORDS = {
    ("demo",),
    ("backup",),
    ("restore",),
    ("config", "path"),
    ("config", "validate"),
    ("man",),
    ("completions",),
}
"""Commands that print nothing but our words and those of their own command line."""


def _leaves(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    if not isinstance(command, click.Group):
        yield path, command
        return
    context = click.Context(command)
    for name in command.list_commands(context):
        found = command.get_command(context, name)
        assert found is not None
        yield from _leaves(found, (*path, name))


COMMANDS = dict(_leaves(group))


def _lines(path: tuple[str, ...], command: click.Command, tried: set[str]) -> Iterator[list[str]]:
    """Lines of this command: its arguments hostile, and then one option after another that no line had before."""
    arguments = [one for one in command.params if isinstance(one, click.Argument)]
    options = [one for one in command.params if isinstance(one, click.Option) and not one.is_flag]
    needed = [word for one in options if one.required for word in (one.opts[0], "word")]
    if arguments:
        yield [*path, *needed, *([_WORDS] * len(arguments))]
    for option in options:
        if option.opts[0] not in tried:
            tried.add(option.opts[0])
            yield [*path, *needed, option.opts[0], _WORDS, *(["word"] * len(arguments))]


def _all_lines() -> Iterator[list[str]]:
    tried: set[str] = set()
    for path, command in COMMANDS.items():
        yield from _lines(path, command, tried)


def test_every_command_says_where_its_foreign_words_are_tested() -> None:
    """A new command is placed before it lands, and the tests exist."""
    assert set(COMMANDS) == set(FOREIGN) | HERE | OWN_WORDS
    assert all(hasattr(test_words_on_terminals, name) for name in FOREIGN.values())


def test_every_argument_and_option_is_tried() -> None:
    """Each at least once."""
    options = {
        one.opts[0]
        for command in COMMANDS.values()
        for one in command.params
        if isinstance(one, click.Option) and not one.is_flag
    }
    assert options <= {word for line in _all_lines() for word in line}


@pytest.mark.parametrize("line", list(_all_lines()), ids=lambda line: " ".join(word for word in line if word != _WORDS))
def test_hostile_words_on_the_command_line_come_back_as_words(tmp_path: Path, line: list[str]) -> None:
    """Whatever comes of them; never a traceback, and nothing raw in what is written beside the terminal."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        # A server that could start would not end.
        busy = ["--port", str(taken.getsockname()[1])] if line[0] == "serve" and "--port" not in line else []
        done = subprocess.run(
            [*COMMAND, *line, *busy],
            stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=_SECONDS, env=environment(tmp_path),
            cwd=tmp_path,
        )  # fmt: skip
    raw = done.stdout + done.stderr
    assert b"Traceback" not in raw, raw
    assert b"failed unexpectedly" not in raw, raw
    assert not (found := leaks(raw, color=False)), found
    for file in tmp_path.rglob("*.log*"):
        if file.is_file():
            assert not leaks(file.read_bytes(), color=False), file


async def test_users_with_hostile_names_are_listed_and_removed_as_words(tmp_path: Path) -> None:
    """As a table and as data."""
    data = tmp_path / "data"
    data.mkdir()
    database = Database(f"sqlite:///{data / DATABASE_FILE}")
    await database.open()
    person = users.User(id=f"acme:{_WORDS}", username=_WORDS, display_name=_WORDS, role="member")
    await database.write(lambda tx: tenants.add(tx, "acme", secret="s", now_ms=1))
    await database.write(lambda tx: users.see(tx, "acme", person, now_ms=1))
    await database.close()
    gone = ("remove-user", "acme", _WORDS)
    for words in (("users", "acme"), ("users", "acme", "--json"), gone, ("set", "acme", "--simple-sso")):
        ended = imagechat(tmp_path, "tenant", *words, "--data", str(data))
        assert ended.code == 0, ended
        assert not (found := leaks((ended.out + ended.err).encode(), color=False)), found
        if "--json" in words:
            assert json.loads(ended.out)[0]["name"] == _WORDS
