"""Markers by the plain contract: all of a page, one for an existing thread, one less."""

from sqlalchemy import Connection

from imagechat_tui.protocol import ids, paths
from imagechat_tui.protocol.events import DeletedImageChat
from imagechat_tui.protocol.models import Capabilities
from imagechat_tui.protocol.replies import Done, ImageChatCreated, ImageChats
from imagechat_tui.protocol.requests import CreateImageChat
from imagechat_tui.server.actions import authoring, checks, pages, pinning, shapes
from imagechat_tui.server.actions.refusals import ConflictRefusal, ForbiddenRefusal
from imagechat_tui.server.actions.writing import Write, once
from imagechat_tui.server.auth import viewing
from imagechat_tui.server.auth.actors import Actor
from imagechat_tui.server.auth.permissions import Action, may
from imagechat_tui.server.deps import Deps
from imagechat_tui.server.store import boards, comments, markers, windows
from imagechat_tui.server.store.windows import Window

CONTRACT_VERSION = 1
"""Of what we add to the contract."""


async def viewer_pass(deps: Deps, actor: Actor, url_id: str) -> str:
    """The ``userIdWS`` with which this actor may look at this page."""
    tenant = await deps.directory.tenant(actor.tenant)
    return viewing.sign(tenant.secret if tenant else "", actor, url_id, now_ms=deps.clock_ms())


async def list_image_chats(deps: Deps, actor: Actor, url_id: str) -> ImageChats:
    """Every marker of a page, in order of creation, and what a client needs for its live connection.

    Raises:
        Refusal: 401 or 403, the page is not for this actor.
    """
    clean = ids.clean_url_id(checks.url_id(url_id))

    def read(connection: Connection) -> tuple[list[markers.Shown], Capabilities]:
        board = pages.find_board(connection, actor, clean)
        shown = [] if board is None else markers.on_board(connection, board)
        head, image = (0, None) if board is None else (board.head, board.image)
        link = None
        if board is not None and may(actor, Action.CHANGE_BOARD, owner=board.created_by):
            link = paths.board_link(board.tenant, board.token)
        return shown, Capabilities(
            version=CONTRACT_VERSION, scopes=["board"], batch=True, seq=head, image=image, link=link, typing=True
        )

    shown, capabilities = await deps.database.read(read)
    return ImageChats(
        status="success",
        user=shapes.user_of(actor),
        conversations=[shapes.conversation(one) for one in shown],
        url_id_clean=clean,
        is_site_admin=actor.moderates,
        tenant_id_ws=actor.tenant,
        url_id_ws=ids.url_id_ws(clean),
        user_id_ws=await viewer_pass(deps, actor, clean),
        imagechat=capabilities,
    )


async def create_image_chat(deps: Deps, actor: Actor, body: CreateImageChat) -> ImageChatCreated:
    """A marker for a thread that may already have comments; an existing marker of that thread is returned as it is.

    Raises:
        Refusal: 400, a value does not fit; 401 or 403, not this actor; 409, the thread is another page's or a page.
    """
    pages.require(actor, Action.CREATE_MARKER)
    base = ids.clean_url_id(checks.url_id(body.url_id))
    window_key = checks.window_url_id(body.window_url_id)
    checks.text(body.page_title, "pageTitle", empty=True)
    checks.text(body.src, "src", empty=True)
    checks.text(body.created_from_comment_id, "createdFromCommentId", empty=True)
    x, y = checks.coordinate(body.x, "x"), checks.coordinate(body.y, "y")
    marker_id, token = deps.new_id(), deps.new_id()

    def work(write: Write) -> ImageChatCreated:
        found = pages.find_page(write.tx.connection, actor, base)
        window = windows.find(write.tx.connection, actor.tenant, window_key)
        if window is not None and window.marker_id is not None:
            if found.board is None or window.board is None or window.board.id != found.board.id:
                raise ConflictRefusal("invalid-input", "This windowUrlId belongs to another page.")
            return ImageChatCreated(status="success", created_chat_id=window.marker_id)
        if window is not None and not _may_claim(actor, window, bases=(base, body.url_id)):
            raise ForbiddenRefusal(actor)
        if window_key == base or boards.find(write.tx.connection, actor.tenant, window_key) is not None:
            raise ConflictRefusal("invalid-input", "This windowUrlId is the key of a page.")
        board = pinning.board_for_marker(write, base, title=body.page_title, token=token)
        pin = pinning.Pin(
            marker_id=marker_id,
            window_url_id=window_key,
            x=x,
            y=y,
            src=body.src,
            page_title=body.page_title,
            user_name=actor.name or authoring.NAMELESS,
            comment_id=body.created_from_comment_id,
        )
        pinning.claim(write, board, pin)
        pinning.announce(write, board, marker_id)
        return ImageChatCreated(status="success", created_chat_id=marker_id, seq=write.seq)

    made = await once(deps, actor, body.broadcast_id, about=base, asked=["new", body], kind=ImageChatCreated, work=work)
    board = await deps.database.read(lambda connection: boards.find(connection, actor.tenant, base))
    if board is not None and made.seq is not None:
        claimed = board
        deps.hub.page_changed(actor.tenant, base, window=window_key, may_see=lambda viewer: pages.sees(viewer, claimed))
    return made


async def delete_image_chat(deps: Deps, actor: Actor, chat_id: str, *, broadcast_id: str) -> Done:
    """Delete a marker with its thread.

    Raises:
        Refusal: 401 or 403, not this actor; 404, there is no such marker.
    """

    def work(write: Write) -> Done:
        shown, board = pages.find_marker(write.tx.connection, actor, chat_id)
        marker = shown.marker
        if not may(actor, Action.DELETE_MARKER, owner=marker.user_id, owner_session=marker.session):
            raise ForbiddenRefusal(actor)
        for comment_id in comments.in_window(write.tx.connection, actor.tenant, marker.window_url_id):
            comments.remove(write.tx, actor.tenant, comment_id)
        windows.remove(write.tx, actor.tenant, marker.window_url_id)
        markers.remove(write.tx, actor.tenant, marker.id)
        event = DeletedImageChat(broadcast_id=broadcast_id, chat_id=marker.id, conversation=shapes.conversation(shown))
        write.log_marker(board, event, marker_id=marker.id)
        return Done(status="success", seq=write.seq)

    return await once(deps, actor, broadcast_id, about=chat_id, asked=["delete", chat_id], kind=Done, work=work)


def _may_claim(actor: Actor, window: Window, *, bases: tuple[str, ...]) -> bool:
    """Whether this actor's marker may show what others wrote in a free thread: its author's may, or its own page's."""
    return window.created_by == actor.user_id or any(window.url_id.startswith(f"{base}:") for base in bases)
