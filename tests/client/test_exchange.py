"""How far a request came when there is no answer; encryption, kept connections, counted bytes."""

import asyncio
from pathlib import Path

import pytest

from imagechat_tui.client.exchange import Exchange, Identity, NoAnswer
from imagechat_tui.client.rest import Rest
from imagechat_tui.client.server import Server, local_server, server_at
from imagechat_tui.core import asks
from imagechat_tui.core.inputs import Answered, Refused, Silence, Unanswered
from imagechat_tui.errors import UsageError, UserError
from tests.client.asking import CHATS, ask, rest_of
from tests.client.certificates import make
from tests.client.hosts import Host, Said, Seen, http_host, said
from tests.support.proxy import proxy_to


async def test_a_redirect_is_not_followed(host: Host) -> None:
    """It is a refusal; the token is not carried anywhere else."""
    host.answers["/comment-image-chats/acme"] = Said(status=302, headers={"Location": "/elsewhere"})
    answer = await ask(host, asks.ReadChats(), identity=Identity(token="t"))
    assert isinstance(answer, Refused)
    assert answer.status == 302
    assert len(host.seen) == 1


async def test_nobody_listening_means_nothing_was_sent(host: Host) -> None:
    """The operation can be called undone."""
    async with proxy_to(host.url) as proxy:
        await proxy.refuse()
        rest = rest_of(server_at(proxy.url))
        ending = await rest.ask(9, asks.ReadChats(), timeout=5)
        await rest.close()
    assert isinstance(ending, Unanswered)
    assert (ending.ask, ending.why) == (9, Silence.UNREACHABLE)
    assert "refused" in ending.detail.lower()


async def test_no_answer_in_time_is_a_loss(host: Host) -> None:
    """It was sent: nobody knows whether it was done."""
    host.mute = True
    ending = await ask(host, asks.WriteText(broadcast_id="b", comment_id="c", comment="x"), seconds=0.05)
    assert isinstance(ending, Unanswered)
    assert ending.why is Silence.LOST


async def test_an_answer_lost_on_the_way_back_is_a_loss(host: Host) -> None:
    """The request arrived; the reset hides its answer."""
    host.answers["/imagechat/v1/markers/acme"] = said({"status": "success"})
    async with proxy_to(host.url) as proxy:
        proxy.lose_answer_to(b"POST /imagechat/v1/markers")
        rest = rest_of(server_at(proxy.url))
        ending = await rest.ask(1, asks.WriteMarker(broadcast_id="b", x=1.0, y=1.0, comment="hi"), timeout=5)
        await rest.close()
    assert isinstance(ending, Unanswered)
    assert ending.why is Silence.LOST
    assert len(host.seen) == 1


async def test_an_answer_byte_by_byte_is_an_answer(host: Host) -> None:
    """Slow is not broken."""
    host.answers["/comment-image-chats/acme"] = said(CHATS)
    async with proxy_to(host.url) as proxy:
        proxy.down.trickle = proxy.up.trickle = True
        rest = rest_of(server_at(proxy.url))
        assert isinstance(await rest.ask(1, asks.ReadChats(), timeout=10), Answered)
        await rest.close()


async def test_a_broken_off_answer_is_a_loss(host: Host) -> None:
    """Half a body is no answer."""
    host.answers["/comment-image-chats/acme"] = said(CHATS)
    async with proxy_to(host.url) as proxy:
        proxy.down.reset_after = 60
        rest = rest_of(server_at(proxy.url))
        ending = await rest.ask(1, asks.ReadChats(), timeout=5)
        await rest.close()
    assert isinstance(ending, Unanswered)
    assert ending.why is Silence.LOST


async def test_an_untrusted_certificate_is_insecure_until_its_authority_is_named(tmp_path: Path) -> None:
    """Nothing is sent before the certificate is trusted; no switch turns that off."""
    ca, context = make(tmp_path)
    async with http_host(tls=context) as host:
        host.answers["/comment-image-chats/acme"] = said(CHATS)
        ending = await ask(host, asks.ReadChats())
        assert isinstance(ending, Unanswered)
        assert ending.why is Silence.INSECURE
        assert host.seen == []
        rest = rest_of(server_at(host.url, ca=ca))
        assert isinstance(await rest.ask(1, asks.ReadChats(), timeout=5), Answered)
        await rest.close()


async def test_connections_are_kept_for_the_next_question(host: Host) -> None:
    """A write pays for no handshake while the person is at work."""
    rest = rest_of(server_at(host.url))
    for number in range(3):
        await rest.ask(number, asks.Probe(), timeout=5)
    await rest.close()
    assert host.connections == 1


