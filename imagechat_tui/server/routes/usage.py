"""A tenant's own numbers, day by day, for who holds its secret or administers it; server side only, so without CORS."""

import hmac
from typing import Final

from msgspec import Struct

from imagechat_tui.protocol import paths
from imagechat_tui.protocol.replies import DailyUsage, DailyUsages
from imagechat_tui.server.actions.refusals import Refusal
from imagechat_tui.server.auth.permissions import Action, may
from imagechat_tui.server.routes.asking import Asked
from imagechat_tui.server.routes.endpoint import Entry
from imagechat_tui.server.store import counters
from imagechat_tui.server.store.tenants import Tenant
from imagechat_tui.server.usage import day_of

_MOST_ROWS: Final = 365
_MOST_DAYS: Final = 4_000
_KEY_CHARACTERS: Final = 200
_COUNTED: Final = tuple(
    name for name, kind in DailyUsage.__annotations__.items() if kind is int and not name.endswith("_number")
)


class Days(Struct, frozen=True, kw_only=True):
    """Which days are asked for; months count from 0, days from 1, ``None`` is any."""

    year: int | None
    month: int | None
    day: int | None

    def have(self, day: str) -> bool:
        """Whether a day (``2030-01-31``) is among them."""
        year, month, number = (int(part) for part in day.split("-"))
        return self.year in {None, year} and self.month in {None, month - 1} and self.day in {None, number}


async def daily_usage(asked: Asked) -> DailyUsages:
    """Rows of days that were not idle, oldest first."""
    query = asked.query
    days = Days(year=query.number("yearNumber"), month=query.number("monthNumber"), day=query.number("dayNumber"))
    skip = query.number("skip") or 0
    tenant = await _allowed(asked)
    stored = await asked.deps.database.read(lambda connection: counters.days(connection, tenant.id, most=_MOST_DAYS))
    today = day_of(asked.deps.clock_ms())
    waiting = asked.deps.usage.waiting(tenant.id, today)
    if waiting:
        known = stored.get(today, {})
        stored[today] = known | {name: known.get(name, 0) + amount for name, amount in waiting.items()}
    rows = [_row(tenant.id, day, stored[day]) for day in sorted(stored) if days.have(day)]
    return DailyUsages(status="success", tenant_daily_usages=rows[max(skip, 0) :][:_MOST_ROWS])


async def _allowed(asked: Asked) -> Tenant:
    """The tenant whose key was shown, or whose administrator asks."""
    name = asked.query.text("tenantId", most=_KEY_CHARACTERS) or asked.header("x-tenant-id")
    if not name:
        raise Refusal(422, "missing-tenant-id", "The parameter tenantId is required.")
    key = asked.header("x-api-key") or asked.query.text("API_KEY", most=_KEY_CHARACTERS)
    if key is None and asked.header("authorization") is None:
        raise Refusal(401, "missing-api-key", "An API key is needed.")
    tenant = await asked.deps.directory.tenant(name)
    if tenant is not None and key is not None and hmac.compare_digest(key.encode(), tenant.secret.encode()):
        asked.known_tenant = tenant.id
        return tenant
    if tenant is not None and key is None and may(await asked.actor(tenant), Action.READ_USAGE):
        asked.known_tenant = tenant.id
        return tenant
    # An unknown tenant and a wrong key are the same answer: nobody learns which tenants there are.
    raise Refusal(401, "invalid-api-key", "The API key is not valid for this tenant.")


def _row(tenant: str, day: str, counts: dict[str, int]) -> DailyUsage:
    year, month, number = (int(part) for part in day.split("-"))
    return DailyUsage(
        id=f"{tenant}:{day}",
        tenant_id=tenant,
        year_number=year,
        month_number=month - 1,
        day_number=number,
        created_at=f"{day}T00:00:00.000Z",
        billed=False,
        ignored=False,
        **{name: counts.get(name, 0) for name in _COUNTED},
    )


ENTRIES = (Entry(method="GET", path=paths.USAGE, handler=daily_usage),)
