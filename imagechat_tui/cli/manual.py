"""Manual pages as roff: what commands, flags, settings, keys and plain mode say of themselves, in one's language.

It declares nothing of its own, so that no page can lie; it writes no file.
"""

import inspect
import re
from collections.abc import Iterator, Sequence

import click

from imagechat_tui import __version__
from imagechat_tui import config as settings
from imagechat_tui.cli import overview
from imagechat_tui.i18n import N_, _

EXIT_CODES = (
    (0, N_("Done.")),
    (1, N_("Failed.")),
    (2, N_("Wrong use of a command, flag or setting.")),
    (3, N_("The server cannot be reached; trying again may help.")),
    (4, N_("Not allowed.")),
    (5, N_("What was named does not exist.")),
    (130, N_("Interrupted.")),
)
"""What a command can end with."""


def pages() -> dict[str, str]:
    """Every page by the name of its file: the program's, and one for each command."""
    from imagechat_tui.cli.root import group

    context = click.Context(group, info_name="imagechat")
    made = {"imagechat.1": "".join(_program())}
    for name in overview.COMMANDS:
        command = group.get_command(context, name)
        if command is not None:
            made[f"imagechat-{name}.1"] = "".join(_command(name, command, context))
    return made


# The program -----------------------------------------------------------------------------------------------------


def _program() -> Iterator[str]:
    yield _title("IMAGECHAT")
    yield _section(_("NAME"))
    what = _("Pin conversations on an image, together, in the terminal.")
    yield f"imagechat \\- {_text(_lower(what))}\n"
    yield _section(_("SYNOPSIS"))
    yield ".B imagechat\n[COMMAND] [OPTIONS]\n"
    yield _section(_("DESCRIPTION"))
    yield _paragraphs(_("Without a command: the boards you looked at last."))
    yield _section(_("COMMANDS"))
    for title, entries in overview.SECTIONS.items():
        yield f".SS {_text(_(title))}\n"
        yield from (_item(f"imagechat-{entry.name}(1)", _(entry.summary)) for entry in entries)
    yield from _keys()
    yield from _plain_mode()
    yield from _settings()
    yield from _ends()


def _keys() -> Iterator[str]:
    from imagechat_tui.tui.keys import by_category

    yield _section(_("KEYS"))
    for category, rows in by_category():
        yield f".SS {_text(category)}\n"
        yield from (_item(keys, sentence) for keys, sentence in rows)


def _plain_mode() -> Iterator[str]:
    from imagechat_tui.plain_mode import commands, sentences

    yield _section(_("PLAIN MODE"))
    yield _paragraphs(_(settings.options()["plain"].description))
    for row in commands.TABLE.values():
        usage, _colon, explained = sentences.explained(row).partition(": ")
        yield _item(usage, explained)


def _settings() -> Iterator[str]:
    yield _section(_("SETTINGS"))
    for option in settings.options().values():
        facts = [option.variable]
        if option.choices:
            facts.append(", ".join(option.choices))
        yield _item(option.name, f"{_(option.description)} [{'; '.join(facts)}]")
    yield _section(_("FILES"))
    yield _item("config.toml", _("Your settings; imagechat config path says where it is."))
    yield _item(settings.PROJECT_FILE_NAME, _("Settings of a project, at or above the working directory."))


def _ends() -> Iterator[str]:
    yield _section(_("EXIT STATUS"))
    yield from (_item(str(code), _(sentence)) for code, sentence in EXIT_CODES)


# A command -------------------------------------------------------------------------------------------------------


def _command(name: str, command: click.Command, above: click.Context) -> Iterator[str]:
    context = click.Context(command, info_name=name, parent=above)
    yield _title(f"IMAGECHAT-{name.upper()}")
    yield _section(_("NAME"))
    yield f"imagechat-{name} \\- {_text(_lower(_(overview.COMMANDS[name].summary)))}\n"
    yield _section(_("SYNOPSIS"))
    yield _synopsis(f"imagechat {name}", command, context)
    yield _section(_("DESCRIPTION"))
    yield _paragraphs(command.help or "")
    yield from _options(command, context)
    if isinstance(command, click.Group):
        yield _section(_("COMMANDS"))
        for inner in command.commands.values():
            inside = click.Context(inner, info_name=inner.name, parent=context)
            yield f".SS {_text(inner.name or '')}\n"
            yield _synopsis(f"imagechat {name} {inner.name}", inner, inside)
            yield ".PP\n" + _paragraphs(inner.help or "")
            yield from (_item(*record) for record in _records(inner, inside))
    yield _section(_("SEE ALSO"))
    yield ".BR imagechat (1)\n"


def _options(command: click.Command, context: click.Context) -> Iterator[str]:
    yield _section(_("OPTIONS"))
    yield from (_item(*record) for record in _records(command, context))


def _records(command: click.Command, context: click.Context) -> Iterator[tuple[str, str]]:
    for param in command.get_params(context):
        record = param.get_help_record(context)
        if record is not None and record[1]:
            yield record


def _synopsis(words: str, command: click.Command, context: click.Context) -> str:
    return f".B {_text(words)}\n{_text(' '.join(command.collect_usage_pieces(context)))}\n"


# roff ------------------------------------------------------------------------------------------------------------


def _title(name: str) -> str:
    return f'.TH {_text(name)} 1 "" "imagechat {__version__}"\n'


def _section(name: str) -> str:
    return f".SH {_text(name)}\n"


def _item(term: str, sentence: str) -> str:
    return f".TP\n.B {_text(term)}\n{_text(sentence)}\n"


def _paragraphs(text: str) -> str:
    paragraphs: Sequence[str] = inspect.cleandoc(text).split("\n\n")
    return ".PP\n".join(_paragraph(each) for each in paragraphs)


def _paragraph(text: str) -> str:
    """One paragraph; click marks those whose lines are to stay with a backspace."""
    if text.startswith("\b\n"):
        return ".nf\n" + "".join(f"{_text(line)}\n" for line in text.splitlines()[1:]) + ".fi\n"
    return _text(" ".join(text.split())) + "\n"


def _text(words: str) -> str:
    """Words that roff takes for nothing else; a hyphen stays one that can be searched and copied."""
    words = words.replace("\\", "\\e").replace("-", "\\-")
    return re.sub(r"^(['.])", r"\\&\1", words, flags=re.MULTILINE)


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:].removesuffix(".")