async def test_a_unix_socket_is_asked_under_a_loopback_name(tmp_path: Path) -> None:
    """The local server accepts only such host names."""
    async with http_host(uds=tmp_path / "s") as host:
        rest = rest_of(local_server(tmp_path / "s"))
        assert isinstance(await rest.ask(1, asks.Probe(), timeout=5), Answered)
        await rest.close()
    assert host.seen[0].headers["host"] == "localhost"


async def test_what_is_missing_is_started_and_asked_again(tmp_path: Path) -> None:
    """The local server ends when idle; the next question brings it back."""
    hosts: list[Host] = []
    stack = []

    async def wake() -> Server:
        opened = http_host(uds=tmp_path / "s")
        stack.append(opened)
        hosts.append(await opened.__aenter__())
        return local_server(tmp_path / "s")

    exchange = Exchange(local_server(tmp_path / "s"), wake=wake)
    rest = Rest(exchange, tenant="acme", url_id="board")
    assert isinstance(await rest.ask(1, asks.Probe(), timeout=5), Answered)
    await rest.close()
    assert len(hosts) == 1
    await stack[0].__aexit__(None, None, None)


async def test_bytes_are_counted_as_they_go_over_the_wire(host: Host) -> None:
    """The sync screen's numbers are those of the network."""
    host.answers["/comment-image-chats/acme"] = said(CHATS)
    async with proxy_to(host.url) as proxy:
        exchange = Exchange(server_at(proxy.url), identity=Identity(token="t"))
        rest = Rest(exchange, tenant="acme", url_id="board")
        await rest.ask(1, asks.ReadChats(), timeout=5)
        await rest.ask(2, asks.WriteText(broadcast_id="b", comment_id="c", comment="x"), timeout=5)
        await rest.close()
        assert exchange.traffic.bytes_out == proxy.up.bytes
        assert exchange.traffic.bytes_in == proxy.down.bytes
    assert exchange.traffic.requests == 2
    assert exchange.traffic.round_trip is not None


async def test_many_questions_at_once_are_all_answered(host: Host) -> None:
    """The pool waits; nothing is dropped."""
    rest = rest_of(server_at(host.url))
    answers = await asyncio.gather(*(rest.ask(number, asks.Probe(), timeout=10) for number in range(60)))
    await rest.close()
    assert {answer.ask for answer in answers} == set(range(60))


def test_an_identity_never_shows_what_it_holds() -> None:
    """A log or a traceback may print it."""
    assert "s3cret" not in repr(Identity(token="s3cret")) + repr(Identity(sso="s3cret"))
    assert Seen(method="GET", target="/", headers={}, body=b"").query == {}


async def test_a_server_that_came_back_elsewhere_is_followed(tmp_path: Path) -> None:
    """Its socket may lie in another folder after a restart; the next request goes straight there."""
    async with http_host(uds=tmp_path / "new") as host:
        woken = 0

        async def wake() -> Server:
            nonlocal woken
            woken += 1
            return local_server(tmp_path / "new")

        exchange = Exchange(local_server(tmp_path / "old"), wake=wake)
        for _ in range(2):
            assert (await exchange.send("GET", "/healthz")).status == 404
        await exchange.close()
    assert woken == 1
    assert len(host.seen) == 2


async def test_a_server_that_cannot_be_brought_back_says_why(tmp_path: Path) -> None:
    """The sentence reaches the screen; nothing was sent."""

    async def wake() -> Server:
        raise UserError("The disk is full.")

    async def cannot() -> None:
        return None

    for attempt, words in ((wake, "The disk is full."), (cannot, "No such file")):
        exchange = Exchange(local_server(tmp_path / "none"), wake=attempt)
        with pytest.raises(NoAnswer, match=words) as silence:
            await exchange.send("GET", "/healthz")
        await exchange.close()
        assert silence.value.why is Silence.UNREACHABLE


async def test_what_stays_on_this_machine_needs_no_proxy(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the environment says for the way out."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert isinstance(await ask(host, asks.Probe()), Answered)


async def test_a_proxy_is_used_on_the_way_out(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the environment says; one that cannot be used is said so."""
    monkeypatch.setenv("HTTP_PROXY", host.url)
    exchange = Exchange(server_at("http://pins.example", insecure_transport=True))
    await exchange.send("GET", "/healthz")
    await exchange.close()
    assert host.seen[0].target == "http://pins.example/healthz"
    monkeypatch.setenv("ALL_PROXY", "nonsense://127.0.0.1:9")
    with pytest.raises(UsageError, match="proxy"):
        Exchange(server_at("https://pins.example"))
