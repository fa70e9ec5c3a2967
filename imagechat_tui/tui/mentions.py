"""Names of people while they are typed after an @: which are meant, and what completes them. Text only."""

import re
from collections.abc import Iterable

from imagechat_tui.plain import line

_BEGUN = re.compile(r"(?:^|(?<=[\s(]))@([^\s@]*)$")
_MOST = 5


def begun(before: str) -> str | None:
    """What is typed of a name in front of the cursor, without the @; ``None`` when no name is being typed."""
    found = _BEGUN.search(before)
    return found[1] if found else None


def matching(typed: str, names: Iterable[str]) -> list[str]:
    """The names that begin with what is typed, or have a word that does; the former first, five at most."""
    wanted = typed.casefold()
    clean = sorted({line(name, most=40) for name in names} - {""}, key=str.casefold)
    first = [name for name in clean if name.casefold().startswith(wanted)]
    later = [name for name in clean if any(word.startswith(wanted) for word in name.casefold().split()[1:])]
    return [*first, *(name for name in later if name not in first)][:_MOST]
