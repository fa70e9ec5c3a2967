"""A comment as lines: who, when and what became of it, then the words. Foreign text is neutralised here.

It only makes text; the pane that shows it counts and scrolls.
"""

from collections.abc import Callable
from typing import TypeAlias

from rich.style import Style
from rich.text import Text

from imagechat_tui.core.views import CommentView, Delivery
from imagechat_tui.i18n import _
from imagechat_tui.plain import block, line
from imagechat_tui.tui import words
from imagechat_tui.tui.widgets.lines import linked, sides, steady, wrapped

Styles: TypeAlias = Callable[[str], Style]
"""The style of a part by name: ``author``, ``mine``, ``quiet``, ``badge``, ``failed``, ``unread``."""

_INDENT = 2


def comment_lines(
    comment: CommentView, *, width: int, depth: int, now_ms: int, styles: Styles, way_out: str
) -> list[Text]:
    """The comment in lines of at most ``width`` cells, the blank line behind it included.

    Args:
        comment: what to show.
        width: cells of a line.
        depth: how deep it answers; deeper ones stand further right.
        now_ms: for relative times, milliseconds since the epoch.
        styles: colors of the theme.
        way_out: what can be done about a failed one.
    """
    indent = " " * min(depth * _INDENT, width // 3)
    room = max(1, width - len(indent))
    head = sides(_who(comment, styles), Text(f"{words.ago(comment.created_at, now_ms)} ", styles("quiet")), room)
    body = wrapped(linked(Text(steady(block(comment.text).strip("\n")) or " ")), room - 1)
    lines = [head, *body, *_foot(comment, room - 1, styles, way_out), Text()]
    return [Text.assemble(indent, one) for one in lines]


def _who(comment: CommentView, styles: Styles) -> Text:
    text = Text.assemble(
        (steady(words.name(comment.author_name)), styles("mine" if comment.mine else "author")),
    )
    if comment.mine:
        text.append(" " + _("(you)"), styles("quiet"))
    if comment.label:
        text.append(f" {line(comment.label, most=20)}", styles("badge"))
    for holds, word in ((comment.pinned, _("pinned")), (comment.locked, _("locked")), (comment.edited, _("edited"))):
        if holds:
            text.append(f" · {word}", styles("quiet"))
    if comment.unread:
        text.append(" •", styles("unread"))
    return text


def _foot(comment: CommentView, room: int, styles: Styles, way_out: str) -> list[Text]:
    if comment.delivery is Delivery.PENDING:
        return [Text(_("◌ sending …"), styles("quiet"))]
    if comment.delivery is Delivery.FAILED:
        said = _("! not sent: {reason}").format(reason=words.reason(comment.reason))
        return wrapped(Text(f"{said} · {way_out}", styles("failed")), room)
    if not comment.votes and not comment.my_vote:
        return []
    mine = {1: _("you voted up"), -1: _("you voted down")}.get(comment.my_vote, "")
    sign = "▲" if comment.votes >= 0 else "▼"
    return [Text(f"{sign} {comment.votes}" + (f" · {mine}" if mine else ""), styles("quiet"))]
