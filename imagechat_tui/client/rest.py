"""Puts the session's questions into HTTP and reads the answers back: the ``Api`` of a real server.

Paths, queries and bodies are those of the contract; what an answer means is the session's business. Never raises for
anything that the network did.
"""

import logging
from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from msgspec import UNSET, Struct

from imagechat_tui.client.channels import Channels
from imagechat_tui.client.exchange import Answer, Exchange, NoAnswer
from imagechat_tui.client.server import query
from imagechat_tui.client.verdicts import unanswered
from imagechat_tui.client.work import Counted
from imagechat_tui.core import asks
from imagechat_tui.core.asks import AskBody
from imagechat_tui.core.inputs import Answered, Refused, Silence, Unanswered
from imagechat_tui.errors import NotAllowedError, NotFoundError, PictureError, ProtocolError, ServerError
from imagechat_tui.i18n import _
from imagechat_tui.protocol import codec, paths, replies, requests
from imagechat_tui.protocol.brief import Ground
from imagechat_tui.protocol.limits import LOG_PAGE_EVENTS, PICTURE_BYTES

if TYPE_CHECKING:
    from imagechat_tui.protocol.models import User

_log = logging.getLogger(__name__)

_PICTURE_SECONDS: Final = 10.0
# Image chat's number among the products of the contract.
_PRODUCT: Final = 2
# Keys to edit one's own anonymous comments; a person who wrote more than this in one sitting is signed in by now.
_MOST_EDIT_KEYS: Final = 1_000


class _Call(Struct, frozen=True, kw_only=True):
    """One question in terms of HTTP."""

    method: str
    path: str
    reply: Callable[[bytes], replies.Reply]
    body: bytes | None = None
    lean: bool = False


