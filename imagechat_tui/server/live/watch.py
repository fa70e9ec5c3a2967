"""Ends sockets whose right to look was taken away by another process; this one's own changes need no watching."""

import asyncio
import logging
from typing import Final, NoReturn

from imagechat_tui.server.hub import Hub
from imagechat_tui.server.live.gate import Gate

logger = logging.getLogger(__name__)

ASKED_TOGETHER: Final = 500
"""Viewers of one question, so that no reader of the database is kept busy for long."""


ROUNDS: Final = 3
"""A change is looked at so often: who comes in meanwhile may still be let in by what was remembered from before."""


async def watch_rights(hub: Hub, gate: Gate, *, seconds: float) -> NoReturn:
    """Look every ``seconds`` whether anything changed, while somebody has a socket open; runs until cancelled.

    ``seconds`` is also how long what the gate remembers may be out of date.
    """
    seen: object = None
    rounds = 0
    while True:
        await hub.occupied()
        try:
            revision = await gate.revision()
            if revision != seen:
                seen, rounds = revision, ROUNDS
            if rounds:
                await close_lapsed(hub, gate)
                rounds -= 1
        except Exception:
            logger.exception("rights could not be looked up; trying again")
        await asyncio.sleep(seconds)


async def close_lapsed(hub: Hub, gate: Gate) -> None:
    """End every socket whose viewer would be refused now."""
    viewers = list(hub.viewers())
    for start in range(0, len(viewers), ASKED_TOGETHER):
        gone = set(await gate.lapsed(viewers[start : start + ASKED_TOGETHER]))
        if gone:
            hub.close_where(gone.__contains__)
