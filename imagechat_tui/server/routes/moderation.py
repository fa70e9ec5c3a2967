"""What is done to a comment beside its text: pin, lock, flag, block its author."""

from imagechat_tui.protocol import paths
from imagechat_tui.protocol.replies import BlockStatuses, Done, PinChanged
from imagechat_tui.protocol.requests import BlockBody
from imagechat_tui.server.actions import moderation
from imagechat_tui.server.routes.asking import Asked
from imagechat_tui.server.routes.endpoint import Entry
from imagechat_tui.server.routes.query import unfit

_MOST_IDS = 500


async def pin(asked: Asked) -> PinChanged:
    """On top of its thread."""
    return await _pin(asked, pinned=True)


async def unpin(asked: Asked) -> PinChanged:
    """Back to its place."""
    return await _pin(asked, pinned=False)


async def lock(asked: Asked) -> Done:
    """Nobody edits, deletes or answers it."""
    return await _lock(asked, locked=True)


async def unlock(asked: Asked) -> Done:
    """Everybody who may, again."""
    return await _lock(asked, locked=False)


async def flag(asked: Asked) -> Done:
    """Report it, or take that back."""
    flagged = asked.query.needed_flag("isFlagged")
    actor = await asked.writer()
    return await moderation.flag_comment(asked.deps, actor, asked.path("comment"), flagged=flagged)


async def block(asked: Asked) -> BlockStatuses:
    """No longer read its author."""
    return await _block(asked, blocked=True)


async def unblock(asked: Asked) -> BlockStatuses:
    """Read them again."""
    return await _block(asked, blocked=False)


async def check_blocked(asked: Asked) -> BlockStatuses:
    """Which of these comments are by somebody whom the caller blocked."""
    comment_ids = asked.query.listed("commentIds", most=_MOST_IDS)
    actor = await asked.reader()
    return await moderation.check_blocked(asked.deps, actor, comment_ids)


async def _pin(asked: Asked, *, pinned: bool) -> PinChanged:
    broadcast_id = asked.broadcast_id()
    actor = await asked.writer()
    return await moderation.pin_comment(
        asked.deps, actor, asked.path("comment"), broadcast_id=broadcast_id, pinned=pinned
    )


async def _lock(asked: Asked, *, locked: bool) -> Done:
    broadcast_id = asked.broadcast_id()
    actor = await asked.writer()
    return await moderation.lock_comment(
        asked.deps, actor, asked.path("comment"), broadcast_id=broadcast_id, locked=locked
    )


async def _block(asked: Asked, *, blocked: bool) -> BlockStatuses:
    actor = await asked.writer()
    comment_ids = (await asked.json(BlockBody, empty=BlockBody())).comment_ids or []
    if len(comment_ids) > _MOST_IDS:
        raise unfit("commentIds", f"a list of at most {_MOST_IDS}")
    return await moderation.block_author(
        asked.deps, actor, asked.path("comment"), blocked=blocked, comment_ids=comment_ids
    )


ENTRIES = (
    Entry(method="POST", path="/comments/{tenant}/{comment}/pin", handler=pin),
    Entry(method="POST", path="/comments/{tenant}/{comment}/unpin", handler=unpin),
    Entry(method="POST", path="/comments/{tenant}/{comment}/lock", handler=lock),
    Entry(method="POST", path="/comments/{tenant}/{comment}/unlock", handler=unlock),
    Entry(method="POST", path="/flag-comment/{comment}", handler=flag),
    Entry(method="POST", path="/block-from-comment/{comment}", handler=block),
    Entry(method="DELETE", path="/block-from-comment/{comment}", handler=unblock),
    Entry(method="GET", path=paths.CHECK_BLOCKED, handler=check_blocked),
)
