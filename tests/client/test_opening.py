"""From IMAGE to an open board, against the real server: who may, what is made, what changed, and every sentence."""

import asyncio
import stat
from collections.abc import AsyncIterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from imagechat_tui.client.accounts import asking
from imagechat_tui.client.arriving import Place
from imagechat_tui.client.credentials import Credentials
from imagechat_tui.client.opening import OpenedBoard, open_board, share
from imagechat_tui.client.server import server_at
from imagechat_tui.client.signin import open_session
from imagechat_tui.core.inputs import CreateMarker
from imagechat_tui.core.session import SessionSettings
from imagechat_tui.core.views import LinkState
from imagechat_tui.errors import (
    ForeignServerError,
    NotAllowedError,
    NotFoundError,
    PictureError,
    UnreachableError,
    UsageError,
    UserError,
)
from tests.client.hosts import Said, http_host, said
from tests.support.servers import InProcess, TenantKey, in_process

pytestmark = pytest.mark.usefixtures("no_runtime_folder")


def png(color: str = "#0f62fe", *, width: int = 8, height: int = 6) -> bytes:
    """A small picture."""
    buffer = BytesIO()
    Image.new("RGB", (width, height), color).save(buffer, "PNG")
    return buffer.getvalue()


@pytest.fixture
def no_runtime_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the person who runs the tests is used."""
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)


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


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    """A server with one tenant."""
    async with in_process(tmp_path / "server") as server:
        yield Shop(server=server, tenant=await server.tenant("acme"), folder=tmp_path)


async def opened(target: str, place: Place, settings: SessionSettings | None = None) -> OpenedBoard:
    """An opened board that never runs."""
    board = await open_board(target, place=place, settings=settings)
    await board.runner.stop()
    return board


async def test_a_file_becomes_a_board_that_is_found_again(shop: Shop) -> None:
    """The second time nothing is uploaded, and nothing is said."""
    ana = await shop.signed_in("ana")
    first = await opened(shop.picture(), ana)
    assert (first.title, first.picture, first.notices) == ("mock.png", png(), ())
    assert first.link is not None
    again = await open_board(shop.picture(), place=ana)
    assert again.notices == ()
    await again.runner.stop()
    assert again.runner.traffic.bytes_out < 2_000
    assert stat.S_IMODE((ana.state / "sessions.json").stat().st_mode) == 0o600


async def test_changed_bytes_are_a_new_version_of_the_same_board(shop: Shop) -> None:
    """With a notice, never an empty board."""
    ana = await shop.signed_in("ana")
    board = await open_board(shop.picture(), place=ana)
    run = asyncio.create_task(board.runner.run())
    await settled(board)
    board.runner.submit(CreateMarker(x=1.0, y=2.0, text="stays"))
    await until(lambda: any(marker.number for marker in board.runner.view.markers()))
    await board.runner.stop()
    await run
    changed = await open_board(shop.picture(data=png("#da1e28")), place=ana)
    run = asyncio.create_task(changed.runner.run())
    await settled(changed)
    assert "changed" in changed.notices[0]
    assert changed.picture == png("#da1e28")
    assert [marker.title for marker in changed.runner.view.markers()] == ["stays"]
    assert changed.runner.view.board.image_version == 2
    await changed.runner.stop()
    await run


async def test_somebody_elses_board_keeps_its_picture(shop: Shop) -> None:
    """Whoever opens other bytes under the same key is told, and sees what the others see."""
    await opened(shop.picture(), await shop.signed_in("ana"))
    ben = await opened(shop.picture(data=png("#da1e28")), await shop.signed_in("ben"))
    assert "only its creator" in ben.notices[0]
    assert ben.picture is not None
    assert Image.open(BytesIO(ben.picture)).getpixel((0, 0))[:3] == (0x0F, 0x62, 0xFE)  # type: ignore[index] # RGB


async def test_stdin_is_a_board_by_its_bytes(shop: Shop) -> None:
    """The same bytes meet again, whoever pipes them."""
    ana, ben = await shop.signed_in("ana"), await shop.signed_in("ben")
    for place in (ana, ben):
        board = await open_board("-", place=place, stdin=BytesIO(png()))
        assert board.notices == ()
        await board.runner.stop()
        assert board.runner._session.board.image_src is not None


async def test_a_shared_picture_opens_by_its_link_for_everybody(shop: Shop) -> None:
    """Also for a visitor without an account, who is given an anonymous session that is kept."""
    link = await share(shop.picture(), place=await shop.signed_in("ana"))
    assert link.startswith(shop.server.url + "/imagechat/v1/b/acme/")
    visitor = Place(data=shop.folder / "local", state=shop.folder / "visitor")
    board = await opened(link, visitor)
    assert (board.title, board.link) == ("mock.png", link)
    assert board.picture is not None
    (kept,) = Credentials(visitor.state).all()
    assert not kept.named
    await opened(link, visitor)
    assert Credentials(visitor.state).all() == [kept]


async def test_every_sharing_makes_a_board_of_its_own(shop: Shop) -> None:
    """Its key cannot be guessed."""
    ana = await shop.signed_in("ana")
    assert await share(shop.picture(), place=ana) != await share(shop.picture(), place=ana)


async def test_sharing_uses_the_latest_sign_in_when_no_server_is_named(shop: Shop) -> None:
    """Without one it says what is missing."""
    ana = await shop.signed_in("ana")
    nowhere = Place(data=ana.data, state=ana.state)
    assert (await share(shop.picture(), place=nowhere)).startswith(shop.server.url)
    with pytest.raises(UsageError, match="--server"):
        await share(shop.picture(), place=Place(data=ana.data, state=shop.folder / "nobody"))
    with pytest.raises(UsageError, match="already"):
        await share(f"{shop.server.url}/imagechat/v1/b/acme/x", place=ana)


async def test_a_private_board_is_not_shown_to_a_visitor(shop: Shop) -> None:
    """Neither its title nor its picture."""
    link = await share(shop.picture(), place=await shop.signed_in("ana"), visibility="tenant")
    with pytest.raises(NotAllowedError, match="imagechat login"):
        await opened(link, Place(data=shop.folder / "local", state=shop.folder / "visitor"))
    assert (await opened(link, await shop.signed_in("ben"))).title == "mock.png"


async def test_a_file_opened_at_a_server_is_not_for_visitors(shop: Shop) -> None:
    """Its key can be guessed; the board is for those who are signed in."""
    await opened(shop.picture(), await shop.signed_in("ana"))
    with pytest.raises(NotAllowedError):
        await opened(shop.picture(), shop.place("visitor"))


async def test_a_visitor_cannot_make_a_board(shop: Shop) -> None:
    """And is told to sign in."""
    with pytest.raises(NotAllowedError, match="sign in"):
        await opened(shop.picture(), shop.place("visitor"))


async def test_what_the_person_decided_reaches_the_session(shop: Shop) -> None:
    """And the title stands until the server knows a better one."""
    ana = await shop.signed_in("ana")
    board = await opened(shop.picture(), ana, SessionSettings(read_only=True))
    session = board.runner._session
    assert session.board.title == "mock.png"
    assert session._settings.read_only  # type: ignore[attr-defined] # the real session has them


async def test_a_tenant_that_is_none_is_said_so(shop: Shop) -> None:
    """Before the picture is sent anywhere."""
    with pytest.raises(NotFoundError, match="no such tenant"):
        await opened(shop.picture(), shop.place("ana", tenant="nobody"))


async def test_no_tenant_asks_for_one(shop: Shop) -> None:
    """Nothing is guessed."""
    with pytest.raises(UsageError, match="--tenant"):
        await opened(shop.picture(), shop.place("ana", tenant=None))


async def test_a_link_to_no_board_is_said_so(shop: Shop) -> None:
    """With exit code 5."""
    with pytest.raises(NotFoundError):
        await opened(f"{shop.server.url}/imagechat/v1/b/acme/nothing", shop.place("ana"))
    with pytest.raises(NotFoundError, match="tenant"):
        await opened(f"{shop.server.url}/imagechat/v1/b/nobody/nothing", shop.place("ana"))


async def test_a_session_that_is_over_has_to_be_renewed_by_hand(shop: Shop) -> None:
    """The person is not turned into a stranger behind their back."""
    ana = await shop.signed_in("ana")
    kept = Credentials(ana.state).of(shop.server.url, "acme")
    assert kept is not None
    async with asking(server_at(shop.server.url), kept) as exchange:
        await exchange.send("DELETE", "/imagechat/v1/session")
    with pytest.raises(NotAllowedError, match="imagechat login"):
        await opened(shop.picture(), ana)


async def test_a_server_that_is_not_ours_is_said_so(tmp_path: Path) -> None:
    """A web server answers everything, but not like this."""
    (tmp_path / "p.png").write_bytes(png())
    for status in (200, 404, 500):
        async with http_host() as host:
            host.answers["/imagechat/v1/session"] = Said(status=status, body=b"<html>welcome</html>")
            place = Place(data=tmp_path / "d", state=tmp_path / "s", server=server_at(host.url), tenant="acme")
            with pytest.raises(ForeignServerError, match="no imagechat server"):
                await opened(str(tmp_path / "p.png"), place)


async def test_a_server_that_is_gone_is_unreachable(tmp_path: Path) -> None:
    """With exit code 3: trying again may help."""
    (tmp_path / "p.png").write_bytes(png())
    async with http_host() as gone:
        url = gone.url
    place = Place(data=tmp_path / "d", state=tmp_path / "s", server=server_at(url), tenant="acme")
    with pytest.raises(UnreachableError, match="Cannot reach"):
        await opened(str(tmp_path / "p.png"), place)


async def test_a_host_of_the_contract_only_shows_pictures_of_the_web(tmp_path: Path) -> None:
    """It keeps none: a file cannot be opened there."""
    chats: dict[str, object] = {
        "status": "success",
        "user": None,
        "conversations": [],
        "urlIdClean": "x",
        "isSiteAdmin": False,
        "tenantIdWS": "acme",
        "urlIdWS": "x",
        "userIdWS": "w",
    }
    (tmp_path / "p.png").write_bytes(png())
    async with http_host() as host:
        host.answers["/comment-image-chats/acme"] = said(chats)
        host.answers["/p.png"] = Said(body=png())
        place = Place(data=tmp_path / "d", state=tmp_path / "s", server=server_at(host.url), tenant="acme")
        board = await opened(host.url + "/p.png", place)
        assert board.picture == png()
        assert board.runner._session.board.image_src == host.url + "/p.png"
        with pytest.raises(UserError, match="keeps no pictures"):
            await opened(str(tmp_path / "p.png"), place)


async def test_nothing_is_started_for_a_picture_that_is_none(tmp_path: Path) -> None:
    """A typing error leaves no server running and no folder behind."""
    place = Place(data=tmp_path / "local", state=tmp_path / "state")
    (tmp_path / "notes.txt").write_text("hello")
    for target, error in (("notes.txt", PictureError), ("missing.png", NotFoundError), (".", UserError)):
        with pytest.raises(error):
            await opened(str(tmp_path / target), place)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["notes.txt"]


async def settled(board: OpenedBoard) -> None:
    """Wait until the board is live."""
    await until(lambda: board.runner.view.link.state is LinkState.LIVE)


async def until(holds: object) -> None:
    """Wait for something that a real server brings about."""
    assert callable(holds)
    async with asyncio.timeout(20):
        while not holds():  # noqa: ASYNC110 - what a board knows has no event of its own
            await asyncio.sleep(0.01)
