"""Puts a marker on a board, inside somebody's write: its row, its thread, its number, its place in the log."""

import secrets
from collections.abc import Iterator
from typing import Final

from msgspec import Struct
from sqlalchemy import Connection

from imagechat_tui.protocol import ids
from imagechat_tui.protocol.events import NewImageChat
from imagechat_tui.protocol.models import Conversation
from imagechat_tui.server.actions import pages, shapes
from imagechat_tui.server.actions.refusals import ConflictRefusal, UnknownRefusal, page_hidden
from imagechat_tui.server.actions.writing import Write
from imagechat_tui.server.store import boards, events, markers, windows
from imagechat_tui.server.store.boards import Board, NewBoard
from imagechat_tui.server.store.database import OvertakenError
from imagechat_tui.server.store.markers import Marker

_STEP: Final = 0.0001
"""Percent: the smallest difference that a key keeps."""
_STEPS: Final = 16
_REACHES: Final = (0.05, 0.5, 5.0, 50.0)
"""Percent within which a free place is drawn once the next steps are taken."""
_DRAWS: Final = 8
_EDGE: Final = 100.0


class Pin(Struct, frozen=True, kw_only=True):
    """A marker to be put."""

    marker_id: str
    window_url_id: str
    x: float
    y: float
    src: str
    page_title: str
    user_name: str
    comment_id: str
    """What the marker was created from."""


def board_for_marker(write: Write, url_id: str, *, title: str, token: str) -> Board:
    """The board of a base key; a page that has none becomes one with its first marker.

    Raises:
        Refusal: 401 or 403, the actor may not see it.
    """
    board = boards.find(write.tx.connection, write.tenant, url_id)
    if board is None:
        new = NewBoard(url_id=url_id, token=token, title=title, created_by=None)
        board = boards.add(write.tx, write.tenant, new, now_ms=write.now_ms)
    if board is None:
        raise OvertakenError
    if not pages.sees(write.actor, board):
        raise page_hidden(write.actor)
    return board


def claim(write: Write, board: Board, pin: Pin) -> None:
    """Store the marker and make its thread the board's; events that the thread has get their positions now."""
    tx, actor = write.tx, write.actor
    fresh = windows.add(tx, write.tenant, pin.window_url_id, created_by=None)
    last_ms = windows.claim(tx, board, pin.window_url_id, marker_id=pin.marker_id)
    if last_ms is None:
        raise OvertakenError
    if not fresh:
        events.claim(tx, board, pin.window_url_id, marker_id=pin.marker_id, last_ms=last_ms)
    marker = Marker(
        id=pin.marker_id,
        window_url_id=pin.window_url_id,
        number=boards.next_number(tx, write.tenant, board.id),
        x=pin.x,
        y=pin.y,
        src=pin.src,
        page_title=pin.page_title,
        user_id=actor.user_id or "",
        user_name=pin.user_name,
        session=actor.session,
        created_from_comment_id=pin.comment_id,
        created_ms=write.now_ms,
    )
    markers.add(tx, board, marker)
    if not fresh:
        markers.recount(tx, write.tenant, pin.marker_id)


def announce(write: Write, board: Board, marker_id: str) -> Conversation:
    """Log the new marker, once its thread is complete; the marker as it is."""
    shown = markers.find(write.tx.connection, write.tenant, marker_id)
    if shown is None:
        raise UnknownRefusal("marker")
    conversation = shapes.conversation(shown)
    event = NewImageChat(broadcast_id=write.broadcast_id, chat_id=marker_id, conversation=conversation)
    write.log_marker(board, event, marker_id=marker_id)
    write.count("conversation_create_count")
    return conversation


def free_place(connection: Connection, board: Board, *, x: float, y: float) -> tuple[float, str]:
    """The x nearest to ``x`` whose key is nobody's, and that key.

    Beside a crowd the place is drawn at random within a growing reach: nobody can make this slow by pinning one point.
    """
    for candidate in _places(x):
        key = ids.window_url_id(board.url_id, board.src or "", x=candidate, y=y)
        if windows.free(connection, board.tenant, key):
            return candidate, key
    raise ConflictRefusal("invalid-input", "This place is taken; choose another one.")


def _places(x: float) -> Iterator[float]:
    yield x
    direction = 1 if x + _STEP * _STEPS <= _EDGE else -1
    for step in range(1, _STEPS):
        yield round(x + direction * step * _STEP, 4)
    for reach in _REACHES:
        steps = int(reach / _STEP)
        for _ in range(_DRAWS):
            drawn = x + (secrets.randbelow(2 * steps + 1) - steps) * _STEP
            yield round(min(max(drawn, 0.0), _EDGE), 4)
