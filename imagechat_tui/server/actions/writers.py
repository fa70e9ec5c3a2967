"""Passes on that somebody is writing; stores nothing, and holds for some seconds only."""

from sqlalchemy import Connection

from imagechat_tui.protocol import ids
from imagechat_tui.protocol.events import Writer
from imagechat_tui.protocol.replies import Done
from imagechat_tui.protocol.requests import Typing
from imagechat_tui.server.actions import checks, pages
from imagechat_tui.server.actions.refusals import UnknownRefusal
from imagechat_tui.server.auth.actors import Actor
from imagechat_tui.server.auth.permissions import Action
from imagechat_tui.server.deps import Deps


async def tell_typing(deps: Deps, actor: Actor, body: Typing) -> Done:
    """Tell those who look at the board that the actor writes there, or no longer.

    Raises:
        Refusal: 400, a key does not fit; 401 or 403, the actor may not see the board or may not write what it is; 404,
            the board has no such marker.
    """
    pages.require(actor, Action.TELL_TYPING)
    url_id, chat_id = ids.clean_url_id(checks.url_id(body.url_id)), body.chat_id
    if chat_id is not None:
        checks.text(chat_id, "chatId")

    def check(connection: Connection) -> None:
        board = pages.find_page(connection, actor, url_id).board
        if chat_id is None:
            return
        _, its_board = pages.find_marker(connection, actor, chat_id)
        if board is None or its_board.id != board.id:
            raise UnknownRefusal("marker")

    await deps.database.read(check)
    if actor.user_id is not None:
        writer = Writer(user_id=actor.user_id, user_name=actor.name or None, chat_id=chat_id, ended=body.ended or None)
        deps.hub.tell_writer(actor.tenant, url_id, writer)
    return Done(status="success")
