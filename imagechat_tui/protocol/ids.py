"""Keys and names of the contract: how they are composed, cleaned and recognised; never parses meaning out of a key."""

import base64
import binascii
import re
from typing import Final
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit

from imagechat_tui.protocol.limits import COORDINATE_DECIMALS

_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]+")
_TOKEN_PREFIX: Final = "~b64."  # noqa: S105 - a mark in a name, no secret
_TRACKING = re.compile(
    r"(?:utm_\w+|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|mc_cid|mc_eid|igshid|yclid|twclid|ttclid|_ga|_gl|ref_src)"
)
_ANON_PREFIX: Final = "anon:"


def js_number(value: float) -> str:
    """A coordinate as JavaScript prints it, rounded to four decimals: ``25``, ``25.5``, ``0.0001``; never ``25.0``."""
    rounded = round(float(value), COORDINATE_DECIMALS)
    return f"{rounded:.{COORDINATE_DECIMALS}f}".rstrip("0").rstrip(".") if rounded else "0"


def window_url_id(url_id: str, src: str, *, x: float, y: float) -> str:
    """The key of a marker's thread. Opaque afterwards: nobody reads coordinates back from it."""
    return f"{url_id}:{src}:{js_number(x)}:{js_number(y)}"


def clean_url_id(url_id: str) -> str:
    """A page address without its marketing parameters; any other key as it is. The fragment stays part of the key."""
    if not url_id.startswith(("http://", "https://")):
        return url_id
    try:
        parts = urlsplit(url_id)
    except ValueError:
        return url_id
    if not parts.query:
        return url_id
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    kept = [(key, value) for key, value in pairs if not _TRACKING.fullmatch(key)]
    if len(kept) == len(pairs):
        return url_id
    return urlunsplit(parts._replace(query=urlencode(kept)))


def page_keys(url_id: str) -> list[str]:
    """The keys that a plain ``urlId`` may mean: itself, and the page it is once its marketing parameters are gone.

    A thread's key ends with what follows the page's address, which is no parameter to drop: it means only itself.
    """
    clean = clean_url_id(url_id)
    if clean == url_id:
        return [url_id]
    dropped = [value for key, value in parse_qsl(urlsplit(url_id).query) if _TRACKING.fullmatch(key)]
    return [url_id] if any(":" in value for value in dropped) else [url_id, clean]


def url_id_ws(url_id: str) -> str:
    """The ``urlIdWS`` of a key: unreserved characters only, whatever the client encodes or forgets to encode."""
    if _UNRESERVED.fullmatch(url_id) and not url_id.startswith(_TOKEN_PREFIX):
        return url_id
    return _TOKEN_PREFIX + base64.urlsafe_b64encode(url_id.encode()).decode().rstrip("=")


def url_id_candidates(value: str) -> list[str]:
    """The keys that a ``urlId`` of a live address may mean, likeliest first: token, plain, percent-encoded forms."""
    found: list[str] = []
    for form in (value, unquote(value), unquote(unquote(value))):
        if form.startswith(_TOKEN_PREFIX):
            body = form.removeprefix(_TOKEN_PREFIX)
            try:
                found.append(base64.b64decode(body + "=" * (-len(body) % 4), altchars=b"-_", validate=True).decode())
            except (binascii.Error, ValueError):
                continue
        else:
            found.extend(page_keys(form))
    return [key for key in dict.fromkeys(found) if key]


def wire_user_id(tenant: str, sso_id: str) -> str:
    """The id of a signed-in user as everybody else sees it."""
    return f"{tenant}:{sso_id}"


def anonymous_id(secret_free_part: str) -> str:
    """The id of an anonymous session as everybody else sees it."""
    return _ANON_PREFIX + secret_free_part


def is_anonymous(user_id: str) -> bool:
    """Whether a wire id belongs to an anonymous session."""
    return user_id.startswith(_ANON_PREFIX)
