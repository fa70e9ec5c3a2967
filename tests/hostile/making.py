"""Makes hostile bytes by chance: requests, frames, payloads and pictures; pure: a case's number makes it again."""

import base64
import json
import random
import struct
import zlib
from io import BytesIO
from typing import Any, Final
from urllib.parse import quote

from msgspec import Struct
from PIL import Image

from imagechat_tui.protocol import paths
from imagechat_tui.server.routes.table import entries

_ODD: Final = (
    "", "null", "0", "-1", "1e999", "NaN", "Infinity", "true", "%", "%00", "\0", "../..", "\u202e", "\ud7ff\uffff",
    "{}", "[]", "'; DROP TABLE markers; --", "${jndi:x}", "9" * 30, "-" + "9" * 30, "a" * 3_000, "é" * 500, "🙂" * 300,
    "\r\nX: y", "0.1.2", "١٢٣", "1" * 400, "\\", '"', "%25%32%35", "2026.0", " ", "\t",
)  # fmt: skip
_ROUTES: Final = [(entry.method, entry.path) for entry in entries()]
_METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "TRACE", "get", "X" * 300)
_DEPTH: Final = 4
_CLOSE: Final = "Connection: close"


class Names(Struct, frozen=True, kw_only=True):
    """True names of what there is, and who may ask."""

    known: dict[str, Any]
    """By the names that paths, queries and bodies give them; a tuple holds several."""
    identities: tuple[str, ...]
    """Header lines; one of them is empty."""
    sso: tuple[str, ...]
    """Payloads that are good."""
    live: str
    """The query of a live socket that is let in."""


def odd_text(chance: random.Random) -> str:
    """A text that somebody might not have thought of."""
    if chance.random() < 0.5:
        return chance.choice(_ODD)
    return "".join(
        chr(chance.choice((chance.randrange(1, 128), chance.randrange(0xD7FF)))) for _ in range(chance.randrange(40))
    )


def odd_value(chance: random.Random, depth: int = 0) -> Any:
    """Any JSON."""
    kind = chance.randrange(8 if depth < _DEPTH else 6)
    if kind == 0:
        return chance.choice((None, True, False))
    if kind == 1:
        return chance.choice((0, -1, 100, 100.0001, 1e308, -(2**70), 2**63, 0.1, 1e-320))
    if kind == 6:
        return [odd_value(chance, depth + 1) for _ in range(chance.randrange(4))]
    if kind == 7:
        return {odd_text(chance): odd_value(chance, depth + 1) for _ in range(chance.randrange(4))}
    return odd_text(chance)


def _part(chance: random.Random, names: Names, name: str) -> str:
    return str(_true(chance, names, name)) if name in names.known and chance.random() < 0.85 else odd_text(chance)


def _true(chance: random.Random, names: Names, name: str) -> Any:
    if name == "broadcastId" and chance.random() < 0.9:
        return chance.randbytes(8).hex()  # The same one again would only be answered as before.
    value = names.known[name]
    return chance.choice(value) if isinstance(value, tuple) else value


def _query(chance: random.Random, names: Names) -> str:
    share = chance.choice((0.3, 0.9, 1.0))
    likely = [name for name in names.known if chance.random() < share]
    odd = chance.random() < 0.3
    pairs = [(name, _part(chance, names, name) if odd else str(_true(chance, names, name))) for name in likely]
    pairs += [(odd_text(chance), odd_text(chance)) for _ in range(chance.randrange(3) if odd else 0)]
    pairs += [("sso", payload(chance, names))] if odd and chance.random() < 0.1 else []
    chance.shuffle(pairs)
    broken = 0.05 if odd and chance.random() < 0.3 else 0.0
    text = "&".join(
        f"{_quoted(chance, key, broken=broken)}={_quoted(chance, value, broken=broken)}" for key, value in pairs
    )
    return "?" + text if chance.random() < 0.9 else ""


def _quoted(chance: random.Random, text: str, *, broken: float = 0.03) -> str:
    if chance.random() < broken:
        return "".join(chance.choice(("%zz", "%ff", "%", "+", "%u0041", "%C0%AE")) for _ in range(3))
    return quote(text.encode("utf-8", "replace"), safe="")


