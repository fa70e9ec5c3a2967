"""``imagechat tenant``: customers of a server and the secret that signs their users in; needs the database only."""

import re
import secrets
import time

import click

from imagechat_tui import plain
from imagechat_tui.cli import flags, operating, talk
from imagechat_tui.config import Config
from imagechat_tui.errors import NotFoundError, UsageError, UserError
from imagechat_tui.i18n import _

# It stands in paths and in front of user ids, where a colon ends it.
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_SECRET_BYTES = 32

with_database = flags.with_settings(*operating.DATABASE_OPTIONS)


@click.group("tenant")
def command() -> None:
    """Add, change, list and remove tenants; rotate their keys; send away their users.

    A tenant has users and boards of its own, and an API secret that signs its users in. These commands work on the
    server's data: run them where the server runs, with the same --data or --database. A running server notices.
    """


origins_option = click.option("--origin", multiple=True, metavar="URL", help="Let browsers call from here; repeatable.")


@command.command()
@click.argument("name")
@origins_option
@click.option("--simple-sso", is_flag=True, help="Also accept identities that nobody signed.")
@flags.as_json
@with_database
def add(*, config: Config, name: str, origin: tuple[str, ...], simple_sso: bool, as_json: bool) -> None:
    """Add a tenant and print its API secret, this once."""
    from imagechat_tui.server.store import tenants
    from imagechat_tui.server.store.database import Database

    if not _NAME.fullmatch(name):
        raise UsageError(
            _("A tenant's name has letters, digits, dots, dashes and underscores only, unlike {name!r}.").format(
                name=name
            )
        )
    allowed = [_checked_origin(one) for one in origin]
    secret = secrets.token_urlsafe(_SECRET_BYTES)

    async def work(database: Database) -> bool:
        now = time.time_ns() // 1_000_000
        return await database.write(
            lambda tx: tenants.add(tx, name, secret=secret, now_ms=now, origins=allowed, simple_sso=simple_sso)
        )

    if not operating.with_database(config, work, create=True):
        raise UserError(
            _("There is a tenant {name} already; `imagechat tenant rotate-key {name}` makes a new secret.").format(
                name=name
            )
        )
    _print_secret(name, secret, as_json=as_json)


@command.command("set")
@click.argument("name")
@origins_option
@click.option("--no-origins", is_flag=True, help="Let no browser call from elsewhere.")
@click.option("--simple-sso/--no-simple-sso", default=None, help="Accept identities that nobody signed, or not.")
@with_database
def change(*, config: Config, name: str, origin: tuple[str, ...], no_origins: bool, simple_sso: bool | None) -> None:
    """Change what a tenant allows."""
    from imagechat_tui.server.store import tenants
    from imagechat_tui.server.store.database import Database

    if origin and no_origins:
        raise UsageError(_("--origin and --no-origins contradict each other."))
    if not origin and not no_origins and simple_sso is None:
        raise UsageError(_("Nothing to change: give --origin, --no-origins or --simple-sso."))
    allowed = [_checked_origin(one) for one in origin] if origin or no_origins else None

    async def work(database: Database) -> bool:
        return await database.write(lambda tx: tenants.change(tx, name, origins=allowed, simple_sso=simple_sso))

    if not operating.with_database(config, work):
        raise _unknown(name)
    talk.say(_("Tenant {name} is changed.").format(name=name))


@command.command("list")
@flags.as_json
@with_database
def show(*, config: Config, as_json: bool) -> None:
    """List the tenants; secrets are not shown."""
    from imagechat_tui.server.store import tenants
    from imagechat_tui.server.store.database import Database

    async def work(database: Database) -> list[tenants.Tenant]:
        return await database.read(tenants.list_all)

    found = operating.with_database(config, work)
    if as_json:
        talk.put_json(
            [
                {"name": one.id, "origins": one.origins, "simpleSso": one.simple_sso, "createdAt": _iso(one.created_ms)}
                for one in found
            ]
        )
        return
    rows = [[one.id, _iso(one.created_ms), "yes" if one.simple_sso else "no", " ".join(one.origins)] for one in found]
    talk.put_table([_("TENANT"), _("CREATED"), _("SIMPLE SSO"), _("ORIGINS")], rows)


