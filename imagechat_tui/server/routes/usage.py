"""A tenant's own numbers, day by day, for who holds its secret or administers it; server side only, so without CORS."""

import hmac
from typing import Final

from imagechat_tui.protocol import paths
from imagechat_tui.protocol.replies import DailyUsages
from imagechat_tui.server.actions import usage
from imagechat_tui.server.actions.refusals import Refusal
from imagechat_tui.server.auth.permissions import Action, may
from imagechat_tui.server.routes.asking import Asked
from imagechat_tui.server.routes.endpoint import Entry
from imagechat_tui.server.store.tenants import Tenant

_KEY_CHARACTERS: Final = 200


async def daily_usage(asked: Asked) -> DailyUsages:
    """Rows of days that were not idle, oldest first; months count from 0, days from 1."""
    query = asked.query
    year, month, day = query.number("yearNumber"), query.number("monthNumber"), query.number("dayNumber")
    skip = query.number("skip") or 0
    tenant = await _allowed(asked)
    return await usage.daily_usage(asked.deps, tenant.id, year=year, month=month, day=day, skip=skip)


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


ENTRIES = (Entry(method="GET", path=paths.USAGE, handler=daily_usage),)
