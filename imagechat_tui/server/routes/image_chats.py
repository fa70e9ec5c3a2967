"""Markers by the plain contract: ``/comment-image-chats``."""

from imagechat_tui.protocol import limits
from imagechat_tui.protocol.replies import Done, ImageChatCreated, ImageChats
from imagechat_tui.protocol.requests import CreateImageChat, DeleteImageChat
from imagechat_tui.server.actions import image_chats
from imagechat_tui.server.routes.asking import Asked
from imagechat_tui.server.routes.endpoint import Entry


async def list_all(asked: Asked) -> ImageChats:
    """Every marker of a page."""
    actor = await asked.reader()
    await asked.limit_tenant(actor.tenant)
    reply = await image_chats.list_image_chats(asked.deps, actor, asked.url_id())
    return asked.with_session_id(reply)


async def create(asked: Asked) -> ImageChatCreated:
    """A marker."""
    actor = await asked.writer()
    return await image_chats.create_image_chat(asked.deps, actor, await asked.json(CreateImageChat))


async def delete(asked: Asked) -> Done:
    """One marker less. Some HTTP stacks drop the body of a DELETE: the query will do as well."""
    actor = await asked.writer()
    broadcast_id = asked.query.text("broadcastId", most=limits.BROADCAST_ID_CHARACTERS)
    if broadcast_id is None:
        broadcast_id = (await asked.json(DeleteImageChat)).broadcast_id
    return await image_chats.delete_image_chat(asked.deps, actor, asked.path("chat"), broadcast_id=broadcast_id)


ENTRIES = (
    Entry(method="GET", path="/comment-image-chats/{tenant}", handler=list_all),
    Entry(method="POST", path="/comment-image-chats/{tenant}", handler=create),
    Entry(method="DELETE", path="/comment-image-chats/{tenant}/{chat}", handler=delete),
)
