"""From IMAGE to an open board, against the real server: who may, what is made, what changed, and every sentence."""

import asyncio
import os
import stat
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from imagechat_tui.client.arriving import Place
from imagechat_tui.client.credentials import Credentials
from imagechat_tui.client.opening import OpenedBoard, open_board, share
from imagechat_tui.client.server import server_at
from imagechat_tui.client.work import Work
from imagechat_tui.core.inputs import CreateMarker
from imagechat_tui.core.settings import SessionSettings
from imagechat_tui.core.views import LinkState
from imagechat_tui.errors import (
    NotAllowedError,
    NotFoundError,
    PictureError,
    UsageError,
    UserError,
)
from tests.client.asking import CHATS
from tests.client.hosts import Said, http_host, said
from tests.client.shop import Shop, opened, png


async def test_a_file_becomes_a_board_that_is_found_again(shop: Shop) -> None:
    """The second time nothing is uploaded, and nothing is said."""
    ana = await shop.signed_in("ana")
    first = await opened(shop.picture(), ana)
    assert (first.title, first.picture, first.notices) == ("mock.png", png(), ())
    assert first.link is not None
    again = await open_board(shop.picture(), place=ana)
    assert (again.notices, again.link) == ((), first.link)
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


async def test_a_link_to_no_board_is_said_so(shop: Shop) -> None:
    """With exit code 5."""
    with pytest.raises(NotFoundError):
        await opened(f"{shop.server.url}/imagechat/v1/b/acme/nothing", shop.place("ana"))
    with pytest.raises(NotFoundError, match="tenant"):
        await opened(f"{shop.server.url}/imagechat/v1/b/nobody/nothing", shop.place("ana"))


async def test_a_host_of_the_contract_only_shows_pictures_of_the_web(tmp_path: Path) -> None:
    """It keeps none: a file cannot be opened there."""
    (tmp_path / "p.png").write_bytes(png())
    async with http_host() as host:
        host.answers["/comment-image-chats/acme"] = said(CHATS)
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


async def test_a_key_of_ones_own_takes_the_place_of_the_pictures(shop: Shop) -> None:
    """``--url-id``: two files, one board; and a link has its board already."""
    ana = await shop.signed_in("ana")
    first = await open_board(shop.picture(), place=ana, url_id="checkout-page")
    await first.runner.stop()
    again = await open_board(shop.picture("other.png", data=png("#da1e28")), place=ana, url_id="checkout-page")
    await again.runner.stop()
    assert again.link == first.link is not None
    assert "changed" in again.notices[0]
    with pytest.raises(UsageError, match="--url-id"):
        await open_board(str(first.link), place=ana, url_id="x")
    with pytest.raises(UsageError, match="longer"):
        await open_board(shop.picture(), place=ana, url_id="x" * 5_000)


async def test_a_refused_share_opens_no_session(shop: Shop) -> None:
    """Who is not signed in is told so, and nothing is kept."""
    stranger = shop.place("stranger")
    with pytest.raises(NotAllowedError, match="signed in"):
        await share(shop.picture(), place=stranger)
    assert Credentials(stranger.state).all() == []


async def test_how_far_it_is_is_told(shop: Shop) -> None:
    """In the order of the work, by bytes that only grow up to all of them."""
    told: list[tuple[Work, int, int]] = []
    noise = os.urandom(3 * 300 * 300)
    buffer = BytesIO()
    Image.frombytes("RGB", (300, 300), noise).save(buffer, "PNG")
    data = buffer.getvalue()
    place = await shop.signed_in("ana")
    board = await open_board(shop.picture(data=data), place=place, told=lambda *step: told.append(step))
    await board.runner.stop()
    assert list(dict.fromkeys(work for work, _done, _of in told)) == [Work.READING, Work.SENDING, Work.SETTING_UP]
    sent = [(done, of) for work, done, of in told if work is Work.SENDING]
    assert sent == sorted(sent)
    assert len(sent) > 3
    assert len(data) < sent[-1][0] == sent[-1][1]
    told.clear()
    again = await open_board(str(board.link), place=place, told=lambda *step: told.append(step))
    await again.runner.stop()
    loaded = [(done, of) for work, done, of in told if work is Work.LOADING]
    assert loaded[-1] == (len(data), len(data))
