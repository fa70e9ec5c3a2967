"""The board: picture, markers, threads. Decides what keys, clicks and news mean; widgets show, the client acts.

It reads the session's views and hands it intents; it never waits for an answer and never touches the network.
"""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.widgets import TextArea

from imagechat_tui.core.inputs import CreateMarker
from imagechat_tui.i18n import _
from imagechat_tui.plain import line
from imagechat_tui.render.geometry import Point
from imagechat_tui.tui import hints, messages, words
from imagechat_tui.tui.boards import Board, Standing
from imagechat_tui.tui.conversation import Conversation
from imagechat_tui.tui.drafts import Drafts
from imagechat_tui.tui.filters import Filter
from imagechat_tui.tui.keys import Place, bindings, shown_for
from imagechat_tui.tui.layout import Pane, Shape
from imagechat_tui.tui.news import APART, FRESHEN, Digest, NewsDesk
from imagechat_tui.tui.screens.choosing import Choosing
from imagechat_tui.tui.screens.deeds import Deeds
from imagechat_tui.tui.screens.loading import Loading
from imagechat_tui.tui.screens.parts import BoardParts
from imagechat_tui.tui.screens.sync import SyncDetails
from imagechat_tui.tui.screens.writing import Writing
from imagechat_tui.tui.selection import Selection
from imagechat_tui.tui.settings import TuiSettings
from imagechat_tui.tui.widgets.filter_line import FilterLine
from imagechat_tui.tui.widgets.footer import FooterLine
from imagechat_tui.tui.widgets.header import HeaderLine
from imagechat_tui.tui.widgets.link_banner import LinkBanner
from imagechat_tui.tui.widgets.picture_view import PictureView
from imagechat_tui.tui.widgets.unmoved import UnmovedScreen
from imagechat_tui.tui.widgets.workbench import Workbench

if TYPE_CHECKING:
    from imagechat_tui.render.frame import Look


