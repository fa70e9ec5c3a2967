"""Every question in terms of HTTP, and every kind of answer and silence in terms of the session."""

import gzip

import pytest

from imagechat_tui.client.exchange import Identity
from imagechat_tui.client.rest import own_path
from imagechat_tui.client.server import server_at
from imagechat_tui.core import asks
from imagechat_tui.core.asks import AskBody
from imagechat_tui.core.inputs import Answered, Refused, Silence, Unanswered
from imagechat_tui.errors import NotAllowedError, NotFoundError, PictureError, ServerError, UnreachableError
from imagechat_tui.protocol.replies import Done, LogPage, MarkerCreated
from tests.client.asking import CHATS, ask, rest_of
from tests.client.hosts import Host, Said, http_host, said

COMMENT = {"_id": "c1", "commenterName": "A", "commentHTML": "<b>x</b>", "date": None, "verified": True}
COMMENTS = {"status": "success", "comments": [COMMENT], "user": None, "pageNumber": 0}


READS: list[tuple[AskBody, str, dict[str, str]]] = [
    (asks.ReadChats(), "/comment-image-chats/acme", {"urlId": "board"}),
    (asks.ReadSnapshot(), "/imagechat/v1/boards/acme", {"urlId": "board"}),
    (asks.ReadLog(after=0), "/imagechat/v1/log/acme", {"urlId": "board", "after": "0", "limit": "500"}),
    (
        asks.ReadEvents(url_id="w:x:1:2", start_ms=5),
        "/event-log/acme",
        {"urlId": "w:x:1:2", "userIdWS": "", "startTime": "5"},
    ),
    (
        asks.ReadThread(window_url_id="a&b=c#d %é"),
        "/comments/acme",
        {"urlId": "a&b=c#d %é", "direction": "OF", "page": "-1", "raw": "1"},
    ),
    (asks.Probe(), "/healthz", {}),
]


@pytest.mark.parametrize(("body", "path", "query"), READS)
async def test_a_read_is_a_get_with_its_parameters(host: Host, body: AskBody, path: str, query: dict[str, str]) -> None:
    """Odd keys travel in the query, quoted, and arrive whole."""
    await ask(host, body)
    (seen,) = host.seen
    assert (seen.method, seen.path, seen.query) == ("GET", path, query)
    assert seen.body == b""
    assert "content-type" not in seen.headers


WRITES: list[tuple[AskBody, str, str, dict[str, str], object]] = [
    (
        asks.WriteMarker(broadcast_id="b", x=0.0, y=30.25, comment="hi"),
        "POST",
        "/imagechat/v1/markers/acme",
        {},
        {"urlId": "board", "x": 0.0, "y": 30.25, "comment": "hi", "broadcastId": "b"},
    ),
    (
        asks.ChangeMarker(broadcast_id="b", marker_id="m/1", resolved=False),
        "PATCH",
        "/imagechat/v1/markers/acme/m%2F1",
        {},
        {"broadcastId": "b", "resolved": False},
    ),
    (
        asks.ChangeMarker(broadcast_id="b", marker_id="m", x=0.0, y=1.0),
        "PATCH",
        "/imagechat/v1/markers/acme/m",
        {},
        {"broadcastId": "b", "x": 0.0, "y": 1.0},
    ),
    (
        asks.RemoveMarker(broadcast_id="b", marker_id="m"),
        "DELETE",
        "/comment-image-chats/acme/m",
        {"broadcastId": "b"},
        {"broadcastId": "b"},
    ),
    (
        asks.ClaimWindow(
            broadcast_id="b", window_url_id="w", src="/p.png", page_title="T", x=1.0, y=2.0, comment_id="c"
        ),
        "POST",
        "/comment-image-chats/acme",
        {},
        {
            "urlId": "board",
            "windowUrlId": "w",
            "pageTitle": "T",
            "src": "/p.png",
            "x": 1.0,
            "y": 2.0,
            "createdFromCommentId": "c",
            "broadcastId": "b",
        },
    ),
    (
        asks.WriteComment(broadcast_id="b", window_url_id="w", comment="hi", parent_id="c0", marker_id="m"),
        "POST",
        "/comments/acme",
        {"urlId": "w", "broadcastId": "b", "chatId": "m"},
        {"commenterName": "Ana", "comment": "hi", "url": "board", "urlId": "w", "parentId": "c0", "productId": 2},
    ),
    (
        asks.WriteText(broadcast_id="b", comment_id="c", comment="new"),
        "POST",
        "/comments/acme/c/update-text",
        {"broadcastId": "b"},
        {"comment": "new"},
    ),
    (asks.RemoveComment(broadcast_id="b", comment_id="c"), "DELETE", "/comments/acme/c", {"broadcastId": "b"}, None),
    (
        asks.WriteVote(broadcast_id="b", window_url_id="w", comment_id="c", up=False),
        "POST",
        "/comments/acme/c/vote",
        {"urlId": "w", "broadcastId": "b"},
        {"voteDir": "down", "commenterName": "Ana", "commenterEmail": None, "url": "board"},
    ),
    (
        asks.RemoveVote(broadcast_id="b", window_url_id="w", comment_id="c", vote_id="v"),
        "DELETE",
        "/comments/acme/c/vote/v",
        {"urlId": "w", "broadcastId": "b"},
        None,
    ),
    (asks.TellTyping(marker_id="m"), "POST", "/imagechat/v1/typing/acme", {}, {"urlId": "board", "chatId": "m"}),
    (
        asks.TellTyping(marker_id=None, ended=True),
        "POST",
        "/imagechat/v1/typing/acme",
        {},
        {"urlId": "board", "ended": True},
    ),
]


