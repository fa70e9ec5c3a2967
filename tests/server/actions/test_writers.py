"""That somebody writes: who may say it, of what, and that nothing of it is kept."""

import pytest

from imagechat_tui.protocol.events import Writer
from imagechat_tui.protocol.requests import Typing
from imagechat_tui.server.actions import boards, markers, writers
from imagechat_tui.server.actions.refusals import Refusal
from imagechat_tui.server.bus.port import Parcel, Topic
from imagechat_tui.server.hub import News
from imagechat_tui.server.hub.news import TypingNews
from tests.server.actions.test_boards import board, upload
from tests.server.actions.world import ANN, BOB, GUEST, PAGE, World, anonymous, member


async def listening(world: World, key: str = PAGE, *, tenant: str = "acme") -> list[Parcel[News]]:
    """What the viewers of a whole board are told from now on."""
    heard: list[Parcel[News]] = []
    bus = world.deps.hub._bus
    await bus.open(heard.extend)
    await bus.watch(Topic("board", tenant, key))
    return heard


async def test_who_writes_is_told_by_the_id_of_the_session(world: World) -> None:
    """The text says where, never who; nothing is published, logged or counted."""
    made = await markers.create_marker(world.deps, ANN, world.marker())
    world.published.clear()
    heard = await listening(world)
    await writers.tell_typing(world.deps, BOB, Typing(url_id=PAGE, chat_id=made.marker.id))
    await writers.tell_typing(world.deps, anonymous("x"), Typing(url_id=PAGE, ended=True))
    assert [parcel.body for parcel in heard] == [
        TypingNews(writer=Writer(user_id="acme:bob", user_name="Bob", chat_id=made.marker.id)),
        TypingNews(writer=Writer(user_id="anon:x", ended=True)),
    ]
    assert {parcel.position for parcel in heard} == {None}
    assert world.published == []


async def test_another_tenants_board_hears_nothing(world: World) -> None:
    """Though its key is the same."""
    heard = await listening(world, tenant="other")
    await writers.tell_typing(world.deps, ANN, Typing(url_id=PAGE))
    assert heard == []


async def test_who_may_not_write_is_refused(world: World) -> None:
    """Nobody in particular, and whoever may not see the board."""
    heard = await listening(world)
    with pytest.raises(Refusal) as refused:
        await writers.tell_typing(world.deps, GUEST, Typing(url_id=PAGE))
    assert refused.value.status == 401
    src = (await upload(world)).src
    closed = board(world, src, url_id="closed", visibility="groups", groups=["design"])
    await boards.put_board(world.deps, ANN, closed)
    with pytest.raises(Refusal) as refused:
        await writers.tell_typing(world.deps, member("eve", groups=("sales",)), Typing(url_id="closed"))
    assert refused.value.status == 403
    assert heard == []


async def test_a_marker_has_to_be_on_the_board(world: World) -> None:
    """One of another board, another tenant or none is not passed on."""
    there = await markers.create_marker(world.deps, ANN, world.marker(url_id="elsewhere"))
    await markers.create_marker(world.deps, ANN, world.marker())
    heard = await listening(world)
    for actor, chat_id in ((ANN, there.marker.id), (ANN, "none"), (member("eve", tenant="other"), there.marker.id)):
        with pytest.raises(Refusal) as refused:
            await writers.tell_typing(world.deps, actor, Typing(url_id=PAGE, chat_id=chat_id))
        assert refused.value.status == 404
    for body in (Typing(url_id=""), Typing(url_id="x" * 9_999), Typing(url_id=PAGE, chat_id="a\0b")):
        with pytest.raises(Refusal) as refused:
            await writers.tell_typing(world.deps, ANN, body)
        assert refused.value.status == 400
    assert heard == []
