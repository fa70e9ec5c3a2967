"""What the mouse does with a picture: a drag pulls it, a click points, the wheel zooms. Hooks say what that means."""

from textual import events

from imagechat_tui.tui.widgets.unmoved import Unmoved


class Handled(Unmoved):
    """Tells drags from clicks."""

    _held: tuple[int, int] | None = None
    _dragged = False

    def pulled(self, columns: int, rows: int) -> None:
        """The mouse was dragged by so many cells."""
        raise NotImplementedError

    def clicked(self, column: int, row: int) -> None:
        """A cell was clicked."""
        raise NotImplementedError

    def wheeled(self, steps: int, column: int, row: int) -> None:
        """The wheel was turned over a cell, away from the person when positive."""
        raise NotImplementedError

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """A click begins, or a drag."""
        self._held, self._dragged = (event.screen_x, event.screen_y), False
        self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """A drag pulls."""
        if self._held is not None and (event.screen_x, event.screen_y) != self._held:
            self._dragged = True
            self.pulled(event.screen_x - self._held[0], event.screen_y - self._held[1])
            self._held = event.screen_x, event.screen_y

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """A press without a drag is a click."""
        held, self._held = self._held, None
        self.release_mouse()
        if held is not None and not self._dragged:
            self.clicked(event.x, event.y)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Away from the person."""
        event.stop()
        self.wheeled(1, event.x, event.y)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Towards the person."""
        event.stop()
        self.wheeled(-1, event.x, event.y)