@pytest.mark.parametrize(("body", "method", "path", "query", "sent"), WRITES)
async def test_a_write_carries_what_it_is_about(
    host: Host, body: AskBody, method: str, path: str, query: dict[str, str], sent: object
) -> None:
    """Where the contract wants it: in the body, in the query, or in both."""
    await ask(host, body)
    (seen,) = host.seen
    assert (seen.method, seen.path, seen.query) == (method, path, query)
    assert (seen.json if seen.body else None) == sent


def test_every_question_of_the_session_is_in_these_tables() -> None:
    """A new question without a way to be asked is found here."""
    listed = {type(row[0]) for row in [*READS, *WRITES]}
    assert listed == {*asks.Read.__subclasses__(), *asks.Write.__subclasses__(), asks.TellTyping}


async def test_the_token_goes_into_the_header_and_nowhere_else(host: Host) -> None:
    """A session's token is never part of an address."""
    await ask(host, asks.ReadChats(), identity=Identity(token="t0ken"))
    (seen,) = host.seen
    assert seen.headers["authorization"] == "Bearer t0ken"
    assert "t0ken" not in seen.target


async def test_a_plain_host_gets_the_payload_with_each_question(host: Host) -> None:
    """It knows no sessions of ours."""
    await ask(host, asks.ReadChats(), identity=Identity(sso='{"a":1}'))
    assert host.seen[0].query["sso"] == '{"a":1}'


async def test_our_own_writes_carry_no_header_that_nobody_reads(host: Host) -> None:
    """All traffic of a marker stays below 600 bytes; the short answer is asked for by naming no form of it."""
    image = {"src": "/p.png", "width": 1, "height": 1, "sha256": "0", "version": 1}
    ours = {"version": 1, "scopes": ["board"], "batch": True, "seq": 0, "image": image}
    user = {"id": "acme:ann", "username": "Ann"}
    host.answers["/comment-image-chats/acme"] = said({**CHATS, "user": user, "imagechat": ours})
    host.answers["/imagechat/v1/markers/acme"] = said({"status": "success", "number": 1, "date": 1_500, "seq": 2})
    rest = rest_of(server_at(host.url), identity=Identity(token="t"))
    marker = asks.WriteMarker(broadcast_id="write-0001", x=1.0, y=2.0, comment="hi")
    try:
        await rest.ask(1, asks.ReadChats(), timeout=5)
        answer = await rest.ask(2, marker, timeout=5)
    finally:
        await rest.close()
    assert set(host.seen[1].headers) == {"host", "authorization", "content-length"}
    assert isinstance(answer, Answered)
    assert isinstance(answer.reply, MarkerCreated)
    assert (answer.reply.marker.id, answer.reply.marker.url_id) == ("m-write-0001", "board:/p.png:1:2")
    assert (answer.reply.comment.comment, answer.reply.comment.commenter_name) == ("hi", "Ann")


