"""Votes on comments: give, take back, see who gave them."""

from msgspec.structs import replace
from sqlalchemy import Connection

from imagechat_tui.protocol.events import DeletedVote, NewVote
from imagechat_tui.protocol.replies import Voted, VoteDeleted, VoteNames
from imagechat_tui.protocol.requests import VoteBody
from imagechat_tui.server.actions import authoring, checks, pages, shapes
from imagechat_tui.server.actions.pages import Page
from imagechat_tui.server.actions.refusals import ForbiddenRefusal, UnknownRefusal, locked, wrong_edit_key
from imagechat_tui.server.actions.writing import Write, once
from imagechat_tui.server.auth.actors import Actor
from imagechat_tui.server.auth.permissions import Action, may
from imagechat_tui.server.deps import Deps
from imagechat_tui.server.store import comments, votes
from imagechat_tui.server.store.comments import Comment
from imagechat_tui.server.store.votes import StoredVote

_MOST_NAMES = 100


async def vote(deps: Deps, actor: Actor, comment_id: str, *, broadcast_id: str, body: VoteBody) -> Voted:
    """Vote on a comment; the same vote again changes nothing, the other one takes its place.

    Raises:
        Refusal: 401 or 403, not this actor; 404, no such comment; 409, locked.
    """
    pages.require(actor, Action.VOTE)
    name = actor.name or (checks.name(body.commenter_name) if body.commenter_name else authoring.NAMELESS)
    direction = 1 if body.vote_dir == "up" else -1
    cast = StoredVote(
        id=deps.new_id(),
        comment_id=comment_id,
        user_id=actor.user_id or "",
        session=actor.session,
        name=name,
        direction=direction,
        created_ms=deps.clock_ms(),
    )
    edit_key = None if actor.signed_in else deps.new_id()
    if edit_key is not None:
        cast = replace(cast, edit_key_hash=authoring.key_hash(edit_key))

    def work(write: Write) -> Voted:
        comment, page = pages.find_comment(write.tx.connection, actor, comment_id)
        if comment.locked:
            raise locked()
        earlier = votes.of_user(write.tx.connection, actor.tenant, comment_id, user_id=cast.user_id)
        if earlier is not None and earlier.direction == direction:
            return Voted(status="success", vote_id=earlier.id, is_verified=actor.verified)
        if earlier is not None:
            _take_back(write, earlier, comment, page)
        votes.add(write.tx, actor.tenant, cast)
        comments.tally(write.tx, actor.tenant, comment_id, up=int(direction > 0), down=int(direction < 0))
        shape = shapes.vote(actor.tenant, cast, url_id=page.url_id)
        write.log_thread(page, NewVote(broadcast_id=broadcast_id, vote=shape), author=comment.user_id)
        write.count("vote_count")
        return Voted(status="success", vote_id=cast.id, is_verified=actor.verified, edit_key=edit_key, seq=write.seq)

    return await once(
        deps, actor, broadcast_id, about=comment_id, asked=["vote", comment_id, body], kind=Voted, work=work
    )


async def delete_vote(
    deps: Deps, actor: Actor, comment_id: str, *, vote_id: str, broadcast_id: str, edit_key: str | None = None
) -> VoteDeleted:
    """Take a vote back.

    Raises:
        Refusal: 401 or 403, not this actor; 404, no such vote on that comment; 409, locked.
    """

    def work(write: Write) -> VoteDeleted:
        comment, page = pages.find_comment(write.tx.connection, actor, comment_id)
        cast = votes.find(write.tx.connection, actor.tenant, vote_id)
        if cast is None or cast.comment_id != comment_id:
            raise UnknownRefusal("vote")
        key = edit_key is not None and authoring.key_fits(edit_key, cast.edit_key_hash)
        if not may(actor, Action.DELETE_VOTE, owner=cast.user_id, owner_session=cast.session, key=key):
            raise wrong_edit_key() if edit_key is not None else ForbiddenRefusal(actor)
        if comment.locked:
            raise locked()
        _take_back(write, cast, comment, page)
        return VoteDeleted(status="success", was_pending_vote=False, seq=write.seq)

    return await once(
        deps, actor, broadcast_id, about=comment_id, asked=["unvote", comment_id, vote_id], kind=VoteDeleted, work=work
    )


async def vote_names(deps: Deps, actor: Actor, comment_id: str, *, direction: int) -> VoteNames:
    """Who voted so.

    Raises:
        Refusal: 401, 403 or 404, not for this actor.
    """

    def read(connection: Connection) -> list[str]:
        pages.find_comment(connection, actor, comment_id)
        return votes.names(connection, actor.tenant, comment_id, direction=direction, most=_MOST_NAMES + 1)

    names = await deps.database.read(read)
    return VoteNames(status="success", vote_user_names=names[:_MOST_NAMES], has_more=len(names) > _MOST_NAMES)


def _take_back(write: Write, cast: StoredVote, comment: Comment, page: Page) -> None:
    votes.remove(write.tx, write.tenant, cast.id)
    up, down = (-1, 0) if cast.direction > 0 else (0, -1)
    comments.tally(write.tx, write.tenant, comment.id, up=up, down=down)
    shape = shapes.vote(write.tenant, cast, url_id=page.url_id)
    write.log_thread(page, DeletedVote(broadcast_id=write.broadcast_id, vote=shape), author=comment.user_id)
