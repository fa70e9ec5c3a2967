"""What one may see, others do not."""

import uuid

import httpx
import pytest

from imagechat_tui.core.inputs import AddComment, CreateMarker
from imagechat_tui.core.outputs import Outcome
from imagechat_tui.core.views import LinkState, Reason
from imagechat_tui.protocol import paths
from imagechat_tui.protocol.limits import COMMENT_CHARACTERS
from tests.stories.modes import PLAIN_HOST, own_host_only
from tests.support.people import Place, make_board, person
from tests.support.servers import ServerProcess


async def test_s14_a_private_boards_events_reach_only_those_who_may_see_them(
    server: ServerProcess, host: str, mode: str
) -> None:
    """Members of the group are live; a signed-in stranger and a visitor are refused, and hear nothing."""
    tenant = await server.tenant()
    private = await make_board(server.url, tenant, visibility="groups", groups=["design"], groupIds=["design"])
    private = private.through(host, plain=mode == PLAIN_HOST)
    async with (
        person(private, "ann", groupIds=["design"]) as ann,
        person(private, "ben", groupIds=["design", "sales"]) as ben,
        person(private, "eve", groupIds=["sales"]) as eve,
        person(private, None) as visitor,
    ):
        await ann.live()
        await ben.live()
        await eve.state(LinkState.REFUSED)
        await visitor.state(LinkState.REFUSED)
        await ann.pin("for design only")
        await ben.sees("for design only")
        for stranger in (eve, visitor):
            assert stranger.view.link.reason in {Reason.NOT_ALLOWED, Reason.NOT_SIGNED_IN}
            assert not stranger.view.markers()
            assert stranger.view.stats.frames == 0


async def test_s14_a_tenants_board_is_for_its_people(server: ServerProcess, host: str, mode: str) -> None:
    """Visibility ``tenant``: everybody who signed in, nobody who did not."""
    tenant = await server.tenant()
    inside = await make_board(server.url, tenant, visibility="tenant")
    inside = inside.through(host, plain=mode == PLAIN_HOST)
    async with person(inside, "ann") as ann, person(inside, None) as visitor:
        await ann.live()
        await visitor.state(LinkState.REFUSED)


async def test_s14_nothing_crosses_tenants(server: ServerProcess, host: str, mode: str) -> None:
    """The same key under two tenants is two boards; a session of one is nobody at the other."""
    acme, zeta = await server.tenant("acme"), await server.tenant("zeta")
    ours = (await make_board(server.url, acme)).through(host, plain=mode == PLAIN_HOST)
    token = await zeta.sign_in(server.url, "eve")
    async with person(ours, "ann") as ann:
        await ann.live()
        marker = await ann.pin("ours")
        async with httpx.AsyncClient(base_url=server.url, headers={"Authorization": f"Bearer {token}"}) as eve:
            theirs = await eve.get(paths.image_chats(zeta.name), params={"urlId": ours.url_id})
            assert theirs.json()["conversations"] == []
            gone = await eve.request(
                "DELETE", paths.image_chat(acme.name, marker.id), json={"broadcastId": str(uuid.uuid4())}
            )
            assert gone.status_code in {401, 403, 404}
            gone = await eve.request(
                "DELETE", paths.image_chat(zeta.name, marker.id), json={"broadcastId": str(uuid.uuid4())}
            )
            assert gone.status_code == 404
        assert ann.marker("ours")


@pytest.mark.parametrize(
    "intent",
    [
        CreateMarker(x=101, y=5, text="outside"),
        CreateMarker(x=-0.1, y=5, text="outside"),
        CreateMarker(x=5, y=5, text=""),
        CreateMarker(x=5, y=5, text="x" * (COMMENT_CHARACTERS + 1)),
        AddComment(marker_id="no-such-marker", text="into the void"),
    ],
)
async def test_s15_what_is_not_valid_is_refused_before_anybody_hears_of_it(
    place: Place, intent: CreateMarker | AddComment
) -> None:
    """The author is told why, the text is kept, and no other screen moves."""
    async with person(place, "ann") as ann, person(place, "ben") as ben:
        await ann.live()
        await ben.live()
        ended = await ann.change(intent)
        assert ended.outcome is Outcome.REFUSED
        assert ended.intent is intent
        await ann.pin("valid")
        await ben.sees("valid")
        assert [one.title for one in ben.view.markers()] == ["valid"]


@own_host_only("markers in one request")
async def test_s15_the_server_itself_refuses_what_a_client_lets_through(place: Place, server: ServerProcess) -> None:
    """No client is trusted to check."""
    tenant = place.tenant
    async with await tenant.client(server.url, "ann") as client, person(place, "ben") as ben:
        await ben.live()
        good = {"urlId": place.url_id, "x": 5, "y": 5, "comment": "c", "broadcastId": "b"}
        for bad in (
            {"x": 100.01},
            {"x": "5"},
            {"x": True},
            {"y": None},
            {"comment": " "},
            {"comment": "x" * (COMMENT_CHARACTERS + 1)},
            {"broadcastId": ""},
            {"broadcastId": "b" * 5000},
        ):
            answer = await client.post(paths.markers(tenant.name), json=good | bad)
            assert answer.status_code in {400, 422}, (bad, answer.text)
            assert answer.json()["status"] in {"failed", "error"}
            assert answer.json()["reason"]
        assert not ben.view.markers()


@own_host_only("markers in one request")
async def test_s24_s15_a_read_only_visitor_of_a_link_writes_only_with_a_session(place: Place) -> None:
    """Without any session, reading works and writing is 401."""
    async with httpx.AsyncClient(base_url=place.url) as nobody:
        seen = await nobody.get(paths.image_chats(place.tenant.name), params={"urlId": place.url_id})
        assert seen.status_code == 200
        assert seen.json()["user"] is None
        body = {"urlId": place.url_id, "x": 5, "y": 5, "comment": "c", "broadcastId": "b"}
        made = await nobody.post(paths.markers(place.tenant.name), json=body)
        assert made.status_code == 401
