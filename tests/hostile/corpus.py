"""Words that a terminal, a screen or a log could take for commands, and a judge of what reached a terminal.

Every attack carries values that nothing of ours ever writes, so that its trace is told from our own styling.
"""

import re
import unicodedata
from typing import Final

ATTACKS: Final[dict[str, str]] = {
    "color": "a\x1b[38;5;201;53mb\x1b[5;8mc",
    "clear": "a\x1b[2J\x1b[3Jb\x1b[13;37Hc",
    "title": "a\x1b]0;PWNED\x07b\x1b]2;PWNED\x1b\\c",
    "link": "a\x1b]8;;https://evil.example/\x07b\x1b]8;;\x07c",
    "clipboard": "a\x1b]52;c;UFdORUQ=\x07b",
    "notify": "a\x1b]9;PWNED\x07b\x1b]777;notify;PWNED;PWNED\x07c",
    "answer back": "a\x05b\x1b[cb\x1b[6nc\x1b]10;?\x07d\x1bZe",
    "device control": 'a\x1bP$q"p\x1b\\b\x1bP1000p\x1b\\c\x1b_Gf=100;PWNED\x1b\\d\x1b^PWNED\x1b\\e\x1bXPWNED\x1b\\f',
    "sixel": 'a\x1bPq"1;1;9;9#0~~@@\x1b\\b',
    "keys": 'a\x1b[0;59;"PWNED";13pb\x1b[?1049lc\x1b[?25ld\x1b[?1000he',
    "reset": "a\x1bcb\x1b[!pc\x1b(0qqq\x0ed\x0fe",
    "c1": "a\x9b2Jb\x9d0;PWNED\x9cc\x90qPWNED\x9cd\x85e\x8df\x84g\x88h",
    "unfinished": "a\x1b]0;never closed",
    "unfinished control": "a\x1b[",
    "unfinished string": "a\x9dnever closed",
    "nested": "a\x1b\x1b[31;201mb\x1b]0;x\x1b]0;PWNED\x07c\x1b[\x1b[2Jd",
    "overwrite": "harmless\rPWNED\x08\x08\x08\x7f\x0b\x0cend",
    "bell": "\x07" * 20,
    "bidi": "a\u202egnp.exe\u202c \u2066iso\u2069 \u200e\u200f\u061c b",
    "invisible": "a\u200bb\u2060c\ufeffd\u00ade\u2063f\u180eg",
    "tags": "a\U000e0001\U000e0041\U000e007fb",
    "lines": "a\u2028b\u2029c\x85d\x1ce\x1df",
    "combining": "Z" + "\u0300\u0301\u0334\u0489" * 60 + "algo",
    "wide": "字" * 60 + "👩‍👩‍👧‍👦" * 10 + "🏳️‍🌈",
    "markup": "[bold]x[/bold] [red on blue]y[/] [@click=app.quit]z[/] [link=https://evil.example]l[/link] [/]",
    "formats": "\\[x] $primary {0} {app} %s %n %(name)s ${PATH} `id` $(id)",
    "private use": "\ue000\uf8ff\U000f0000\U0010fffd",
    "noncharacters": "\ufffe\uffff\ufdd0",
    "nothing visible": "\u3164\u115f\u2800\u00a0",
    "long word": "W" * 1_500,
}
"""By name; the longest fits into a comment."""

ALL: Final = " ".join(text for name, text in ATTACKS.items() if name != "long word")
"""Most of it in one text, for fields of which there is only one."""

MARKS: Final = 6
"""Combining characters on one letter that every script can live with."""

_OURS: Final = re.compile(
    rb"\x1b\[[0-9;:]*m"  # styles
    rb"|\x1b\[[0-9;]*[HABCDGJKXdrn]"  # moving and erasing
    rb"|\x1b\[\?[0-9;]*[hlu]"  # modes
    rb"|\x1b\[\?[0-9;]*\$p"  # asking for modes
    rb"|\x1b\[[<>=]?[0-9;]*u"  # keyboard protocols
    rb"|\x1b\[>?[0-9]*[cqt]|\x1b\[[0-9;]*t"  # asking what the terminal is and how large
    rb"|\x1b[78=>]"
    rb"|\x1b\]8;id=[0-9]+;https?://[!-~]+\x1b\\|\x1b\]8;;\x1b\\"  # an address as a link to what it says
    rb"|\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\"  # asking for pictures
    rb"|\x1b\](?:0|1|2|10|11|12|22|52);[^\x00-\x1f\x7f]*(?:\x07|\x1b\\)"  # title, colors, pointer, clipboard
)
_FOREIGN: Final = (
    *(b"\x1b[38;5;201;53m", b"\x1b[5;8m", b"\x1b[13;37H", b"\x1b[31;201", b"\x1b]8;;https://evil", b"\x1b]0;PWNED"),
    *(b"\x1b]2;PWNED", b"\x1b]52;c;UFdORUQ=", b"\x1b[?1000h\x1b[?25l", b"\x1bP", b"\x1b_Gf=100"),
)
_FORBIDDEN: Final = re.compile(
    "[\x00-\x06\x07\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\U000e0000-\U000e007f]"
)


def leaks(raw: bytes, *, color: bool = True) -> list[str]:
    """What reached a terminal and is neither printable text nor our own styling; empty when nothing did.

    Args:
        raw: Every byte that was written.
        color: Whether anything but text may be there at all.
    """
    found = [f"trace of an attack: {trace!r}" for trace in _FOREIGN if trace in raw]
    rest = _OURS.sub(b"", raw) if color else raw
    if b"\x1b" in rest:
        at = rest.index(b"\x1b")
        found.append(f"a sequence that is not ours: {rest[at : at + 40]!r}")
    try:
        text = rest.decode("utf-8")
    except UnicodeDecodeError as problem:
        return [*found, f"no UTF-8: {problem}"]
    found += [f"a control character: {match[0]!r} in {_around(text, match)}" for match in _FORBIDDEN.finditer(text)][:5]
    return found + _floods(text)


def _floods(text: str) -> list[str]:
    marks = 0
    for at, char in enumerate(text):
        marks = marks + 1 if unicodedata.category(char) in {"Mn", "Me", "Mc"} else 0
        if marks > MARKS:
            return [f"more than {MARKS} marks on one letter: {text[max(0, at - 20) : at + 5]!r}"]
    return []


def _around(text: str, match: re.Match[str]) -> str:
    return repr(text[max(0, match.start() - 20) : match.end() + 20])
