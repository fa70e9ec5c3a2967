"""A process that writes until it is killed: prints the number of every write that was acknowledged.

``python -m tests.server.store.writing URL``
"""

import asyncio
import itertools
import sys
from functools import partial

from imagechat_tui.server.store.database import Database
from tests.support.contracts.rows import log_one, make_board

IN_FLIGHT = 16


async def write_for_ever(url: str) -> None:
    """Several writers at once, each acknowledged write one line."""
    database = Database(url)
    await database.open()
    board = await database.write(make_board)
    numbers = itertools.count()

    async def one_after_another() -> None:
        for number in numbers:
            await database.write(partial(log_one, board=board, broadcast_id=str(number)))
            sys.stdout.write(f"{number}\n")
            sys.stdout.flush()

    await asyncio.gather(*(one_after_another() for _ in range(IN_FLIGHT)))


if __name__ == "__main__":
    asyncio.run(write_for_ever(sys.argv[1]))
