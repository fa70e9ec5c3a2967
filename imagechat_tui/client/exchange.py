"""One HTTP exchange with one server: sends, counts, and says exactly how far it came when there is no answer.

Redirects are never followed, bodies are capped, and the token goes to this server only. Knows no path of the contract.
"""

import asyncio
import os
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Final

import httpx
from msgspec import Struct

from imagechat_tui import __version__
from imagechat_tui.client.server import Server
from imagechat_tui.client.traffic import Traffic
from imagechat_tui.client.work import Counted
from imagechat_tui.core.inputs import Silence
from imagechat_tui.errors import ImagechatError, UsageError
from imagechat_tui.i18n import _

USER_AGENT: Final = f"imagechat/{__version__}"
# Below the idle time after which our server (65 s) and usual proxies (60 s) close: a write does not race that close.
_KEEP_ALIVE_SECONDS: Final = 30.0
# Every reply of the contract is far smaller; a board of 50,000 markers fits.
_MOST_REPLY_BYTES: Final = 64 * 1024 * 1024
_SENDING: Final = "http11.send_request_headers.started"
_PIECE: Final = 64 * 1024
"""Of a large body; what is sent is counted in pieces."""


class Identity(Struct, frozen=True, kw_only=True):
    """Who asks. A plain host knows no tokens: it takes the signed payload with every request."""

    token: str | None = None
    sso: str | None = None
    api_key: str | None = None
    """A tenant's secret, for the numbers of the tenant."""

    def __repr__(self) -> str:
        kind = "token" if self.token else "sso" if self.sso else "tenant" if self.api_key else "nobody"
        return f"Identity({kind})"


class Answer(Struct, frozen=True, kw_only=True):
    """What came back, whatever its status."""

    status: int
    body: bytes
    retry_after: float | None = None
    """Seconds, if the server named them."""

    @property
    def ok(self) -> bool:
        """2xx."""
        return 200 <= self.status < 300  # noqa: PLR2004 - the range of success is what the name says


class NoAnswer(Exception):  # noqa: N818 - named for what happened
    """Nothing usable came back; ``why`` says whether the request can have had an effect."""

    def __init__(self, why: Silence, detail: str = "") -> None:
        super().__init__(detail)
        self.why = why
        self.detail = detail


Wake = Callable[[], Awaitable[Server | None]]
"""Called when nothing listens: brings the server back and says where it is now; ``None`` when it cannot."""


class Exchange:
    """Requests to one server, over kept-alive connections."""

    def __init__(
        self,
        server: Server,
        *,
        identity: Identity | None = None,
        traffic: Traffic | None = None,
        wake: Wake | None = None,
    ) -> None:
        """Open nothing yet.

        Raises:
            UsageError: The CA file, or a proxy of the environment, cannot be used.
        """
        self.server = server
        self.identity = identity or Identity()
        self.traffic = traffic or Traffic()
        self._wake = wake
        self._http = _http_client(server)

    async def send(  # noqa: PLR0913 - the parts of a request
        self,
        method: str,
        path: str,
        *,
        body: bytes | None = None,
        kind: str = "application/json",
        lean: bool = False,
        timeout: float = 10.0,  # noqa: ASYNC109 - the caller's deadline, kept here for connect and answer together
        most: int = _MOST_REPLY_BYTES,
        told: Counted | None = None,
    ) -> Answer:
        """Ask once; when nothing listens and somebody can start it, ask again.

        Args:
            method: GET, POST ...
            path: From the root of the server, with its query.
            body: Bytes of ``kind``.
            kind: The body's media type.
            lean: Leave out every header that only a foreign host might want.
            timeout: Seconds for everything together.
            most: Bytes of the answer that are accepted.
            told: How much of the body has gone; without a body, how much of the answer has come.

        Raises:
            NoAnswer: There is none, or it is larger than ``most``.
        """
        request = self._request(method, path, body=body, kind=kind, lean=lean)
        if body is not None and told is not None:
            request.stream, told = _Counted(body, told), None
        try:
            return await self._once(request, seconds=timeout, most=most, told=told)
        except NoAnswer as silence:
            if silence.why is not Silence.UNREACHABLE or self._wake is None or not await self._woken(self._wake):
                raise
        return await self._once(request, seconds=timeout, most=most, told=told)

    async def close(self) -> None:
        """Let the connections go."""
        await self._http.aclose()

    def with_identity(self, identity: Identity) -> None:
        """From here on, ask as somebody else."""
        self.identity = identity

    async def _woken(self, wake: Wake) -> bool:
        try:
            server = await wake()
        except ImagechatError as problem:
            raise NoAnswer(Silence.UNREACHABLE, str(problem)) from problem
        if server is not None and server != self.server:
            old, self.server, self._http = self._http, server, _http_client(server)
            await old.aclose()
        return server is not None

    def _request(self, method: str, path: str, *, body: bytes | None, kind: str, lean: bool) -> httpx.Request:
        headers: list[tuple[str, str]] = []
        if self.identity.token:
            headers.append(("Authorization", f"Bearer {self.identity.token}"))
        if self.identity.api_key:
            headers.append(("X-API-Key", self.identity.api_key))
        if body is not None and not lean:
            headers.append(("Content-Type", kind))
        if not lean:
            headers += [("Accept", "application/json"), ("User-Agent", USER_AGENT)]
        if not lean and method == "GET":
            headers.append(("Accept-Encoding", "gzip"))
        return httpx.Request(method, self.server.base_url + path, headers=headers, content=body)

    async def _once(self, request: httpx.Request, *, seconds: float, most: int, told: Counted | None) -> Answer:
        sent = False

        async def trace(event: str, _info: object) -> None:
            nonlocal sent
            sent = sent or event == _SENDING

        request.extensions["trace"] = trace
        loop = asyncio.get_running_loop()
        began = loop.time()
        try:
            async with asyncio.timeout(seconds):
                response = await self._http.send(request, stream=True)
                try:
                    self.traffic.round_trip = loop.time() - began
                    body = await _read(response, most=most, told=told)
                finally:
                    await response.aclose()
        except (httpx.HTTPError, httpx.InvalidURL, OSError, TimeoutError, RuntimeError) as problem:
            raise NoAnswer(_why(problem, sent=sent), words_of(problem)) from problem
        finally:
            if sent:
                self.traffic.requests += 1
                self.traffic.bytes_out += _request_bytes(request)
        self.traffic.bytes_in += _head_bytes(response) + response.num_bytes_downloaded
        return Answer(status=response.status_code, body=body, retry_after=_retry_after(response))


