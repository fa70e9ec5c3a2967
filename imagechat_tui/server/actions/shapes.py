"""From rows of the store to the shapes of the wire; pure, and the only place where the two names of a thing meet."""

from imagechat_tui.protocol import ids
from imagechat_tui.protocol.models import (
    Conversation,
    LiveComment,
    PlainConversation,
    PublicComment,
    PubSubComment,
    User,
    Vote,
)
from imagechat_tui.protocol.moments import iso
from imagechat_tui.server.auth.actors import Actor, Role
from imagechat_tui.server.store.columns import iso_or_none
from imagechat_tui.server.store.comments import Comment
from imagechat_tui.server.store.markers import Brief, Shown
from imagechat_tui.server.store.votes import StoredVote


def user_of(actor: Actor) -> User | None:
    """Who the caller is, for the caller's own eyes."""
    if actor.role is Role.GUEST or actor.user_id is None:
        return None
    if actor.role is Role.ANONYMOUS:
        return User(id=actor.user_id, is_anon_session=True, authorized=False)
    return User(
        id=actor.user_id,
        username=actor.name,
        display_name=actor.name,
        email=actor.email,
        avatar_src=actor.avatar,
        authorized=True,
        group_ids=None if actor.groups is None else list(actor.groups),
        display_label=actor.label,
    )


def live_comment(tenant: str, comment: Comment) -> PubSubComment:
    """A comment as a full live event carries it."""
    anonymous = ids.is_anonymous(comment.user_id)
    return PubSubComment(
        id=comment.id,
        tenant_id=tenant,
        url_id=comment.window_url_id,
        user_id=None if anonymous else comment.user_id,
        anon_user_id=comment.user_id if anonymous else None,
        commenter_name=comment.name,
        comment_html=comment.html,
        comment=comment.text,
        parent_id=comment.parent_id,
        date=iso(comment.created_ms),
        verified=comment.verified,
        approved=comment.approved,
        url=comment.url,
        page_title=comment.page_title,
        locale=comment.locale,
        votes=comment.votes_up - comment.votes_down,
        votes_up=comment.votes_up,
        votes_down=comment.votes_down,
        is_by_admin=comment.role == Role.ADMIN.value,
        is_by_moderator=comment.role == Role.MODERATOR.value,
        is_pinned=comment.pinned or None,
        is_locked=comment.locked or None,
        display_label=comment.label,
        avatar_src=comment.avatar,
        commenter_link=comment.link,
        edited_at=iso_or_none(comment.edited_ms),
    )


def public_comment(comment: Comment, *, raw: bool = False) -> PublicComment:
    """A comment in an answer, without what depends on who reads it."""
    anonymous = ids.is_anonymous(comment.user_id)
    return PublicComment(
        id=comment.id,
        user_id=None if anonymous else comment.user_id,
        anon_user_id=comment.user_id if anonymous else None,
        commenter_name=comment.name,
        comment_html=comment.html,
        comment=comment.text if raw else None,
        parent_id=comment.parent_id,
        date=iso(comment.created_ms),
        verified=comment.verified,
        approved=comment.approved,
        votes=comment.votes_up - comment.votes_down,
        votes_up=comment.votes_up,
        votes_down=comment.votes_down,
        is_by_admin=comment.role == Role.ADMIN.value,
        is_by_moderator=comment.role == Role.MODERATOR.value,
        is_pinned=comment.pinned or None,
        is_locked=comment.locked or None,
        display_label=comment.label,
        avatar_src=comment.avatar,
        commenter_link=comment.link,
        edited_at=iso_or_none(comment.edited_ms),
    )


def conversation(shown: Shown) -> Conversation:
    """A marker with what lists show of its thread."""
    marker = shown.marker
    return PlainConversation(
        id=marker.id,
        url_id=marker.window_url_id,
        x=marker.x,
        y=marker.y,
        src=marker.src,
        page_title=marker.page_title,
        user_id=marker.user_id,
        created_from_comment_id=marker.created_from_comment_id,
        created_at=iso(marker.created_ms),
        comment_count=marker.comment_count,
        number=marker.number,
        user_name=marker.user_name,
        resolved_at=iso_or_none(marker.resolved_ms),
        resolved_by=marker.resolved_by,
        first_comment=_brief(shown.first),
        last_comment=_brief(shown.last),
    )


def vote(tenant: str, cast: StoredVote, *, url_id: str) -> Vote:
    """A vote as a live event carries it."""
    return Vote(
        id=cast.id,
        tenant_id=tenant,
        url_id=url_id,
        url_id_raw=url_id,
        comment_id=cast.comment_id,
        direction=cast.direction,
        created_at=cast.created_ms,
        verification_id=None,
        user_id=None if ids.is_anonymous(cast.user_id) else cast.user_id,
    )


def _brief(brief: Brief | None) -> LiveComment | None:
    if brief is None or not brief.approved:
        return None
    anonymous = ids.is_anonymous(brief.user_id)
    return LiveComment(
        id=brief.id,
        user_id=None if anonymous else brief.user_id,
        anon_user_id=brief.user_id if anonymous else None,
        commenter_name=brief.name,
        comment=brief.text,
        date=iso(brief.created_ms),
        is_by_admin=brief.role == Role.ADMIN.value,
        is_by_moderator=brief.role == Role.MODERATOR.value,
    )
