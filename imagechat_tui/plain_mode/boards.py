"""The boards looked at last as numbered lines, and which one a typed line chooses."""

from collections.abc import Sequence

from imagechat_tui.errors import UsageError
from imagechat_tui.i18n import _
from imagechat_tui.plain import line
from imagechat_tui.plain_mode import commands, sentences
from imagechat_tui.tui.recent_boards import RecentBoard


def listed(boards: Sequence[RecentBoard], *, now_ms: int) -> list[str]:
    """What there is, and how to choose."""
    return [
        _("imagechat in plain mode: the boards you looked at last."),
        *(_row(place, board, now_ms) for place, board in enumerate(boards, 1)),
        _("Type the number of a board to open it, {quit} to leave.").format(
            quit=commands.shown_name(commands.TABLE["quit"])
        ),
    ]


def chosen(boards: Sequence[RecentBoard], typed: str) -> RecentBoard | None:
    """The board of a line; ``None`` to leave.

    Raises:
        UsageError: It is no number of the list.
    """
    word = typed.strip().casefold()
    row = commands.TABLE["quit"]
    if word in {row.name, commands.shown_name(row).casefold(), *row.also}:
        return None
    if word.isdecimal() and 1 <= int(word) <= len(boards):
        return boards[int(word) - 1]
    raise UsageError(_("Type a number from 1 to {n}.").format(n=len(boards)))


def _row(place: int, board: RecentBoard, now_ms: int) -> str:
    facts = [*board.counts(), _("seen {when}").format(when=sentences.since(board.seen_ms, now_ms))]
    return f"{place}, {line(board.title, most=200)}, {', '.join(facts)}: {line(board.target)}"
