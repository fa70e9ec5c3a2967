"""The sentences of the app, in the reader's language; foreign text enters them only through ``plain``.

Everything a state, a reason or an outcome means for a person is said here and nowhere else.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final, NamedTuple

from imagechat_tui.core.inputs import (
    AddComment,
    CreateMarker,
    DeleteComment,
    DeleteMarker,
    EditComment,
    Intent,
    MoveMarker,
    ResolveMarker,
    Vote,
)
from imagechat_tui.core.outputs import Nothing, OperationEnded, Outcome
from imagechat_tui.core.views import BoardView, CommentView, Delivery, LinkState, LinkView, MarkerView, Person, Reason
from imagechat_tui.i18n import _, ngettext, pgettext
from imagechat_tui.plain import line
from imagechat_tui.render.geometry import Zoom

MINUTE: Final = 60
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR
WEEK: Final = 7 * DAY
_UNITS: Final = ("B", "kB", "MB", "GB", "TB")


def ago(then_ms: int, now_ms: int) -> str:
    """How long ago, short: ``now``, ``5 min``, ``3 h``, ``2 d``, then the date."""
    seconds = max(0, (now_ms - then_ms) // 1000)
    if seconds < MINUTE:
        return _("now")
    if seconds < HOUR:
        return _("{n} min").format(n=seconds // MINUTE)
    if seconds < DAY:
        return _("{n} h").format(n=seconds // HOUR)
    if seconds < WEEK:
        return _("{n} d").format(n=seconds // DAY)
    try:
        day = datetime.fromtimestamp(then_ms / 1000, tz=UTC).astimezone()
    except (OverflowError, ValueError, OSError):
        return "?"
    return pgettext("date", "{year}-{month:02}-{day:02}").format(year=day.year, month=day.month, day=day.day)


def name(author: str) -> str:
    """A person's name on one line; somebody without one is still somebody."""
    return line(author, most=40) or _("somebody")


def number(marker: MarkerView) -> str:
    """How a marker is called: its number, or that it is new."""
    return f"#{marker.number}" if marker.number is not None else _("New marker")


def state(marker: MarkerView) -> str:
    """What a marker's conversation is in."""
    if marker.delivery is Delivery.PENDING:
        return _("sending …")
    if marker.delivery is Delivery.FAILED:
        return _("not sent")
    return _("resolved") if marker.resolved else pgettext("state", "open")


def visibility(word: str) -> str:
    """Who may see the board."""
    known = {
        "link": _("everybody who has the link"),
        "tenant": _("people who are signed in"),
        "groups": _("some groups"),
    }
    return known.get(word, line(word, most=40))


def open_count(count: int) -> str:
    """How many markers are not resolved."""
    return ngettext("{n} open", "{n} open", count).format(n=count)


def resolved_count(count: int) -> str:
    """How many markers are resolved."""
    return ngettext("{n} resolved", "{n} resolved", count).format(n=count)


def counts(board: BoardView) -> list[str]:
    """What stands beside the board's name, the fullest first; shorter ones for less room."""
    if not board.markers:
        return [_("no markers yet")]
    opened, resolved = open_count(board.open), resolved_count(board.resolved)
    new = ngettext("{n} new", "{n} new", board.unread).format(n=board.unread)
    version = f"v{board.image_version}"
    full = [opened, *([resolved] if board.resolved else []), *([new] if board.unread else [])]
    if board.image_version > 1:
        full.insert(0, version)
    short = [opened, *([new] if board.unread else [])]
    return [" · ".join(full), " · ".join(short), opened]


def link_word(link: LinkView) -> tuple[str, str]:
    """A sign and a word for the header."""
    return {
        LinkState.CONNECTING: ("◌", _("connecting")),
        LinkState.SYNCING: ("◌", _("syncing")),
        LinkState.LIVE: ("●", _("live")),
        LinkState.RECONNECTING: ("○", _("reconnecting")),
        LinkState.OFFLINE: ("✕", _("offline")),
        LinkState.REFUSED: ("✕", _("refused")),
        LinkState.CLOSED: ("✕", _("closed")),
    }[link.state]


