"""Markers in one request each (ours): with the first comment, moved, resolved."""

from imagechat_tui.protocol import paths
from imagechat_tui.protocol.replies import MarkerChanged, MarkerCreated
from imagechat_tui.protocol.requests import ChangeMarker, CreateMarker
from imagechat_tui.server.actions import markers
from imagechat_tui.server.routes.asking import Asked
from imagechat_tui.server.routes.endpoint import Entry


async def create(asked: Asked) -> MarkerCreated:
    """A marker with its first comment."""
    actor = await asked.writer()
    asked.limit_tenant(actor.tenant)
    return await markers.create_marker(asked.deps, actor, await asked.json(CreateMarker))


async def change(asked: Asked) -> MarkerChanged:
    """Move, resolve or reopen."""
    actor = await asked.writer()
    asked.limit_tenant(actor.tenant)
    return await markers.change_marker(asked.deps, actor, asked.path("chat"), await asked.json(ChangeMarker))


ENTRIES = (
    Entry(method="POST", path=f"{paths.OURS}/markers/{{tenant}}", handler=create),
    Entry(method="PATCH", path=f"{paths.OURS}/markers/{{tenant}}/{{chat}}", handler=change),
)
