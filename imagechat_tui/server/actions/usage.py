"""What a tenant used, day by day; reads the store and what this process has yet to store."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Connection

from imagechat_tui.protocol.moments import iso
from imagechat_tui.protocol.replies import DailyUsage, DailyUsages
from imagechat_tui.server.actions.refusals import InvalidRefusal
from imagechat_tui.server.deps import Deps
from imagechat_tui.server.store import counters
from imagechat_tui.server.usage import day_of

_MOST_DAYS = 365
_FIRST = date(1970, 1, 1)
_COUNTED = (
    *("comment_fetch_count", "comment_create_count", "conversation_create_count", "vote_count"),
    *("account_created_count", "api_error_count", "pub_sub_message_count", "pub_sub_bandwidth"),
)


async def daily_usage(
    deps: Deps, tenant: str, *, year: int | None, month: int | None, day: int | None, skip: int = 0
) -> DailyUsages:
    """Days on which anything was counted, oldest first, at most 365.

    Args:
        deps: Where from.
        tenant: Whose; the caller has shown its API key.
        year: Only this year.
        month: Only this month, counted from 0; needs ``year``.
        day: Only this day, counted from 1; needs ``month``.
        skip: Leave out that many.

    Raises:
        Refusal: 400, there is no such day.
    """
    first, last = _span(year, month, day)

    def read(connection: Connection) -> dict[str, dict[str, int]]:
        return counters.days(
            connection, tenant, first=first.isoformat(), last=last.isoformat(), skip=max(skip, 0), most=_MOST_DAYS
        )

    today = day_of(deps.clock_ms())
    waiting = deps.usage.waiting(tenant, today)
    found = await deps.database.read(read)
    # Today is the last day there is: it comes after everything stored, unless it is stored already or left out.
    asked = first.isoformat() <= today <= last.isoformat() and len(found) < _MOST_DAYS
    if waiting and (today in found or (asked and not await _passed(deps, tenant, first=first, today=today, skip=skip))):
        stored = found.get(today, {})
        found[today] = {name: stored.get(name, 0) + waiting.get(name, 0) for name in {*stored, *waiting}}
    return DailyUsages(status="success", tenant_daily_usages=[_row(tenant, day, row) for day, row in found.items()])


async def _passed(deps: Deps, tenant: str, *, first: date, today: str, skip: int) -> bool:
    """Whether ``skip`` leaves out every day up to ``today``, which may have no row yet."""

    def read(connection: Connection) -> list[str]:
        return list(counters.days(connection, tenant, first=first.isoformat(), last=today, most=skip + 1))

    stored = await deps.database.read(read) if skip > 0 else []
    return len({*stored, today}) <= skip


def _span(year: int | None, month: int | None, day: int | None) -> tuple[date, date]:
    try:
        if year is None:
            return _FIRST, date(9999, 12, 31)
        if month is None:
            return date(year, 1, 1), date(year, 12, 31)
        start = date(year, month + 1, 1)
        if day is None:
            return start, (start + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        only = start.replace(day=day)
    except (ValueError, OverflowError):
        raise InvalidRefusal("There is no such day; months count from 0, days from 1.") from None
    return only, only


def _row(tenant: str, day: str, counted: Mapping[str, int]) -> DailyUsage:
    at = date.fromisoformat(day)
    midnight = int(datetime(at.year, at.month, at.day, tzinfo=UTC).timestamp() * 1_000)
    return DailyUsage(
        id=f"{tenant}:{day}",
        tenant_id=tenant,
        year_number=at.year,
        month_number=at.month - 1,
        day_number=at.day,
        user_mention_search=0,
        hash_tag_search=0,
        gif_search_trending=0,
        gif_search=0,
        api_credits_used=0,
        created_at=iso(midnight),
        billed=False,
        ignored=False,
        **{name: counted.get(name, 0) for name in _COUNTED},
    )
