"""A real server with one tenant, and people who open boards there."""

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image

from imagechat_tui.client.accounts import asking
from imagechat_tui.client.arriving import Place
from imagechat_tui.client.credentials import Credentials
from imagechat_tui.client.opening import OpenedBoard, open_board
from imagechat_tui.client.server import server_at
from imagechat_tui.client.signin import open_session
from imagechat_tui.core.settings import SessionSettings
from tests.support.servers import InProcess, TenantKey


def png(color: str = "#0f62fe", *, width: int = 8, height: int = 6) -> bytes:
    """A small picture."""
    buffer = BytesIO()
    Image.new("RGB", (width, height), color).save(buffer, "PNG")
    return buffer.getvalue()


@dataclass(frozen=True, kw_only=True)
class Shop:
    """A server, its tenant, and a folder for the people who use it."""

    server: InProcess
    tenant: TenantKey
    folder: Path

    def place(self, who: str, *, tenant: str | None = "acme") -> Place:
        """Where somebody opens boards."""
        state = self.folder / who
        return Place(data=self.folder / "local", state=state, server=server_at(self.server.url), tenant=tenant)

    async def signed_in(self, who: str) -> Place:
        """The same, signed in."""
        place = self.place(who)
        async with asking(server_at(self.server.url)) as exchange:
            Credentials(place.state).keep(await open_session(exchange, "acme", sso=self.tenant.sso(who)))
        return place

    def picture(self, name: str = "mock.png", data: bytes | None = None) -> str:
        """A file."""
        path = self.folder / name
        path.write_bytes(png() if data is None else data)
        return str(path)


async def opened(target: str, place: Place, settings: SessionSettings | None = None) -> OpenedBoard:
    """An opened board that never runs."""
    board = await open_board(target, place=place, settings=settings)
    await board.runner.stop()
    return board
