"""The whole HTTP side through a real uvicorn: what one person writes, another one reads."""

import uuid

from tests.support.servers import InProcess, TenantKey

PAGE = "https://shop.example/checkout#step 2"
WINDOW = f"{PAGE}:/img/a.png:25.5:30.2"


def _comment(text: str) -> dict[str, object]:
    return {"commenterName": "Ann", "comment": text, "url": PAGE, "urlId": WINDOW}


def _chat(comment_id: str) -> dict[str, object]:
    return {
        "urlId": PAGE,
        "windowUrlId": WINDOW,
        "pageTitle": "Checkout",
        "src": "/img/a.png",
        "x": 25.5,
        "y": 30.2,
        "createdFromCommentId": comment_id,
        "broadcastId": str(uuid.uuid4()),
    }


async def test_a_marker_made_by_the_plain_contract_is_seen_by_others(server: InProcess, acme: TenantKey) -> None:
    """First comment, then marker, as the published clients do it; a guest reads both."""
    async with await acme.client(server.url) as ann, await acme.client(server.url, None) as guest:
        query = {"urlId": WINDOW, "broadcastId": str(uuid.uuid4())}
        said = await ann.post("/comments/acme", params=query, json=_comment("Too **blue**"))
        assert said.status_code == 200, said.text
        comment = said.json()["comment"]
        assert comment["userId"] == "acme:ann"
        assert comment["verified"] is True
        made = await ann.post("/comment-image-chats/acme", json=_chat(comment["_id"]))
        assert made.status_code == 200, made.text
        seen = (await guest.get("/comment-image-chats/acme", params={"urlId": PAGE})).json()
        assert [(c["_id"], c["urlId"], c["x"], c["y"]) for c in seen["conversations"]] == [
            (made.json()["createdChatId"], WINDOW, 25.5, 30.2)
        ]
        assert seen["user"] is None
        assert seen["tenantIdWS"] == "acme"
