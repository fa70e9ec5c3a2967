"""Which markers are shown: a line of words becomes a test; foreign text is only compared, never shown.

``open``, ``resolved``, ``mine``, ``unread`` and ``@name`` narrow by state and author, in English or in the reader's
language; every other word has to occur in title, author or number.
"""

from collections.abc import Callable, Sequence
from typing import TypeAlias

from imagechat_tui.core.views import CommentView, MarkerView
from imagechat_tui.i18n import _, pgettext

_Test: TypeAlias = Callable[[MarkerView], bool]


def state_words() -> list[str]:
    """The words with a meaning of their own, in the reader's language."""
    return [pgettext("state", "open"), _("resolved"), _("mine"), _("unread")]


class Filter:
    """A test made of words; an empty one lets everything through."""

    def __init__(self, text: str = "") -> None:
        self.text = text.strip()
        self._words = self.text.casefold().split()
        self._meanings = _meanings() if self._words else {}

    def __bool__(self) -> bool:
        return bool(self._words)

    def shows(self, marker: MarkerView, comments: Sequence[CommentView] = ()) -> bool:
        """Whether the marker passes; ``comments`` are those of its thread as far as they are loaded."""
        return all(self._passes(word, marker, comments) for word in self._words)

    def _passes(self, word: str, marker: MarkerView, comments: Sequence[CommentView]) -> bool:
        test = self._meanings.get(word)
        if test is not None:
            return test(marker)
        if word.startswith("@") and len(word) > 1:
            return word[1:] in marker.author_name.casefold()
        if word.removeprefix("#") == str(marker.number):
            return True
        texts = (marker.title, marker.author_name, *(comment.text for comment in comments))
        return any(word in text.casefold() for text in texts)


def _meanings() -> dict[str, _Test]:
    tests: dict[str, _Test] = {
        "open": lambda marker: not marker.resolved,
        "resolved": lambda marker: marker.resolved,
        "mine": lambda marker: marker.mine,
        "unread": lambda marker: marker.unread > 0,
    }
    return tests | dict(zip((word.casefold() for word in state_words()), tests.values(), strict=True))
