"""The single checks of ``imagechat doctor``: each looks at one thing and says what it found; none changes anything."""

import asyncio
import os
import platform
import shutil
import ssl
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from msgspec import Struct

from imagechat_tui import __version__, plain, xdg
from imagechat_tui import config as settings
from imagechat_tui.cli import building, looking
from imagechat_tui.config import Config
from imagechat_tui.errors import ImagechatError
from imagechat_tui.i18n import _, ngettext

if TYPE_CHECKING:
    from imagechat_tui.client.credentials import Kept
    from imagechat_tui.client.server import Server

Verdict = Literal["ok", "note", "wrong"]

_LIBRARIES: Final = ("textual", "websockets", "httpx", "pillow", "numpy", "starlette", "uvicorn", "sqlalchemy")
_NARROWEST, _LOWEST = 40, 12
_SECONDS: Final = 10.0
# Signed payloads and sessions are compared with clocks; more than this is where that begins to hurt.
_MOST_SKEW_SECONDS: Final = 30.0
_SLOW_SECONDS: Final = 0.5
_CERTIFICATE_DAYS: Final = 14


class Finding(Struct, frozen=True, kw_only=True):
    """What one check found."""

    area: str
    name: str
    verdict: Verdict
    found: str
    advice: str = ""


def versions() -> list[Finding]:
    """This program, what it stands on, and the system."""
    rows = [
        ("imagechat", __version__),
        ("build", ", ".join(building.facts())),
        ("python", platform.python_version()),
        ("system", platform.platform()),
    ]
    rows += [(name, metadata.version(name)) for name in _LIBRARIES]
    return [Finding(area="versions", name=name, verdict="ok", found=found) for name, found in rows]


def terminal(config: Config) -> list[Finding]:
    """Size, colors, glyphs, graphics and what stands between, as the app would decide."""
    if not sys.stdout.isatty():
        return [Finding(area="terminal", name="terminal", verdict="note", found=_("stdout is no terminal"))]
    columns, rows = shutil.get_terminal_size()
    small = columns < _NARROWEST or rows < _LOWEST
    facts = looking.terminal_facts(config, anew=True)
    found = [
        Finding(
            area="terminal",
            name="size",
            verdict="note" if small else "ok",
            found=f"{columns}x{rows}",
            advice=_("Below {columns}x{rows} markers are listed instead of drawn.").format(
                columns=_NARROWEST, rows=_LOWEST
            )
            if small
            else "",
        ),
        Finding(area="terminal", name="multiplexer", verdict="ok", found=facts.multiplexer or _("none")),
    ]
    found += [
        Finding(area="terminal", name=name, verdict="ok", found=plain.line(words)) for name, words in facts.reasons
    ]
    return found


def folders() -> list[Finding]:
    """Where settings, data, sessions and the log are, and whether they can be used."""
    places = {
        "settings": xdg.config_file().parent,
        "data": xdg.data_dir(),
        "state": xdg.state_dir(),
        "cache": xdg.cache_dir(),
    }
    found = [_folder(name, path) for name, path in places.items()]
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    if runtime:
        found.append(_folder("runtime", Path(runtime)))
    else:
        found.append(
            Finding(area="folders", name="runtime", verdict="ok", found=_("XDG_RUNTIME_DIR is not set; data is used"))
        )
    found.append(Finding(area="folders", name="log", verdict="ok", found=str(xdg.log_file())))
    return found


def _folder(name: str, path: Path) -> Finding:
    nearest = next(parent for parent in (path, *path.parents) if parent.exists())
    if nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK):
        missing = "" if path.exists() else _(" (made when needed)")
        return Finding(area="folders", name=name, verdict="ok", found=f"{path}{missing}")
    return Finding(
        area="folders",
        name=name,
        verdict="wrong",
        found=_("{path} cannot be written").format(path=path),
        advice=_("Check {path}.").format(path=nearest),
    )


def configuration(flags: Mapping[str, object]) -> tuple[list[Finding], Config | None]:
    """Whether the settings can be read, and the settings."""
    try:
        config = settings.load(flags=flags)
    except ImagechatError as problem:
        return [Finding(area="settings", name="settings", verdict="wrong", found=str(problem))], None
    changed = [name for name, origin in config.origins.items() if origin != settings.DEFAULT]
    words = _("all as delivered")
    if changed:
        words = ngettext("{n} changed: {names}", "{n} changed: {names}", len(changed)).format(
            n=len(changed), names=", ".join(changed)
        )
    return [Finding(area="settings", name="settings", verdict="ok", found=words)], config


async def server(where: "Server", kept: "Kept | None") -> list[Finding]:
    """Round trip, certificate, clock, session and the upgrade to a WebSocket."""
    found = await _over_http(where)
    if any(finding.verdict == "wrong" for finding in found):
        return found
    if where.base_url.startswith("https://"):
        found += await _checked("certificate", lambda: _certificate(where))
    if kept is None:
        return [*found, Finding(area="server", name="session", verdict="note", found=_("not signed in there"))]
    return [*found, *await _live(where, kept)]


