"""Markers in one request each: create with the first comment, move, resolve, reopen."""

from msgspec import UNSET
from msgspec.structs import replace

from imagechat_tui.protocol import brief, ids
from imagechat_tui.protocol.models import PublicComment
from imagechat_tui.protocol.replies import MarkerChanged, MarkerCreated
from imagechat_tui.protocol.requests import ChangeMarker, CreateMarker
from imagechat_tui.server.actions import authoring, checks, pages, pinning, shapes
from imagechat_tui.server.actions.pages import Page
from imagechat_tui.server.actions.pinning import Pin
from imagechat_tui.server.actions.refusals import ForbiddenRefusal, InvalidRefusal
from imagechat_tui.server.actions.writing import Write, once
from imagechat_tui.server.auth.actors import Actor
from imagechat_tui.server.auth.permissions import Action, may
from imagechat_tui.server.deps import Deps
from imagechat_tui.server.hub.compact import compact_marker
from imagechat_tui.server.store import comments, markers
from imagechat_tui.server.store.comments import Comment
from imagechat_tui.server.store.markers import Marker


async def create_marker(deps: Deps, actor: Actor, body: CreateMarker) -> MarkerCreated:
    """A marker with its first comment, in one transaction; where its place is taken, the nearest free one.

    Raises:
        Refusal: 400, a value does not fit; 401 or 403, not this actor.
    """
    pages.require(actor, Action.CREATE_MARKER)
    base = ids.clean_url_id(checks.url_id(body.url_id))
    x, y = checks.coordinate(body.x, "x"), checks.coordinate(body.y, "y")
    draft = authoring.draft(actor, body.comment, url=base)
    spare, token = (deps.new_id(), deps.new_id()), deps.new_id()

    def work(write: Write) -> MarkerCreated:
        board = pinning.board_for_marker(write, base, title="", token=token)
        marker_id, comment_id = _names(write, spare)
        free_x, window = pinning.free_place(write.tx.connection, board, x=x, y=y)
        pin = Pin(
            marker_id=marker_id,
            window_url_id=window,
            x=free_x,
            y=y,
            src=board.src or "",
            page_title=board.title,
            user_name=draft.name,
            comment_id=comment_id,
        )
        pinning.claim(write, board, pin)
        thread = Page(url_id=window, board=board, marker_id=marker_id)
        comment = authoring.add(write, thread, draft, comment_id=comment_id)
        marker = pinning.announce(write, board, marker_id)
        authoring.announce(write, thread, comment)
        return MarkerCreated(
            status="success",
            marker=replace(compact_marker(marker), first_comment=None, user_name=draft.name, src=board.first_src or ""),
            comment=_own(comment, draft.edit_key),
            seq=write.seq,
        )

    return await once(deps, actor, body.broadcast_id, about=base, asked=body, kind=MarkerCreated, work=work)


async def change_marker(deps: Deps, actor: Actor, chat_id: str, body: ChangeMarker) -> MarkerChanged:
    """Move (both coordinates), resolve or reopen.

    Raises:
        Refusal: 400, nothing to change or off the picture; 401 or 403, not this actor; 404, no such marker.
    """
    place = _place(body)
    if place is None and body.resolved is UNSET:
        raise InvalidRefusal("Say what to change: x and y, or resolved.")

    def work(write: Write) -> MarkerChanged:
        shown, board = pages.find_marker(write.tx.connection, actor, chat_id)
        if place is not None:
            _move(write, shown.marker, place)
        if body.resolved is not UNSET:
            _resolve(write, shown.marker, resolved=body.resolved)
        marker = write.log_update(board, chat_id)
        return MarkerChanged(status="success", marker=compact_marker(marker), seq=write.seq)

    return await once(
        deps, actor, body.broadcast_id, about=chat_id, asked=[chat_id, body], kind=MarkerChanged, work=work
    )


def _names(write: Write, spare: tuple[str, str]) -> tuple[str, str]:
    """Ids for a marker and its first comment: made of the write's own id, so that nobody has to be told, if free."""
    named, connection = brief.named_after(write.broadcast_id), write.tx.connection
    if named is None or markers.find(connection, write.tenant, named[0]) is not None:
        return spare
    return spare if comments.find(connection, write.tenant, named[1]) is not None else named


def _own(comment: Comment, edit_key: str | None) -> PublicComment:
    """A new comment for its author; nobody has voted on it yet."""
    shown = shapes.public_comment(comment, raw=True)
    return replace(shown, edit_key=edit_key, votes=None, votes_up=None, votes_down=None)


def _place(body: ChangeMarker) -> tuple[float, float] | None:
    if body.x is UNSET and body.y is UNSET:
        return None
    if body.x is UNSET or body.y is UNSET:
        raise InvalidRefusal("A move needs x and y.")
    return checks.coordinate(body.x, "x"), checks.coordinate(body.y, "y")


def _move(write: Write, marker: Marker, place: tuple[float, float]) -> None:
    if not may(write.actor, Action.MOVE_MARKER, owner=marker.user_id, owner_session=marker.session):
        raise ForbiddenRefusal(write.actor)
    markers.move(write.tx, write.tenant, marker.id, x=place[0], y=place[1])


def _resolve(write: Write, marker: Marker, *, resolved: bool) -> None:
    if not may(write.actor, Action.RESOLVE_MARKER):
        raise ForbiddenRefusal(write.actor)
    if not resolved:
        markers.resolve(write.tx, write.tenant, marker.id, at_ms=None, by=None)
    elif marker.resolved_ms is None:
        markers.resolve(write.tx, write.tenant, marker.id, at_ms=write.now_ms, by=write.actor.name)
