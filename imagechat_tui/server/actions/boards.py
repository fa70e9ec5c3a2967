"""Boards of ours: the snapshot, making and changing one, finding one by its link."""

import secrets

from msgspec import UNSET, Struct
from sqlalchemy import Connection

from imagechat_tui.protocol import ids, paths
from imagechat_tui.protocol.models import Conversation
from imagechat_tui.protocol.replies import BoardLinkInfo, BoardPut, Snapshot
from imagechat_tui.protocol.requests import PutBoard
from imagechat_tui.server.actions import checks, hosting, pages, shapes
from imagechat_tui.server.actions.refusals import (
    ConflictRefusal,
    ForbiddenRefusal,
    InvalidRefusal,
    UnknownRefusal,
    page_hidden,
)
from imagechat_tui.server.actions.writing import Write, once
from imagechat_tui.server.auth.actors import Actor
from imagechat_tui.server.auth.permissions import Action, may
from imagechat_tui.server.deps import Deps
from imagechat_tui.server.store import boards, markers, pictures
from imagechat_tui.server.store.boards import Board, NewBoard

_KEY_BYTES = 16
_MOST_GROUPS = 100
_GROUP_CHARACTERS = 50


class _Wanted(Struct, frozen=True, kw_only=True):
    url_id: str
    title: str
    src: str
    picture_id: str
    visibility: boards.Visibility | None
    """``None``: as it is."""
    groups: tuple[str, ...]


async def snapshot(deps: Deps, actor: Actor, url_id: str) -> Snapshot:
    """The whole board at one position; a page without markers is an empty one.

    Raises:
        Refusal: 400, the key does not fit; 401 or 403, not for this actor.
    """
    base = ids.clean_url_id(checks.url_id(url_id))

    def read(connection: Connection) -> tuple[Board | None, list[Conversation]]:
        board = pages.find_board(connection, actor, base)
        shown = [] if board is None else markers.on_board(connection, board)
        return board, [shapes.conversation(one) for one in shown]

    board, conversations = await deps.database.read(read)
    return Snapshot(
        status="success",
        seq=0 if board is None else board.head,
        image=None if board is None else board.image,
        title="" if board is None else board.title,
        visibility="link" if board is None else board.visibility,
        markers=conversations,
    )


async def put_board(deps: Deps, actor: Actor, body: PutBoard) -> BoardPut:
    """A new board, or another picture, title or visibility of one. Who may no longer see it is shown out.

    Raises:
        Refusal: 400, a value does not fit; 401 or 403, not this actor.
    """
    pages.require(actor, Action.CREATE_BOARD)
    wanted = _wanted(body)
    token = secrets.token_urlsafe(_KEY_BYTES)

    def work(write: Write) -> BoardPut:
        before = boards.find(write.tx.connection, write.tenant, wanted.url_id)
        board = _described(write, wanted, before, token=token)
        if board.src != wanted.src:
            board = _shown(write, board, wanted)
        if before is not None and before.image != board.image:
            write.log_board(board)
        return BoardPut(
            status="success",
            url_id=board.url_id,
            link=paths.board_link(board.tenant, board.token),
            src=board.src,
            seq=board.head if write.seq is None else write.seq,
        )

    reply = await once(deps, actor, body.broadcast_id, about=wanted.url_id, asked=body, kind=BoardPut, work=work)
    board = await deps.database.read(lambda connection: boards.find(connection, actor.tenant, reply.url_id))
    if board is not None:
        shown = board
        deps.hub.page_changed(actor.tenant, board.url_id, may_see=lambda viewer: pages.sees(viewer, shown))
    return reply


async def board_by_link(deps: Deps, actor: Actor, token: str) -> BoardLinkInfo:
    """The board of a link.

    Raises:
        Refusal: 401 or 403, not for this actor; 404, there is no such board.
    """
    board = await deps.database.read(lambda connection: boards.by_token(connection, actor.tenant, token))
    if board is None:
        raise UnknownRefusal("board")
    if not pages.sees(actor, board):
        raise page_hidden(actor)
    return BoardLinkInfo(
        status="success", tenant_id=actor.tenant, url_id=board.url_id, title=board.title, image=board.image
    )


def _wanted(body: PutBoard) -> _Wanted:
    groups = tuple(dict.fromkeys(body.groups or ()))
    if len(groups) > _MOST_GROUPS:
        raise InvalidRefusal(f"A board has at most {_MOST_GROUPS} groups.")
    for group in groups:
        checks.text(group, "groups", most=_GROUP_CHARACTERS)
    if body.visibility == "groups" and not groups:
        raise InvalidRefusal("Name the groups that may see the board.")
    url_id = f"b-{secrets.token_urlsafe(_KEY_BYTES)}" if body.url_id is None else checks.url_id(body.url_id)
    return _Wanted(
        url_id=ids.clean_url_id(url_id),
        title=checks.text(body.title, "title", empty=True),
        src=checks.text(body.src, "src"),
        picture_id=hosting.picture_id(body.src),
        visibility=None if body.visibility is UNSET else body.visibility,
        groups=groups if body.visibility == "groups" else (),
    )


def _described(write: Write, wanted: _Wanted, board: Board | None, *, token: str) -> Board:
    """The board of the wanted key, with the wanted title and viewers; ``board`` is what there is of it."""
    if board is None:
        new = NewBoard(
            url_id=wanted.url_id,
            token=token,
            title=wanted.title,
            created_by=write.actor.user_id,
            visibility=wanted.visibility or "link",
            groups=wanted.groups,
        )
        board = boards.add(write.tx, write.tenant, new, now_ms=write.now_ms)
        if board is None:
            raise ConflictRefusal("invalid-input", "This board was made at the same moment; try again.")
        return board
    if not pages.sees(write.actor, board):
        raise page_hidden(write.actor)
    if not may(write.actor, Action.CHANGE_BOARD, owner=board.created_by):
        raise ForbiddenRefusal(write.actor)
    visibility, groups = wanted.visibility, wanted.groups
    if visibility is None:
        visibility, groups = board.visibility, board.groups
    return boards.describe(write.tx, board, title=wanted.title, visibility=visibility, groups=groups)


def _shown(write: Write, board: Board, wanted: _Wanted) -> Board:
    """The board with the wanted picture, which nobody else's board shows; the same bytes again are no other picture."""
    picture = pictures.find(write.tx.connection, write.tenant, wanted.picture_id)
    if picture is None or hosting.src(write.tenant, picture.id) != wanted.src:
        raise InvalidRefusal("src must be a picture that was uploaded here before.")
    if picture.url_id not in {None, board.url_id}:
        raise InvalidRefusal("src belongs to another board.")
    if picture.created_by != write.actor.user_id and not write.actor.moderates:
        raise ForbiddenRefusal(write.actor)
    if picture.sha256 == board.sha256:
        return board
    pictures.show(write.tx, write.tenant, picture.id, url_id=board.url_id)
    return boards.show(
        write.tx, board, src=wanted.src, width=picture.width, height=picture.height, sha256=picture.sha256
    )
