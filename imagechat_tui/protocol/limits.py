"""The numbers both sides agree on; never a policy that an operator may change (those are settings)."""

from typing import Final

COMMENT_CHARACTERS: Final = 2_000
"""Longest comment, in characters, image addresses not counted (contract default)."""

NAME_CHARACTERS: Final = 1_000
"""Longest user id, e-mail or user name of an SSO payload."""

URL_ID_CHARACTERS: Final = 2_000
"""Longest ``urlId``, ``src`` or page title; a ``windowUrlId`` may be twice that."""

BROADCAST_ID_CHARACTERS: Final = 200
"""Longest ``broadcastId``; a UUID has 36."""

BODY_BYTES: Final = 256 * 1024
"""Largest JSON body of a request."""

PICTURE_BYTES: Final = 25 * 1024 * 1024
"""Largest uploaded or downloaded picture."""

PICTURE_PIXELS: Final = 40_000_000
"""Largest picture in pixels; a decoder needs about four bytes each."""

INBOUND_FRAME_BYTES: Final = 4 * 1024
"""Largest message a client may send on the live socket; it has nothing to say but keep-alive."""

LOG_PAGE_EVENTS: Final = 500
"""Events of one page of the log by position."""

EVENT_LOG_EVENTS: Final = 1_000
"""Most events of one answer of the event log by time."""

PAGE_COMMENTS: Final = 30
"""Comments of one page unless asked otherwise; 10 to 200."""

PAGE_COMMENTS_RANGE: Final = (10, 200)

RETRY_MEMORY_SECONDS: Final = 24 * 3600
"""How long the server repeats a stored reply for the same ``broadcastId``."""

USER_ID_WS_SECONDS: Final = 24 * 3600
"""How long a ``userIdWS`` may open a socket."""

COORDINATE_DECIMALS: Final = 4
"""Decimals kept of a percent coordinate when a key is composed."""
