"""What widgets report and what the app passes on; values only.

A message that may replace its older brothers says so by ``can_replace``: a hundred changes become one repaint.
"""

from enum import StrEnum
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from imagechat_tui.render.geometry import Point


class Replacing(Message):
    """The newest one says it all: an older one of the same kind still waiting is dropped."""

    def can_replace(self, message: Message) -> bool:
        """Whether ``message``, still waiting, can be dropped for this one."""
        return type(message) is type(self)


class NewsWaiting(Replacing, bubble=False):
    """Changes lie ready at the news desk."""


class FramePainted(Replacing):
    """A frame of the picture has been written to the terminal."""


class PointerMoved(Replacing):
    """The crosshair stands elsewhere, or shows another color."""


class PointChosen(Message):
    """A point was clicked or confirmed."""

    def __init__(self, point: "Point") -> None:
        super().__init__()
        self.point = point


class MarkersChosen(Message):
    """A marker's square was clicked, or a stack of several."""

    def __init__(self, marker_ids: tuple[str, ...]) -> None:
        super().__init__()
        self.marker_ids = marker_ids


class MarkersHeld(Message):
    """The mouse holds a marker's square, or a stack of several, at a cell of the screen."""

    def __init__(self, marker_ids: tuple[str, ...], at: tuple[int, int]) -> None:
        super().__init__()
        self.marker_ids = marker_ids
        self.at = at


class MarkerDragged(Message):
    """The mouse pulls a marker from its place."""

    def __init__(self, marker_id: str) -> None:
        super().__init__()
        self.marker_id = marker_id


class MarkerHighlighted(Message):
    """The cursor of the list stands on a marker; ``opened`` when its thread is wanted."""

    def __init__(self, marker_id: str, *, opened: bool = False) -> None:
        super().__init__()
        self.marker_id = marker_id
        self.opened = opened


class MarkerDropped(Message):
    """A marker was carried to another point."""

    def __init__(self, marker_id: str, point: "Point") -> None:
        super().__init__()
        self.marker_id = marker_id
        self.point = point


class MapChosen(Message):
    """A place of the small map was clicked."""

    def __init__(self, point: "Point") -> None:
        super().__init__()
        self.point = point


class TextSubmitted(Message):
    """The composer's text is to be sent."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


class ComposerLeft(Message):
    """The composer is left; its text stays as a draft."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


class FilterChanged(Replacing):
    """The filter's text is another."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


class FilterDone(Message):
    """The filter's line is left; ``kept`` when the filter goes on to hold."""

    def __init__(self, *, kept: bool) -> None:
        super().__init__()
        self.kept = kept


class PictureMode(StrEnum):
    """What the keys mean while the picture has the focus."""

    POINT = "point"
    """Arrows move the crosshair."""
    PAN = "pan"
    """Arrows move the picture."""
    JUMP = "jump"
    """Letters choose a label."""
    AIM = "aim"
    """After a jump: arrows nudge by a tenth of a percent, enter drops a marker."""
    CARRY = "carry"
    """Arrows carry a marker, enter drops it."""


class ModeChanged(Message):
    """The picture entered or left a mode: other keys count now."""

    def __init__(self, mode: PictureMode) -> None:
        super().__init__()
        self.mode = mode


class PictureRead(Message):
    """A picture was decoded and can be seen."""

    def __init__(self, notes: tuple[str, ...]) -> None:
        super().__init__()
        self.notes = notes


class EditorWanted(Message):
    """The text is to be written in a real editor."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


class CopyWanted(Message):
    """A text is to go to the clipboard; ``what`` says which in one or two words."""

    def __init__(self, text: str, what: str) -> None:
        super().__init__()
        self.text = text
        self.what = what
