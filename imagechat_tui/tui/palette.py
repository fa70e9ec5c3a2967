"""Every action of the key table in the command palette, with its key; picked, it does what the key does."""

from collections.abc import Iterator
from typing import NamedTuple

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.dom import DOMNode

from imagechat_tui.i18n import _
from imagechat_tui.tui.keys import TABLE, Key, Place, shown_for

_ELSEWHERE = frozenset({Place.COMPOSER, Place.FILTER})
"""Actions inside a text field cannot be picked while the palette has the focus."""


class Deed(NamedTuple):
    """An action and the node that does it."""

    key: Key
    node: DOMNode


class ActionsProvider(Provider):
    """The key table, searchable."""

    def deeds(self) -> Iterator[Deed]:
        """What can be done on the screen below the palette."""
        nodes = [self.app, self.screen, *self.screen.walk_children()]
        for key in TABLE:
            if key.place in _ELSEWHERE or key.action == "command_palette":
                continue
            node = next((node for node in nodes if hasattr(node, f"action_{key.action}") and _owns(node, key)), None)
            if node is not None:
                yield Deed(key, node)

    async def discover(self) -> Hits:
        """All of them, in the table's order."""
        for deed in self.deeds():
            yield DiscoveryHit(self._said(deed), self._run(deed), help=_(deed.key.help))

    async def search(self, query: str) -> Hits:
        """Those whose words match."""
        matcher = self.matcher(query)
        for deed in self.deeds():
            said = self._said(deed)
            score = max(matcher.match(said), matcher.match(_(deed.key.help)))
            if score > 0:
                yield Hit(score, matcher.highlight(said), self._run(deed), help=_(deed.key.help))

    def _said(self, deed: Deed) -> str:
        keymap = getattr(self.app, "keymap", None)
        return f"{_(deed.key.label)}  ({shown_for(deed.key.action, keymap)})"

    def _run(self, deed: Deed) -> "_Run":
        return _Run(deed)


class _Run:
    """Does a deed when it is called."""

    def __init__(self, deed: Deed) -> None:
        self._deed = deed

    async def __call__(self) -> None:
        await self._deed.node.app.run_action(self._deed.key.action, self._deed.node)


def _owns(node: DOMNode, key: Key) -> bool:
    """Whether the node has the key among its own; Textual's widgets have actions of the same names."""
    return any(binding.id == key.action for _key, binding in node._bindings)  # noqa: SLF001 - no public way to read them
