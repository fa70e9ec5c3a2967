"""Who is writing (ours): a word in passing, for those who look at the same board."""

from imagechat_tui.protocol import paths
from imagechat_tui.protocol.replies import Done
from imagechat_tui.protocol.requests import Typing
from imagechat_tui.server.actions import writers
from imagechat_tui.server.routes.asking import Asked
from imagechat_tui.server.routes.endpoint import Entry


async def typing(asked: Asked) -> Done:
    """That the caller is writing, or no longer. Nothing is stored, and it counts against a limit of its own."""
    actor = await asked.actor(await asked.tenant())
    await asked.limit("typing", asked.deps.settings.limits.typing, actor)
    return await writers.tell_typing(asked.deps, actor, await asked.json(Typing))


ENTRIES = (Entry(method="POST", path=f"{paths.OURS}/typing/{{tenant}}", handler=typing),)
