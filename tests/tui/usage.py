"""A tenant's numbers for the usage screen: in memory, or a failure."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from imagechat_tui.client.usage import UsageDay
from imagechat_tui.errors import ImagechatError
from tests.support.board_client import NOW_MS

TODAY = dt.datetime.fromtimestamp(NOW_MS / 1000, dt.UTC).date()


@dataclass
class Counted:
    """Answers with days, or with an error."""

    answer: Sequence[UsageDay] | ImagechatError
    asked: list[int] = field(default_factory=list)

    async def read(self, days: int) -> Sequence[UsageDay]:
        self.asked.append(days)
        if isinstance(self.answer, ImagechatError):
            raise self.answer
        return self.answer


def a_fortnight() -> list[UsageDay]:
    """Busier from day to day, with two idle days in between; 18,850 messages and 5.7 MB in all."""
    return [
        UsageDay(
            day=TODAY - dt.timedelta(days=back),
            messages=260 * (14 - back) + (back == 0) * 130,
            bytes=78_000 * (14 - back) + (back == 0) * 39_000,
            conversations=14 - back,
            comments=3 * (14 - back),
            votes=back % 3,
        )
        for back in reversed([0, *range(3, 10), 12])
    ]
