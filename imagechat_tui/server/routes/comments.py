"""Threads and their comments: ``/comments``."""

from typing import Final

from msgspec.structs import replace

from imagechat_tui.protocol import limits
from imagechat_tui.protocol.replies import CommentDeleted, Comments, CommentSaved, CommentText, TextSaved
from imagechat_tui.protocol.requests import CommentData, UpdateText
from imagechat_tui.server.actions import comments, image_chats, threads
from imagechat_tui.server.actions.ordering import DIRECTIONS, Direction
from imagechat_tui.server.actions.threads import ThreadQuery
from imagechat_tui.server.routes.asking import Asked
from imagechat_tui.server.routes.endpoint import Entry
from imagechat_tui.server.routes.query import Query, unfit

_MOST_TAGS: Final = 20
_DIRECTIONS: Final[dict[str, Direction]] = {direction: direction for direction in DIRECTIONS}


def edit_key(asked: Asked) -> str | None:
    """What proves the right of an author without a name."""
    return asked.query.text("editKey", most=limits.NAME_CHARACTERS)


async def list_thread(asked: Asked) -> Comments:
    """A thread."""
    url_id = asked.url_id()
    wanted = thread_query(asked.query)
    actor = await asked.reader()
    return asked.with_session_id(await threads.list_comments(asked.deps, actor, url_id, wanted))


def thread_query(query: Query) -> ThreadQuery:
    """What of a thread is asked for."""
    return ThreadQuery(
        page=query.number("page") or 0,
        direction=_DIRECTIONS[query.one_of("direction", DIRECTIONS) or "MR"],
        skip=_from_zero(query, "skip"),
        limit=_from_zero(query, "limit"),
        skip_children=_from_zero(query, "skipChildren") or 0,
        limit_children=_from_zero(query, "limitChildren"),
        parent_id=query.text("parentId", most=limits.NAME_CHARACTERS),
        as_tree=query.flag("asTree") or False,
        count_children=query.flag("countChildren") or False,
        max_tree_depth=_from_zero(query, "maxTreeDepth"),
        count_all=query.flag("countAll") or False,
        after_comment_id=query.text("afterCommentId", most=limits.NAME_CHARACTERS),
        before_comment_id=query.text("beforeCommentId", most=limits.NAME_CHARACTERS),
        fetch_page_for_comment_id=query.text("fetchPageForCommentId", most=limits.NAME_CHARACTERS),
        search_text=query.text("searchText", most=limits.NAME_CHARACTERS),
        hash_tags=tuple(query.texts("hashTags")[:_MOST_TAGS]),
        user_id=query.text("userId", most=2 * limits.NAME_CHARACTERS),
        raw=query.flag("raw") or False,
    )


def _from_zero(query: Query, name: str) -> int | None:
    value = query.number(name)
    if value is not None and value < 0:
        raise unfit(name, "0 or more")
    return value


async def create(asked: Asked) -> CommentSaved:
    """A comment. A caller without identity gets an anonymous session, and with it a new ``userIdWS``."""
    url_id, broadcast_id = asked.url_id(), asked.broadcast_id()
    actor = await asked.writer(nobody="session")
    body = await asked.json(CommentData)
    marker_id = asked.query.text("chatId", most=limits.NAME_CHARACTERS)
    reply = await comments.create_comment(
        asked.deps, actor, url_id, broadcast_id=broadcast_id, body=body, marker_id=marker_id
    )
    if asked.token_is_new:
        reply = replace(reply, user_id_ws=await image_chats.viewer_pass(asked.deps, actor, url_id))
    return asked.with_session_id(reply)


async def update_text(asked: Asked) -> TextSaved:
    """Another text."""
    broadcast_id, key = asked.broadcast_id(), edit_key(asked)
    actor = await asked.writer(nobody="let" if key else "refuse")
    body = await asked.json(UpdateText)
    return await comments.update_text(
        asked.deps, actor, asked.path("comment"), broadcast_id=broadcast_id, body=body, edit_key=key
    )


async def text(asked: Asked) -> CommentText:
    """The raw text."""
    actor = await asked.reader()
    return await comments.comment_text(asked.deps, actor, asked.path("comment"), edit_key=edit_key(asked))


async def delete(asked: Asked) -> CommentDeleted:
    """One comment less, its replies with it."""
    broadcast_id, key = asked.broadcast_id(), edit_key(asked)
    actor = await asked.writer(nobody="let" if key else "refuse")
    return await comments.delete_comment(
        asked.deps, actor, asked.path("comment"), broadcast_id=broadcast_id, edit_key=key
    )


ENTRIES = (
    Entry(method="GET", path="/comments/{tenant}", handler=list_thread),
    Entry(method="POST", path="/comments/{tenant}", handler=create),
    Entry(method="POST", path="/comments/{tenant}/{comment}/update-text", handler=update_text),
    Entry(method="GET", path="/comments/{tenant}/{comment}/text", handler=text),
    Entry(method="DELETE", path="/comments/{tenant}/{comment}", handler=delete),
)
