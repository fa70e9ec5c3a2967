"""One comment: write, edit, read its raw text, delete it with its replies."""

from msgspec.structs import replace
from sqlalchemy import Connection

from imagechat_tui.protocol.events import DeletedComment, UpdatedComment
from imagechat_tui.protocol.replies import CommentDeleted, CommentSaved, CommentText, TextSaved
from imagechat_tui.protocol.requests import CommentData, UpdateText
from imagechat_tui.server.actions import authoring, checks, html, pages, shapes
from imagechat_tui.server.actions.pages import Page
from imagechat_tui.server.actions.refusals import ForbiddenRefusal, UnknownRefusal, locked, wrong_edit_key
from imagechat_tui.server.actions.writing import Write, once
from imagechat_tui.server.auth.actors import Actor
from imagechat_tui.server.auth.permissions import Action, may
from imagechat_tui.server.deps import Deps
from imagechat_tui.server.store import comments, markers
from imagechat_tui.server.store.comments import Comment


async def create_comment(
    deps: Deps, actor: Actor, url_id: str, *, broadcast_id: str, body: CommentData, marker_id: str | None = None
) -> CommentSaved:
    """A comment in a thread; a resolved one is open again. The raw text is in the answer.

    Without ``marker_id`` a thread may be one that no marker has claimed, which only its author sees; with it, the
    comment is for that marker and nothing else.

    Raises:
        Refusal: 400, the text or the name does not fit; 401 or 403, not this actor; 404, no such parent or marker; 409,
            locked.
    """
    pages.require(actor, Action.CREATE_COMMENT)
    window = checks.window_url_id(url_id)
    draft = authoring.draft(actor, body.comment, url=body.url, data=body)
    comment_id = deps.new_id()

    def work(write: Write) -> CommentSaved:
        page = pages.find_page(write.tx.connection, actor, window)
        if marker_id is not None and marker_id != page.marker_id:
            raise UnknownRefusal("marker")
        if draft.parent_id is not None:
            _check_parent(write, page, draft.parent_id)
        comment = authoring.add(write, page, draft, comment_id=comment_id)
        authoring.announce(write, page, comment)
        _touch(write, page)
        own = replace(shapes.public_comment(comment, raw=True), edit_key=draft.edit_key)
        return CommentSaved(status="success", comment=own, user=shapes.user_of(actor), seq=write.seq)

    return await once(deps, actor, broadcast_id, about=window, asked=[url_id, body], kind=CommentSaved, work=work)


async def update_text(
    deps: Deps, actor: Actor, comment_id: str, *, broadcast_id: str, body: UpdateText, edit_key: str | None = None
) -> TextSaved:
    """Another text of a comment.

    Raises:
        Refusal: 400, the text does not fit; 401 or 403, not this actor; 404, no such comment; 409, locked.
    """
    text = checks.comment(body.comment)
    rendered = html.render(text)

    def work(write: Write) -> TextSaved:
        comment, page = _own(write, comment_id, Action.EDIT_COMMENT, edit_key=edit_key)
        comments.edit(write.tx, actor.tenant, comment_id, text=text, html=rendered, now_ms=write.now_ms)
        changed = replace(comment, text=text, html=rendered, edited_ms=write.now_ms)
        event = UpdatedComment(broadcast_id=broadcast_id, comment=shapes.live_comment(actor.tenant, changed))
        write.log_thread(page, event, author=comment.user_id, approved=comment.approved)
        _touch(write, page)
        result = TextSaved.Result(approved=comment.approved, comment_html=rendered)
        return TextSaved(status="success", comment=result, seq=write.seq)

    return await once(deps, actor, broadcast_id, about=comment_id, asked=[comment_id, body], kind=TextSaved, work=work)


