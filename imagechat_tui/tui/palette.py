"""Every action of the key table in the command palette, with its key; picked, it does what the key does."""

from collections.abc import Iterator
from typing import NamedTuple

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
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
        owners: dict[str, DOMNode] = {}
        for node in (self.app, self.screen, *self.screen.walk_children()):
            for _key, binding in node._bindings:  # noqa: SLF001 - there is no public way to read them
                if binding.id is not None:
                    owners.setdefault(binding.id, node)
        for key in TABLE:
            if key.place not in _ELSEWHERE and key.action != "command_palette" and key.action in owners:
                yield Deed(key, owners[key.action])

    async def discover(self) -> Hits:
        """All of them, in the table's order."""
        for deed in self.deeds():
            yield DiscoveryHit(self._shown(deed, Content(_(deed.key.help))), _Run(deed), text=_(deed.key.help))

    async def search(self, query: str) -> Hits:
        """Those whose words match: the sentence, or the short label."""
        matcher = self.matcher(query)
        for deed in self.deeds():
            sentence = _(deed.key.help)
            score = max(matcher.match(sentence), matcher.match(_(deed.key.label)))
            if score > 0:
                yield Hit(score, self._shown(deed, matcher.highlight(sentence)), _Run(deed), text=sentence)

    def _shown(self, deed: Deed, sentence: Content) -> Content:
        key = shown_for(deed.key.action, getattr(self.app, "keymap", None))
        return Content.assemble((f"{key:<12}", "$text-accent"), sentence)


class _Run:
    """Does a deed when it is called."""

    def __init__(self, deed: Deed) -> None:
        self._deed = deed

    async def __call__(self) -> None:
        await self._deed.node.app.run_action(self._deed.key.call or self._deed.key.action, self._deed.node)
