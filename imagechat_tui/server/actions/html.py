"""Comment text as HTML that is safe to show: a Markdown subset and ``[img]``, sanitised; fetches nothing.

Headings, quotes, tables and raw HTML do not exist: their signs stay text. What the sanitiser lets through is the
contract's list of tags.
"""

import re
from collections.abc import Sequence
from typing import Final

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

_TAGS: Final = {"b", "em", "u", "i", "strike", "pre", "span", "code", "img", "a", "strong", "ul", "ol", "li", "br"}
_ATTRIBUTES: Final = {"a": {"href", "title"}, "img": {"src", "alt", "title"}, "ol": {"start"}}
_SCHEMES: Final = {"http", "https", "mailto"}
_IMG: Final = re.compile(r"\[img\]\s*(https?://[^\s\[\]<>\"'()]+)\s*\[/img\]", re.IGNORECASE)
_BLANK_LINES: Final = re.compile(r"\n{3,}")
_BREAKS_AT_END: Final = re.compile(r"(?:<br>\s*)+$")


class _Renderer(RendererHTML):
    """Paragraphs are line breaks: the contract has no ``p``."""

    def paragraph_open(self, _tokens: Sequence[Token], _index: int, _options: OptionsDict, _env: EnvType) -> str:
        return ""

    def paragraph_close(self, tokens: Sequence[Token], index: int, _options: OptionsDict, _env: EnvType) -> str:
        return "" if tokens[index].hidden else "<br><br>"

    def softbreak(self, _tokens: Sequence[Token], _index: int, _options: OptionsDict, _env: EnvType) -> str:
        return "<br>"

    def hardbreak(self, _tokens: Sequence[Token], _index: int, _options: OptionsDict, _env: EnvType) -> str:
        return "<br>"

    def s_open(self, _tokens: Sequence[Token], _index: int, _options: OptionsDict, _env: EnvType) -> str:
        return "<strike>"

    def s_close(self, _tokens: Sequence[Token], _index: int, _options: OptionsDict, _env: EnvType) -> str:
        return "</strike>"


def _parser() -> MarkdownIt:
    parser = MarkdownIt("js-default", {"html": False, "linkify": True, "maxNesting": 20}, renderer_cls=_Renderer)
    return parser.disable(["heading", "lheading", "hr", "table", "blockquote", "reference", "html_block"])


_markdown = _parser()


def render(text: str) -> str:
    """The HTML of a comment; every tag, attribute and address scheme in it is on the contract's list."""
    source = _BLANK_LINES.sub("\n\n", text.replace("\r\n", "\n").replace("\r", "\n"))
    source = _IMG.sub(lambda found: f"![]({found.group(1)})", source)
    dirty = str(_markdown.render(source))
    clean = nh3.clean(
        dirty,
        tags=_TAGS,
        attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
        url_schemes=_SCHEMES,
        link_rel="nofollow noopener noreferrer",
    )
    return _BREAKS_AT_END.sub("", clean.strip())
