"""Title, picture and visibility of the board, and who the user is on it; says when the picture is another one."""

from imagechat_tui.core.confirmed import NOBODY
from imagechat_tui.core.outbox import Outbox
from imagechat_tui.core.outputs import PictureChanged
from imagechat_tui.core.views import Me
from imagechat_tui.protocol.models import Image
from imagechat_tui.protocol.replies import ImageChats


class Facts:
    """What stands above the picture, counts apart."""

    def __init__(self, outbox: Outbox, *, title: str, src: str | None) -> None:
        self.title = title
        self.visibility = "link"
        self.image_src = src
        self.image_version = 1
        self.image_size: tuple[int, int] | None = None
        self.version = 0
        """Grows with every fact that is told."""
        self._outbox = outbox
        self._seen = False

    def show(self, *, title: str, visibility: str) -> None:
        """What the server calls the board."""
        self.version += 1
        self.title = title or self.title
        self.visibility = visibility

    def show_image(self, image: Image | None) -> None:
        """The picture the server has; another version than before is announced."""
        if image is None:
            return
        self.version += 1
        changed = self._seen and (image.src, image.version) != (self.image_src, self.image_version)
        self._seen = True
        self.image_src, self.image_version = image.src, image.version
        self.image_size = (image.width, image.height)
        if changed:
            self._outbox.announce(PictureChanged(src=image.src, version=image.version))


def who(chats: ImageChats) -> Me:
    """The user, as the host knows them."""
    user = chats.user
    if user is None:
        return NOBODY
    anonymous = bool(user.is_anon_session)
    return Me(
        id=user.id,
        name=user.display_name or user.username or "",
        signed_in=not anonymous,
        anonymous=anonymous,
        moderator=chats.is_site_admin,
    )
