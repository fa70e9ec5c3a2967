"""How every write is done: once per ``broadcastId``, rows and log and reply in one transaction; decides no rights."""

import hashlib
from collections.abc import Callable
from typing import TypeVar

import msgspec

from imagechat_tui.protocol import codec
from imagechat_tui.protocol.events import BoardUpdated, ImageChatUpdated, Known
from imagechat_tui.protocol.models import Conversation
from imagechat_tui.protocol.replies import Reply
from imagechat_tui.server.actions import checks, shapes
from imagechat_tui.server.actions.pages import Page
from imagechat_tui.server.actions.refusals import ConflictRefusal, Refusal, UnknownRefusal, broadcast_id_reused
from imagechat_tui.server.auth.actors import Actor
from imagechat_tui.server.auth.permissions import is_simple
from imagechat_tui.server.deps import Deps
from imagechat_tui.server.store import counters, events, markers, replies, windows
from imagechat_tui.server.store.boards import Board
from imagechat_tui.server.store.database import OvertakenError, Transaction
from imagechat_tui.server.store.events import Place
from imagechat_tui.server.store.locking import About
from imagechat_tui.server.store.replies import StoredReply, WriteKey
from imagechat_tui.server.usage import day_of

R = TypeVar("R", bound=Reply)


class _RepeatedError(Exception):
    """This write was answered before; what it did this time is rolled back."""


class Write:
    """One write in progress: who, when, under which id, and the last position it took."""

    __slots__ = ("actor", "broadcast_id", "now_ms", "seq", "tx")

    def __init__(self, tx: Transaction, actor: Actor, *, broadcast_id: str, now_ms: int) -> None:
        self.tx = tx
        self.actor = actor
        self.broadcast_id = broadcast_id
        self.now_ms = now_ms
        self.seq: int | None = None

    @property
    def tenant(self) -> str:
        """Whose data it is about."""
        return self.actor.tenant

    def count(self, name: str) -> None:
        """Count one for the tenant's day, by a field of ``replies.DailyUsage``."""
        counters.add(self.tx, self.tenant, day=day_of(self.now_ms), name=name)

    def log_marker(self, board: Board, event: Known, *, marker_id: str) -> None:
        """Store an event of a marker on the board's channel."""
        self._log(board, event, Place(channel=board.url_id, marker_id=marker_id))

    def log_board(self, board: Board) -> None:
        """Store that a board has another picture; for those who look at whole boards."""
        event = BoardUpdated(broadcast_id=self.broadcast_id, image=board.image)
        self._log(board, event, Place(channel=events.BOARD_ONLY, marker_id=None))

    def log_thread(self, page: Page, event: Known, *, author: str, approved: bool = True) -> None:
        """Store an event of a comment or vote on its thread's channel; ``author`` wrote the comment."""
        if page.board is None or page.marker_id is None:
            windows.add(self.tx, self.tenant, page.url_id, created_by=author)
            events.append_unclaimed(self.tx, self.tenant, page.url_id, event, only_for=author, now_ms=self.now_ms)
            return
        only_for = None if approved else author
        self._log(page.board, event, Place(channel=page.url_id, marker_id=page.marker_id, only_for=only_for))

    def log_update(self, board: Board, marker_id: str) -> Conversation:
        """Store that a marker is different now; the marker as it is."""
        shown = markers.find(self.tx.connection, self.tenant, marker_id)
        if shown is None:
            raise UnknownRefusal("marker")
        marker = shapes.conversation(shown)
        event = ImageChatUpdated(broadcast_id=self.broadcast_id, chat_id=marker_id, conversation=marker)
        self.log_marker(board, event, marker_id=marker_id)
        return marker

    def _log(self, board: Board, event: Known, place: Place) -> None:
        self.seq = events.append(self.tx, board, event, place=place, now_ms=self.now_ms)


async def once(  # noqa: PLR0913 - what a write is, each by name
    deps: Deps, actor: Actor, broadcast_id: str, *, about: str, asked: object, kind: type[R], work: Callable[[Write], R]
) -> R:
    """Do ``work`` and remember its reply; the same id and question again get that reply, and nothing happens.

    Args:
        deps: Where to.
        actor: Who writes.
        broadcast_id: The identity of the write.
        about: The key of its board or thread, or the id of its marker or comment.
        asked: Everything that makes this write what it is; compared when the id comes again.
        kind: The type of the reply.
        work: Runs in the transaction; touches nothing but what it is given.

    Raises:
        Refusal: Whatever ``work`` refused; 409, the id came with another question before.
    """
    checks.broadcast_id(broadcast_id)
    key = WriteKey(actor.tenant, _identity(actor), broadcast_id)
    body_hash = hashlib.sha256(kind.__name__.encode() + b"\0" + msgspec.json.encode(asked)).digest()
    now_ms = deps.clock_ms()

    def run(tx: Transaction) -> R:
        reply = work(Write(tx, actor, broadcast_id=broadcast_id, now_ms=now_ms))
        if not replies.remember(tx, key, StoredReply(body_hash, codec.encode(reply)), now_ms=now_ms):
            raise _RepeatedError
        return reply

    # A repetition is rare: the write is tried first, and only if that comes to nothing the memory is asked.
    try:
        return await deps.database.write(run, about=About(actor.tenant, about))
    except (Refusal, _RepeatedError):
        stored = await deps.database.read(lambda connection: replies.find(connection, key))
        if stored is None:
            raise
    except OvertakenError as problem:
        raise ConflictRefusal("invalid-input", "Others did the same at the same moment; try again.") from problem
    if stored.body_hash != body_hash:
        raise broadcast_id_reused()
    return codec.decode(stored.reply, kind)


def _identity(actor: Actor) -> str:
    # A claimed name is nobody's alone: what came under it belongs to the session that sent it.
    if actor.user_id is None or is_simple(actor):
        return f"{actor.user_id or 'guest'}#{actor.session or ''}"
    return actor.user_id
