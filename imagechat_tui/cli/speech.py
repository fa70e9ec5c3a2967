"""The reader's language for everything that click says: sentences of our commands and flags, and click's own.

Sentences are written in English where a command is declared; they are translated when the command is about to run.
"""

import inspect
import re
from collections.abc import Iterator
from typing import Final

import click

from imagechat_tui.i18n import N_, _, ngettext

CLICK: Final = (
    N_("Usage:"),
    N_("Options"),
    N_("Commands"),
    N_("Aborted!"),
    N_("default: {default}"),
    N_("required"),
    N_("Show this message and exit."),
    N_("Missing argument"),
    N_("Missing option"),
    N_("Missing parameter"),
    N_("Missing command."),
    N_("Invalid value for {param_hint}: {message}"),
    N_("Invalid value: {message}"),
    N_("Error: {message}"),
    N_("No such option {name!r}."),
    N_("No such command {name!r}."),
    N_("Option {name!r} does not take a value."),
    N_("{value} is not in the range {range}."),
    N_("{value!r} is not a valid {number_type}."),
    N_("{name} {filename!r} is a directory."),
    N_("{name} {filename!r} does not exist."),
    N_("Choose from:\n\t{choices}"),
)
"""What click says to people in one form only; it looks them up in the catalogue that ``language.follow`` gives it."""


def click_forms(count: int) -> tuple[str, ...]:
    """What click says in a form for each number."""
    return (
        ngettext("Got unexpected extra argument ({args})", "Got unexpected extra arguments ({args})", count),
        ngettext("Option {name!r} requires an argument.", "Option {name!r} requires {nargs} arguments.", count),
        ngettext("{value!r} is not {choice}.", "{value!r} is not one of {choices}.", count),
        ngettext("Did you mean {possibility}?", "(Did you mean one of: {possibilities}?)", count),
    )


_FACTS: Final = re.compile(r"(.*) \[(IMAGECHAT_[A-Z_]+)(?:; default: (.*))?\]", re.DOTALL)
_sentences: dict[click.Command | click.Option, str] = {}


def translated(command: click.Command) -> click.Command:
    """The command itself, its sentences and those of its flags and subcommands in the reader's language."""
    for part in _parts(command):
        original = _sentences.setdefault(part, inspect.cleandoc(part.help or ""))
        if original:
            part.help = _with_facts(original)
    return command


def _parts(command: click.Command) -> Iterator[click.Command | click.Option]:
    yield command
    yield from (param for param in command.params if isinstance(param, click.Option))
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            yield from _parts(inner)


def _with_facts(sentence: str) -> str:
    """A flag's sentence ends with its variable and default, which are no words."""
    found = _FACTS.fullmatch(sentence)
    if found is None:
        return _(sentence)
    words, variable, default = found.groups()
    said = "; " + _("default: {default}").format(default=default) if default else ""
    return f"{_(words)} [{variable}{said}]"
