"""Every command with its sentence: the one table behind ``imagechat --help``, the lazy group and completions.

Knows no click, so that help answers at the speed of the interpreter; never loads a command.
"""

from typing import Final, NamedTuple


class Entry(NamedTuple):
    """One command. Its module is ``imagechat_tui.cli.<name>`` and holds ``command``."""

    name: str
    summary: str


SECTIONS: Final[dict[str, tuple[Entry, ...]]] = {
    "Look and talk": (
        Entry("demo", "Try everything at once: a sample mockup and lively reviewers."),
        Entry("open", "Open pictures (file, address, - for stdin) or board links."),
        Entry("share", "Upload a picture and print a link that others can open."),
        Entry("show", "Print a picture, with its markers if asked, and leave."),
    ),
    "Who you are": (
        Entry("login", "Sign in with an invitation link or an SSO payload."),
        Entry("logout", "Forget the session of a server."),
        Entry("whoami", "Say which server and identity are used."),
        Entry("usage", "Show messages, bytes and conversations by day."),
    ),
    "Run a server": (
        Entry("serve", "Run the server."),
        Entry("tenant", "Add, change, list and remove tenants; rotate keys; send users away."),
        Entry("invite", "Print a link that signs one person in, once."),
        Entry("backup", "Copy the server's data into one file, also while it runs."),
        Entry("restore", "Put a backup back."),
    ),
    "This program": (
        Entry("config", "Show where settings are, which ones hold, and why."),
        Entry("doctor", "Check terminal, server, folders and versions."),
        Entry("completions", "Print completions for bash, zsh or fish."),
    ),
}

COMMANDS: Final[dict[str, Entry]] = {entry.name: entry for section in SECTIONS.values() for entry in section}


def text() -> str:
    """What ``imagechat --help`` prints."""
    width = max(map(len, COMMANDS))
    lines = [
        "Usage: imagechat [COMMAND] [OPTIONS]",
        "",
        "Pin conversations on an image, together, in the terminal.",
        "Without a command: the boards you looked at last.",
    ]
    for title, entries in SECTIONS.items():
        lines += ["", f"{title}:", *(f"  {entry.name:{width}}  {entry.summary}" for entry in entries)]
    return "\n".join(
        [
            *lines,
            "",
            "Options:",
            f"  {'--plain':{width}}  Lines of words instead of a screen; also for open and demo.",
            f"  {'--version':{width}}  Show the version and leave.",
            f"  {'--help':{width}}  Show this text and leave.",
            "",
            "First time here?      imagechat demo",
            "Help for a command:   imagechat COMMAND --help",
            "",
        ]
    )
