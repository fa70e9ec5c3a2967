"""The entry point: answers ``--help`` and ``--version`` by itself, hands everything else to the commands.

Loads nothing that those two answers do not need.
"""

import sys
from collections.abc import Sequence


def main(args: Sequence[str] | None = None) -> int:
    """Run one command line (``sys.argv`` by default) and return its exit code; never lets an exception out."""
    words = list(sys.argv[1:] if args is None else args)
    try:
        if words in (["--help"], ["-h"], ["help"]):
            from imagechat_tui.cli import overview
            from imagechat_tui.cli.language import early

            early(words)
            sys.stdout.write(overview.text())
        elif words == ["--version"]:
            from imagechat_tui.cli import building

            sys.stdout.write(building.text())
        else:
            from imagechat_tui.cli.root import run

            return run(words)
        sys.stdout.flush()
    except BrokenPipeError:
        return leave_pipe()
    return 0


def leave_pipe() -> int:
    """The reader of stdout has left: so do we, and the interpreter's last flush must not complain."""
    import os

    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0