async def test_a_success_is_decoded(host: Host) -> None:
    """Into the type that the question names."""
    host.answers["/imagechat/v1/log/acme"] = said(
        {"status": "success", "events": [{"type": "later", "seq": 3}], "head": 3, "hasMore": False}
    )
    answer = await ask(host, asks.ReadLog(after=2))
    assert isinstance(answer, Answered)
    assert isinstance(answer.reply, LogPage)
    assert answer.reply.head == 3


async def test_a_compressed_answer_is_decoded(host: Host) -> None:
    """Reads allow gzip."""
    body = said(CHATS).body
    host.answers["/comment-image-chats/acme"] = Said(body=gzip.compress(body), headers={"Content-Encoding": "gzip"})
    assert isinstance(await ask(host, asks.ReadChats()), Answered)
    assert host.seen[0].headers["accept-encoding"] == "gzip"


async def test_a_probe_is_content_with_any_answer(host: Host) -> None:
    """A plain host has no such path: it answers all the same."""
    assert await ask(host, asks.Probe()) == Answered(ask=1, reply=Done(status="success"))


async def test_a_refusal_names_status_error_and_patience(host: Host) -> None:
    """What the server said, as it said it."""
    host.answers["/imagechat/v1/markers/acme"] = said(
        {"status": "failed", "reason": "Too many.", "code": "user-rate-limited"}, status=429, Retry_After="2.5"
    )
    answer = await ask(host, asks.WriteMarker(broadcast_id="b", x=1.0, y=1.0, comment="hi"))
    assert isinstance(answer, Refused)
    assert (answer.status, answer.error.code, answer.retry_after) == (429, "user-rate-limited", 2.5)


@pytest.mark.parametrize("header", ["soon", "-1", "inf", "Wed, 21 Oct 2026 07:28:00 GMT"])
async def test_an_odd_patience_is_no_patience(host: Host, header: str) -> None:
    """Only seconds are understood."""
    host.answers["/healthz"] = Said()
    host.answers["/comment-image-chats/acme"] = said({"status": "error"}, status=503, Retry_After=header)
    answer = await ask(host, asks.ReadChats())
    assert isinstance(answer, Refused)
    assert answer.retry_after is None


async def test_an_error_with_status_200_is_a_refusal(host: Host) -> None:
    """Some hosts of the contract answer so."""
    host.answers["/comments/acme"] = said(
        {**COMMENTS, "status": "failed", "reason": "No.", "code": "unauthorized-page"}
    )
    answer = await ask(host, asks.ReadThread(window_url_id="w"))
    assert isinstance(answer, Refused)
    assert answer.error.code == "unauthorized-page"


@pytest.mark.parametrize(
    "answer",
    [
        Said(body=b"<html>hello</html>"),
        Said(body=b"{}"),
        Said(body=b""),
        Said(body=b"not gzip", headers={"Content-Encoding": "gzip"}),
        Said(raw=b"220 mail.example ESMTP\r\n\r\n"),
    ],
)
async def test_a_success_that_nobody_understands_is_foreign(host: Host, answer: Said) -> None:
    """Whatever listens there, it is no server of the contract."""
    host.answers["/comment-image-chats/acme"] = answer
    ending = await ask(host, asks.ReadChats())
    assert isinstance(ending, Unanswered)
    assert ending.why is Silence.FOREIGN


