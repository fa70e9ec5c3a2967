"""Threads and their comments: ``/comments``."""

from msgspec.structs import replace

from imagechat_tui.protocol import limits
from imagechat_tui.protocol.replies import CommentDeleted, CommentSaved, CommentText, TextSaved
from imagechat_tui.protocol.requests import CommentData, UpdateText
from imagechat_tui.server.actions import comments, image_chats
from imagechat_tui.server.routes.asking import Asked
from imagechat_tui.server.routes.endpoint import Entry


def edit_key(asked: Asked) -> str | None:
    """What proves the right of an author without a name."""
    return asked.query.text("editKey", most=limits.NAME_CHARACTERS)


async def create(asked: Asked) -> CommentSaved:
    """A comment. A caller without identity gets an anonymous session, and with it a new ``userIdWS``."""
    url_id, broadcast_id = asked.url_id(), asked.broadcast_id()
    actor = await asked.writer(nobody="session")
    body = await asked.json(CommentData)
    reply = await comments.create_comment(asked.deps, actor, url_id, broadcast_id=broadcast_id, body=body)
    if asked.token_is_new:
        reply = replace(reply, user_id_ws=await image_chats.viewer_pass(asked.deps, actor, url_id))
    return asked.with_session_id(reply)


async def update_text(asked: Asked) -> TextSaved:
    """Another text."""
    broadcast_id, key = asked.broadcast_id(), edit_key(asked)
    actor = await asked.writer(nobody="let" if key else "refuse")
    body = await asked.json(UpdateText)
    return await comments.update_text(
        asked.deps, actor, asked.path("comment"), broadcast_id=broadcast_id, body=body, edit_key=key
    )


async def text(asked: Asked) -> CommentText:
    """The raw text."""
    actor = await asked.reader()
    return await comments.comment_text(asked.deps, actor, asked.path("comment"), edit_key=edit_key(asked))


async def delete(asked: Asked) -> CommentDeleted:
    """One comment less, its replies with it."""
    broadcast_id, key = asked.broadcast_id(), edit_key(asked)
    actor = await asked.writer(nobody="let" if key else "refuse")
    return await comments.delete_comment(
        asked.deps, actor, asked.path("comment"), broadcast_id=broadcast_id, edit_key=key
    )


ENTRIES = (
    Entry(method="POST", path="/comments/{tenant}", handler=create),
    Entry(method="POST", path="/comments/{tenant}/{comment}/update-text", handler=update_text),
    Entry(method="GET", path="/comments/{tenant}/{comment}/text", handler=text),
    Entry(method="DELETE", path="/comments/{tenant}/{comment}", handler=delete),
)