async def comment_text(deps: Deps, actor: Actor, comment_id: str, *, edit_key: str | None = None) -> CommentText:
    """A comment as it was written, for its editor.

    Raises:
        Refusal: 401 or 403, not this actor; 404, no such comment.
    """

    def read(connection: Connection) -> Comment:
        return _readable(connection, actor, comment_id, edit_key=edit_key)

    comment = await deps.database.read(read)
    return CommentText(status="success", comment_text=comment.text, sanitized_comment_text=comment.html)


async def delete_comment(
    deps: Deps, actor: Actor, comment_id: str, *, broadcast_id: str, edit_key: str | None = None
) -> CommentDeleted:
    """Delete a comment with its replies, the innermost first.

    Raises:
        Refusal: 401 or 403, not this actor; 404, no such comment; 409, it or a reply of it is locked.
    """

    def work(write: Write) -> CommentDeleted:
        _, page = _own(write, comment_id, Action.DELETE_COMMENT, edit_key=edit_key)
        connection = write.tx.connection
        ids = comments.with_replies(connection, actor.tenant, comment_id)
        found = comments.some(connection, actor.tenant, ids)
        for one in reversed(ids):
            comment = found[one]
            if comment.locked:
                raise locked()
            comments.remove(write.tx, actor.tenant, one)
            gone = replace(shapes.live_comment(actor.tenant, comment), is_deleted=True)
            event = DeletedComment(broadcast_id=broadcast_id, comment=gone)
            write.log_thread(page, event, author=comment.user_id, approved=comment.approved)
        if page.marker_id is not None:
            markers.recount(write.tx, actor.tenant, page.marker_id)
        _touch(write, page)
        return CommentDeleted(status="success", hard_removed=True, seq=write.seq)

    return await once(
        deps, actor, broadcast_id, about=comment_id, asked=["delete", comment_id], kind=CommentDeleted, work=work
    )


def _check_parent(write: Write, page: Page, parent_id: str) -> None:
    parent = comments.find(write.tx.connection, write.tenant, parent_id)
    if parent is None or parent.window_url_id != page.url_id:
        raise UnknownRefusal("comment to answer")
    if not pages.shows(write.actor, page, user_id=parent.user_id, approved=parent.approved):
        raise UnknownRefusal("comment to answer")
    if parent.locked:
        raise locked()


def _own(write: Write, comment_id: str, action: Action, *, edit_key: str | None) -> tuple[Comment, Page]:
    comment, page = _found(write.tx.connection, write.actor, comment_id, edit_key=edit_key)
    _check_right(write.actor, action, comment, edit_key=edit_key)
    if comment.locked:
        raise locked()
    return comment, page


def _readable(connection: Connection, actor: Actor, comment_id: str, *, edit_key: str | None) -> Comment:
    comment, _ = _found(connection, actor, comment_id, edit_key=edit_key)
    _check_right(actor, Action.READ_TEXT, comment, edit_key=edit_key)
    return comment


def _found(connection: Connection, actor: Actor, comment_id: str, *, edit_key: str | None) -> tuple[Comment, Page]:
    """The comment, also for who shows its edit key without being known."""
    comment = comments.find(connection, actor.tenant, comment_id)
    if comment is None:
        raise UnknownRefusal("comment")
    page = pages.find_page(connection, actor, comment.window_url_id)
    keyed = edit_key is not None and authoring.key_fits(edit_key, comment.edit_key_hash)
    if not keyed and not pages.shows(actor, page, user_id=comment.user_id, approved=comment.approved):
        raise UnknownRefusal("comment")
    return comment, page


def _check_right(actor: Actor, action: Action, comment: Comment, *, edit_key: str | None) -> None:
    key = edit_key is not None and authoring.key_fits(edit_key, comment.edit_key_hash)
    if may(actor, action, owner=comment.user_id, owner_session=comment.session, key=key):
        return
    if edit_key is not None:
        raise wrong_edit_key()
    raise ForbiddenRefusal(actor)


def _touch(write: Write, page: Page) -> None:
    """Tell the board that a thread of it is different."""
    if page.board is not None and page.marker_id is not None:
        write.log_update(page.board, page.marker_id)
