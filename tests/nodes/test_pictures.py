"""Pictures are the same from every node, wherever their bytes lie."""

import pytest

from imagechat_tui.protocol import paths
from tests.support.bucket import bucket
from tests.support.nodes import Engines, node_here
from tests.support.people import picture

pytestmark = [pytest.mark.postgres, pytest.mark.redis]


async def test_a_picture_that_one_node_got_is_served_by_another(
    shared: Engines, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From a bucket; without it 503, and what is not a picture goes on."""
    monkeypatch.setattr("imagechat_tui.server.store.shelf.ANSWER_SECONDS", 0.5)
    async with (
        bucket(monkeypatch) as (url, process),
        node_here(shared, "one", pictures=url) as one,
        node_here(shared, "two", pictures=url) as two,
    ):
        acme = await one.tenant()
        async with await acme.client(one.url) as here, await acme.client(two.url) as there:
            files = {"file": ("page.png", picture(), "image/png")}
            src = (await here.post(paths.pictures("acme"), files=files)).json()["src"]
            answers = [await client.get(src) for client in (here, there)]
            assert [answer.status_code for answer in answers] == [200, 200]
            assert answers[0].content == answers[1].content
            assert answers[0].content.startswith(b"\x89PNG")
            process.kill()
            await process.wait()
            away = [await there.get(src), await there.post(paths.pictures("acme"), files=files)]
            assert [(answer.status_code, answer.headers["retry-after"]) for answer in away] == [(503, "1")] * 2
            assert (await there.get(paths.boards("acme"), params={"urlId": "x"})).status_code == 200
