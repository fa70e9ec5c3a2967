"""The short pages that a browser gets where a program was expected; no script, no picture, no foreign markup."""

from html import escape
from typing import Final

from imagechat_tui import plain
from imagechat_tui.server.routes.answering import PAGE_POLICY, Answer

_PAGE: Final = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex">
<title>{title}</title>
<style>body{{font:16px/1.5 system-ui,sans-serif;max-width:40em;margin:4em auto;padding:0 1em}}
code{{display:block;padding:.7em 1em;background:#8881;border-radius:.4em;overflow-wrap:anywhere}}</style>
<h1>{title}</h1>
<p>{says}</p>
<code>{command}</code>
</html>
"""


def page(title: str, says: str, command: str) -> Answer:
    """A page of a heading, a sentence and a line to type; all three may hold foreign text."""
    words = {"title": title, "says": says, "command": command}
    body = _PAGE.format(**{name: escape(plain.line(text, most=500)) for name, text in words.items()})
    return Answer(body=body.encode(), media_type=b"text/html; charset=utf-8", headers=PAGE_POLICY)
