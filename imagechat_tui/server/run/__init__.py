"""Runs the server: as a process of its own (``serve``) or inside another program's event loop (``running``)."""

import asyncio
from collections.abc import Callable

from imagechat_tui.server.run.serving import Running, running, serve_until_ended
from imagechat_tui.server.settings import Settings

__all__ = ["Running", "running", "serve"]


def serve(settings: Settings, *, ready: Callable[[Running], None] | None = None) -> int:
    """Serve until SIGTERM or SIGINT; the process's exit code. Blocks.

    Args:
        settings: What the operator decided.
        ready: Called once connections are accepted, for words to the operator.

    Raises:
        UserError: It cannot start; the sentence says why and what to do.
    """
    import uvloop  # noqa: PLC0415 - not there on every system

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve_until_ended(settings, ready=ready))
    return 0
