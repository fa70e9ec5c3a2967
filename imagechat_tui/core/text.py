"""The words of a comment out of its sanitised HTML, for hosts that do not send the raw text.

It only takes tags away: line breaks, list dots and addresses of links and pictures stay readable. What it returns is
still foreign text.
"""

from html.parser import HTMLParser
from typing import Final

_BREAKING: Final = frozenset({"p", "div", "ul", "ol", "li", "pre", "blockquote", "h1", "h2", "h3"})
_SILENT: Final = frozenset({"script", "style", "template"})


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._href: str | None = None
        self._label: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
        elif tag == "br":
            self.parts.append("\n")
        elif tag in _BREAKING:
            self._line()
            if tag == "li":
                self.parts.append("- ")
        elif tag == "img":
            self.parts.append(dict(attrs).get("src") or "")
        elif tag == "a":
            self._href = dict(attrs).get("href")
            self._label = []

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(self._silent - 1, 0)
        elif tag in _BREAKING:
            self._line()
        elif tag == "a":
            label = "".join(self._label).strip()
            if self._href and self._href not in {label, f"mailto:{label}"}:
                self.parts.append(f" ({self._href})" if label else self._href)
            self._href = None

    def handle_data(self, data: str) -> None:
        if self._silent:
            return
        self.parts.append(data)
        if self._href is not None:
            self._label.append(data)

    def _line(self) -> None:
        if self.parts and not self.parts[-1].endswith("\n"):
            self.parts.append("\n")


def plain_text(html: str) -> str:
    """The text of a comment's HTML; never raises, whatever the HTML is."""
    if "<" not in html and "&" not in html:
        return html.strip()
    words = _Words()
    words.feed(html)
    words.close()
    return "".join(words.parts).strip()
