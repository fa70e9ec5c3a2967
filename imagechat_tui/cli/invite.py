"""``imagechat invite``: a link that signs one person in, once; needs the server's database, not the network."""

import re
import secrets
import time

import click

from imagechat_tui.cli import flags, operating, talk
from imagechat_tui.config import Config
from imagechat_tui.errors import NotFoundError, UsageError
from imagechat_tui.i18n import N_, _

_SECRET_BYTES = 32
_AGE = re.compile(r"([1-9][0-9]{0,4})([mhd])")
_UNIT_MS = {"m": 60_000, "h": 3_600_000, "d": 86_400_000}
_LONGEST_DAYS = 365


@click.command("invite")
@click.argument("user")
@click.option("--tenant", required=True, metavar="NAME", help="The tenant that the person belongs to.")
@click.option("--moderator", is_flag=True, help="The person may act on what others wrote.")
@click.option("--groups", metavar="A,B", help="The person sees boards of these groups only; all boards without it.")
@click.option(
    "--expires", default="7d", show_default=True, metavar="AGE", help="How long the link works: 30m, 12h, 7d."
)
@flags.as_json
@flags.with_settings(
    "server",
    *operating.DATABASE_OPTIONS,
    says={"server": N_("Where people reach the server; the link begins with it.")},
)
def command(
    *, config: Config, user: str, tenant: str, moderator: bool, groups: str | None, expires: str, as_json: bool
) -> None:
    """Print a link that signs USER in, once.

    Whoever has the link is that person: send it privately. They type: imagechat login LINK
    """
    from imagechat_tui import plain
    from imagechat_tui.protocol import paths
    from imagechat_tui.protocol.ids import wire_user_id
    from imagechat_tui.protocol.limits import NAME_CHARACTERS
    from imagechat_tui.server.auth.actors import Role
    from imagechat_tui.server.auth.sessions import token_hash
    from imagechat_tui.server.store import invitations, tenants
    from imagechat_tui.server.store.database import Database, Transaction

    age_ms = _age_ms(expires)
    name = plain.line(user)
    if not name or len(name) > NAME_CHARACTERS:
        raise UsageError(_("A user's name has 1 to {most} characters.").format(most=NAME_CHARACTERS))
    now = time.time_ns() // 1_000_000
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    invitation = invitations.Invitation(
        tenant=tenant,
        user_id=wire_user_id(tenant, name),
        username=name,
        role=(Role.MODERATOR if moderator else Role.MEMBER).value,
        groups=tuple(filter(None, (group.strip() for group in groups.split(",")))) if groups is not None else None,
        expires_ms=now + age_ms,
    )

    def store(tx: Transaction) -> bool:
        if tenants.find(tx.connection, tenant) is None:
            return False
        invitations.add(tx, invitation, secret_hash=token_hash(secret), now_ms=now)
        return True

    async def work(database: Database) -> bool:
        return await database.write(store)

    if not operating.with_database(config, work):
        raise NotFoundError(
            _("There is no tenant {tenant!r}; `imagechat tenant list` shows which there are.").format(tenant=tenant)
        )
    link = f"{_origin(config)}{paths.INVITE}#{secret}"
    if as_json:
        talk.put_json({"link": link, "user": name, "tenant": tenant, "expires": expires})
        return
    talk.say(_("This link signs {name} in, once, within {expires}:").format(name=name, expires=expires))
    talk.put(link)


def _age_ms(text: str) -> int:
    found = _AGE.fullmatch(text)
    if found is None:
        raise UsageError(_("--expires: {text!r} is no length of time; write 30m, 12h or 7d.").format(text=text))
    age = int(found[1]) * _UNIT_MS[found[2]]
    if age > _LONGEST_DAYS * _UNIT_MS["d"]:
        raise UsageError(_("--expires: at most {longest_days}d.").format(longest_days=_LONGEST_DAYS))
    return age


def _origin(config: Config) -> str:
    if config.server:
        return config.server.rstrip("/")
    serve = config.serve
    talk.say(_("Without --server the link only works on this machine."))
    host = f"[{serve.host}]" if ":" in serve.host else serve.host
    return f"{'https' if serve.tls_cert else 'http'}://{host}:{serve.port}"
