"""What the deeds of the board share: the client, what is chosen, what is typed, and the parts of the screen."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from imagechat_tui.core.views import BoardReader, CommentView, MarkerView
from imagechat_tui.i18n import _
from imagechat_tui.tui.conversation import Conversation, Problem
from imagechat_tui.tui.drafts import Drafts
from imagechat_tui.tui.layout import Pane
from imagechat_tui.tui.ports import BoardClient
from imagechat_tui.tui.selection import Selection
from imagechat_tui.tui.widgets.workbench import Workbench


@dataclass(frozen=True, kw_only=True)
class BoardParts:
    """One board on the screen.

    Attributes:
        client: the board itself.
        bench: its widgets.
        conversation: what may be done to it.
        selection: the marker that is meant.
        drafts: what is typed and not sent.
        keymap: other keys for actions.
        wall_ms: the time, milliseconds since the epoch.
        read_only: nothing can be changed here.
        notify: tells the user a sentence.
    """

    client: BoardClient
    bench: Workbench
    conversation: Conversation
    selection: Selection
    drafts: Drafts
    keymap: Mapping[str, str]
    wall_ms: Callable[[], int]
    read_only: bool
    notify: Callable[[str], None]

    @property
    def view(self) -> BoardReader:
        """The present truth."""
        return self.client.view

    @property
    def marker(self) -> MarkerView | None:
        """The marker that is meant."""
        return self.selection.marker

    @property
    def comment(self) -> CommentView | None:
        """The comment that is meant, while the thread is looked at."""
        if self.bench.pane is not Pane.THREAD:
            return None
        return self.bench.latest(self.client.view, self.selection.marker_id)

    def marker_or_say(self) -> MarkerView | None:
        """The marker that is meant; without one the user hears it."""
        if self.marker is None:
            self.notify(_("Choose a marker first."))
        return self.marker

    def comment_or_say(self) -> CommentView | None:
        """The comment that is meant; without one the user hears it."""
        if self.comment is None:
            self.notify(_("Go to a comment in the thread first."))
        return self.comment

    def told(self, problem: Problem) -> bool:
        """Say why something does not work; whether there was a reason."""
        if problem is not None:
            self.notify(problem)
        return problem is not None
