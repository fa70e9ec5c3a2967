"""Runs a command that gets SIGINT at one exact moment: ``python -m tests.cli.interrupted MODULE:FUNCTION:N WORDS…``.

The signal comes, as from ctrl+c, when the function is called the Nth time, before it does anything. It is a process of
its own, so that what ends it is the real way of ending.
"""

import importlib
import signal
import sys
import threading
from collections.abc import Callable
from typing import Any


def armed(moment: str) -> Callable[[], bool]:
    """See to it that the signal comes at this moment; tells afterwards whether there was such a moment."""
    module_name, name, number = moment.split(":")
    owner: Any = importlib.import_module(module_name)
    *way, name = name.split(".")
    for step in way:
        owner = getattr(owner, step)
    real = getattr(owner, name)
    left = int(number)

    def called(*args: Any, **kwargs: Any) -> Any:
        nonlocal left
        left -= 1
        if not left:
            # To the thread that handles it, whichever this one is: it may be waiting for this one.
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
        return real(*args, **kwargs)

    setattr(owner, name, called)
    return lambda: left <= 0


if __name__ == "__main__":
    from imagechat_tui.cli.main import main

    came = armed(sys.argv[1])
    code = main(sys.argv[2:])
    sys.exit(code if came() else f"{sys.argv[1]} never came; the command ended with {code}")
