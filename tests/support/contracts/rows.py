"""Rows and events that the store's suites write: as small as their tables allow."""

from sqlalchemy import Connection

from imagechat_tui.protocol.events import ImageChatUpdated, NewComment
from imagechat_tui.protocol.models import PubSubComment
from imagechat_tui.server.store import (
    absences,
    boards,
    comments,
    counters,
    events,
    invitations,
    marks,
    pictures,
    replies,
    sessions,
    tenants,
    users,
    votes,
    windows,
)
from imagechat_tui.server.store import markers as store_markers
from imagechat_tui.server.store.boards import Board, NewBoard
from imagechat_tui.server.store.comments import Comment
from imagechat_tui.server.store.database import Transaction
from imagechat_tui.server.store.events import Place, Span
from imagechat_tui.server.store.invitations import Invitation
from imagechat_tui.server.store.logged import Logged
from imagechat_tui.server.store.markers import Marker
from imagechat_tui.server.store.replies import StoredReply, WriteKey
from imagechat_tui.server.store.sessions import Session
from imagechat_tui.server.store.users import User
from imagechat_tui.server.store.votes import StoredVote

NOW = 1_800_000_000_000
DAY = 24 * 3600 * 1_000


class RefusedError(Exception):
    """A write that changes its mind after it wrote."""


def make_tenant(tx: Transaction, name: str = "acme") -> None:
    """A tenant, if there is none of that name."""
    tenants.add(tx, name, secret=f"secret of {name}", now_ms=NOW)


def make_board(tx: Transaction, url_id: str = "page", *, tenant: str = "acme") -> Board:
    """A new board of a tenant."""
    make_tenant(tx, tenant)
    new = NewBoard(url_id=url_id, token=f"token-{url_id}", title="Board", created_by=f"{tenant}:ann")
    board = boards.add(tx, tenant, new, now_ms=NOW)
    assert board is not None
    return board


def a_comment(comment_id: str = "c1", *, window: str = "w", text: str = "hello") -> Comment:
    """A comment by ann."""
    return Comment(
        id=comment_id,
        window_url_id=window,
        parent_id=None,
        user_id="acme:ann",
        session=None,
        edit_key_hash=None,
        name="Ann",
        email=None,
        text=text,
        html=text,
        url="",
        page_title=None,
        locale=None,
        avatar=None,
        link=None,
        label=None,
        role="member",
        created_ms=NOW,
    )


def a_marker(marker_id: str, *, number: int, window: str) -> Marker:
    """A marker by ann."""
    return Marker(
        id=marker_id,
        window_url_id=window,
        number=number,
        x=1.5,
        y=0.0,
        src="",
        page_title="",
        user_id="acme:ann",
        user_name="Ann",
        session=None,
        created_from_comment_id="c1",
        created_ms=NOW,
    )


def log_one(tx: Transaction, board: Board, *, broadcast_id: str = "b", now_ms: int = NOW) -> int:
    """One event on a board; its position."""
    place = Place(channel=board.url_id, marker_id="m")
    return events.append(tx, board, ImageChatUpdated(broadcast_id=broadcast_id), place=place, now_ms=now_ms)


def said(comment_id: str, window: str) -> NewComment:
    """The event of a comment in a thread."""
    comment = PubSubComment(
        id=comment_id,
        tenant_id="acme",
        url_id=window,
        commenter_name="Ann",
        comment_html="",
        comment="",
        verified=True,
        approved=True,
        url="",
        locale=None,
        date=None,
    )
    return NewComment(broadcast_id=comment_id, comment=comment)


def of_board(connection: Connection, board: Board, *, after: int = 0) -> list[Logged]:
    """A board's log."""
    return events.by_position(connection, board, after=after, most=100_000)


def a_picture(picture_id: str, *, size: int) -> pictures.StoredPicture:
    """A picture by ann, of so many bytes."""
    return pictures.StoredPicture(
        id=picture_id,
        sha256="0" * 64,
        width=2,
        height=1,
        media_type="image/png",
        size=size,
        url_id=None,
        created_by="acme:ann",
        created_ms=NOW,
    )


def fill_every_table(tx: Transaction, board: Board, tenant: str) -> None:
    """At least one row in every table."""
    session = Session(
        id="s", tenant=tenant, user_id="u", role="member", groups=None, created_ms=NOW, expires_ms=NOW + DAY
    )
    invited = Invitation(tenant=tenant, user_id="u", username="U", role="member", groups=None, expires_ms=NOW + DAY)
    users.see(tx, tenant, User(id="u", username="U", role="member"), now_ms=NOW)
    users.see(tx, tenant, User(id="gone", username="Gone", role="member"), now_ms=NOW)
    users.remove(tx, tenant, "gone", now_ms=NOW)
    sessions.open_one(tx, session, token_hash=f"{tenant}-token")
    invitations.add(tx, invited, secret_hash=f"{tenant}-secret", now_ms=NOW)
    windows.add(tx, tenant, "w", created_by="u")
    windows.claim(tx, board, "w", marker_id="m")
    store_markers.add(tx, board, a_marker("m", number=1, window="w"))
    comments.add(tx, tenant, a_comment())
    votes.add(
        tx,
        tenant,
        StoredVote(id="v", comment_id="c1", user_id="u", session=None, name="U", direction=1, created_ms=NOW),
    )
    marks.flag(tx, tenant, "c1", user_id="u", now_ms=NOW)
    marks.block(tx, tenant, "u", blocked="x", now_ms=NOW)
    log_one(tx, board)
    replies.remember(tx, WriteKey(tenant, "u", "b"), StoredReply(b"h", b"r"), now_ms=NOW)
    pictures.begin(tx, tenant, a_picture("p", size=1))
    pictures.add_piece(tx, tenant, "p", number=0, data=b"x")
    pictures.finish(tx, tenant, "p")
    counters.add(tx, tenant, day="2030-01-01", name="vote_count")
    absences.left(tx, tenant, viewer="v", url_id="page", now_ms=NOW)


def everything_of(connection: Connection, tenant: str) -> list[object]:
    """Everything that a tenant finds by the ids of ``_fill``."""
    board = boards.find(connection, tenant, "page")
    span = Span(board=board, first_ms=0, last_ms=NOW * 2, viewer=None, moderates=True)
    found: list[object] = [
        board,
        boards.by_token(connection, tenant, "token-page"),
        windows.find(connection, tenant, "w"),
        store_markers.find(connection, tenant, "m"),
        comments.find(connection, tenant, "c1"),
        comments.some(connection, tenant, ["c1"]),
        comments.outlines(connection, tenant, "w"),
        comments.in_window(connection, tenant, "w"),
        comments.authors_in(connection, tenant, "w", after=("", ""), most=9),
        votes.find(connection, tenant, "v"),
        votes.of_user(connection, tenant, "c1", user_id="u"),
        votes.names(connection, tenant, "c1", direction=1, most=9),
        marks.flagged(connection, tenant, ["c1"], user_id="u"),
        marks.blocked_by(connection, tenant, "u"),
        events.by_time(connection, tenant, "page", span=span, most=9),
        replies.find(connection, WriteKey(tenant, "u", "b")),
        pictures.find(connection, tenant, "p"),
        pictures.read_piece(connection, tenant, "p", number=0),
        counters.days(connection, tenant),
        absences.since(connection, tenant, viewer="v", url_id="page"),
        users.find(connection, tenant, "u"),
        users.some(connection, tenant, ["u"]),
        sessions.find(connection, tenant, "s"),
        sessions.alive(connection, tenant, ["s"], now_ms=NOW),
    ]
    return [one for one in found if one]
