"""What tests of actions share: people, requests, and the parts of a server without doors."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from unittest.mock import Mock

from imagechat_tui.protocol.requests import CommentData, CreateImageChat, CreateMarker
from imagechat_tui.server.auth.actors import Actor, Role
from imagechat_tui.server.deps import Deps
from imagechat_tui.server.hub import Viewer
from imagechat_tui.server.store.logged import Logged

NOW = 1_800_000_000_000
PAGE = "https://example.com/mockups"


def member(
    name: str, *, tenant: str = "acme", role: Role = Role.MEMBER, groups: tuple[str, ...] | None = None
) -> Actor:
    """Somebody who is signed in."""
    return Actor(tenant=tenant, role=role, user_id=f"{tenant}:{name}", name=name.title(), verified=True, groups=groups)


def anonymous(name: str) -> Actor:
    """An anonymous session."""
    return Actor(tenant="acme", role=Role.ANONYMOUS, user_id=f"anon:{name}", session=f"session-{name}")


GUEST = Actor(tenant="acme", role=Role.GUEST)
ANN, BOB = member("ann"), member("bob")
MOD = member("mod", role=Role.MODERATOR)


@dataclass
class World:
    """What actions work on, and what they caused."""

    deps: Deps
    published: list[Logged] = field(default_factory=list)
    now_ms: int = NOW
    ids: Iterator[int] = field(default_factory=itertools.count)

    def kinds(self) -> list[str]:
        """The types of what was published, in order."""
        return [str(type(logged.event).__struct_config__.tag) for logged in self.published]

    def fresh(self) -> str:
        """A broadcastId that was not used before."""
        return f"b-{next(self.ids)}"

    def marker(self, text: str = "first", *, x: float = 25.5, y: float = 30.25, url_id: str = PAGE) -> CreateMarker:
        """A marker with its first comment."""
        return CreateMarker(url_id=url_id, x=x, y=y, comment=text, broadcast_id=self.fresh())

    def image_chat(self, window: str, *, url_id: str = PAGE, x: float = 1, y: float = 0) -> CreateImageChat:
        """A marker for a thread, by the plain contract."""
        return CreateImageChat(
            url_id=url_id,
            window_url_id=window,
            page_title="Page",
            src="/a.png",
            x=x,
            y=y,
            created_from_comment_id="c",
            broadcast_id=self.fresh(),
        )


def look(world: World, actor: Actor, url_id: str, *, board: str | None) -> tuple[Viewer, Mock]:
    """Somebody with an open socket on a channel, and what is called to say goodbye."""
    outlet = Mock()
    viewer = Viewer(
        actor=actor, url_id=url_id, board=board, whole_board=False, batch=False, transport=Mock(), outlet=outlet
    )
    world.deps.hub.join(viewer)
    return viewer, outlet.close


def said(text: str, *, name: str = "Somebody", parent_id: str | None = None) -> CommentData:
    """A comment by the plain contract."""
    return CommentData(commenter_name=name, comment=text, url="https://example.com", url_id="", parent_id=parent_id)