@command.command("rotate-key")
@click.argument("name")
@flags.as_json
@with_database
def rotate_key(*, config: Config, name: str, as_json: bool) -> None:
    """Give a tenant a new API secret; everything signed with the old one, and every session, ends."""
    from imagechat_tui.server.store import tenants
    from imagechat_tui.server.store.database import Database

    secret = secrets.token_urlsafe(_SECRET_BYTES)

    async def work(database: Database) -> bool:
        return await database.write(lambda tx: tenants.rotate_key(tx, name, secret=secret))

    if not operating.with_database(config, work):
        raise _unknown(name)
    _print_secret(name, secret, as_json=as_json)


@command.command()
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
@flags.with_settings(*operating.DATABASE_OPTIONS, "serve.pictures")
def remove(*, config: Config, name: str, yes: bool) -> None:
    """Remove a tenant with all its boards, comments and users. This cannot be undone."""
    from imagechat_tui.server.store import tenants
    from imagechat_tui.server.store.database import Database
    from imagechat_tui.server.store.shelf import ShelfAwayError, make_shelf

    if not yes:
        if not talk.has_terminal():
            raise UsageError(_("This deletes everything of {name}; say so with --yes.").format(name=name))
        if not click.confirm(_("Delete everything of tenant {name}?").format(name=plain.line(name)), err=True):
            raise UserError(_("Nothing is removed."))

    async def work(database: Database) -> bool:
        shelf = make_shelf(config.serve.pictures, database)
        removed = await database.write(lambda tx: tenants.remove(tx, name))
        if removed:
            try:
                await shelf.clear(name)
            except ShelfAwayError as problem:
                raise UserError(
                    _("Tenant {name} is removed, but {problem} ({pictures}).").format(
                        name=name, problem=problem, pictures=config.serve.pictures
                    )
                ) from problem
        return removed

    if not operating.with_database(config, work):
        raise _unknown(name)
    talk.say(_("Tenant {name} is removed.").format(name=name))


@command.command("users")
@click.argument("name")
@flags.as_json
@with_database
def show_users(*, config: Config, name: str, as_json: bool) -> None:
    """List the people who signed in to a tenant, the latest first."""
    from imagechat_tui.server.store import tenants, users
    from imagechat_tui.server.store.database import Database

    async def work(database: Database) -> list[tuple[users.User, int]] | None:
        return await database.read(
            lambda connection: None if tenants.find(connection, name) is None else users.list_all(connection, name)
        )

    found = operating.with_database(config, work)
    if found is None:
        raise _unknown(name)
    if as_json:
        talk.put_json(
            [{"id": one.id, "name": one.name, "role": one.role, "seenAt": _iso(seen_ms)} for one, seen_ms in found]
        )
        return
    talk.put_table(
        ["USER", "NAME", "ROLE", "SEEN"], [[one.id, one.name, one.role, _iso(seen_ms)] for one, seen_ms in found]
    )


@command.command("remove-user")
@click.argument("name")
@click.argument("user")
@with_database
def remove_user(*, config: Config, name: str, user: str) -> None:
    """Send USER away: their sessions, open connections and invitations end within seconds. What they wrote stays.

    USER is the id that `tenant users` shows. Payloads signed before are void as well; whoever your own site still signs
    in comes back with the next sign-in there.
    """
    from imagechat_tui.protocol.ids import wire_user_id
    from imagechat_tui.server.store import users
    from imagechat_tui.server.store.database import Database

    now = time.time_ns() // 1_000_000
    ids = dict.fromkeys((user, wire_user_id(name, user)))

    async def work(database: Database) -> bool:
        return await database.write(lambda tx: any(users.remove(tx, name, one, now_ms=now) for one in ids))

    if not operating.with_database(config, work):
        raise NotFoundError(
            _("Tenant {name} has no user {user!r}; `imagechat tenant users {name}` shows who there is.").format(
                name=name, user=user
            )
        )
    talk.say(_("{user} is removed from {name}.").format(user=user, name=name))


def _print_secret(name: str, secret: str, *, as_json: bool) -> None:
    if as_json:
        talk.put_json({"tenant": name, "secret": secret})
        return
    talk.say(_("Tenant {name}. Keep this API secret; it is not shown again:").format(name=name))
    talk.put(secret)


def _unknown(name: str) -> NotFoundError:
    return NotFoundError(
        _("There is no tenant {name!r}; `imagechat tenant list` shows which there are.").format(name=name)
    )


def _checked_origin(url: str) -> str:
    from urllib.parse import urlsplit

    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path.strip("/") or parts.query:
        raise UsageError(
            _("{url!r} is not an origin: write scheme and host, such as https://app.example.").format(url=url)
        )
    return f"{parts.scheme}://{parts.netloc.lower()}"


def _iso(milliseconds: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(milliseconds / 1000))
