"""What a tenant used, day by day, as its administrators and the holders of its secret may read it; decides no rights.

The contract's rows say more than people ask for; a ``UsageDay`` keeps the numbers that commands and screens show.
"""

import datetime as dt
from collections.abc import Callable
from typing import Final

from msgspec import Struct

from imagechat_tui.client.accounts import asking
from imagechat_tui.client.credentials import Kept
from imagechat_tui.client.server import Server, query
from imagechat_tui.client.verdicts import named, send, understood
from imagechat_tui.errors import NotAllowedError
from imagechat_tui.i18n import _
from imagechat_tui.protocol import paths, replies

_REFUSALS: Final = (401, 403)


class UsageDay(Struct, frozen=True, kw_only=True):
    """One day, UTC."""

    day: dt.date
    messages: int
    """Live frames delivered."""
    bytes: int
    """Bytes of those frames."""
    conversations: int
    """Markers made."""
    comments: int
    votes: int


class UsageReader:
    """Asks one server for the numbers of one tenant."""

    def __init__(
        self,
        server: Server,
        tenant: str,
        *,
        kept: Kept | None = None,
        api_key: str | None = None,
        today: Callable[[], dt.date] | None = None,
    ) -> None:
        """``api_key`` is the tenant's secret, which needs no session; ``today`` tells the day, UTC."""
        self._server = server
        self._tenant = tenant
        self._kept = kept
        self._api_key = api_key
        self._today = today or (lambda: dt.datetime.now(dt.UTC).date())

    async def read(self, days: int) -> list[UsageDay]:
        """The last ``days`` days on which anything was counted, oldest first.

        Raises:
            NotAllowedError: This person does not administer the tenant, or the secret is not its.
            ServerError: No answer, or no server of ours.
        """
        today = self._today()
        wanted = {today - dt.timedelta(days=back) for back in range(days)}
        found: list[UsageDay] = []
        async with asking(self._server, self._kept, api_key=self._api_key) as exchange:
            for year, month in sorted({(day.year, day.month) for day in wanted}):
                # The contract counts months from 0 and days from 1.
                which = query(tenantId=self._tenant, yearNumber=year, monthNumber=month - 1)
                answer = await send(exchange, "GET", paths.USAGE + which)
                if answer.status in _REFUSALS:
                    raise NotAllowedError(self._refusal())
                rows = understood(answer, replies.DailyUsages, self._server).tenant_daily_usages
                found += [day for day in map(_day, rows) if day.day in wanted]
        return found

    def _refusal(self) -> str:
        if self._api_key is not None:
            said = _("{server} does not accept this API secret for {tenant}.")
        else:
            said = _(
                "Usage is for administrators of the tenant {tenant}: sign in as one, by "
                "`imagechat login --server URL --sso-file FILE` with isAdmin in it, or give its API secret."
            )
        return said.format(server=named(self._server), tenant=self._tenant)


def _day(row: replies.DailyUsage) -> UsageDay:
    return UsageDay(
        day=dt.date(row.year_number, row.month_number + 1, row.day_number),
        messages=row.pub_sub_message_count,
        bytes=row.pub_sub_bandwidth,
        conversations=row.conversation_create_count,
        comments=row.comment_create_count,
        votes=row.vote_count,
    )
