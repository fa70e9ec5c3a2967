"""Who looks at a page from other nodes: what the hub needs to know of them, and the answer of a node that is alone.

A crowd is told whole, so that a lost message costs nothing but time. It never says who is connected how often.
"""

from collections.abc import Callable, Mapping
from typing import Protocol

from msgspec import Struct, field

from imagechat_tui.server.bus.port import Topic


class Crowd(Struct, frozen=True, kw_only=True):
    """The viewers of one page on one node."""

    people: dict[str, str] = field(default_factory=dict)
    """Names by wire user id, of those with an open socket."""
    guests: int = 0
    """Sockets of nobody in particular."""

    def __bool__(self) -> bool:
        """Whether anybody is there."""
        return bool(self.people) or self.guests > 0


NOBODY = Crowd()

Mine = Callable[[Topic], Crowd]
"""The viewers of a page on this node, at this moment."""

Changed = Callable[[Topic, str, Crowd], None]
"""Takes a page, another node, and its viewers there from now on."""


class Crowds(Protocol):
    """The viewers on other nodes. Pages are topics of kind ``channel``; everything is called on one event loop."""

    async def open(self, mine: Mine, changed: Changed) -> None:
        """Start to tell and to hear; what cannot be reached is tried again."""

    async def close(self) -> None:
        """Tell that nobody is here any longer, and let go of everything."""

    async def watch(self, page: Topic) -> None:
        """Hear of this page from now on; counted. When it returns, ``known`` is what there is to know."""

    def unwatch(self, page: Topic) -> None:
        """One watcher less."""

    def known(self, page: Topic) -> Mapping[str, Crowd]:
        """The crowds of a watched page, by node."""

    def announce(self, page: Topic) -> None:
        """This node's viewers of a page have changed: others are told soon."""

    async def look(self, page: Topic) -> Mapping[str, Crowd]:
        """The crowds of any page, by node; empty when they cannot be had."""


class NoCrowds:
    """``Crowds`` of a node that is alone."""

    async def open(self, mine: Mine, changed: Changed) -> None:
        """See ``Crowds``."""

    async def close(self) -> None:
        """See ``Crowds``."""

    async def watch(self, page: Topic) -> None:
        """See ``Crowds``."""

    def unwatch(self, page: Topic) -> None:
        """See ``Crowds``."""

    def known(self, page: Topic) -> Mapping[str, Crowd]:  # noqa: ARG002 - the port's shape
        """See ``Crowds``."""
        return {}

    def announce(self, page: Topic) -> None:
        """See ``Crowds``."""

    async def look(self, page: Topic) -> Mapping[str, Crowd]:  # noqa: ARG002 - the port's shape
        """See ``Crowds``."""
        return {}
