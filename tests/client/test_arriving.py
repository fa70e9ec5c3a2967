"""Which server is meant, who the person is there, and what is said when neither is clear."""

from pathlib import Path

import pytest

from imagechat_tui.client.accounts import asking
from imagechat_tui.client.arriving import Place
from imagechat_tui.client.credentials import Credentials
from imagechat_tui.client.opening import share
from imagechat_tui.client.server import server_at
from imagechat_tui.errors import (
    ForeignServerError,
    NotAllowedError,
    NotFoundError,
    UnreachableError,
    UsageError,
)
from tests.client.hosts import Said, http_host
from tests.client.shop import Shop, opened, png


async def test_sharing_uses_the_latest_sign_in_when_no_server_is_named(shop: Shop) -> None:
    """Without one it says what is missing."""
    ana = await shop.signed_in("ana")
    nowhere = Place(data=ana.data, state=ana.state)
    assert (await share(shop.picture(), place=nowhere)).startswith(shop.server.url)
    with pytest.raises(UsageError, match="--server"):
        await share(shop.picture(), place=Place(data=ana.data, state=shop.folder / "nobody"))
    with pytest.raises(UsageError, match="already"):
        await share(f"{shop.server.url}/imagechat/v1/b/acme/x", place=ana)


async def test_a_tenant_that_is_none_is_said_so(shop: Shop) -> None:
    """Before the picture is sent anywhere."""
    with pytest.raises(NotFoundError, match="no such tenant"):
        await opened(shop.picture(), shop.place("ana", tenant="nobody"))


async def test_no_tenant_asks_for_one(shop: Shop) -> None:
    """Nothing is guessed."""
    with pytest.raises(UsageError, match="--tenant"):
        await opened(shop.picture(), shop.place("ana", tenant=None))


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


async def test_a_visitor_whose_session_is_over_gets_another_one(shop: Shop) -> None:
    """Nobody's name is lost with it."""
    link = await share(shop.picture(), place=await shop.signed_in("ana"))
    visitor = Place(data=shop.folder / "local", state=shop.folder / "visitor")
    await opened(link, visitor)
    (kept,) = Credentials(visitor.state).all()
    async with asking(server_at(shop.server.url), kept) as exchange:
        await exchange.send("DELETE", "/imagechat/v1/session")
    await opened(link, visitor)
    (renewed,) = Credentials(visitor.state).all()
    assert renewed.token != kept.token
