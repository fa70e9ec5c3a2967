"""Reads the request of a live socket: path, Host, Origin and parameters; looks nothing up and lets nobody in.

All of it is foreign text. No route or middleware runs for a live socket, so what they check for others is checked here.
Cookies are not read: the pass in ``userIdWS`` is the only identity.
"""

from collections.abc import Callable, Iterator
from typing import Final
from urllib.parse import unquote, unquote_plus

from msgspec import Struct
from websockets.datastructures import Headers, MultipleValuesError

from imagechat_tui.protocol.ids import url_id_candidates
from imagechat_tui.protocol.limits import URL_ID_CHARACTERS
from imagechat_tui.protocol.paths import LIVE
from imagechat_tui.server.auth.origins import same_origin
from imagechat_tui.server.live.gate import Knock, Rejection

_LONGEST_URL_ID: Final = 2 * URL_ID_CHARACTERS + 64
_LONGEST_TENANT: Final = 200


class Request(Struct, frozen=True, kw_only=True):
    """What a caller asks for."""

    knock: Knock
    whole_board: bool
    batch: bool


def read_request(path: str, headers: Headers, *, host_allowed: Callable[[str], bool]) -> Request | Rejection:
    """What a caller asks for, or why nobody will be asked about it.

    Args:
        path: Path and query as they stand in the request line.
        headers: The request's headers.
        host_allowed: Whether this server answers to a value of ``Host``.
    """
    route, _, query = path.partition("?")
    if route != LIVE:
        return Rejection(status=404, reason="There is no live socket here.")
    try:
        host, origin = headers.get("Host", ""), headers.get("Origin")
    except MultipleValuesError:
        return Rejection(status=400, reason="A header is there twice.")
    if not host_allowed(host):
        return Rejection(status=421, reason="This server has another name.")
    values = _parameters(query)
    tenant = unquote(values.get("tenantIdWS", ""))
    url_ids = tuple(_url_ids(values.get("urlId", "")))
    if not tenant or not url_ids or len(tenant) > _LONGEST_TENANT or "\0" in tenant:
        return Rejection(status=400, reason="tenantIdWS and urlId are needed.")
    whole_board = values.get("scope") == "board"
    knock = Knock(
        tenant=tenant,
        url_ids=url_ids,
        user_id_ws=unquote(values.get("userIdWS", "")),
        # Native clients send the server's own address as well.
        origin=None if origin is None or same_origin(origin, host) else origin,
    )
    return Request(knock=knock, whole_board=whole_board, batch=whole_board and values.get("batch") == "1")


def _parameters(query: str) -> dict[str, str]:
    """The parameters, still encoded; of one that comes twice the first."""
    values: dict[str, str] = {}
    for pair in query.split("&"):
        name, _, value = pair.partition("=")
        values.setdefault(name, value)
    return values


def _url_ids(raw: str) -> Iterator[str]:
    """The keys that an address may mean, likeliest first; clients encode them once, twice or never."""
    seen: set[str] = set()
    for form in (unquote_plus(raw), unquote(raw)):
        for candidate in url_id_candidates(form):
            fits = candidate and len(candidate) <= _LONGEST_URL_ID and "\0" not in candidate
            if fits and candidate not in seen:
                seen.add(candidate)
                yield candidate
