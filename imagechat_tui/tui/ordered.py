"""An app that reads keys one at a time: what a key does is done before the next one is looked at.

Textual hands each key to the widget that has the focus at that moment, so keys that arrive together (fast typing over a
slow line, a paste without brackets, automation) would reach widgets that the keys before them are about to leave. It
knows no key's meaning.
"""

import asyncio
from collections import deque
from typing import Final, TypeVar

from textual import events
from textual.app import App
from textual.message import Message
from textual.message_pump import MessagePump

_Result = TypeVar("_Result")

_ROUNDS: Final = 3
"""Walks from the focused widget up to the app that follow a key: the first one comes after the key itself, the others
come after the messages and the changes of focus that the key caused, and those that these caused."""
_LONGEST: Final = 0.3
"""Seconds after which the next key is read all the same: a widget may vanish with what walks through it."""


class _Walk(Message):
    """Follows a key through the same queues."""

    def __init__(self, key: int, target: MessagePump, rounds: int) -> None:
        super().__init__()
        self.key = key
        self.target = target
        self.rounds = rounds


class OrderedApp(App[_Result]):
    """Base of the apps of this program."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting: deque[events.Key | events.Paste] = deque()
        self._reading = 0
        """Number of the key in work; 0 between keys."""
        self._read = 0
        self._patience: asyncio.TimerHandle | None = None

    async def on_event(self, event: events.Event) -> None:
        """Let keys and pasted text wait for their turn; everything else goes its usual way."""
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            self._waiting.append(event)
            if not self._reading:
                await self._next()
        else:
            await super().on_event(event)

    async def _next(self) -> None:
        if not self._waiting:
            return
        self._read += 1
        self._reading = number = self._read
        self._patience = asyncio.get_running_loop().call_later(_LONGEST, self._lost, number)
        target = self.focused or self.screen
        await super().on_event(self._waiting.popleft())
        self._walk(_Walk(number, target, _ROUNDS))

    def _walk(self, walk: _Walk) -> None:
        if not walk.target.post_message(walk):
            self._lost(walk.key)

    async def on__walk(self, walk: _Walk) -> None:
        """What the key sent on its way has been here before."""
        if walk.key != self._reading:
            return
        if walk.rounds > 1:
            self._walk(_Walk(walk.key, walk.target, walk.rounds - 1))
            return
        await self._done(walk.key)

    def _lost(self, number: int) -> None:
        if number == self._reading:
            self.call_later(self._done, number)

    async def _done(self, number: int) -> None:
        if number != self._reading:
            return
        if self._patience is not None:
            self._patience.cancel()
        self._reading, self._patience = 0, None
        await self._next()