def _http_client(server: Server) -> httpx.AsyncClient:
    context = server.tls()
    limits = httpx.Limits(max_connections=20, max_keepalive_connections=10, keepalive_expiry=_KEEP_ALIVE_SECONDS)
    # Proxies of the environment are for the way out; what stays on the machine needs none.
    outward = not server.loopback
    transport = httpx.AsyncHTTPTransport(
        verify=context or ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
        trust_env=False,
        limits=limits,
        uds=str(server.uds) if server.uds else None,
    )
    if not outward:
        return httpx.AsyncClient(transport=transport, trust_env=False, timeout=None)  # noqa: S113 - `send` has the deadline
    try:
        return httpx.AsyncClient(verify=context or True, limits=limits, trust_env=True, timeout=None)  # noqa: S113 - the same
    except (ImportError, ValueError) as problem:
        raise UsageError(
            _("The proxy named in the environment cannot be used: {problem}.").format(problem=problem)
        ) from None


def announced(response: httpx.Response) -> int:
    """Bytes that an answer is going to have; 0 when it does not say, or comes compressed."""
    words = "" if "Content-Encoding" in response.headers else response.headers.get("Content-Length", "")
    return int(words) if words.isdecimal() else 0


class _Counted(httpx.AsyncByteStream):
    """A body that tells how much of it has gone; it can be sent again."""

    def __init__(self, body: bytes, told: Counted) -> None:
        self._body, self._told = body, told

    async def __aiter__(self) -> AsyncIterator[bytes]:
        size = len(self._body)
        for start in range(0, size, _PIECE):
            self._told(start, size)
            yield self._body[start : start + _PIECE]
        self._told(size, size)


async def _read(response: httpx.Response, *, most: int, told: Counted | None) -> bytes:
    if response.request.method == "HEAD":
        return b""
    parts: list[bytes] = []
    size = 0
    of = announced(response)
    async for part in response.aiter_bytes():
        size += len(part)
        if size > most:
            raise _TooLarge(_("more than {most} bytes").format(most=most), request=response.request)
        parts.append(part)
        if told is not None:
            told(size, of)
    return b"".join(parts)


class _TooLarge(httpx.DecodingError):
    """An answer that nobody of the contract would send."""


def _why(problem: Exception, *, sent: bool) -> Silence:
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in _causes(problem)):
        return Silence.INSECURE
    if not sent:
        return Silence.UNREACHABLE
    # What h11 says of a first line that is not HTTP; an answer that merely breaks off is a loss.
    not_http = isinstance(problem, httpx.RemoteProtocolError) and str(problem).startswith("illegal")
    return Silence.FOREIGN if not_http or isinstance(problem, httpx.DecodingError) else Silence.LOST


def words_of(problem: BaseException) -> str:
    """The innermost reason of a failure in the system's own words."""
    if isinstance(problem, TimeoutError) and problem.errno is None:
        return _("no answer in time")
    words = ""
    for cause in _causes(problem):
        if isinstance(cause, OSError) and cause.errno is not None and not isinstance(cause, ssl.SSLError):
            # Errors of name look-ups have numbers of their own, below zero.
            return os.strerror(cause.errno) if cause.errno > 0 else cause.strerror or words
        words = str(cause) or words
    return words or type(problem).__name__


def _causes(problem: BaseException) -> Iterator[BaseException]:
    seen: BaseException | None = problem
    while seen is not None:
        yield seen
        seen = seen.__cause__ or seen.__context__


def _retry_after(response: httpx.Response) -> float | None:
    try:
        seconds = float(response.headers.get("Retry-After", ""))
    except ValueError:
        return None
    return seconds if 0 <= seconds < float("inf") else None


def _request_bytes(request: httpx.Request) -> int:
    head = len(request.method) + len(request.url.raw_path) + len("  HTTP/1.1\r\n\r\n")
    headers = sum(len(name) + len(value) + len(": \r\n") for name, value in request.headers.raw)
    return head + headers + len(request.content)


def _head_bytes(response: httpx.Response) -> int:
    head = len("HTTP/1.1 200 \r\n\r\n") + len(response.reason_phrase)
    return head + sum(len(name) + len(value) + len(": \r\n") for name, value in response.headers.raw)
