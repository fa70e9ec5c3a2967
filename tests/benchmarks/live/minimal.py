"""The least that a Textual app can be: ``python -m tests.benchmarks.live.minimal [ADDRESS]``.

With an address it shows whatever text comes over a WebSocket from there.
"""

import sys

from textual.app import App, ComposeResult
from textual.widgets import Static


class Minimal(App[None]):
    """One line of text."""

    BINDINGS = [("q", "quit", "Quit")]  # noqa: RUF012 - Textual's shape

    def compose(self) -> ComposeResult:
        """The line."""
        yield Static("hello")

    def on_mount(self) -> None:
        """Listen, if there is somebody to listen to."""
        if len(sys.argv) > 1:
            self.run_worker(self.listen(sys.argv[1]))

    async def listen(self, address: str) -> None:
        """Show every message."""
        from websockets.asyncio.client import connect

        line = self.query_one(Static)
        async with connect(address, compression=None) as socket:
            async for message in socket:
                line.update(str(message))


if __name__ == "__main__":
    Minimal().run()