async def _over_http(where: "Server") -> list[Finding]:
    import httpx

    from imagechat_tui.protocol import paths

    verify = where.tls() or True
    transport = httpx.AsyncHTTPTransport(uds=str(where.uds) if where.uds else None, verify=verify)
    try:
        async with httpx.AsyncClient(transport=transport, base_url=where.base_url, timeout=_SECONDS) as web:
            await web.get(paths.HEALTH)
            began = time.monotonic()
            answer = await web.get(paths.HEALTH)
            took = time.monotonic() - began
    except (httpx.HTTPError, OSError) as problem:
        words = plain.line(str(problem)) or type(problem).__name__
        return [
            Finding(area="server", name="round trip", verdict="wrong", found=f"{where.base_url}: {words}",
                    advice=_("Check the address, the network, and --ca.")),
        ]  # fmt: skip
    good = answer.status_code == httpx.codes.OK
    return [
        Finding(area="server", name="address", verdict="ok", found=where.base_url),
        Finding(
            area="server",
            name="round trip",
            verdict="wrong" if not good else "note" if took > _SLOW_SECONDS else "ok",
            found=f"{took * 1000:.0f} ms" if good else _status(answer.status_code),
            advice="" if good else _("Something else answers there: check the address."),
        ),
        _clock(answer.headers.get("date")),
    ]


def _status(code: int) -> str:
    return _("status {code}").format(code=code)


def _clock(date: str | None) -> Finding:
    from email.utils import parsedate_to_datetime

    try:
        skew = abs(parsedate_to_datetime(date or "").timestamp() - time.time())
    except ValueError:
        return Finding(area="server", name="clock", verdict="note", found=_("the server does not tell its time"))
    if skew > _MOST_SKEW_SECONDS:
        words = _("differs by {skew:.0f} s").format(skew=skew)
        return Finding(area="server", name="clock", verdict="wrong", found=words, advice=_("Set the clock by NTP."))
    return Finding(area="server", name="clock", verdict="ok", found=_("within {skew:.0f} s").format(skew=max(skew, 1)))


async def _certificate(where: "Server") -> Finding:
    from urllib.parse import urlsplit

    parts = urlsplit(where.base_url)
    port = parts.port or 443
    async with asyncio.timeout(_SECONDS):
        _reader, writer = await asyncio.open_connection(parts.hostname, port, ssl=where.tls())
    tls = writer.get_extra_info("ssl_object")
    writer.close()
    ends = ssl.cert_time_to_seconds(tls.getpeercert()["notAfter"])
    days = (ends - time.time()) / 86_400
    return Finding(
        area="server",
        name="certificate",
        verdict="ok" if days > _CERTIFICATE_DAYS else "note",
        found=ngettext("{version}, trusted, {n} day left", "{version}, trusted, {n} days left", round(days)).format(
            version=tls.version(), n=round(days)
        ),
    )


async def _live(where: "Server", kept: "Kept") -> list[Finding]:
    """The session, and a live socket to a board that does not exist: asking for it leaves no trace."""
    from imagechat_tui.client.accounts import asking
    from imagechat_tui.client.server import query
    from imagechat_tui.client.verdicts import send, understood
    from imagechat_tui.protocol import paths, replies

    async def session() -> Finding:
        name = kept.name or kept.user_id or _("a guest")
        words = _("{name}, tenant {tenant}").format(name=plain.line(name), tenant=plain.line(kept.tenant))
        return Finding(area="server", name="session", verdict="ok", found=words)

    async def upgrade() -> Finding:
        from imagechat_tui.client.live import WebSockets
        from imagechat_tui.core.outputs import Connect

        async with asking(where, kept) as exchange:
            path = paths.image_chats(kept.tenant) + query(urlId="imagechat-doctor")
            page = understood(await send(exchange, "GET", path), replies.ImageChats, where)
        target = Connect(
            attempt=1,
            tenant_id_ws=page.tenant_id_ws,
            url_id_ws=page.url_id_ws,
            user_id_ws=page.user_id_ws,
            board_scope=page.imagechat is not None,
        )
        began = time.monotonic()
        async with asyncio.timeout(_SECONDS):
            socket = await WebSockets(where).connect(target)
        took = time.monotonic() - began
        await socket.close()
        kind = "" if page.imagechat else _(", a plain host")
        return Finding(
            area="server",
            name="websocket",
            verdict="ok",
            found=_("opened in {time:.0f} ms{kind}").format(time=took * 1000, kind=kind),
        )

    return [await session(), *await _checked("websocket", upgrade)]


async def _checked(name: str, check: Callable[[], Awaitable[Finding]]) -> list[Finding]:
    """A check whose failure is a finding."""
    from imagechat_tui.client.ports import SocketEnded

    try:
        return [await check()]
    except (ImagechatError, SocketEnded, OSError, TimeoutError) as problem:
        words = plain.line(str(problem)) or type(problem).__name__
        if isinstance(problem, SocketEnded) and problem.status is not None:
            words = f"{words} ({_status(problem.status)})"
        return [Finding(area="server", name=name, verdict="wrong", found=words,
                        advice=_("A proxy on the way must let WebSockets through."))]  # fmt: skip
