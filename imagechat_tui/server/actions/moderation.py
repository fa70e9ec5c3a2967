"""What is done to a comment beside its text: pin, lock, flag, block its author."""

from collections.abc import Sequence

from msgspec.structs import replace
from sqlalchemy import Connection

from imagechat_tui.protocol.events import UpdatedComment
from imagechat_tui.protocol.replies import BlockStatuses, Done, PinChanged
from imagechat_tui.server.actions import ordering, pages, shapes
from imagechat_tui.server.actions.pages import Page
from imagechat_tui.server.actions.refusals import UnknownRefusal
from imagechat_tui.server.actions.writing import Write, once
from imagechat_tui.server.auth.actors import Actor
from imagechat_tui.server.auth.permissions import Action
from imagechat_tui.server.deps import Deps
from imagechat_tui.server.store import comments, marks
from imagechat_tui.server.store.database import Transaction

Positions = dict[str, dict[str, str | None]]


async def pin_comment(deps: Deps, actor: Actor, comment_id: str, *, broadcast_id: str, pinned: bool) -> PinChanged:
    """Put a comment on top of its thread, or back; the answer says where it stands now in each order.

    Raises:
        Refusal: 401 or 403, not this actor; 404, no such comment.
    """
    pages.require(actor, Action.PIN)

    def work(write: Write) -> PinChanged:
        comment, page = pages.find_comment(write.tx.connection, actor, comment_id)
        comments.pin(write.tx, actor.tenant, comment_id, pinned=pinned)
        positions = _positions(write.tx.connection, actor, page, comment_id)
        shape = replace(shapes.live_comment(actor.tenant, comment), is_pinned=pinned)
        event = UpdatedComment(broadcast_id=broadcast_id, comment=shape, extra_info={"commentPositions": positions})
        write.log_thread(page, event, author=comment.user_id, approved=comment.approved)
        return PinChanged(status="success", comment_positions=positions, seq=write.seq)

    return await once(
        deps, actor, broadcast_id, about=comment_id, asked=["pin", comment_id, pinned], kind=PinChanged, work=work
    )


async def lock_comment(deps: Deps, actor: Actor, comment_id: str, *, broadcast_id: str, locked: bool) -> Done:
    """Nobody edits, deletes, answers or votes on it; or everybody who may, again.

    Raises:
        Refusal: 401 or 403, not this actor; 404, no such comment.
    """
    pages.require(actor, Action.LOCK)

    def work(write: Write) -> Done:
        comment, page = pages.find_comment(write.tx.connection, actor, comment_id)
        comments.lock(write.tx, actor.tenant, comment_id, locked=locked)
        shape = replace(shapes.live_comment(actor.tenant, comment), is_locked=locked)
        event = UpdatedComment(broadcast_id=broadcast_id, comment=shape)
        write.log_thread(page, event, author=comment.user_id, approved=comment.approved)
        return Done(status="success", seq=write.seq)

    return await once(
        deps, actor, broadcast_id, about=comment_id, asked=["lock", comment_id, locked], kind=Done, work=work
    )


async def flag_comment(deps: Deps, actor: Actor, comment_id: str, *, flagged: bool) -> Done:
    """Report a comment, or take that back; nobody else is told.

    Raises:
        Refusal: 401 or 403, not this actor; 404, no such comment.
    """
    pages.require(actor, Action.FLAG)
    user_id, now_ms = actor.user_id or "", deps.clock_ms()

    def work(tx: Transaction) -> None:
        pages.find_comment(tx.connection, actor, comment_id)
        if flagged:
            marks.flag(tx, actor.tenant, comment_id, user_id=user_id, now_ms=now_ms)
        else:
            marks.unflag(tx, actor.tenant, comment_id, user_id=user_id)

    await deps.database.write(work)
    return Done(status="success")


async def block_author(
    deps: Deps, actor: Actor, comment_id: str, *, blocked: bool, comment_ids: Sequence[str]
) -> BlockStatuses:
    """Block or unblock who wrote a comment, for this actor only; says for these comments whether they are blocked now.

    Raises:
        Refusal: 401 or 403, not this actor; 404, no such comment.
    """
    pages.require(actor, Action.BLOCK)
    user_id, now_ms = actor.user_id or "", deps.clock_ms()

    def work(tx: Transaction) -> dict[str, bool]:
        comment, _ = pages.find_comment(tx.connection, actor, comment_id)
        if blocked:
            marks.block(tx, actor.tenant, user_id, blocked=comment.user_id, now_ms=now_ms)
        else:
            marks.unblock(tx, actor.tenant, user_id, blocked=comment.user_id)
        return _statuses(tx.connection, actor, comment_ids or [comment_id])

    return BlockStatuses(status="success", comment_statuses=await deps.database.write(work))


async def check_blocked(deps: Deps, actor: Actor, comment_ids: Sequence[str]) -> BlockStatuses:
    """For each of these comments, whether this actor blocked its author."""
    statuses = await deps.database.read(lambda connection: _statuses(connection, actor, comment_ids))
    return BlockStatuses(status="success", comment_statuses=statuses)


def _statuses(connection: Connection, actor: Actor, comment_ids: Sequence[str]) -> dict[str, bool]:
    blocked = marks.blocked_by(connection, actor.tenant, actor.user_id) if actor.user_id else set()
    found = comments.some(connection, actor.tenant, comment_ids) if blocked else {}
    return {one: one in found and found[one].user_id in blocked for one in comment_ids}


def _positions(connection: Connection, actor: Actor, page: Page, comment_id: str) -> Positions:
    outlines = comments.outlines(connection, actor.tenant, page.url_id)
    if not any(outline.id == comment_id for outline in outlines):
        raise UnknownRefusal("comment")
    return {
        direction: ordering.neighbours(ordering.arrange(outlines, direction).roots, comment_id)
        for direction in ordering.DIRECTIONS
    }
