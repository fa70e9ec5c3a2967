"""Every command with its sentence: the one table behind ``imagechat --help``, the lazy group and completions.

Knows no click, so that help answers at the speed of the interpreter; never loads a command.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from imagechat_tui.i18n import N_, _


class Entry(NamedTuple):
    """One command. Its module is ``imagechat_tui.cli.<name>`` and holds ``command``."""

    name: str
    summary: str


SECTIONS: Final[dict[str, tuple[Entry, ...]]] = {
    N_("Look and talk"): (
        Entry("demo", N_("Try everything at once: a sample mockup and lively reviewers.")),
        Entry("open", N_("Open pictures (file, address, - for stdin) or board links.")),
        Entry("share", N_("Upload a picture and print a link that others can open.")),
        Entry("show", N_("Print a picture, with its markers if asked, and leave.")),
    ),
    N_("Who you are"): (
        Entry("login", N_("Sign in with an invitation link or an SSO payload.")),
        Entry("logout", N_("Forget the session of a server.")),
        Entry("whoami", N_("Say which server and identity are used.")),
        Entry("usage", N_("Show messages, bytes and conversations by day.")),
    ),
    N_("Run a server"): (
        Entry("serve", N_("Run the server.")),
        Entry("tenant", N_("Add, change, list, remove tenants; rotate keys; send users away.")),
        Entry("invite", N_("Print a link that signs one person in, once.")),
        Entry("backup", N_("Copy the server's data into one file, also while it runs.")),
        Entry("restore", N_("Put a backup back.")),
    ),
    N_("This program"): (
        Entry("config", N_("Show where settings are, which ones hold, and why.")),
        Entry("doctor", N_("Check terminal, server, folders and versions.")),
        Entry("man", N_("Print manual pages.")),
        Entry("completions", N_("Print completions for bash, zsh or fish.")),
    ),
}

COMMANDS: Final[dict[str, Entry]] = {entry.name: entry for section in SECTIONS.values() for entry in section}


def text() -> str:
    """What ``imagechat --help`` prints."""
    width = max(map(len, COMMANDS))
    lines = [
        _("Usage:") + " imagechat [COMMAND] [OPTIONS]",
        "",
        _("Pin conversations on an image, together, in the terminal."),
        _("Without a command: the boards you looked at last."),
    ]
    for title, entries in SECTIONS.items():
        lines += ["", f"{_(title)}:", *_columns([(entry.name, _(entry.summary)) for entry in entries], width)]
    options = [
        ("--plain", _("Lines of words instead of a screen; also for open and demo.")),
        ("--version", _("Show the version and leave.")),
        ("--help", _("Show this text and leave.")),
    ]
    hints = [(_("First time here?"), "imagechat demo"), (_("Help for a command:"), "imagechat COMMAND --help")]
    aside = max(len(words) for words, _command in hints)
    return "\n".join(
        [
            *lines,
            "",
            _("Options:"),
            *_columns(options, width),
            "",
            *(f"{words:{aside}}   {command}" for words, command in hints),
            "",
        ]
    )


def _columns(rows: Sequence[tuple[str, str]], width: int) -> list[str]:
    return [f"  {left:{width}}  {right}" for left, right in rows]