def people(viewers: int) -> str:
    """How many look."""
    return ngettext("{n} here", "{n} here", viewers).format(n=viewers)


def writing(writers: Sequence[Person]) -> list[str]:
    """Who writes now, by name as long as they are few; a shorter one for less room. Nothing when nobody does."""
    if not writers:
        return []
    names = [name(person.name) for person in writers]
    count = ngettext("{n} person is writing", "{n} people are writing", len(names)).format(n=len(names))
    match names:
        case [one]:
            return [_("{name} is writing").format(name=one), count]
        case [one, other]:
            return [_("{name} and {other} are writing").format(name=one, other=other), count]
        case _:
            return [count]


class Banner(NamedTuple):
    """What a banner says."""

    what: str
    meaning: str
    again: str
    """When the next attempt is made; empty without one."""


def banner(link: LinkView, *, seconds: int | None) -> Banner | None:
    """What happened to the link and what it means or what to do; ``None`` when there is nothing to say.

    Args:
        link: the connection.
        seconds: until the next attempt, when one is planned.
    """
    again = ""
    if seconds is not None:
        again = _("trying again in {n} s").format(n=seconds) if seconds > 0 else _("trying again now")
    match link.state:
        case LinkState.RECONNECTING:
            meaning = _("You can read; changes of others come when it is back.")
            return Banner(_("Connection lost"), meaning, again)
        case LinkState.OFFLINE:
            meaning = _("You can read; nothing can be sent, what you type is kept.")
            return Banner(_("Offline"), meaning, again)
        case LinkState.REFUSED:
            return Banner(_("Refused by the server"), _refused(link), "")
        case _:
            return None


def _refused(link: LinkView) -> str:
    words = {
        Reason.NOT_SIGNED_IN: _("You are not signed in here, or your sign-in has ended: run “imagechat login”."),
        Reason.NOT_ALLOWED: _("You may not see this board: ask its owner for an invitation."),
        Reason.INSECURE: _("Its certificate is not trusted: give the right one with --ca FILE."),
        Reason.NOT_COMPATIBLE: _("It does not speak our language: check the address and its version."),
        Reason.GONE: _("This board is no longer there."),
    }
    sentence = words.get(link.reason, _("Check who you are signed in as.")) if link.reason else ""
    detail = line(link.detail, most=120)
    return f"{sentence} ({detail})" if detail and sentence else sentence or detail


def reason(why: Reason | None, detail: str = "") -> str:
    """Why something did not work, short."""
    words = {
        Reason.OFFLINE: _("no connection"),
        Reason.NO_ANSWER: _("no answer; it may have arrived"),
        Reason.NOT_ALLOWED: _("you may not do this"),
        Reason.NOT_SIGNED_IN: _("you are not signed in"),
        Reason.INVALID: _("the server does not accept it"),
        Reason.GONE: _("it is no longer there"),
        Reason.LOCKED: _("the thread is locked"),
        Reason.CONFLICT: _("somebody changed it meanwhile"),
        Reason.TOO_FAST: _("too many changes in a short time"),
        Reason.BUSY: _("the server is busy"),
        Reason.SERVER: _("the server failed"),
        Reason.INSECURE: _("the connection is not trusted"),
        Reason.NOT_COMPATIBLE: _("the server cannot do this"),
        Reason.READ_ONLY: _("this board is read-only"),
    }
    said = words[why] if why else _("it did not work")
    detail = line(detail, most=100)
    return f"{said} ({detail})" if detail and why in {Reason.INVALID, Reason.CONFLICT, Reason.SERVER} else said


