"""Runs a talk: lines from the terminal to the dialogue and back, changes of the board between them, an orderly end.

A person's lines are answered as they come; those of a program wait for the answer to the line before.
"""

import asyncio
import contextlib
import signal
from collections.abc import Iterator, Sequence
from typing import Final

from imagechat_tui.core.outputs import Change
from imagechat_tui.plain_mode.dialogue import BOARDS, Dialogue
from imagechat_tui.plain_mode.terminal import Terminal
from imagechat_tui.tui.ports import BoardClient
from imagechat_tui.tui.settings import TO_BOARDS

_ENDINGS: Final = {signal.SIGINT: 130, signal.SIGTERM: 143, signal.SIGHUP: 129}
"""Signals that end the talk in good order, and the exit code a shell expects after them."""
_PATIENCE: Final = 15.0
"""Seconds that a program's next line waits for an answer; longer than any write can take."""


class Talk:
    """One talk, from the first line to the last; the terminal has been opened."""

    def __init__(self, client: BoardClient, dialogue: Dialogue, terminal: Terminal) -> None:
        self._client = client
        self._dialogue = dialogue
        self._terminal = terminal
        self._began = False
        self._signalled: int | None = None
        self._deaf: OSError | None = None

    async def run(self, notices: Sequence[str] = ()) -> int:
        """Talk until the person leaves; the exit code, or ``settings.TO_BOARDS``."""
        unlisten = self._client.listen(self._hear)
        working = asyncio.create_task(self._client.run())
        working.add_done_callback(lambda _task: self._terminal.happened.set())
        try:
            with self._signals():
                await self._until_ready(working)
                self._terminal.say(self._dialogue.begin(notices), answer=True)
                self._began = True
                await self._talk(working)
        finally:
            self._dialogue.leave(self._terminal.begun)
            unlisten()
            await self._client.stop()
            await asyncio.gather(working, return_exceptions=True)
        if not working.cancelled() and (problem := working.exception()) is not None:
            raise problem
        if self._deaf is not None and self._signalled is None:
            raise self._deaf
        return self._code()

    def _code(self) -> int:
        if self._signalled is not None:
            return self._signalled
        if self._dialogue.left == BOARDS:
            return TO_BOARDS
        return int(self._dialogue.failed and not self._terminal.is_person)

    def _hear(self, changes: Sequence[Change]) -> None:
        if self._began:
            try:
                self._terminal.say(self._dialogue.hear(changes))
            except OSError as problem:
                # Whoever read has gone; who told of the changes has nothing to do with that.
                self._deaf = problem
        self._terminal.happened.set()

    async def _until_ready(self, working: "asyncio.Task[None]") -> None:
        while not self._dialogue.ready and not self._over(working):
            await self._terminal.wait()

    async def _talk(self, working: "asyncio.Task[None]") -> None:
        terminal, dialogue = self._terminal, self._dialogue
        while not self._over(working):
            if not terminal.is_person and dialogue.busy:
                await self._wait_for_answer()
            elif terminal.lines:
                terminal.say(dialogue.enter(terminal.lines.popleft()), answer=True)
            elif terminal.at_end:
                return
            else:
                await self._terminal.wait()

    def _over(self, working: "asyncio.Task[None]") -> bool:
        failed = working.done() and (working.cancelled() or working.exception() is not None)
        return failed or self._signalled is not None or self._dialogue.left is not None or self._deaf is not None

    async def _wait_for_answer(self) -> None:
        try:
            async with asyncio.timeout(_PATIENCE):
                while self._dialogue.busy and self._signalled is None and self._deaf is None:
                    await self._terminal.wait()
        except TimeoutError:
            self._terminal.say(self._dialogue.give_up_waiting())

    @contextlib.contextmanager
    def _signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()

        def end(code: int) -> None:
            self._signalled = code
            self._terminal.happened.set()

        for number, code in _ENDINGS.items():
            loop.add_signal_handler(number, end, code)
        loop.add_signal_handler(signal.SIGCONT, self._terminal.take_over)
        try:
            yield
        finally:
            for number in (*_ENDINGS, signal.SIGCONT):
                loop.remove_signal_handler(number)
