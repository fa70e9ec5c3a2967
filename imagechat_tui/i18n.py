"""Words for people in their language: stdlib gettext over ``locale/``; never formats, never prints."""

import gettext as _gettext
import locale as _locale
from functools import cache
from pathlib import Path

DOMAIN = "imagechat"
LOCALE_DIR = Path(__file__).parent / "locale"

_chosen: list[str] = []


def choose(language: str | None) -> None:
    """Fix the language; ``None`` follows the environment (``LANGUAGE``, ``LC_ALL``, ``LANG``)."""
    _chosen[:] = [language] if language else []
    _catalogue.cache_clear()


@cache
def _catalogue() -> _gettext.NullTranslations:
    return _gettext.translation(DOMAIN, LOCALE_DIR, languages=_chosen or None, fallback=True)


def _(message: str) -> str:
    """The message in the chosen language; itself when no catalogue has it."""
    return _catalogue().gettext(message)


def pgettext(context: str, message: str) -> str:
    """The same for a word that means different things in different places; ``context`` tells them apart."""
    return _catalogue().pgettext(context, message)


def N_(message: str) -> str:  # noqa: N802 - the name that message extractors look for
    """Mark words of a constant for translation; they are translated when they are shown."""
    return message


def NP_(context: str, message: str) -> str:  # noqa: N802 - the same
    """Mark a word for ``pgettext``."""
    del context
    return message


def ngettext(singular: str, plural: str, count: int) -> str:
    """The right plural form for ``count`` by the language's own rule."""
    return _catalogue().ngettext(singular, plural, count)


def language() -> str:
    """The code of the language in use, ``"en"`` when no catalogue matches."""
    return _catalogue().info().get("language", "") or (_chosen[0] if _chosen else _locale.getlocale()[0] or "en")