class Rest:
    """Asks one server about one board."""

    def __init__(
        self, exchange: Exchange, *, tenant: str, url_id: str, name: str = "", channels: Channels | None = None
    ) -> None:
        """``name`` is what an unsigned author is called; a server that knows the caller ignores it."""
        self._exchange = exchange
        self._tenant = tenant
        self._url_id = url_id
        self._name = name
        self._channels = channels or Channels()
        self._session_id: str | None = None
        self._author: User | None = None
        self._edit_keys: OrderedDict[str, str] = OrderedDict()

    async def ask(self, number: int, body: AskBody, *, timeout: float) -> Answered | Refused | Unanswered:  # noqa: ASYNC109 - see ports.Api
        """Ask once; every question ends in exactly one of the three."""
        call = self._call(body)
        try:
            answer = await self._exchange.send(call.method, call.path, body=call.body, lean=call.lean, timeout=timeout)
        except NoAnswer as silence:
            return Unanswered(ask=number, why=silence.why, detail=silence.detail)
        if isinstance(body, asks.Probe):
            return Answered(ask=number, reply=replies.Done(status="success"))
        return self._understood(number, body, call, answer)

    async def fetch_picture(self, src: str, *, told: Counted | None = None) -> bytes:
        """The bytes of a picture that this very host keeps; ``told`` hears how much of it has come.

        Raises:
            PictureError: It lies elsewhere, or is larger than the limit.
            NotFoundError: It is not there.
            NotAllowedError: It is not for this person.
            ServerError: There was no answer, or an error.
        """
        path = own_path(src, self._exchange.server.base_url)
        if path is None:
            raise PictureError(_("The picture of this board lies on another server, and is not fetched from there."))
        try:
            answer = await self._exchange.send("GET", path, timeout=_PICTURE_SECONDS, most=PICTURE_BYTES, told=told)
        except NoAnswer as silence:
            if silence.why is Silence.FOREIGN:
                raise PictureError(_("The picture of this board is larger than 25 MB, and was not loaded.")) from None
            raise unanswered(silence, self._exchange.server) from None
        match answer.status:
            case 200:
                return answer.body
            case 401 | 403:
                raise NotAllowedError(_("The server does not show you the picture of this board: sign in first."))
            case 404 | 410:
                raise NotFoundError(_("The server no longer has the picture of this board."))
            case status:
                raise ServerError(
                    _("The server did not send the picture of this board (status {status}).").format(status=status)
                )

    async def close(self) -> None:
        """Let connections go."""
        await self._exchange.close()

    def _understood(self, number: int, body: AskBody, call: _Call, answer: Answer) -> Answered | Refused | Unanswered:
        if not answer.ok:
            error = codec.decode_error(answer.body)
            return Refused(ask=number, status=answer.status, error=error, retry_after=answer.retry_after)
        try:
            reply = call.reply(answer.body)
        except ProtocolError as problem:
            _log.warning("%s: an answer that does not decode: %s", type(body).__name__, problem.detail)
            return Unanswered(ask=number, why=Silence.FOREIGN, detail=_("the answer does not follow the contract"))
        if reply.status != "success":
            # Some hosts of the contract send an error with status 200.
            return Refused(ask=number, status=400, error=codec.decode_error(answer.body))
        self._remember(body, reply)
        return Answered(ask=number, reply=reply)

    def _remember(self, body: AskBody, reply: replies.Reply) -> None:
        """Keep what a plain host wants to hear again."""
        match reply:
            case replies.ImageChats():
                self._author, image = reply.user, reply.imagechat and reply.imagechat.image
                # Only a first picture never changes: keys made of it are the same for everybody.
                first = image is not None and image.version == 1
                self._channels.ground = Ground(url_id=reply.url_id_clean, src=image.src) if image and first else None
                self._channels.learn(
                    self._url_id, tenant=reply.tenant_id_ws, url=reply.url_id_ws, user=reply.user_id_ws
                )
            case replies.Comments() if isinstance(body, asks.ReadThread):
                self._channels.learn(
                    body.window_url_id, tenant=reply.tenant_id_ws, url=reply.url_id_ws, user=reply.user_id_ws
                )
            case replies.CommentSaved() if reply.comment.edit_key:
                self._edit_keys[reply.comment.id] = reply.comment.edit_key
                if len(self._edit_keys) > _MOST_EDIT_KEYS:
                    self._edit_keys.popitem(last=False)
            case _:
                pass
        user = getattr(reply, "user", None)
        if user is not None and user.is_anon_session and self._exchange.identity.token is None:
            self._session_id = user.session_id or self._session_id

    def _call(self, body: AskBody) -> _Call:
        match body:
            case asks.Write():
                return self._write(body)
            case asks.TellTyping():
                return self._tell(body)
            case _:
                return self._read(body)

    def _tell(self, body: asks.TellTyping) -> _Call:
        path = paths.typing(self._tenant) + query(sessionId=self._session_id, sso=self._exchange.identity.sso)
        said = requests.Typing(url_id=self._url_id, chat_id=body.marker_id, ended=body.ended)
        return _Call(method="POST", path=path, body=codec.encode(said), reply=_as(replies.Done), lean=True)

    def _read(self, body: AskBody) -> _Call:
        tenant, sso = self._tenant, self._exchange.identity.sso
        match body:
            case asks.ReadChats():
                path = paths.image_chats(tenant) + query(urlId=self._url_id, sso=sso)
                return _Call(method="GET", path=path, reply=_as(replies.ImageChats))
            case asks.ReadSnapshot():
                path = paths.boards(tenant) + query(urlId=self._url_id, sso=sso)
                return _Call(method="GET", path=path, reply=_as(replies.Snapshot))
            case asks.ReadLog():
                path = paths.log(tenant) + query(urlId=self._url_id, after=body.after, limit=LOG_PAGE_EVENTS, sso=sso)
                return _Call(method="GET", path=path, reply=codec.decode_log_page)
            case asks.ReadEvents():
                channel = self._channels.of(body.url_id) or self._channels.of(self._url_id)
                user = channel.user_id_ws if channel else ""
                path = paths.event_log(tenant) + query(urlId=body.url_id, userIdWS=user, startTime=body.start_ms)
                return _Call(method="GET", path=path, reply=_as(replies.EventLog))
            case asks.ReadThread():
                path = paths.comments(tenant) + query(
                    urlId=body.window_url_id, direction="OF", page=-1, raw=1, sso=sso, sessionId=self._session_id
                )
                return _Call(method="GET", path=path, reply=_as(replies.Comments))
            case asks.Probe():
                return _Call(method="GET", path=paths.HEALTH, reply=_as(replies.Done), lean=True)
            case _:
                raise TypeError(f"no question of this server: {type(body).__name__}")

    def _write(self, body: asks.Write) -> _Call:
        match body:
            case asks.WriteMarker() | asks.ClaimWindow() | asks.ChangeMarker() | asks.RemoveMarker():
                return self._write_marker(body)
            case _:
                return self._write_comment(body)

    def _write_marker(self, body: asks.Write) -> _Call:
        tenant, sso, own = self._tenant, self._exchange.identity.sso, body.broadcast_id
        match body:
            case asks.WriteMarker():
                marker = requests.CreateMarker(
                    url_id=self._url_id, x=body.x, y=body.y, comment=body.comment, broadcast_id=own
                )
                path = paths.markers(tenant) + query(sso=sso)
                author, ground = self._author, self._channels.ground
                return _Call(
                    method="POST",
                    path=path,
                    body=codec.encode(marker),
                    reply=lambda answer: codec.decode_created(answer, marker, author=author, ground=ground),
                    lean=author is not None and ground is not None,
                )
            case asks.ClaimWindow():
                claim = requests.CreateImageChat(
                    url_id=self._url_id,
                    window_url_id=body.window_url_id,
                    page_title=body.page_title,
                    src=body.src,
                    x=body.x,
                    y=body.y,
                    created_from_comment_id=body.comment_id,
                    broadcast_id=own,
                )
                path = paths.image_chats(tenant) + query(sso=sso)
                return _Call(method="POST", path=path, body=codec.encode(claim), reply=_as(replies.ImageChatCreated))
            case asks.ChangeMarker():
                change = requests.ChangeMarker(
                    broadcast_id=own,
                    x=UNSET if body.x is None else body.x,
                    y=UNSET if body.y is None else body.y,
                    resolved=UNSET if body.resolved is None else body.resolved,
                )
                path = paths.marker(tenant, body.marker_id) + query(sso=sso)
                return _Call(
                    method="PATCH", path=path, body=codec.encode(change), reply=_as(replies.MarkerChanged), lean=True
                )
            case asks.RemoveMarker():
                removal = codec.encode(requests.DeleteImageChat(broadcast_id=own))
                path = paths.image_chat(tenant, body.marker_id) + query(broadcastId=own, sso=sso)
                return _Call(method="DELETE", path=path, body=removal, reply=_as(replies.Done))
            case _:
                raise TypeError(f"no change of a marker: {type(body).__name__}")

    def _write_comment(self, body: asks.Write) -> _Call:
        tenant, sso, own = self._tenant, self._exchange.identity.sso, body.broadcast_id
        match body:
            case asks.WriteComment():
                window = body.window_url_id
                path = paths.comments(tenant) + query(
                    urlId=window, broadcastId=own, chatId=body.marker_id, sessionId=self._session_id, sso=sso
                )
                comment = requests.CommentData(
                    commenter_name=self._name,
                    comment=body.comment,
                    url=self._url_id,
                    url_id=window,
                    parent_id=body.parent_id,
                    product_id=_PRODUCT,
                )
                return _Call(method="POST", path=path, body=codec.encode(comment), reply=_as(replies.CommentSaved))
            case asks.WriteText():
                key = self._edit_keys.get(body.comment_id)
                path = paths.comment(tenant, body.comment_id, "update-text") + query(
                    broadcastId=own, editKey=key, sso=sso
                )
                text = codec.encode(requests.UpdateText(comment=body.comment))
                return _Call(method="POST", path=path, body=text, reply=_as(replies.TextSaved))
            case asks.RemoveComment():
                key = self._edit_keys.get(body.comment_id)
                path = paths.comment(tenant, body.comment_id) + query(broadcastId=own, editKey=key, sso=sso)
                return _Call(method="DELETE", path=path, reply=_as(replies.CommentDeleted))
            case _:
                return self._write_vote(body)

    def _write_vote(self, body: asks.Write) -> _Call:
        tenant, sso, own = self._tenant, self._exchange.identity.sso, body.broadcast_id
        match body:
            case asks.WriteVote():
                path = paths.comment(tenant, body.comment_id, "vote") + query(
                    urlId=body.window_url_id, broadcastId=own, sessionId=self._session_id, sso=sso
                )
                vote = requests.VoteBody(
                    vote_dir="up" if body.up else "down",
                    commenter_name=self._name or None,
                    commenter_email=None,
                    url=self._url_id,
                )
                return _Call(method="POST", path=path, body=codec.encode(vote), reply=_as(replies.Voted))
            case asks.RemoveVote():
                path = paths.comment(tenant, body.comment_id, f"vote/{body.vote_id}") + query(
                    urlId=body.window_url_id, broadcastId=own, sso=sso
                )
                return _Call(method="DELETE", path=path, reply=_as(replies.VoteDeleted))
            case _:
                raise TypeError(f"no change of this server: {type(body).__name__}")


def own_path(src: str, base_url: str) -> str | None:
    """The path and query of a picture on this host; ``None`` for one that lies elsewhere.

    A host may say its own address in full; any other scheme, host or port is elsewhere.
    """
    try:
        parts = urlsplit(src)
    except ValueError:
        return None
    if parts.scheme or parts.netloc:
        if not src.startswith(base_url + "/"):
            return None
        return src.removeprefix(base_url)
    return src if src.startswith("/") and "\\" not in src else None


def _as(kind: type[replies.Reply]) -> Callable[[bytes], replies.Reply]:
    return lambda body: codec.decode(body, kind)
