"""Our modes as a renderer of rich-pixels, for any Rich or Textual program.

``Pixels.from_image(image, renderer=CellRenderer("octant"))`` then prints like any other Rich object. Only the public
shape of rich-pixels is used; scaling is ours, because its own skips pixels.
"""

from typing import TYPE_CHECKING

from rich.segment import Segment
from rich_pixels import Renderer

from imagechat_tui.render.color import BLACK
from imagechat_tui.render.geometry import Box
from imagechat_tui.render.modes import mode_named
from imagechat_tui.render.scale import Pyramid

if TYPE_CHECKING:
    from PIL import Image

    from imagechat_tui.render.color import RGB


class CellRenderer(Renderer):
    """Draws with any mode; sizes are in the mode's own dots, as rich-pixels' half cells count half rows."""

    def __init__(self, name: str, *, background: "RGB" = BLACK) -> None:
        """Choose the mode.

        Args:
            name: one of ``modes.MODE_NAMES``.
            background: what transparent pixels show.

        Raises:
            KeyError: there is no such mode.
        """
        super().__init__()
        self._mode = mode_named(name)
        self._background = background

    def render(self, image: "Image.Image", resize: tuple[int, int] | None) -> list[Segment]:
        """The picture as segments, a line break after every row.

        Args:
            image: any mode and size.
            resize: dots across and down, made up to whole cells; the picture's own pixels when ``None``.
        """
        dots = resize or image.size
        columns, rows = (-(-count // per_cell) for count, per_cell in zip(dots, self._mode.dots, strict=True))
        whole = Box(0, 0, image.width, image.height)
        sample = Pyramid(image).sampler(whole, (columns, rows), background=self._background)
        cells = self._mode.solve(sample, self._background)
        return [segment for row in range(cells.rows) for segment in (*cells.segments(row), Segment("\n"))]
