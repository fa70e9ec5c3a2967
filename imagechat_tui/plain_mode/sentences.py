"""What plain mode says: markers, comments and boards as sentences in the reader's language, without signs to be seen.

Foreign text enters them only through ``plain``.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from imagechat_tui.core.views import BoardReader, CommentView, Delivery, LinkState, LinkView, MarkerView, Person
from imagechat_tui.i18n import _, ngettext, pgettext
from imagechat_tui.plain import block, line
from imagechat_tui.plain_mode import commands
from imagechat_tui.tui import words

_THIRD: Final = 100 / 3
_TITLE: Final = 200


def where(x: float, y: float) -> str:
    """The ninth of the picture that a point is in."""
    names = (
        (_("top left"), _("top"), _("top right")),
        (_("left"), _("center"), _("right")),
        (_("bottom left"), _("bottom"), _("bottom right")),
    )
    return names[_third(y)][_third(x)]


def _third(percent: float) -> int:
    return min(2, max(0, int(percent / _THIRD)))


def marker(one: MarkerView) -> str:
    """A marker as one sentence: ``2, top left, at 25.5 30.2, open, 3 replies, by Bo: Wrong blue``."""
    facts = [
        str(one.number) if one.number is not None else _("New marker"),
        where(one.x, one.y),
        _("at {place}").format(place=words.place(one.x, one.y)),
        _state(one),
        replies(one),
    ]
    if one.unread:
        facts.append(ngettext("{n} unread", "{n} unread", one.unread).format(n=one.unread))
    facts.append(pgettext("author", "by {name}").format(name=_who(one.author_name, mine=one.mine)))
    return f"{', '.join(facts)}: {line(one.title, most=_TITLE)}"


def _state(one: MarkerView) -> str:
    if one.delivery is Delivery.FAILED:
        return _("not sent, {reason}").format(reason=words.reason(one.reason))
    return words.state(one).removesuffix(" …")


def replies(one: MarkerView) -> str:
    """How many answers a marker has."""
    count = max(0, one.comment_count - 1)
    return ngettext("{n} reply", "{n} replies", count).format(n=count) if count else _("no replies")


def _who(author: str, *, mine: bool) -> str:
    return _("{name} (you)").format(name=words.name(author)) if mine else words.name(author)


def called(one: MarkerView) -> str:
    """A marker in the middle of a sentence."""
    return _("marker {n}").format(n=one.number) if one.number is not None else _("the new marker")


def since(then_ms: int, now_ms: int) -> str:
    """How long ago, in whole words: ``just now``, ``5 minutes ago``, then the date."""
    seconds = max(0, (now_ms - then_ms) // 1000)
    if seconds < words.MINUTE:
        return _("just now")
    if seconds < words.HOUR:
        minutes = seconds // words.MINUTE
        return ngettext("{n} minute ago", "{n} minutes ago", minutes).format(n=minutes)
    if seconds < words.DAY:
        hours = seconds // words.HOUR
        return ngettext("{n} hour ago", "{n} hours ago", hours).format(n=hours)
    if seconds < words.WEEK:
        days = seconds // words.DAY
        return ngettext("{n} day ago", "{n} days ago", days).format(n=days)
    return words.ago(then_ms, now_ms)


def comments(thread: Sequence[CommentView], *, now_ms: int) -> Iterator[str]:
    """A conversation, each comment with its number."""
    places = {one.id: place for place, one in enumerate(thread, 1)}
    for place, one in enumerate(thread, 1):
        yield from comment(one, place, answers=places.get(one.parent_id or "", 0), now_ms=now_ms)


def comment(one: CommentView, place: int, *, answers: int, now_ms: int) -> Iterator[str]:
    """A comment: who, when and what became of it, then its lines.

    Args:
        one: The comment.
        place: Its number in the conversation, from 1.
        answers: The number of the comment it answers to; the first one goes without saying, 0 is none.
        now_ms: For relative times.
    """
    facts = [
        _("Comment {n}").format(n=place),
        pgettext("author", "by {name}").format(name=_who(one.author_name, mine=one.mine)),
    ]
    if one.label:
        facts.append(line(one.label, most=20))
    facts.append(since(one.created_at, now_ms))
    if answers > 1:
        facts.append(_("answers comment {n}").format(n=answers))
    marks = ((one.unread, _("new")), (one.edited, _("edited")), (one.pinned, _("pinned")), (one.locked, _("locked")))
    facts += [word for holds, word in marks if holds]
    if one.votes:
        facts.append(ngettext("{n} vote", "{n} votes", abs(one.votes)).format(n=one.votes))
    if one.my_vote:
        facts.append(_("you voted for it") if one.my_vote > 0 else _("you voted against it"))
    if one.delivery is Delivery.PENDING:
        facts.append(_("sending"))
    elif one.delivery is Delivery.FAILED:
        facts.append(_("not sent, {reason}").format(reason=words.reason(one.reason)))
    first, *rest = block(one.text).strip("\n").split("\n")
    yield f"{', '.join(facts)}: {first}"
    yield from (f"  {each}" for each in rest)


def board(view: BoardReader, *, title: str) -> str:
    """The board in a sentence."""
    facts = view.board
    said = [ngettext("{n} marker", "{n} markers", facts.markers).format(n=facts.markers)]
    if facts.markers:
        said += [words.open_count(facts.open), words.resolved_count(facts.resolved)]
    if facts.unread:
        said.append(ngettext("{n} new comment", "{n} new comments", facts.unread).format(n=facts.unread))
    if facts.image_version > 1:
        said.append(_("version {n} of the picture").format(n=facts.image_version))
    return f"{line(facts.title or title, most=_TITLE)}: {', '.join(said)}."


def people(here: Sequence[Person], viewers: int) -> str:
    """Who looks at the board."""
    if not viewers:
        return _("Nobody is known to be here.")
    said = ngettext("{n} person is here", "{n} people are here", viewers).format(n=viewers)
    names = ", ".join(words.name(person.name) for person in here)
    return f"{said}: {names}." if names else f"{said}."


def company(view: BoardReader) -> list[str]:
    """Who looks at the board, and who of them is writing."""
    writing = [(marker, view.writers[marker.id]) for marker in view.markers() if marker.id in view.writers]
    coming = words.writing(view.writers.get(None, ()))[:1]
    return [
        people(view.people, view.viewers),
        *(_("{people}, in {marker}.").format(people=words.writing(who)[0], marker=called(one)) for one, who in writing),
        *(_("{people}, for a marker to come.").format(people=said) for said in coming),
    ]


def link(view: LinkView) -> str:
    """The connection in a sentence."""
    banner = words.banner(view, seconds=None)
    if banner is not None:
        return f"{banner.what}. {banner.meaning}"
    return {
        LinkState.LIVE: _("Connected: changes of others are told as they happen."),
        LinkState.SYNCING: _("Connected; catching up with what happened meanwhile."),
        LinkState.CLOSED: _("The board is closed."),
    }.get(view.state, _("Connecting."))


def greeting(view: BoardReader, *, title: str) -> list[str]:
    """The first lines."""
    return [
        _("imagechat in plain mode: lines only, nothing is drawn."),
        board(view, title=title),
        people(view.people, view.viewers),
        link(view.link),
        _("Type {help} for the commands, {quit} to leave.").format(
            help=commands.shown_name(commands.TABLE["help"]), quit=commands.shown_name(commands.TABLE["quit"])
        ),
    ]


def manual() -> list[str]:
    """All commands."""
    lines = [explained(row) for row in commands.TABLE.values()]
    return [
        *lines,
        _("MARKER is a number; COMMENT is 2.3 for the third comment of marker 2, or .3 in the chosen conversation."),
        _("Before a text, write #2 or #2.3, so that the number is not taken for its first word."),
        _("Without a text, reply, edit and new take several lines; a line with only a full stop sends them."),
    ]


def explained(row: commands.Command) -> str:
    """One command: how it is typed, what it does, other names."""
    names = [row.name] if commands.shown_name(row) != row.name else []
    also = ", ".join([*names, *row.also])
    said = f"{commands.usage(row)}: {_(row.help)}"
    return said + " " + _("Also: {names}.").format(names=also) if also else said
