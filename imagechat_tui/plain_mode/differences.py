"""What is different about a marker or a conversation, as sentences; one's own changes are left out."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from msgspec import structs

from imagechat_tui.core import inputs
from imagechat_tui.core.views import CommentView, MarkerView
from imagechat_tui.i18n import _, ngettext
from imagechat_tui.plain import line
from imagechat_tui.plain_mode import sentences
from imagechat_tui.tui import words

Thread: TypeAlias = dict[str, CommentView]
"""The comments of a marker by id, in reading order."""

_TEXT = 400


def marker(
    before: MarkerView | None, now: MarkerView | None, *, own: Sequence[inputs.Intent], loaded: bool
) -> Iterator[str]:
    """What became of a marker.

    Args:
        before: As it was told last; ``None`` for one never told of.
        now: As it is; ``None`` when it is gone.
        own: The person's own changes that are on their way or have just ended.
        loaded: Its conversation is known, so that its comments are told one by one.
    """
    if now is None:
        if before is not None and not _mine(own, inputs.DeleteMarker, before.id) and before.number is not None:
            title = line(before.title, most=60)
            yield _("Marker {n} was deleted: {title}").format(n=before.number, title=title)
    elif before is None:
        if now.operation is None and not _created(own, now):
            yield _("New: {marker}").format(marker=sentences.marker(structs.replace(now, unread=0)))
    elif now.number is not None:
        yield from _changed(before, now, own=own, loaded=loaded)


def _changed(before: MarkerView, now: MarkerView, *, own: Sequence[inputs.Intent], loaded: bool) -> Iterator[str]:
    if (now.x, now.y) != (before.x, before.y) and not _mine(own, inputs.MoveMarker, now.id):
        yield _("Marker {n} was moved: {where}, at {place}.").format(
            n=now.number, where=sentences.where(now.x, now.y), place=words.place(now.x, now.y)
        )
    if now.resolved != before.resolved and not _mine(own, inputs.ResolveMarker, now.id):
        if not now.resolved:
            yield _("Marker {n} is open again.").format(n=now.number)
        elif now.resolved_by:
            yield _("{name} resolved marker {n}.").format(name=words.name(now.resolved_by), n=now.number)
        else:
            yield _("Marker {n} was resolved.").format(n=now.number)
    more = now.comment_count - before.comment_count
    if more > 0 and not loaded and not _mine(own, inputs.AddComment, now.id):
        said = ngettext("{n} new comment on marker {marker}", "{n} new comments on marker {marker}", more)
        yield said.format(n=more, marker=now.number) + (f", {words.name(now.last_author)}." if now.last_author else ".")


def thread(
    of: MarkerView, before: Mapping[str, CommentView], now: Mapping[str, CommentView], *, own: Sequence[inputs.Intent]
) -> Iterator[str]:
    """What became of a conversation that was told before."""
    for place, (comment_id, comment) in enumerate(now.items(), 1):
        told = before.get(comment_id)
        if told is None:
            if comment.operation is None and not _answered(own, comment):
                yield _("{name} on {marker}, comment {n}: {text}").format(
                    name=words.name(comment.author_name),
                    marker=sentences.called(of),
                    n=place,
                    text=line(comment.text, most=_TEXT),
                )
        elif comment.operation is None and told.operation is None:
            yield from _comment_changed(of, place, told, comment, own=own)
    for comment_id, comment in before.items():
        if comment_id not in now and comment.operation is None and not _mine(own, inputs.DeleteComment, of.id):
            yield _("A comment by {name} on {marker} was deleted.").format(
                name=words.name(comment.author_name), marker=sentences.called(of)
            )


def _comment_changed(
    of: MarkerView, place: int, before: CommentView, now: CommentView, *, own: Sequence[inputs.Intent]
) -> Iterator[str]:
    about = {"n": place, "marker": sentences.called(of)}
    if now.text != before.text and not _mine(own, inputs.EditComment, of.id):
        yield _("{name} changed comment {n} on {marker}: {text}").format(
            **about, name=words.name(now.author_name), text=line(now.text, most=_TEXT)
        )
    if now.votes != before.votes and not _mine(own, inputs.Vote, of.id):
        said = ngettext(
            "Comment {n} on {marker} has {votes} vote now.", "Comment {n} on {marker} has {votes} votes now.",
            abs(now.votes),
        )  # fmt: skip
        yield said.format(**about, votes=now.votes)
    if now.locked != before.locked:
        said = _("{marker}, comment {n}: locked.") if now.locked else _("{marker}, comment {n}: no longer locked.")
        yield said.format(**about)
    if now.pinned != before.pinned:
        said = _("{marker}, comment {n}: pinned.") if now.pinned else _("{marker}, comment {n}: no longer pinned.")
        yield said.format(**about)


def _mine(own: Sequence[inputs.Intent], kind: type[inputs.Intent], marker_id: str) -> bool:
    return any(isinstance(intent, kind) and getattr(intent, "marker_id", None) == marker_id for intent in own)


def _created(own: Sequence[inputs.Intent], now: MarkerView) -> bool:
    return now.mine and any(isinstance(intent, inputs.CreateMarker) and intent.text == now.title for intent in own)


def _answered(own: Sequence[inputs.Intent], now: CommentView) -> bool:
    return now.mine and any(isinstance(intent, inputs.AddComment) and intent.text == now.text for intent in own)
