"""The markers as rows: number, state, first words, how many comments; one of them under the cursor.

It draws its own lines and repaints only rows that changed. It decides nothing: it reports what the cursor stands on.
"""

from collections.abc import Collection, Sequence
from typing import Final

from rich.style import Style
from rich.text import Text
from textual import events
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from imagechat_tui.core.views import Delivery, MarkerView
from imagechat_tui.plain import line
from imagechat_tui.tui.keys import Place, bindings
from imagechat_tui.tui.messages import MarkerHighlighted
from imagechat_tui.tui.widgets import lines
from imagechat_tui.tui.widgets.writers_line import SIGN

_LONGEST_TITLE: Final = 400


class MarkerList(ScrollView):
    """One row for each marker."""

    can_focus = True
    BINDINGS = bindings(Place.LIST)
    COMPONENT_CLASSES = {  # noqa: RUF012 - Textual's own way to declare them
        "list--open",
        "list--resolved",
        "list--pending",
        "list--failed",
        "list--quiet",
        "list--unread",
        "list--here",
        "list--cursor",
    }

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._markers: tuple[MarkerView, ...] = ()
        self._drafts: frozenset[str] = frozenset()
        self._writers: frozenset[str | None] = frozenset()
        self._here: int | None = None
        self._empty = ""

    def show(
        self,
        markers: Sequence[MarkerView],
        *,
        selected: str | None,
        drafts: Collection[str] = (),
        writers: Collection[str | None] = (),
        empty: str,
    ) -> None:
        """Take new rows.

        Args:
            markers: in their order.
            selected: the marker under the cursor.
            drafts: markers with unsent text.
            writers: markers in whose threads somebody else is writing.
            empty: what to say when there are no rows.
        """
        before = self._markers, self._here, self._drafts ^ frozenset(drafts) | self._writers ^ frozenset(writers)
        self._markers, self._empty = tuple(markers), empty
        self._drafts, self._writers = frozenset(drafts), frozenset(writers)
        self._here = next((i for i, marker in enumerate(self._markers) if marker.id == selected), None)
        if len(before[0]) != len(self._markers) or not self._markers:
            self.virtual_size = Size(self.size.width, self._rows(self.size.width))
            self.refresh(layout=True)
        else:
            for row, (old, new) in enumerate(zip(before[0], self._markers, strict=True)):
                if old != new or new.id in before[2]:
                    self._refresh_row(row)
        if before[1] != self._here:
            self._refresh_row(before[1])
            self._refresh_row(self._here)
            self._reveal()

    def _refresh_row(self, row: int | None) -> None:
        if row is not None:
            self.refresh(Region(0, row - self.scroll_offset.y, self.size.width, 1))

    def _reveal(self) -> None:
        if self._here is not None and self.size.height:
            self.scroll_to_region(Region(0, self._here, 1, 1), animate=False, force=True)

    def on_resize(self) -> None:
        """Keep the cursor in view."""
        self.virtual_size = Size(self.size.width, self._rows(self.size.width))
        self._reveal()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 - Textual's
        """All rows, where there is room for them."""
        return self._rows(width)

    def _rows(self, width: int) -> int:
        """Rows that are needed: one for each marker, or those of the sentence that stands for them."""
        return len(self._markers) or len(self._sentence(width))

    def _sentence(self, width: int) -> list[Text]:
        return lines.wrapped(Text(self._empty, self._style("quiet")), max(1, width - 2))

    def on_focus(self) -> None:
        """The cursor is painted brighter."""
        self._refresh_row(self._here)

    def on_blur(self) -> None:
        """The cursor is painted quieter."""
        self._refresh_row(self._here)

    # Keys and mouse --------------------------------------------------------------------------------------------

    def action_row(self, by: int) -> None:
        """Rows up or down."""
        if self._here is None:
            self._go(0 if by > 0 else len(self._markers) - 1)
        else:
            self._go(self._here + by)

    def action_end(self, which: int) -> None:
        """First row or last row."""
        self._go(0 if which < 0 else len(self._markers) - 1)

    def _go(self, row: int) -> None:
        if self._markers:
            row = max(0, min(row, len(self._markers) - 1))
            self.post_message(MarkerHighlighted(self._markers[row].id))

    def on_click(self, event: events.Click) -> None:
        """Open the row."""
        row = event.y + self.scroll_offset.y
        if 0 <= row < len(self._markers):
            self.post_message(MarkerHighlighted(self._markers[row].id, opened=True))

    # Lines -----------------------------------------------------------------------------------------------------

    def render_line(self, y: int) -> Strip:
        """One row."""
        row = y + self.scroll_offset.y
        width = self.size.width
        if not self._markers:
            rows = self._sentence(width)
            text = Text.assemble(" ", rows[y]) if y < len(rows) else Text()
            return lines.strip(text, width, self.rich_style)
        if not 0 <= row < len(self._markers):
            return Strip.blank(width, self.rich_style)
        marker = self._markers[row]
        base = self.rich_style
        if row == self._here:
            base += self._style("cursor" if self.has_focus else "here")
        return lines.strip(self._row(marker, here=row == self._here, width=width), width, base)

    def _row(self, marker: MarkerView, *, here: bool, width: int) -> Text:
        sign, style = self._sign(marker)
        number = str(marker.number) if marker.number is not None else "…"
        left = Text.assemble(
            "▌" if here else " ",
            (f"{number:>2} ", "bold"),
            (f"{sign} ", self._style(style)),
            (lines.steady(line(marker.title, most=_LONGEST_TITLE)), self._style("quiet") if marker.resolved else ""),
        )
        right = Text()
        if marker.id in self._writers:
            right.append(f"{SIGN} ", self._style("quiet"))
        if marker.id in self._drafts:
            right.append("✎ ", self._style("open"))
        if marker.unread:
            right.append(f"•{marker.unread} ", self._style("unread"))
        right.append(f"{marker.comment_count} ", self._style("quiet"))
        return lines.sides(left, right, width)

    def _sign(self, marker: MarkerView) -> tuple[str, str]:
        if marker.delivery is Delivery.PENDING:
            return "◌", "pending"
        if marker.delivery is Delivery.FAILED:
            return "!", "failed"
        return ("✓", "resolved") if marker.resolved else ("●", "open")

    def _style(self, name: str) -> Style:
        return self.get_component_rich_style(f"list--{name}", partial=True)
