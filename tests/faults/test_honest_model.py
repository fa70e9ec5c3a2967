"""The server that the simulation believes in is the server that runs: the same stories, the same answers."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from imagechat_tui.core.asks import (
    ChangeMarker,
    ReadLog,
    ReadSnapshot,
    RemoveComment,
    RemoveMarker,
    RemoveVote,
    WriteComment,
    WriteMarker,
    WriteText,
    WriteVote,
)
from tests.faults.hosts import Model, Real, Scene, differences
from tests.support.people import make_board
from tests.support.servers import in_process

Story = Callable[[Scene], Awaitable[None]]


async def pin(scene: Scene, user: str, name: str, *, x: float = 10.0, y: float = 20.0) -> None:
    """A marker."""
    await scene.ask(user, WriteMarker(broadcast_id=scene.write(), x=x, y=y, comment=f"about {name}"), called=name)


async def say(scene: Scene, user: str, name: str, marker: str, *, to: str | None = None) -> None:
    """A comment, perhaps an answer ``to`` another one."""
    body = WriteComment(
        broadcast_id=scene.write(),
        window_url_id=scene.window(marker),
        comment=f"says {name}",
        parent_id=scene.id(to) if to else None,
        marker_id=scene.id(marker),
    )
    await scene.ask(user, body, called=name)


async def unsay(scene: Scene, user: str, name: str) -> None:
    """A comment taken back."""
    await scene.ask(user, RemoveComment(broadcast_id=scene.write(), comment_id=scene.id(name)))


async def remove(scene: Scene, user: str, marker: str) -> None:
    """A marker deleted."""
    await scene.ask(user, RemoveMarker(broadcast_id=scene.write(), marker_id=scene.id(marker)))


async def resolve(scene: Scene, user: str, marker: str, *, resolved: bool) -> None:
    """A marker resolved or reopened."""
    await scene.ask(user, ChangeMarker(broadcast_id=scene.write(), marker_id=scene.id(marker), resolved=resolved))


async def writing_together(scene: Scene) -> None:
    """Markers, comments, answers, a new text, a new place."""
    await pin(scene, "ann", "one")
    await pin(scene, "ben", "two", x=55.5, y=0.25)
    await say(scene, "ben", "a", "one")
    await say(scene, "ann", "b", "one", to="a")
    await say(scene, "ann", "c", "two")
    await scene.ask("ben", WriteText(broadcast_id=scene.write(), comment_id=scene.id("a"), comment="says it better"))
    await scene.ask("ann", ChangeMarker(broadcast_id=scene.write(), marker_id=scene.id("one"), x=33.3, y=44.4))
    await scene.look("one", "two")


async def resolving(scene: Scene) -> None:
    """Resolved, reopened by hand, resolved again, reopened by an answer."""
    await pin(scene, "ann", "one")
    await resolve(scene, "ben", "one", resolved=True)
    await scene.look("one")
    await resolve(scene, "ann", "one", resolved=False)
    await resolve(scene, "ann", "one", resolved=True)
    await say(scene, "ben", "not yet", "one")
    await scene.look("one")


async def deleting(scene: Scene) -> None:
    """Answers go with what they answer, threads with their marker; numbers are not given twice."""
    await pin(scene, "ann", "one")
    await say(scene, "ben", "a", "one")
    await say(scene, "ann", "b", "one", to="a")
    await say(scene, "cid", "c", "one")
    await unsay(scene, "ben", "a")
    await scene.look("one")
    await pin(scene, "ben", "two", x=70.0)
    await remove(scene, "ben", "two")
    await pin(scene, "ben", "three", x=80.0)
    await remove(scene, "ann", "one")
    await scene.look("three")


async def refusals(scene: Scene) -> None:
    """What is another's, what is gone, what never was."""
    await pin(scene, "ann", "one")
    await say(scene, "ann", "a", "one")
    await scene.ask("ben", WriteText(broadcast_id=scene.write(), comment_id=scene.id("a"), comment="not mine"))
    await unsay(scene, "ben", "a")
    await say(scene, "ben", "b", "one", to="never was")
    await unsay(scene, "ann", "never was")
    await remove(scene, "ann", "never was")
    await resolve(scene, "ann", "never was", resolved=True)
    await unsay(scene, "ann", "a")
    await unsay(scene, "ann", "a")
    await say(scene, "ben", "c", "one", to="a")
    await pin(scene, "ben", "two", x=60.0)
    await remove(scene, "ben", "two")
    await remove(scene, "ben", "two")
    await say(scene, "ann", "d", "two")
    await resolve(scene, "ann", "two", resolved=True)
    await scene.look("one")


