"""The signature of a secure sign-in payload: made by whoever holds the tenant's secret, compared by the server."""

import base64
import hashlib
import hmac

import msgspec


def signature(secret: str, timestamp: int | str, data: str) -> str:
    """The hash of a secure payload: lower-case hex HMAC-SHA256 over ``<timestamp><base64>``."""
    return hmac.new(secret.encode(), f"{timestamp}{data}".encode(), hashlib.sha256).hexdigest()


def sign(user: object, *, secret: str, now_ms: int) -> str:
    """A secure payload for ``user`` (an object by the contract's names), as the ``sso`` parameter's text."""
    data = base64.b64encode(msgspec.json.encode(user)).decode()
    parts = {"userDataJSONBase64": data, "verificationHash": signature(secret, now_ms, data), "timestamp": now_ms}
    return msgspec.json.encode(parts).decode()
