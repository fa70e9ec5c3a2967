"""The catalogues of messages: what the code says, what each language has of it, and the files made of both.

``python -m tests.support.catalogues`` extracts all messages, brings every ``.po`` up to date and compiles it. It does
what ``pybabel extract --no-location --sort-output`` and ``pybabel update --no-fuzzy-matching`` do, and also takes the
sentences that click shows: descriptions of settings, help of flags, docstrings of commands.
"""

import ast
import inspect
import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from imagechat_tui import i18n

PACKAGE: Final = Path(i18n.__file__).parent
_KEYWORDS: Final = {
    "_": None,
    "N_": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "NP_": ((1, "c"), 2),
}
DATED: Final = datetime(2026, 1, 1, tzinfo=UTC)
_SENTENCES: Final = {"help", "description"}
_COMMANDS: Final = {"command", "group"}


def files() -> list[Path]:
    """The catalogue of every language but the source."""
    return sorted(i18n.LOCALE_DIR.glob(f"*/LC_MESSAGES/{i18n.DOMAIN}.po"))


def read(path: Path) -> Catalog:
    """One of them."""
    return read_po(io.BytesIO(path.read_bytes()), locale=path.parent.parent.name)


def extracted() -> Catalog:
    """Everything that the code says to people."""
    catalogue = Catalog(project="imagechat", charset="utf-8")
    for _name, _line, message, _comments, context in extract_from_dir(
        PACKAGE, method_map=[("**.py", "python")], keywords=_KEYWORDS
    ):
        catalogue.add(message, context=context)
    for path in sorted((*(PACKAGE / "cli").rglob("*.py"), PACKAGE / "config.py")):
        for sentence in shown_by_click(ast.parse(path.read_text(encoding="utf-8"))):
            catalogue.add(sentence)
    return catalogue


def shown_by_click(tree: ast.AST) -> Iterator[str]:
    """Help of flags, descriptions of settings, docstrings of commands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg in _SENTENCES and isinstance(node.value, ast.Constant):
            yield inspect.cleandoc(str(node.value.value))
        elif isinstance(node, ast.FunctionDef) and any(_is_command(each) for each in node.decorator_list):
            yield inspect.cleandoc(ast.get_docstring(node, clean=False) or "")


def _is_command(decorator: ast.expr) -> bool:
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    return isinstance(called, ast.Attribute) and called.attr in _COMMANDS


def po_bytes(catalogue: Catalog) -> bytes:
    """As it is kept: sorted, without the places in the code, which change with every line."""
    # Changed by every extraction, and no news: the history of the repository has the dates.
    catalogue.creation_date = catalogue.revision_date = DATED
    out = io.BytesIO()
    write_po(out, catalogue, width=118, no_location=True, sort_output=True, ignore_obsolete=True, omit_header=False)
    return out.getvalue()


def mo_bytes(catalogue: Catalog) -> bytes:
    """Compiled."""
    out = io.BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def update() -> None:
    """Bring every file up to date."""
    said = extracted()
    for path in files():
        catalogue = read(path)
        catalogue.update(said, no_fuzzy_matching=True)
        path.write_bytes(po_bytes(catalogue))
        path.with_suffix(".mo").write_bytes(mo_bytes(catalogue))


if __name__ == "__main__":
    update()
