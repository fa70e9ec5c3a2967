"""Markers in one request each (ours): with the first comment, moved, resolved."""

from imagechat_tui.protocol import brief, codec, paths
from imagechat_tui.protocol.replies import MarkerChanged, MarkerCreated
from imagechat_tui.protocol.requests import ChangeMarker, CreateMarker
from imagechat_tui.server.actions import markers, shapes
from imagechat_tui.server.routes.answering import Answer
from imagechat_tui.server.routes.asking import Asked
from imagechat_tui.server.routes.endpoint import Entry


async def create(asked: Asked) -> MarkerCreated | Answer:
    """A marker with its first comment. A caller that names no form of answer gets the shortest one."""
    actor = await asked.writer()
    body = await asked.json(CreateMarker)
    made = await markers.create_marker(asked.deps, actor, body)
    if asked.header("accept") is not None or asked.header("authorization") is None:
        return made
    short = brief.created(made, body, author=shapes.user_of(actor))
    return Answer(body=codec.encode(made if short is None else short), media_type=b"")


async def change(asked: Asked) -> MarkerChanged:
    """Move, resolve or reopen."""
    actor = await asked.writer()
    return await markers.change_marker(asked.deps, actor, asked.path("chat"), await asked.json(ChangeMarker))


ENTRIES = (
    Entry(method="POST", path=f"{paths.OURS}/markers/{{tenant}}", handler=create),
    Entry(method="PATCH", path=f"{paths.OURS}/markers/{{tenant}}/{{chat}}", handler=change),
)
