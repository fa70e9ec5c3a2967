"""Which language a command speaks, chosen before its first word; knows no click."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from imagechat_tui import i18n
from imagechat_tui.errors import UsageError

_VARIABLE: Final = "IMAGECHAT_LOCALE"


def early(words: Sequence[str]) -> None:
    """Choose the language before anything is said: by flag, variable or file; what is wrong there is told later.

    Help is asked for before settings are read, and mistakes in settings are told in the reader's language as well.
    """
    wanted = _flag(words) or os.environ.get(_VARIABLE)
    if wanted is None and _has_file():
        from imagechat_tui import config

        try:
            wanted = config.load().locale
        except UsageError:
            wanted = None
    follow(wanted if wanted and i18n.matching(wanted) else None)


def follow(locale: str | None) -> None:
    """Speak this language, and let click and the processes that are started speak it too."""
    i18n.choose(locale)
    i18n.lead_others()
    if locale is not None:
        os.environ["LANGUAGE"] = i18n.language()


def _has_file() -> bool:
    """Whether settings may be worth the time it takes to read them: help answers at the speed of the interpreter."""
    home = Path.home()
    folders = (Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config"), home / "Library" / "Application Support")
    projects = (folder / ".imagechat.toml" for folder in (Path.cwd(), *Path.cwd().parents))
    return any(path.exists() for path in (*(folder / "imagechat" for folder in folders), *projects))


def _flag(words: Sequence[str]) -> str | None:
    for place, word in enumerate(words):
        name, equals, value = word.partition("=")
        if name == "--locale":
            return value if equals else next(iter(words[place + 1 : place + 2]), None)
    return None
