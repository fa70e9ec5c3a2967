"""Reading a tenant's numbers from a real server: with its secret, and without a right to them."""

import datetime as dt
from pathlib import Path

import pytest

from imagechat_tui.client.accounts import asking
from imagechat_tui.client.server import server_at
from imagechat_tui.client.signin import open_session
from imagechat_tui.client.usage import UsageReader
from imagechat_tui.core.inputs import CreateMarker
from imagechat_tui.errors import NotAllowedError
from tests.support.people import make_board, person
from tests.support.servers import in_process


async def test_the_secret_opens_the_numbers_and_a_visitor_is_told_whom_they_are_for(tmp_path: Path) -> None:
    """One marker was made today."""
    async with in_process(tmp_path) as server:
        acme = await server.tenant("acme")
        place = await make_board(server.url, acme)
        async with person(place, "ann") as ann:
            await ann.live()
            await ann.change(CreateMarker(x=10, y=20, text="here"))
        where = server_at(server.url)
        days = await UsageReader(where, "acme", api_key=acme.secret).read(2)
        assert [(day.conversations, day.comments) for day in days] == [(1, 1)]
        assert days[0].messages > 0
        assert days[0].bytes > days[0].messages
        long_ago = UsageReader(where, "acme", api_key=acme.secret, today=lambda: dt.date(2020, 1, 1))
        assert await long_ago.read(40) == []
        with pytest.raises(NotAllowedError, match="does not accept this API secret"):
            await UsageReader(where, "acme", api_key="guessed").read(2)
        async with asking(where) as exchange:
            visitor = await open_session(exchange, "acme")
        with pytest.raises(NotAllowedError, match="administrators of the tenant acme"):
            await UsageReader(where, "acme", kept=visitor).read(2)
