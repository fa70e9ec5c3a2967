"""``imagechat usage``: messages, bytes and conversations of a tenant by day, from the server's API."""

import datetime as dt
from pathlib import Path

import click

from imagechat_tui.cli import flags, reaching, talk
from imagechat_tui.config import Config
from imagechat_tui.errors import NotAllowedError, NotFoundError, UsageError, UserError
from imagechat_tui.protocol.replies import DailyUsage

_REFUSALS = (401, 403)
# Secrets have 43 characters.
_LONGEST_KEY = 200
_BARS = "▁▂▃▄▅▆▇█"
_COLUMNS = {
    "pubSubMessageCount": "MESSAGES",
    "pubSubBandwidth": "BYTES",
    "conversationCreateCount": "CONVERSATIONS",
    "commentCreateCount": "COMMENTS",
    "voteCount": "VOTES",
}


@click.command("usage")
@click.option("--days", type=click.IntRange(1, 366), default=14, show_default=True, help="How far to look back.")
@click.option(
    "--api-key-file",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="Ask with the tenant's API secret, which is in this file, instead of a session. [IMAGECHAT_API_KEY: the key]",
)
@flags.as_json
@flags.with_settings(*reaching.CONNECTION_OPTIONS, says=flags.LAST_SIGNED_IN)
def command(*, config: Config, days: int, api_key_file: Path | None, as_json: bool) -> None:
    """Show what a tenant used, day by day (UTC): to its administrators, and to who has its API secret."""
    from imagechat_tui.client.accounts import asking
    from imagechat_tui.client.server import query
    from imagechat_tui.client.verdicts import send, understood
    from imagechat_tui.protocol import paths, replies

    api_key = _read_key(api_key_file) if api_key_file is not None else config.api_key
    if api_key is None:
        server, kept = reaching.signed_in(config)
        tenant = kept.tenant
    else:
        server, kept = reaching.named_server(config), None
        if config.tenant is None:
            raise UsageError("An API secret belongs to one tenant: name it with --tenant.")
        tenant = config.tenant

    today = dt.datetime.now(dt.UTC).date()
    wanted = [today - dt.timedelta(days=back) for back in reversed(range(days))]

    async def ask() -> list[DailyUsage]:
        found: list[DailyUsage] = []
        async with asking(server, kept, api_key=api_key) as exchange:
            for year, month in dict.fromkeys((day.year, day.month) for day in wanted):
                # The contract counts months from 0 and days from 1.
                which = query(tenantId=tenant, yearNumber=year, monthNumber=month - 1)
                answer = await send(exchange, "GET", paths.USAGE + which)
                if answer.status in _REFUSALS and api_key is not None:
                    raise NotAllowedError(f"{server.base_url} does not accept this API secret for {tenant}.")
                if answer.status in _REFUSALS:
                    raise NotAllowedError(
                        f"Usage is for administrators of the tenant {tenant}: sign in as one, by "
                        "`imagechat login --server URL --sso-file FILE` with isAdmin in it, or give --api-key-file."
                    )
                found += understood(answer, replies.DailyUsages, server).tenant_daily_usages
        return found

    by_day = {_date(one): one for one in talk.wait(ask())}
    rows = [_row(day, by_day[day]) for day in wanted if day in by_day]
    if as_json:
        talk.put_json(rows)
        return
    numbers = [[int(str(row[key])) for row in rows] for key in _COLUMNS]
    shown = [[str(row["day"]), *(f"{int(str(row[key])):,}" for key in _COLUMNS)] for row in rows]
    if rows:
        shown.append(["", *(sparkline(column) for column in numbers)])
    talk.put_table(["DAY", *_COLUMNS.values()], shown, right=range(1, len(_COLUMNS) + 1))


def _read_key(path: Path) -> str:
    """The secret that a file holds on its first line."""
    try:
        with path.open(encoding="utf-8") as file:
            key = file.readline(_LONGEST_KEY).strip()
    except FileNotFoundError:
        raise NotFoundError(f"There is no file {path}.") from None
    except (OSError, UnicodeDecodeError):
        raise UserError(f"{path} cannot be read.") from None
    if not key.isascii() or not key.isprintable() or not key:
        raise UserError(f"{path} holds no API secret.")
    return key


def sparkline(numbers: list[int]) -> str:
    """One bar per number, the largest one full."""
    most = max(numbers, default=0)
    return "".join(_BARS[round(number / most * (len(_BARS) - 1))] if most else _BARS[0] for number in numbers)


def _date(usage: "DailyUsage") -> dt.date:
    return dt.date(usage.year_number, usage.month_number + 1, usage.day_number)


def _row(day: dt.date, usage: "DailyUsage") -> dict[str, object]:
    import msgspec

    facts = msgspec.to_builtins(usage)
    return {"day": day.isoformat()} | {key: facts[key] for key in _COLUMNS}
