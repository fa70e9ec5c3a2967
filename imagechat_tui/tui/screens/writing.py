"""Writing: what the composer is open for, its drafts, sending, and the person's own editor.

Text leaves a draft only when it is on its way; when it cannot be sent, it stays where it is.
"""

import contextlib
import os
import shlex
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from textual.app import App, SuspendNotSupported

from imagechat_tui.i18n import _
from imagechat_tui.plain import block
from imagechat_tui.tui import words
from imagechat_tui.tui.drafts import Edit, NewMarker, Reply, Target
from imagechat_tui.tui.layout import Pane
from imagechat_tui.tui.screens.parts import BoardParts

_APART_MS: Final = 1_000
"""Between two words that something was typed: a report of the session tells nobody's rhythm."""


class Writing:
    """The composer and what it is open for."""

    def __init__(self, parts: BoardParts, *, open_thread: Callable[[str], None]) -> None:
        self._parts = parts
        self._open_thread = open_thread
        self._target: Target | None = None
        self._came_from = Pane.PICTURE
        self._text = ""
        self._told_ms: int | None = None

    def follow(self, renamed: Mapping[str, str]) -> None:
        """Ids became final."""
        if isinstance(self._target, Reply):
            now = renamed.get(self._target.marker_id, self._target.marker_id)
            self._target = Reply(marker_id=now, parent_id=self._target.parent_id)
        for was, now in renamed.items():
            self._parts.drafts.renamed(was, now)

    def marker_here(self) -> None:
        """The first comment of a marker at the crosshair."""
        if self._parts.told(self._parts.conversation.blocked() if self._parts.read_only else None):
            return
        point = self._parts.bench.picture.point
        title = _("New marker at {place}").format(place=words.place(point.x, point.y))
        self._write(NewMarker(x=point.x, y=point.y), title, pane=Pane.PICTURE)

    def reply(self) -> None:
        """An answer in the thread that is meant; to the comment under its cursor, where threads nest."""
        marker = self._parts.marker
        if marker is None:
            self._parts.notify(_("Choose a marker first."))
            return
        if self._parts.told(self._parts.conversation.may_reply(marker)):
            return
        comment = self._parts.comment
        parent = comment.id if comment is not None and comment.operation is None else None
        self._open_thread(marker.id)
        title = _("Reply to {number}").format(number=words.number(marker))
        self._write(Reply(marker_id=marker.id, parent_id=parent), title, pane=Pane.THREAD)

    def edit(self) -> None:
        """Another text for one's own comment: that under the cursor, else one's last in the thread."""
        parts = self._parts
        marker, comment = parts.marker, parts.comment
        if marker is not None and comment is None:
            mine = [one for one in parts.view.thread(marker.id) or () if one.mine]
            comment = mine[-1] if mine else None
        if marker is None or comment is None:
            parts.notify(_("There is no comment of yours here."))
            return
        if parts.told(parts.conversation.may_edit(comment)):
            return
        self._open_thread(marker.id)
        target = Edit(marker_id=marker.id, comment_id=comment.id)
        self._write(target, _("Edit your comment"), pane=Pane.THREAD, text=comment.text)

    def _write(self, target: Target, title: str, *, pane: Pane, text: str = "") -> None:
        self._target, self._came_from = target, pane
        self._text = block(self._parts.drafts.text(target) or text)
        self._parts.bench.write(title, self._text, pane=pane)

    def submit(self, text: str) -> None:
        """Send it; when that cannot even begin, everything stays as it is."""
        target = self._target
        if target is None or self._parts.told(self._parts.conversation.send(target, text)):
            return
        self._parts.drafts.keep(target, "")
        self._close()

    def leave(self, text: str) -> None:
        """Keep it as a draft."""
        if self._target is not None:
            self._parts.drafts.keep(self._target, text)
        self._tell_no_longer()
        self._close()
        if text.strip():
            self._parts.notify(_("Kept as a draft."))

    def _close(self) -> None:
        self._target, self._told_ms = None, None
        self._parts.bench.stop_writing(self._came_from)

    def typed(self, text: str) -> None:
        """Every key press is kept, so that no end of the app loses anything; others learn that there are some."""
        if self._target is None:
            return
        self._parts.drafts.keep(self._target, text)
        if text != self._text:
            self._text = text
            if text.strip():
                self._tell(self._target)
            else:
                self._tell_no_longer()

    def _tell(self, target: Target) -> None:
        now_ms = self._parts.wall_ms()
        if self._told_ms is None or not 0 <= now_ms - self._told_ms < _APART_MS:
            self._told_ms = now_ms
            self._parts.conversation.writes(target)

    def _tell_no_longer(self) -> None:
        if self._told_ms is not None:
            self._told_ms = None
            self._parts.conversation.writes_no_longer()

    def in_editor(self, app: App[object], text: str) -> None:
        """Let the person write in their own editor; the result comes back into the composer."""
        command = shlex.split(os.environ.get("VISUAL") or os.environ.get("EDITOR") or "")
        if not command:
            self._parts.notify(_("Set EDITOR to the name of your editor first."))
            return
        try:
            with app.suspend():
                edited = _edited(command, text)
        except SuspendNotSupported:
            self._parts.notify(_("An editor cannot be started from here."))
        except (OSError, subprocess.CalledProcessError, UnicodeDecodeError):
            self._parts.notify(_("The editor did not work; the text is as before."))
        else:
            self._parts.bench.composer.text = block(edited).rstrip("\n")


def _edited(command: list[str], text: str) -> str:
    handle, name = tempfile.mkstemp(prefix="imagechat-", suffix=".md", text=True)
    path = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        subprocess.run([*command, name], check=True)
        return path.read_text(encoding="utf-8")
    finally:
        with contextlib.suppress(OSError):
            path.unlink()
