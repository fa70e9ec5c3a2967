"""Words for people in their language: stdlib gettext over ``locale/``; never formats, never prints.

English is written in the code; every other language is a catalogue. A message that no catalogue has is itself.
"""

import gettext as _gettext
import os
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final

DOMAIN: Final = "imagechat"
LOCALE_DIR: Final = Path(__file__).parent / "locale"
SOURCE: Final = "en"
"""The language of the code."""

_VARIABLES: Final = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
_NO_LANGUAGE: Final = {"c", "posix"}

_chosen: list[str] = []


@cache
def languages() -> tuple[str, ...]:
    """Codes of the languages there are, the source first."""
    found = (path.parent.parent.name for path in LOCALE_DIR.glob(f"*/LC_MESSAGES/{DOMAIN}.mo"))
    return SOURCE, *sorted(found)


def matching(name: str) -> str | None:
    """The language of a locale's name, such as ``sl``, ``sl-SI`` or ``sl_SI.UTF-8``; ``None`` if there is none."""
    code = name.strip().partition(".")[0].partition("@")[0].replace("-", "_").casefold()
    if code in _NO_LANGUAGE:
        return SOURCE
    return next((one for one in languages() if one.casefold() in {code, code.partition("_")[0]}), None)


def from_environment(environ: Mapping[str, str]) -> str:
    """The first language that is wanted and there; the source where nothing fits."""
    wanted: Sequence[str] = next((value.split(":") for name in _VARIABLES if (value := environ.get(name))), ())
    return next((found for name in wanted if (found := matching(name))), SOURCE)


def choose(language: str | None) -> None:
    """Fix the language; ``None`` follows the environment.

    Raises:
        LookupError: There is no such language.
    """
    if language is not None and matching(language) is None:
        raise LookupError(language)
    _chosen[:] = [language] if language else []
    _catalogue.cache_clear()


def language() -> str:
    """The code of the language in use."""
    return (matching(_chosen[0]) if _chosen else None) or from_environment(os.environ)


def lead_others() -> None:
    """Let libraries that look words up by themselves find ours."""
    _gettext.bindtextdomain(DOMAIN, str(LOCALE_DIR))
    _gettext.textdomain(DOMAIN)


@cache
def _catalogue() -> _gettext.NullTranslations:
    code = language()
    if code == SOURCE:
        return _gettext.NullTranslations()
    return _gettext.translation(DOMAIN, LOCALE_DIR, languages=[code])


def _(message: str) -> str:
    """The message in the language in use; itself when no catalogue has it."""
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
