"""Brings the board's picture to the screen, says how far it is, and can be stopped and begun again.

What is seen stays seen until there is something better. It decides nothing about markers.
"""

from typing import TYPE_CHECKING

from imagechat_tui.errors import ImagechatError, PictureError
from imagechat_tui.i18n import _
from imagechat_tui.plain import line
from imagechat_tui.tui import reading
from imagechat_tui.tui.keys import shown_for
from imagechat_tui.tui.messages import PictureRead
from imagechat_tui.tui.screens.parts import BoardParts

if TYPE_CHECKING:
    from textual.worker import Worker


class Loading:
    """One picture on its way at most."""

    def __init__(self, parts: BoardParts) -> None:
        self._parts = parts
        self._data: bytes | None = None
        self._worker: Worker[None] | None = None
        self._unfinished = False

    def begin(self, data: bytes | None) -> None:
        """Show the picture of a file, else that of the board; one that is on its way is forgotten."""
        self._data, self._unfinished = data, False
        self._worker = self._parts.bench.run_worker(self._load(data), group="picture", exclusive=True)

    def stop(self) -> bool:
        """Leave it at what is seen; whether something was on its way."""
        worker = self._worker
        if worker is None or not self._working:
            return False
        worker.cancel()
        self._unfinished = True
        picture, key = self._parts.bench.picture, self._key("retry")
        picture.coming()
        if picture.viewport is None:
            picture.fail(_("You stopped the loading of the picture; {key} begins again.").format(key=key))
        else:
            words = _("You stopped the loading: the picture stays as it is. {key} begins again.")
            self._parts.notify(words.format(key=key))
        return True

    def again(self) -> bool:
        """Begin again what was stopped, or was not to be had; whether there was such a thing."""
        unfinished = self._unfinished
        if unfinished:
            self._parts.bench.picture.coming(reading.bar(None))
            self.begin(self._data)
        return unfinished

    @property
    def _working(self) -> bool:
        return self._worker is not None and not (self._worker.is_finished or self._worker.is_cancelled)

    def _key(self, action: str) -> str:
        return shown_for(action, self._parts.keymap)

    async def _load(self, data: bytes | None) -> None:
        picture = self._parts.bench.picture
        try:
            if data is None:
                data = await self._parts.client.picture(told=self._loaded)
            async for pyramid, notes in reading.read(data, told=self._read):
                picture.put(pyramid)
                if notes is not None:
                    picture.coming()
                    picture.post_message(PictureRead(notes))
        except PictureError as error:
            picture.coming()
            picture.fail(line(str(error), most=300))
        except ImagechatError as error:
            self._unfinished = True
            picture.coming()
            said = _("{problem} {key} tries again.").format(problem=line(str(error), most=300), key=self._key("retry"))
            if picture.viewport is None:
                picture.fail(said)
            else:
                self._parts.notify(said)

    def _loaded(self, done: int, of: int) -> None:
        self._say(done / of if of else None, loading=True)

    def _read(self, part: float) -> None:
        self._say(part, loading=False)

    def _say(self, part: float | None, *, loading: bool) -> None:
        if self._working:
            stops = _("{key} stops it").format(key=self._key("back"))
            brief = _("new picture …") if part is None else _("new picture {n} %").format(n=round(part * 100))
            words = reading.bar(part, loading=loading)
            self._parts.bench.picture.coming(f"{words} · {stops}", brief=f"{brief} · {stops}")
