"""The body of the board: picture beside markers, thread and composer, arranged for the room there is.

It shows the views it is handed and keeps focus, panes and composer in order; what a key means is decided by its screen.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.widget import Widget

from imagechat_tui.core.views import BoardReader, CommentView, LinkState, MarkerView, Person
from imagechat_tui.i18n import _
from imagechat_tui.tui import hints, layout, words
from imagechat_tui.tui.facts import FactsKeeper
from imagechat_tui.tui.inspector import Inspector, Picked
from imagechat_tui.tui.keys import Place, bindings, shown_for
from imagechat_tui.tui.layout import Pane, Shape
from imagechat_tui.tui.messages import MarkerDragged, MarkersChosen, MarkersHeld, PictureMode
from imagechat_tui.tui.settings import TuiSettings
from imagechat_tui.tui.widgets.composer import Composer
from imagechat_tui.tui.widgets.marker_list import MarkerList
from imagechat_tui.tui.widgets.pane_title import PaneTitle
from imagechat_tui.tui.widgets.picture_view import PictureView
from imagechat_tui.tui.widgets.status_line import StatusLine
from imagechat_tui.tui.widgets.thread_pane import ThreadPane
from imagechat_tui.tui.widgets.writers_line import SIGN, WritersLine

if TYPE_CHECKING:
    from imagechat_tui.render.frame import Look

Writers = Mapping[str | None, Sequence[Person]]
"""Who else writes, by the marker whose thread it is for; ``None``: a marker to come."""

_UNREACHABLE = (LinkState.OFFLINE, LinkState.REFUSED, LinkState.RECONNECTING, LinkState.CLOSED)


class Workbench(Container):
    """Picture, markers, thread, composer."""

    BINDINGS = bindings(Place.VIEW)

    def __init__(self, *, look: "Look", settings: TuiSettings, keymap: Mapping[str, str], id: str) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._look = look
        self._settings = settings
        self._keymap = keymap
        self.pane = Pane.PICTURE
        self._inspector = Inspector()
        self._facts = FactsKeeper()
        self._held: MarkersHeld | None = None
        self._pulled = False

    def compose(self) -> ComposeResult:
        """All parts; which of them are seen is a matter of size and pane."""
        with Vertical(id="stage"):
            yield PictureView(
                look=self._look,
                square_percent=self._settings.square_percent,
                minimap=self._settings.minimap,
                id="picture",
            )
            yield StatusLine(id="status")
        with Vertical(id="side"):
            with Vertical(id="markers"):
                yield PaneTitle(_("Markers"), id="markers-title")
                yield MarkerList(id="list")
            with Vertical(id="talk"):
                yield PaneTitle(_("Thread"), id="thread-title")
                yield ThreadPane(keymap=self._keymap, id="thread")
                yield WritersLine(id="writers")
            yield Composer(keymap=self._keymap, id="composer")

    def on_mount(self) -> None:
        """The composer comes when it is called."""
        self.composer.display = False

    # Parts -----------------------------------------------------------------------------------------------------

    @property
    def picture(self) -> PictureView:
        """The picture."""
        return self.query_one("#picture", PictureView)

    @property
    def list(self) -> MarkerList:
        """The markers as rows."""
        return self.query_one("#list", MarkerList)

    @property
    def thread(self) -> ThreadPane:
        """The comments."""
        return self.query_one("#thread", ThreadPane)

    @property
    def composer(self) -> Composer:
        """Where text is written."""
        return self.query_one("#composer", Composer)

    @property
    def writing(self) -> bool:
        """Whether the composer has the focus."""
        return self.composer.field.has_focus

    @property
    def shape(self) -> Shape:
        """How much room there is."""
        return layout.shape_for(self.app.size.width, self.app.size.height)

    # Layout ----------------------------------------------------------------------------------------------------

    def settle(self) -> None:
        """Show the panes that fit; cursor, draft and selection stay what they are."""
        size = self.app.size
        arranged = layout.arrange(size.width, size.height, pane=self.pane)
        self.query_one("#stage").display = Pane.PICTURE in arranged.panes
        cramped = arranged.shape is Shape.TINY and self.composer.display
        self.query_one("#markers").display = Pane.LIST in arranged.panes and not cramped
        self.query_one("#talk").display = Pane.THREAD in arranged.panes and not cramped
        self.query_one(WritersLine).display = size.height >= layout.ROOMY_ROWS
        side = self.query_one("#side")
        side.display = arranged.panes != (Pane.PICTURE,) or self.composer.display
        wide = arranged.shape is Shape.WIDE
        side.styles.width = arranged.side_columns if wide else "1fr"
        self.set_class(not wide, "-stacked")
        side.set_class(arranged.panes == (Pane.PICTURE,), "-composer-only")
        self.screen.set_class(arranged.shape is Shape.TINY, "-tiny")

    def go(self, pane: Pane) -> None:
        """Give a pane the focus, and show it where there is room for one only."""
        if self.shape is Shape.TINY and pane is Pane.PICTURE:
            pane = Pane.LIST
        self.pane = pane
        self.settle()
        self._widgets()[pane].focus()

    def _next_pane(self, by: int) -> None:
        panes = layout.reachable(self.shape, thread_open=self.thread.marker_id is not None)
        here = panes.index(self.pane) if self.pane in panes else 0
        self.go(panes[(here + by) % len(panes)])

    def _widgets(self) -> dict[Pane, Widget]:
        return {Pane.PICTURE: self.picture, Pane.LIST: self.list, Pane.THREAD: self.thread}

    def on_descendant_focus(self) -> None:
        """The focus moved, perhaps by the mouse."""
        entered = next((pane for pane, widget in self._widgets().items() if widget.has_focus), None)
        if entered is not None and entered is not self.pane:
            self.pane = entered
            self.settle()
        for name, pane in (("#stage", Pane.PICTURE), ("#markers", Pane.LIST), ("#talk", Pane.THREAD)):
            self.query_one(name).set_class(pane is entered, "-here")

    # Markers under the mouse -----------------------------------------------------------------------------------

    def on_markers_held(self, event: MarkersHeld) -> None:
        """Follow the mouse from here on: the square itself may be another widget by the next move."""
        event.stop()
        self._held, self._pulled = event, False
        self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Pull the marker along; the first move asks whether it may leave its place."""
        held = self._held
        if held is None or (event.screen_x, event.screen_y) == held.at:
            return
        if not self._pulled and len(held.marker_ids) == 1:
            self.post_message(MarkerDragged(held.marker_ids[0]))
        self._pulled = True
        self._carry_to(event)

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """Drop the marker, or open what was only clicked."""
        held, self._held = self._held, None
        if held is None:
            return
        self.release_mouse()
        if not self._pulled:
            self.post_message(MarkersChosen(held.marker_ids))
        elif self._carry_to(event):
            # Textual ends the way of a message at the parent that caused it, so the picture has to be its own cause.
            self.picture.call_later(self.picture.confirm)

    def _carry_to(self, event: events.MouseEvent) -> bool:
        """Put the carried marker under the mouse; whether there is one."""
        picture = self.picture
        if picture.mode is not PictureMode.CARRY or picture.viewport is None:
            return False
        place = picture.region.offset
        picture.go_to(picture.viewport.point_at(event.screen_x - place.x, event.screen_y - place.y))
        return True

    # Composer --------------------------------------------------------------------------------------------------

    def write(self, title: str, text: str, *, pane: Pane) -> None:
        """Open the composer under a pane, with a draft."""
        self.pane = Pane.LIST if pane is Pane.PICTURE and self.shape is Shape.TINY else pane
        self.composer.open(title, text)
        self.settle()

    def stop_writing(self, pane: Pane) -> None:
        """Close the composer and go to a pane."""
        self.composer.close()
        self.go(pane)

    # Keys that change the view only ----------------------------------------------------------------------------

    def action_pane(self, by: int) -> None:
        """Go to the next pane, or to the one before."""
        self._next_pane(by)

    def action_jump(self) -> None:
        """Two letters for any place."""
        if self.shape is Shape.TINY:
            self.notify(_("The window is too small for the picture."), severity="warning", markup=False)
            return
        self.go(Pane.PICTURE)
        self.picture.start_jump()

    def action_hide_markers(self) -> None:
        """Markers out of sight, or back."""
        self.picture.markers_hidden = not self.picture.markers_hidden
        self.show_place()

    def action_zoom(self, steps: int) -> None:
        """Nearer or farther."""
        self.picture.zoom(steps)

    def action_zoom_fit(self) -> None:
        """The whole picture."""
        self.picture.zoom_fit()

    def action_zoom_actual(self) -> None:
        """One picture pixel per screen pixel."""
        self.picture.zoom_actual()

    def action_inspect(self) -> None:
        """The color under the crosshair; the second time also the contrast with the first."""
        viewport, color = self.picture.viewport, self.picture.color
        if viewport is None or color is None:
            self.notify(_("There is no picture to look at."), severity="warning", markup=False)
            return
        point = self.picture.point
        picked = Picked(point, viewport.pixel_at(point), color)
        self.notify(self._inspector.pick(picked), timeout=10, markup=False)

    # What is shown ---------------------------------------------------------------------------------------------

    def show_markers(
        self,
        markers: Sequence[MarkerView],
        *,
        total: int,
        selected: str | None,
        drafts: Sequence[str],
        writers: Writers,
        filtered: bool,
    ) -> None:
        """The markers that pass the filter, as rows and as squares."""
        empty = _("Nothing passes the filter.") if filtered else self._invitation()
        self.list.show(markers, selected=selected, drafts=drafts, writers=writers.keys(), empty=empty)
        self.picture.show_markers(self._facts.facts(markers, selected=selected))
        fact = _("{n} of {total}").format(n=len(markers), total=total) if filtered else str(total or "")
        coming = [f"{said} · {fact}" if fact else said for said in words.writing(writers.get(None, ()))]
        self.query_one("#markers-title", PaneTitle).show(_("Markers"), *coming, fact)

    def _invitation(self) -> str:
        if self._settings.read_only:
            return _("No markers yet.")
        return _("No markers yet. Point at something and press {key}.").format(
            key=shown_for("marker_here", self._keymap)
        )

    def show_thread(
        self,
        marker: MarkerView | None,
        comments: Sequence[CommentView] | None,
        *,
        writers: Writers,
        link: LinkState,
        now_ms: int,
    ) -> None:
        """A thread with its heading, or why there is none, and who else is writing in it."""
        title = self.query_one("#thread-title", PaneTitle)
        said = words.writing(writers.get(marker.id, ())) if marker is not None else []
        line = self.query_one(WritersLine)
        line.show(said)
        if line.display or marker is None:
            said = []
        elif said:
            said.append(f"{SIGN} {words.comment_count(marker.comment_count)}")
        if marker is None:
            title.show(_("Thread"))
            self.thread.show(None, None, now_ms=now_ms, notice=self._how_to_choose())
            return
        if marker.resolved:
            title.show(f"{words.number(marker)} ✓", *said, words.resolved_by(marker, now_ms))
        else:
            count = words.comment_count(marker.comment_count)
            title.show(f"{words.number(marker)} · {words.state(marker)}", *said, count)
        notice = _("No comments here.")
        if comments is None:
            notice = _("Loading …")
            if link in _UNREACHABLE:
                notice = _("This thread was not read before the connection broke.")
        self.thread.show(marker.id, comments, now_ms=now_ms, notice=notice)

    def _how_to_choose(self) -> str:
        return _("Choose a marker with {next} and {previous}, or place one with {here}.").format(
            next=shown_for("next_marker", self._keymap),
            previous=shown_for("previous_marker", self._keymap),
            here=shown_for("marker_here", self._keymap),
        )

    def show_place(self) -> None:
        """Where the crosshair stands, and the color there."""
        picture = self.picture
        viewport = picture.viewport
        zoom = ""
        if viewport is not None:
            zoom = words.zoom(viewport.zoom, viewport.cell.width / viewport.pixels_per_column)
        if picture.markers_hidden:
            zoom += " · " + _("markers hidden")
        if picture.progress:
            zoom = picture.progress
        self.query_one(StatusLine).show(
            mode=hints.mode_word(picture.mode),
            hint=zoom,
            place=words.place(picture.point.x, picture.point.y),
            color=picture.color,
        )

    def latest(self, view: BoardReader, marker_id: str | None) -> CommentView | None:
        """The comment under the thread's cursor as it is now, if it belongs to the marker."""
        held = self.thread.comment
        if held is None or marker_id is None or held.marker_id != marker_id:
            return None
        return next((one for one in view.thread(marker_id) or () if one.id == held.id), None)