async def retries(scene: Scene) -> None:
    """The same write again is answered again and done once; the same id with other words is refused."""
    again = WriteMarker(broadcast_id="again", x=1.0, y=2.0, comment="once")
    await scene.ask("ann", again, called="one")
    await scene.ask("ann", again, called="one")
    await scene.ask("ann", WriteMarker(broadcast_id="again", x=1.0, y=2.0, comment="something else"))
    await scene.ask("ben", WriteMarker(broadcast_id="again", x=5.0, y=6.0, comment="somebody else"), called="two")
    said = WriteComment(
        broadcast_id="said", window_url_id=scene.window("one"), comment="once", marker_id=scene.id("one")
    )
    await scene.ask("ann", said, called="a")
    await remove(scene, "ann", "one")
    await scene.ask("ann", said, called="a")
    await scene.look("two")


async def voting(scene: Scene) -> None:
    """Up, once only; taken back; the other way."""
    await pin(scene, "ann", "one")
    up = WriteVote(
        broadcast_id=scene.write(), window_url_id=scene.window("one"), comment_id=scene.id("one-first"), up=True
    )
    await scene.ask("ben", up, called="yes")
    await scene.look("one")
    back = RemoveVote(
        broadcast_id=scene.write(),
        window_url_id=scene.window("one"),
        comment_id=scene.id("one-first"),
        vote_id=scene.id("yes"),
    )
    await scene.ask("ben", back)
    await scene.ask(
        "ann",
        WriteVote(
            broadcast_id=scene.write(), window_url_id=scene.window("one"), comment_id=scene.id("one-first"), up=False
        ),
        called="no",
    )
    await scene.look("one")


async def a_forgotten_log(scene: Scene) -> None:
    """Who comes from before it is told so; who has the head reads on."""
    await pin(scene, "ann", "one")
    await say(scene, "ben", "a", "one")
    await scene.forget_the_log()
    await scene.ask("cid", ReadLog(after=0))
    await scene.ask("cid", ReadLog(after=3))
    await scene.ask("cid", ReadLog(after=4))
    await say(scene, "ben", "b", "one")
    await scene.ask("cid", ReadLog(after=4))
    await scene.ask("cid", ReadSnapshot())


STORIES: tuple[Story, ...] = (
    writing_together, resolving, deleting, refusals, retries, voting, a_forgotten_log
)  # fmt: skip


@pytest.mark.parametrize("story", STORIES)
async def test_the_model_and_the_server_answer_alike(story: Story, tmp_path: Path) -> None:
    """Question by question, field by field, where both speak."""
    model = Scene(Model())
    await story(model)
    async with in_process(tmp_path) as server:
        host = Real(server, await make_board(server.url, await server.tenant()))
        real = Scene(host)
        try:
            await story(real)
        finally:
            await host.close()
    apart = []
    for number, ((what, one), (_, other)) in enumerate(zip(model.told, real.told, strict=True), 1):
        apart += [f"{number}. {what}{each}" for each in differences(one, other)]
    assert not apart, "\n".join(apart)
    assert len(model.told) == len(real.told) >= 6


def test_a_difference_is_told() -> None:
    """Another value, another length, something that only one says."""
    assert differences({"x": 1, "only": 2}, {"x": 1}) == []
    assert differences({"x": 1}, {"x": 2}) == [".x: 1 and 2"]
    assert differences({"seq": 1}, {}) == [".seq: 1 and None"]
    assert differences([{"x": 1}], []) != []
