"""What a key means and whether somebody may see it: a board's base key, a claimed thread's, or a free thread's.

A free thread (no marker has claimed it) may be named by everybody; in it each sees only what they wrote themselves.
"""

from msgspec import Struct
from sqlalchemy import Connection

from imagechat_tui.server.actions.refusals import ForbiddenRefusal, UnknownRefusal, page_hidden
from imagechat_tui.server.auth.actors import Actor
from imagechat_tui.server.auth.permissions import Action, may, may_see
from imagechat_tui.server.store import boards, comments, markers, windows
from imagechat_tui.server.store.boards import Board
from imagechat_tui.server.store.comments import Comment
from imagechat_tui.server.store.markers import Shown


class Page(Struct, frozen=True, kw_only=True):
    """A key, and what is behind it."""

    url_id: str
    board: Board | None
    """``None``: a free thread, or a page without markers."""
    marker_id: str | None
    """Set for a claimed thread."""


def sees(actor: Actor, board: Board) -> bool:
    """Whether the actor may see a board."""
    return may_see(actor, visibility=board.visibility, groups=board.groups, creator=board.created_by)


def require(actor: Actor, action: Action) -> None:
    """Refuse an actor whose role has no such right at all.

    Raises:
        Refusal: 401 or 403.
    """
    if not may(actor, action):
        raise ForbiddenRefusal(actor)


def find_page(connection: Connection, actor: Actor, url_id: str) -> Page:
    """What a key means to this actor.

    Raises:
        Refusal: 401 or 403, it belongs to a board that the actor may not see.
    """
    # A claimed thread comes first: a board that somebody made under its key must not open it to others.
    window = windows.find(connection, actor.tenant, url_id)
    board, marker_id = (window.board, window.marker_id) if window is not None else (None, None)
    if board is None:
        board, marker_id = boards.find(connection, actor.tenant, url_id), None
    if board is not None and not sees(actor, board):
        raise page_hidden(actor)
    return Page(url_id=url_id, board=board, marker_id=marker_id)


def find_board(connection: Connection, actor: Actor, url_id: str) -> Board | None:
    """The board of a base key; ``None`` for a page without markers.

    Raises:
        Refusal: 401 or 403, the actor may not see it.
    """
    board = boards.find(connection, actor.tenant, url_id)
    if board is not None and not sees(actor, board):
        raise page_hidden(actor)
    return board


def find_comment(connection: Connection, actor: Actor, comment_id: str) -> tuple[Comment, Page]:
    """A comment and its thread.

    Raises:
        Refusal: 404, there is none that this actor may see.
    """
    comment = comments.find(connection, actor.tenant, comment_id)
    if comment is None:
        raise UnknownRefusal("comment")
    page = find_page(connection, actor, comment.window_url_id)
    if not shows(actor, page, user_id=comment.user_id, approved=comment.approved):
        raise UnknownRefusal("comment")
    return comment, page


def find_marker(connection: Connection, actor: Actor, marker_id: str) -> tuple[Shown, Board]:
    """A marker and its board.

    Raises:
        Refusal: 404, there is none of that id; 401 or 403, the actor may not see its board.
    """
    shown = markers.find(connection, actor.tenant, marker_id)
    board = None if shown is None else find_page(connection, actor, shown.marker.window_url_id).board
    if shown is None or board is None:
        raise UnknownRefusal("marker")
    return shown, board


def shows(actor: Actor, page: Page, *, user_id: str, approved: bool) -> bool:
    """Whether a comment by ``user_id`` in this thread is shown to the actor, who may see the page."""
    if actor.moderates or user_id == actor.user_id:
        return True
    return approved and page.board is not None
