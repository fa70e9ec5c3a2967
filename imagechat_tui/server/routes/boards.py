"""Boards of ours: the snapshot, making and changing one, and the link that people pass around."""

from typing import Final

from imagechat_tui.protocol import limits, paths
from imagechat_tui.protocol.replies import BoardPut, Snapshot
from imagechat_tui.protocol.requests import PutBoard
from imagechat_tui.server.actions import boards
from imagechat_tui.server.actions.refusals import Refusal
from imagechat_tui.server.routes import answering
from imagechat_tui.server.routes.answering import Answer
from imagechat_tui.server.routes.asking import Asked
from imagechat_tui.server.routes.endpoint import Entry
from imagechat_tui.server.routes.pages import page

_NAMELESS: Final = "An imagechat board"
_SAYS: Final = "This picture is talked about in the terminal. To join, type:"
_BY_ACCEPT: Final = ((b"vary", b"accept"),)


async def snapshot(asked: Asked) -> Snapshot:
    """The whole board at one position."""
    url_id = asked.url_id(most=limits.URL_ID_CHARACTERS)
    return await boards.snapshot(asked.deps, await asked.reader(), url_id)


async def put(asked: Asked) -> BoardPut:
    """A new board, or another picture, title or visibility."""
    actor = await asked.writer()
    return await boards.put_board(asked.deps, actor, await asked.json(PutBoard))


async def link(asked: Asked) -> Answer:
    """What a board link leads to: facts for a program, a line to type for a person in a browser."""
    actor = await asked.reader()
    token = asked.path("token")
    if "text/html" not in (asked.header("accept") or ""):
        info = await boards.board_by_link(asked.deps, actor, token)
        return answering.of(info, headers=_BY_ACCEPT)
    try:
        title = (await boards.board_by_link(asked.deps, actor, token)).title
    except Refusal as refusal:
        if refusal.status == _NOT_FOUND:
            raise
        title = ""  # A board that the browser may not see is told apart from none, but nothing of it is told.
    scheme = "https" if asked.encrypted else "http"
    address = f"{scheme}://{asked.header('host')}{paths.board_link(actor.tenant, token)}"
    return page(title or _NAMELESS, _SAYS, f"imagechat open {address}")


_NOT_FOUND: Final = 404

ENTRIES = (
    Entry(method="GET", path=f"{paths.OURS}/boards/{{tenant}}", handler=snapshot),
    Entry(method="PUT", path=f"{paths.OURS}/boards/{{tenant}}", handler=put),
    Entry(method="GET", path=f"{paths.OURS}/b/{{tenant}}/{{token}}", handler=link),
)