class BoardScreen(UnmovedScreen):
    """The main screen."""

    BINDINGS = bindings(Place.BOARD)
    AUTO_FOCUS = "#picture"

    def __init__(
        self,
        board: Board,
        *,
        settings: TuiSettings,
        drafts: Drafts,
        look: "Look",
        clock: Callable[[], float],
        wall_ms: Callable[[], int],
    ) -> None:
        super().__init__()
        self._board = board
        client = self._client = board.client
        self._settings = settings
        self._keymap = dict(settings.keys)
        self._clock = clock
        self._bench = Workbench(look=look, settings=settings, keymap=self._keymap, id="body")
        self._parts = BoardParts(
            client=client,
            bench=self._bench,
            conversation=Conversation(read=lambda: client.view, submit=client.submit, read_only=settings.read_only),
            selection=Selection(lambda: client.view),
            drafts=drafts,
            keymap=self._keymap,
            wall_ms=wall_ms,
            read_only=settings.read_only,
            notify=lambda sentence: self.notify(sentence, markup=False),
        )
        self._choosing = Choosing(self._parts)
        self._writing = Writing(self._parts, open_thread=self._choosing.select)
        self._deeds = Deeds(self._parts)
        self._loading = Loading(self._parts)
        self.desk = NewsDesk(ring=self._ring)
        self._last_digest = 0.0
        self._shown_before = Filter()
        self._away = False

    def compose(self) -> ComposeResult:
        """Header, banner, filter, body, footer."""
        yield HeaderLine(self._board.title, id="header")
        yield LinkBanner(clock=self._clock, retry_key=shown_for("retry", self._keymap), id="banner")
        yield FilterLine(id="filter")
        yield self._bench
        yield FooterLine(always=hints.for_actions(hints.ALWAYS, self._keymap), id="footer")

    def on_mount(self) -> None:
        """Show what is there, and listen for what comes."""
        self.query_one(FilterLine).display = False
        self._unlisten = self._client.listen(self.desk.bring)
        self.set_interval(FRESHEN, self._choosing.show_thread)
        self._bench.composer.names = self._others
        self._bench.settle()
        self._show(Digest(everything=True))
        self._loading.begin(self._board.picture)
        for sentence in self._board.notices:
            self.notify(sentence, timeout=10, markup=False)

    def _others(self) -> list[str]:
        """Names of those who look at the board beside this person."""
        view = self._client.view
        return [person.name for person in view.people if person.id != view.me.id]

    def on_unmount(self) -> None:
        """Listen no longer."""
        self._unlisten()

    def on_resize(self) -> None:
        """Arrange the panes anew; cursor, draft and selection stay."""
        self._bench.settle()
        if self._bench.shape is Shape.TINY and self._bench.pane is Pane.PICTURE and not self._bench.writing:
            self._bench.go(Pane.LIST)

    @property
    def picture(self) -> PictureView:
        """The picture."""
        return self._bench.picture

    def leave(self) -> None:
        """Another board comes to the screen: nobody looks at this one's thread, and its news can wait."""
        self._away = True
        self._choosing.look_away()

    def come_back(self) -> None:
        """This board is on the screen again, as it was left, with what came meanwhile."""
        self._away = False
        self._choosing.look_again()
        self._take_news()
        self._show_markers()

    def show_standing(self, standing: Standing) -> None:
        """Say where this board stands among the others."""
        self.query_one(HeaderLine).show_standing(standing)

    # News ------------------------------------------------------------------------------------------------------

    def _ring(self) -> None:
        self.post_message(messages.NewsWaiting())

    def on_news_waiting(self) -> None:
        """Show what came, at most thirty times a second; nothing while another board is on the screen."""
        if self._away:
            return
        wait = self._last_digest + APART - time.monotonic()
        if wait > 0:
            self.set_timer(wait, self._take_news)
        else:
            self._take_news()

    def _take_news(self) -> None:
        digest = None if self._away else self.desk.take()
        if digest is None:
            return
        self._last_digest = time.monotonic()
        if digest.renamed:
            self._choosing.follow(digest.renamed)
            self._writing.follow(digest.renamed)
        for began in digest.began:
            if isinstance(began.intent, CreateMarker):
                self._choosing.select(digest.renamed.get(began.operation, began.operation))
        self._show(digest)
        for ended in digest.ended:
            said = words.failure(ended, retry_key=shown_for("retry", self._keymap))
            if said is not None:
                self.notify(said, severity="error", timeout=8, markup=False)
        for note in digest.notes:
            self._parts.notify(words.nothing(note.what))
        if digest.picture is not None:
            self.notify(_("The picture is now version {n}.").format(n=digest.picture.version), markup=False)
            self._loading.begin(None)

    def _show(self, digest: Digest) -> None:
        """Look again where the digest says."""
        view, selected = self._client.view, self._parts.selection.marker_id
        if digest.link or digest.everything:
            self.query_one(LinkBanner).show(view.link)
        self.query_one(HeaderLine).show(view.board, view.link, view.people, view.viewers)
        if digest.everything or digest.markers or digest.threads or digest.writers:
            self._show_markers()
        if digest.everything or digest.link or selected in digest.markers | digest.threads | digest.writers:
            self._choosing.show_thread()
        self._say_keys()

    def _show_markers(self) -> None:
        shown = self._choosing.show_markers()
        markers = self._client.view.markers()
        self.query_one(FilterLine).say(shown, len(markers))
        self.app.title = line(self._client.view.board.title or self._board.title)
        self.app.sub_title = words.comment_count(sum(marker.comment_count for marker in markers))

    def on_descendant_focus(self) -> None:
        """Other keys count now."""
        self._say_keys()

    @on(messages.ModeChanged)
    def _say_keys(self) -> None:
        footer, pane = self.query_one(FooterLine), self._bench.pane
        if self._bench.writing:
            footer.show(hints.for_composer(self._keymap), always=hints.while_typing(self._keymap))
        elif self.query_one(FilterLine).writing:
            footer.show(hints.for_filter(self._keymap), always=hints.while_typing(self._keymap))
        else:
            failed = self._parts.conversation.failed_operation(self._parts.marker, self._parts.comment) is not None
            modal = hints.for_mode(self.picture.mode, self._keymap) if pane is Pane.PICTURE else None
            footer.show(modal or hints.for_pane(pane, self._keymap, failed=failed))
        self._bench.show_place()

    @on(messages.PointerMoved)
    def _say_place(self) -> None:
        self._bench.show_place()

    # Choosing --------------------------------------------------------------------------------------------------

    @on(messages.MarkerHighlighted)
    def _highlighted(self, event: messages.MarkerHighlighted) -> None:
        if event.opened:
            self._choosing.select(event.marker_id, into=True)
        else:
            self._choosing.rest(event.marker_id)

    @on(messages.MarkersChosen)
    def _square_chosen(self, event: messages.MarkersChosen) -> None:
        self._choosing.from_stack(event.marker_ids)

    def action_walk(self, by: int, open_only: bool = False) -> None:  # noqa: FBT001, FBT002 - arguments of a key are positional
        """Next or previous marker, or the same past the resolved ones."""
        self._choosing.walk(by, open_only=open_only)

    def action_open(self) -> None:
        """Enter: the thread of what is meant; in the thread, an answer."""
        if self._bench.pane is Pane.THREAD:
            self._writing.reply()
        elif not (self._bench.pane is Pane.PICTURE and self.picture.confirm()):
            self._choosing.open_here()

    def action_zoom_marker(self) -> None:
        """Bring the marker that is meant near, else the crosshair."""
        marker = self._parts.marker
        self.picture.zoom_to(Point(marker.x, marker.y) if marker is not None else self.picture.point)

    def action_back(self) -> None:
        """Escape: leave what is open, one thing at a time."""
        if self.picture.cancel() or (self._bench.pane is Pane.PICTURE and self._loading.stop()):
            return
        if self._parts.selection.filter and self._bench.pane is not Pane.THREAD:
            self._filter("")
        elif self._bench.pane is Pane.THREAD and self._bench.shape is not Shape.WIDE:
            self._choosing.leave_thread()
            self._bench.go(Pane.PICTURE)
        elif self._bench.pane is not Pane.PICTURE:
            self._bench.go(Pane.PICTURE)
        elif self._parts.selection.marker_id is not None:
            self._choosing.select(None)
            self._choosing.leave_thread()

    # Filter ----------------------------------------------------------------------------------------------------

    def action_filter(self) -> None:
        """Narrow the markers with words."""
        self._shown_before = self._parts.selection.filter
        self.query_one(FilterLine).open(self._shown_before.text)
        self._show_markers()
        self._say_keys()

    @on(messages.FilterChanged)
    def _filter_changed(self, event: messages.FilterChanged) -> None:
        if self.query_one(FilterLine).display:
            self._parts.selection.filter = Filter(event.text)
            self._show_markers()

    @on(messages.FilterDone)
    def _filter_done(self, event: messages.FilterDone) -> None:
        self._filter(self._parts.selection.filter.text if event.kept else "")
        self._bench.go(self._bench.pane)
        self._say_keys()

    def _filter(self, text: str) -> None:
        line = self.query_one(FilterLine)
        self._parts.selection.filter = Filter(text)
        line.display = bool(self._parts.selection.filter)
        self._show_markers()

    # Writing ---------------------------------------------------------------------------------------------------

    def action_marker_here(self) -> None:
        """A new marker at the crosshair."""
        self._writing.marker_here()

    @on(messages.PointChosen)
    def _point_chosen(self) -> None:
        self._writing.marker_here()

    def action_reply(self) -> None:
        """An answer."""
        self._writing.reply()

    def action_edit(self) -> None:
        """Another text."""
        self._writing.edit()

    @on(TextArea.Changed, "#field")
    def _typed(self, event: TextArea.Changed) -> None:
        self._writing.typed(event.text_area.text)

    @on(messages.TextSubmitted)
    def _submitted(self, event: messages.TextSubmitted) -> None:
        self._writing.submit(event.text)
        self._show_markers()

    @on(messages.ComposerLeft)
    def _left(self, event: messages.ComposerLeft) -> None:
        self._writing.leave(event.text)
        self._show_markers()

    @on(messages.EditorWanted)
    def _editor_wanted(self, event: messages.EditorWanted) -> None:
        self._writing.in_editor(self.app, event.text)

    # Deeds -----------------------------------------------------------------------------------------------------

    def action_resolve(self) -> None:
        """Resolve the marker, or reopen it."""
        self._deeds.resolve()

    def action_move_marker(self) -> None:
        """Carry the marker with the arrows."""
        self._deeds.carry(self._parts.marker_or_say())

    @on(messages.MarkerDragged)
    def _dragged(self, event: messages.MarkerDragged) -> None:
        self._deeds.carry(self._parts.view.marker(event.marker_id))

    @on(messages.MarkerDropped)
    def _dropped(self, event: messages.MarkerDropped) -> None:
        self._deeds.drop(event.marker_id, event.point)

    def action_delete(self) -> None:
        """Delete the comment under the thread's cursor, else the marker; asks first."""
        self._deeds.delete()

    def action_undo(self) -> None:
        """Take back one's own last change."""
        self._deeds.undo()

    def action_retry(self) -> None:
        """Try again what failed, or connect now."""
        if not self._loading.again():
            self._deeds.retry()

    def action_discard(self) -> None:
        """Give up what failed."""
        self._deeds.discard()

    def action_vote(self, direction: int) -> None:
        """For or against a comment."""
        self._deeds.vote(direction)

    def action_mark_all_read(self) -> None:
        """Nothing is new any longer."""
        self._parts.conversation.mark_all_read()

    def action_copy_comment(self) -> None:
        """The comment's text to the clipboard."""
        self._deeds.copy_comment()

    def action_copy_link(self) -> None:
        """The board's link to the clipboard, and on the screen for terminals that do not take it."""
        link = self._board.link
        if link is None:
            self._parts.notify(_("This board is on this machine only; “imagechat share” gives it a link."))
            return
        self.post_message(messages.CopyWanted(link, _("Link")))

    def action_sync(self) -> None:
        """Details of the connection."""
        self.app.push_screen(SyncDetails(self._client, keep=self._settings.drafts))