def _doing(intent: Intent) -> str:
    said: dict[type[Intent], str] = {
        CreateMarker: _("The marker was not created"),
        AddComment: _("The comment was not sent"),
        EditComment: _("The comment was not changed"),
        DeleteComment: _("The comment was not deleted"),
        DeleteMarker: _("The marker was not deleted"),
        MoveMarker: _("The marker was not moved"),
        ResolveMarker: _("The marker was not changed"),
        Vote: _("The vote was not counted"),
    }
    return said.get(type(intent), _("It was not done"))


def has_text(intent: Intent) -> bool:
    """Whether the intent carries words of the user."""
    return isinstance(intent, CreateMarker | AddComment | EditComment)


def failure(ended: OperationEnded, *, retry_key: str) -> str | None:
    """What to tell the user about an operation that ended; ``None`` when it went well."""
    if ended.outcome is Outcome.CONFIRMED:
        return None
    said = f"{_doing(ended.intent)}: {reason(ended.reason, ended.detail)}."
    if ended.retry_after:
        said += " " + _("Wait {n} s.").format(n=round(ended.retry_after))
    kept = _("Your text is kept; {key} tries again.") if has_text(ended.intent) else _("{key} tries again.")
    return f"{said} {kept.format(key=retry_key)}"


def nothing(what: Nothing) -> str:
    """Why an input had no effect."""
    return {
        Nothing.NOTHING_TO_UNDO: _("There is nothing to undo."),
        Nothing.CANNOT_UNDO: _("The last change cannot be undone."),
        Nothing.NO_SUCH_OPERATION: _("There is nothing to try again."),
    }[what]


def resolved_by(marker: MarkerView, now_ms: int) -> str:
    """Who resolved a marker, and when, as far as known."""
    parts = [_("resolved")]
    if marker.resolved_by:
        parts.append(_("by {name}").format(name=name(marker.resolved_by)))
    if marker.resolved_at:
        parts.append(ago(marker.resolved_at, now_ms))
    return " ".join(parts)


def count(number: int) -> str:
    """A number for a table, its thousands apart."""
    return f"{number:,}".replace(",", pgettext("thousands separator", ","))


def size(count: int) -> str:
    """Bytes, in the largest unit that leaves a number before the point."""
    power = min(max(0, (len(str(count)) - 1) // 3), len(_UNITS) - 1)
    return f"{count} {_UNITS[0]}" if power == 0 else f"{decimal(count / 1000**power)} {_UNITS[power]}"


def decimal(number: float) -> str:
    """A number with one place behind its point or comma."""
    return f"{number:.1f}".replace(".", pgettext("decimal sign", "."))


def comment_count(count: int) -> str:
    """How many comments."""
    return ngettext("{n} comment", "{n} comments", count).format(n=count)


def new_comments(count: int, *, title: str) -> str:
    """What somebody who looks elsewhere is told."""
    return ngettext("{n} new comment on {title}", "{n} new comments on {title}", count).format(n=count, title=title)


def new_elsewhere(count: int) -> str:
    """What is new on the other images of a set."""
    return ngettext("{n} new on another image", "{n} new on other images", count).format(n=count)


def delete_question(marker: MarkerView, comment: CommentView | None, replies: int) -> tuple[str, str]:
    """Title and body of the question before something is deleted."""
    if comment is None:
        title = _("Delete marker {number}?").format(number=number(marker))
        body = comment_count(marker.comment_count)
        return title, _("Its thread with {comments} goes with it. This cannot be undone.").format(comments=body)
    title = _("Delete this comment?")
    if replies:
        answers = ngettext("{n} reply", "{n} replies", replies).format(n=replies)
        return title, _("It has {replies}, which go with it. This cannot be undone.").format(replies=answers)
    return title, _("This cannot be undone.")


def place(x: float, y: float) -> str:
    """A point on the picture, in percent with one decimal."""
    return f"{x:.1f} {y:.1f}"


def zoom(how: Zoom, scale: float) -> str:
    """How large the picture is seen: ``fit``, or screen pixels per picture pixel in percent."""
    percent = f"{scale * 100:.0f} %"
    return _("fit") + f" {percent}" if how is Zoom.FIT else percent