def _body(chance: random.Random, names: Names) -> bytes:
    kind = chance.random()
    if kind < 0.1:
        return chance.randbytes(chance.randrange(200))
    if kind < 0.15:
        return b"[" * chance.choice((10, 1_000, 60_000)) + b"]"
    if kind < 0.25:
        return json.dumps(odd_value(chance)).encode("utf-8", "replace")
    share = chance.choice((0.0, 0.0, 0.03, 0.3))
    body = {
        name: odd_value(chance) if chance.random() < share else _true(chance, names, name)
        for name in names.known
        if chance.random() >= share / 2
    }
    text = json.dumps(body).encode("utf-8", "replace")
    return changed(chance, text) if chance.random() < 0.1 else text


def request(chance: random.Random, names: Names) -> bytes:
    """A request that is HTTP, of any route, with anything in it."""
    method, template = chance.choice(_ROUTES)
    if chance.random() < 0.05:
        method = chance.choice(_METHODS)
    parts = []
    for part in template.split("/"):
        inner = part[1:-1] if part.startswith("{") else None
        parts.append(part if inner is None else _quoted(chance, _part(chance, names, inner)))
    path = "/".join(parts) + _query(chance, names)
    body = b"" if method in {"GET", "OPTIONS", "HEAD"} and chance.random() < 0.95 else _body(chance, names)
    kinds = (
        "application/json",
        "application/json",
        "application/json",
        "multipart/form-data; boundary=b",
        "text/plain",
        "",
    )
    # A sign-out or another sign-in would end the session that the next cases need.
    who = "" if template in {paths.SESSIONS, paths.INVITE} else chance.choice(names.identities)
    lines = [f"{method} {path[:60_000]} HTTP/1.1", "Host: 127.0.0.1", _CLOSE, who]
    lines += [f"Content-Type: {chance.choice(kinds)}", f"Content-Length: {len(body)}"]
    if chance.random() < 0.1:
        lines.append(f"Origin: {chance.choice(('https://evil.example', 'null', 'http://127.0.0.1', 'x' * 2_000))}")
    if chance.random() < 0.1:
        odd = odd_text(chance).encode("ascii", "replace").decode().translate({10: None, 13: None, 0: None})
        lines.append(
            f"{chance.choice(('Cookie', 'X-API-KEY', 'Accept', 'X-Forwarded-For', 'Content-Encoding'))}: {odd}"
        )
    return "\r\n".join(filter(None, lines)).encode("latin-1", "replace") + b"\r\n\r\n" + body


def broken_request(chance: random.Random, names: Names) -> bytes:
    """Bytes that may be no HTTP at all."""
    return changed(chance, request(chance, names), most=8)


def changed(chance: random.Random, data: bytes, *, most: int = 4) -> bytes:
    """The bytes with some replaced, cut out, doubled or inserted."""
    made = bytearray(data or b"x")
    for _ in range(chance.randrange(1, most)):
        at = chance.randrange(len(made))
        match chance.randrange(4):
            case 0:
                made[at] = chance.randrange(256)
            case 1:
                del made[at : at + chance.randrange(1, 20)]
            case 2:
                made[at:at] = made[max(0, at - 20) : at]
            case _:
                made[at:at] = chance.randbytes(chance.randrange(1, 6))
        made = made or bytearray(b"x")
    return bytes(made)


def payload(chance: random.Random, names: Names) -> str:
    """An SSO payload that is not quite what the tenant signed."""
    good = json.loads(chance.choice(names.sso))
    match chance.randrange(6):
        case 0:
            return changed(chance, json.dumps(good).encode()).decode("utf-8", "replace")
        case 1:
            good[chance.choice(list(good))] = odd_value(chance)
        case 2:
            person = {
                "id": "root",
                "email": "r@example.com",
                "username": "root",
                "isAdmin": True,
                odd_text(chance): odd_value(chance),
            }
            good["userDataJSONBase64"] = base64.b64encode(json.dumps(person).encode("utf-8", "replace")).decode()
        case 3:
            good["timestamp"] = chance.choice((0, -1, 2**63, "1e3", "١٢٣", None, good["timestamp"] + 1))
        case 4:
            return json.dumps(odd_value(chance))
        case _:
            return json.dumps(
                {"simpleSSOUser": {"email": odd_text(chance), "username": odd_value(chance), "isAdmin": True}}
            )
    return json.dumps(good)