async def test_anonymous_keys_are_repeated_to_a_plain_host(host: Host) -> None:
    """The session id and the edit key that it gave once."""
    anonymous = {"id": "anon:1", "isAnonSession": True, "sessionId": "s-1"}
    host.answers["/comments/acme"] = said({**COMMENTS, "user": anonymous, "comment": {**COMMENT, "editKey": "e-1"}})
    rest = rest_of(server_at(host.url))
    await rest.ask(1, asks.ReadThread(window_url_id="w"), timeout=5)
    await rest.ask(2, asks.WriteComment(broadcast_id="b", window_url_id="w", comment="x"), timeout=5)
    await rest.ask(3, asks.WriteText(broadcast_id="b", comment_id="c1", comment="y"), timeout=5)
    await rest.close()
    assert host.seen[1].query["sessionId"] == "s-1"
    assert host.seen[2].query["editKey"] == "e-1"


async def test_the_log_by_time_names_the_viewer_that_the_host_named(host: Host) -> None:
    """A private page's log needs it."""
    host.answers["/comment-image-chats/acme"] = said(CHATS)
    rest = rest_of(server_at(host.url))
    await rest.ask(1, asks.ReadChats(), timeout=5)
    await rest.ask(2, asks.ReadEvents(url_id="board", start_ms=1), timeout=5)
    await rest.close()
    assert host.seen[1].query["userIdWS"] == "w-1"


async def test_the_picture_comes_from_the_boards_own_host(host: Host) -> None:
    """With the person's identity, because private boards have private pictures."""
    host.answers["/imagechat/v1/files/acme/a.png"] = Said(body=b"PNG")
    rest = rest_of(server_at(host.url), identity=Identity(token="t"))
    assert await rest.fetch_picture("/imagechat/v1/files/acme/a.png") == b"PNG"
    assert await rest.fetch_picture(host.url + "/imagechat/v1/files/acme/a.png") == b"PNG"
    await rest.close()
    assert host.seen[0].headers["authorization"] == "Bearer t"


@pytest.mark.parametrize(
    ("status", "error"), [(401, NotAllowedError), (403, NotAllowedError), (404, NotFoundError), (500, ServerError)]
)
async def test_a_picture_that_is_not_given_says_why(host: Host, status: int, error: type[Exception]) -> None:
    """One sentence each."""
    host.answers["/p.png"] = Said(status=status)
    rest = rest_of(server_at(host.url))
    with pytest.raises(error):
        await rest.fetch_picture("/p.png")
    await rest.close()


async def test_a_picture_beyond_the_limit_is_dropped_while_it_comes(
    host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Memory stays bounded, whatever the host sends."""
    monkeypatch.setattr("imagechat_tui.client.rest.PICTURE_BYTES", 1000)
    host.answers["/p.png"] = Said(body=b"x" * 1001)
    rest = rest_of(server_at(host.url))
    with pytest.raises(PictureError, match="25 MB"):
        await rest.fetch_picture("/p.png")
    await rest.close()


async def test_a_picture_elsewhere_is_not_fetched(host: Host) -> None:
    """An address in a board makes no client call other hosts."""
    rest = rest_of(server_at(host.url))
    with pytest.raises(PictureError):
        await rest.fetch_picture("http://169.254.169.254/latest")
    await rest.close()
    assert host.seen == []


async def test_no_picture_without_a_host() -> None:
    """An unreachable server is said to be so."""
    async with http_host() as gone:
        url = gone.url
    rest = rest_of(server_at(url))
    with pytest.raises(UnreachableError):
        await rest.fetch_picture("/p.png")
    await rest.close()


@pytest.mark.parametrize(
    ("src", "path"),
    [
        ("/a.png", "/a.png"),
        ("/a.png?v=2", "/a.png?v=2"),
        ("https://pins.example/a.png", "/a.png"),
        ("https://pins.example.evil/a.png", None),
        ("https://pins.example:444/a.png", None),
        ("http://pins.example/a.png", None),
        ("https://user@pins.example/a.png", None),
        ("//evil.example/a.png", None),
        ("/\\evil.example/a.png", None),
        ("file:///etc/passwd", None),
        ("a.png", None),
        ("https://[broken", None),
        ("", None),
    ],
)
def test_only_paths_of_the_own_host_are_followed(src: str, path: str | None) -> None:
    """Look-alikes are elsewhere."""
    assert own_path(src, "https://pins.example") == path