def sign_in(chance: random.Random, names: Names) -> bytes:
    """The exchange of a payload, or a payload in an address."""
    text = payload(chance, names)
    if chance.random() < 0.5:
        body = json.dumps({"tenantId": "acme", "sso": text}).encode("utf-8", "replace")
        head = f"POST {paths.SESSIONS} HTTP/1.1\r\nHost: 127.0.0.1\r\n{_CLOSE}\r\nContent-Type: application/json\r\n"
        return head.encode() + b"Content-Length: %d\r\n\r\n" % len(body) + body
    query = f"?urlId=page&sso={quote(text.encode('utf-8', 'replace'), safe='')}"
    return f"GET {paths.comments('acme')}{query[:120_000]} HTTP/1.1\r\nHost: 127.0.0.1\r\n{_CLOSE}\r\n\r\n".encode()


def log_range(chance: random.Random, names: Names) -> bytes:
    """A range of one of the logs."""
    asked = {name: _part(chance, names, name) for name in ("urlId", "userIdWS")}
    asked |= {name: _number(chance) for name in ("startTime", "endTime", "after", "limit")}
    which = chance.choice((paths.event_log("acme"), paths.event_log("acme") + "/", paths.log("acme")))
    query = "&".join(f"{key}={_quoted(chance, value)}" for key, value in asked.items() if chance.random() < 0.85)
    lines = (f"GET {which}?{query} HTTP/1.1", "Host: 127.0.0.1", _CLOSE, chance.choice(names.identities))
    return "\r\n".join(filter(None, lines)).encode() + b"\r\n\r\n"


def _number(chance: random.Random) -> str:
    if chance.random() < 0.1:
        return odd_text(chance)
    return str(chance.choice((0, 1, -1, chance.randrange(-(2**66), 2**66), chance.randrange(2**41))))


def knock(chance: random.Random, names: Names) -> bytes:
    """The request of a live socket, mostly a good one."""
    query = names.live if chance.random() < 0.85 else _query(chance, names)[1:]
    if chance.random() < 0.3:
        query += chance.choice(
            ("&scope=board", "&scope=board&batch=1", "&batch=1", "&scope=" + _quoted(chance, odd_text(chance)))
        )
    lines = [
        f"GET {paths.LIVE}?{query} HTTP/1.1", "Host: 127.0.0.1", "Upgrade: websocket", "Connection: Upgrade",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits",
    ]  # fmt: skip
    data = "\r\n".join(lines).encode() + b"\r\n\r\n"
    return changed(chance, data, most=3) if chance.random() < 0.1 else data


def frames(chance: random.Random) -> bytes:
    """What is said on a live socket: fragments, binary, reserved bits, lies about lengths, no UTF-8, bombs."""
    return b"".join(_frame(chance) for _ in range(chance.randrange(6)))


def _frame(chance: random.Random) -> bytes:
    bomb = zlib.compress(b"\0" * 1_000_000)[2:-4]
    data = chance.choice(
        (b"ping", b"\xff\xfe", b"", chance.randbytes(chance.randrange(300)), b"x" * 5_000, b"x" * 70_000, bomb)
    )
    first = chance.choice((0x81, 0x82, 0x01, 0x00, 0x80, 0x88, 0x89, 0x8A, 0xC1, chance.randrange(256)))
    size = chance.choice((len(data), len(data), len(data), 0, 126, 2**16, 2**31, 2**63 - 1, 2**64 - 1))
    masked = chance.random() < 0.9
    bit = 0x80 if masked else 0
    if size < 126:
        head = struct.pack("!BB", first, size | bit)
    elif size < 2**16:
        head = struct.pack("!BBH", first, 126 | bit, size)
    else:
        head = struct.pack("!BBQ", first, 127 | bit, size)
    return head + (b"\0\0\0\0" if masked else b"") + data


_KINDS: Final = ("PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF")


def _whole(chance: random.Random) -> bytes:
    image = Image.new(
        chance.choice(("RGB", "RGBA", "L", "P", "1")), (chance.randrange(1, 60), chance.randrange(1, 60)), 7
    )
    kind, out = chance.choice(_KINDS), BytesIO()
    (image if kind in {"PNG", "GIF", "TIFF"} else image.convert("RGB")).save(out, kind)
    return out.getvalue()


def picture(chance: random.Random) -> bytes:
    """A file that was a picture."""
    data = _whole(chance)
    match chance.randrange(5):
        case 0:
            return data[: chance.randrange(len(data))]
        case 1 if data.startswith(b"\x89PNG"):
            made = bytearray(data)
            made[16:24] = struct.pack(">II", chance.randrange(2**31), chance.randrange(2**31))
            made[29:33] = struct.pack(">I", zlib.crc32(made[12:29]))
            return bytes(made)
        case 2:
            return data[:8] + chance.randbytes(chance.randrange(400))
        case _:
            return changed(chance, data, most=12)
