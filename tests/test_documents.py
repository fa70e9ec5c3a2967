"""README and CONTRIBUTING say what the code says; their tables are written by it.

``IMAGECHAT_UPDATE_DOCUMENTS=1 pytest tests/test_documents.py`` writes the tables anew.
"""

import asyncio
import inspect
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from imagechat_tui import config
from imagechat_tui.cli import overview
from imagechat_tui.core import link
from imagechat_tui.protocol import paths
from imagechat_tui.render.known import ANY_VERSION, KNOWN
from imagechat_tui.server.routes import table
from imagechat_tui.tui import alerts, keys
from tests.support import subset
from tests.support.weights import weigh

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
CONTRIBUTING = ROOT / "CONTRIBUTING.md"
_OF_OPERATORS = {"/healthz", "/readyz", "/metrics"}


def commands() -> str:
    """The commands by subject."""
    rows = ["| command | does |", "| --- | --- |"]
    for entries in overview.SECTIONS.values():
        rows += [f"| `imagechat {entry.name}` | {entry.summary} |" for entry in entries]
    return "\n".join(rows)


def key_table() -> str:
    """The keys by subject."""
    rows = ["| keys | what they do |", "| --- | --- |"]
    for category, listed in keys.by_category():
        rows.append(f"| **{category}** | |")
        rows += [f"| {' '.join(f'`{key}`' for key in shown.split())} | {sentence} |" for shown, sentence in listed]
    return "\n".join(rows)


def settings() -> str:
    """The options as they are declared."""
    rows = ["| key | default | variable | what it is |", "| --- | --- | --- | --- |"]
    for option in config.options().values():
        default = "" if option.default is None else f"`{option.default}`"
        choices = f" One of {', '.join(option.choices)}." if option.choices else ""
        rows.append(f"| `{option.name}` | {default} | `{option.variable}` | {option.description}{choices} |")
    return "\n".join(rows)


def weights() -> str:
    """Bytes on the wire, measured."""
    with tempfile.TemporaryDirectory() as folder:
        weighed = asyncio.run(weigh(Path(folder) / "data"))
    rows = ["| operation | request | reply | one broadcast | together |", "| --- | ---: | ---: | ---: | ---: |"]
    for name, one in weighed.weights.items():
        rows.append(f"| {name} | {one.request} | {one.reply} | {one.broadcast} | {one.total} |")
    return "\n".join(rows)


def terminals() -> str:
    """What each terminal gets, as the app decides."""
    rows = [
        '| terminal | glyphs of the picture | pixels | colors | `notify = "auto"` |',
        "| --- | --- | --- | --- | --- |",
    ]
    for name, known in KNOWN.items():
        glyphs = ", ".join(level.name.lower() + _since(version) for version, level in known.glyphs)
        pixels = f"yes{_since(known.graphics)}" if known.graphics else "no"
        way = alerts.by_terminal(name)
        rows.append(f"| {name} | {glyphs} | {pixels} | {known.colors.flag} | {way} |")
    return "\n".join(rows)


def _since(version: tuple[int, ...]) -> str:
    return f" (from {'.'.join(map(str, version))})" if version != ANY_VERSION else ""


def endpoints() -> str:
    """Every route of the server, the handler's own sentence, and where its shape comes from."""
    rows = ["| endpoint | source | what it does |", "| --- | --- | --- |"]
    for entry in sorted(table.entries(), key=lambda entry: (entry.path, entry.method)):
        published = any(
            method == entry.method and subset.fits(path, entry.path) for method, path in subset.operations()
        )
        ours = entry.path in _OF_OPERATORS or entry.path.startswith(paths.OURS)
        source = "schema" if published else "ours" if ours else "guide"
        told = inspect.getdoc(entry.handler.func if isinstance(entry.handler, partial) else entry.handler) or ""
        rows.append(f"| `{entry.method} {entry.path}` | {source} | {told.splitlines()[0].replace('``', '`')} |")
    return "\n".join(rows)


TABLES: dict[str, tuple[Path, Callable[[], str]]] = {
    "commands": (README, commands),
    "keys": (README, key_table),
    "settings": (README, settings),
    "terminals": (README, terminals),
    "link": (CONTRIBUTING, lambda: f"```mermaid\n{link.table_as_mermaid()}\n```"),
    "bytes": (CONTRIBUTING, weights),
    "endpoints": (CONTRIBUTING, endpoints),
}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_says_what_the_code_says(name: str) -> None:
    """A document that lies fails."""
    path, render = TABLES[name]
    text = path.read_text()
    opening, closing = f"<!-- {name} -->\n", f"<!-- /{name} -->"
    assert text.count(opening) == 1
    head, rest = text.split(opening)
    _, tail = rest.split(closing)
    expected = f"{head}{opening}{render()}\n{closing}{tail}"
    if os.environ.get("IMAGECHAT_UPDATE_DOCUMENTS"):
        path.write_text(expected)
    assert path.read_text() == expected


def test_the_tree_names_every_floor() -> None:
    """A new folder is explained before it lands."""
    drawn = CONTRIBUTING.read_text()
    for path in (ROOT / "imagechat_tui").iterdir():
        name = path.stem
        if not name.startswith("_") and name not in {"py", "locale"} and (path.is_dir() or path.suffix == ".py"):
            assert re.search(rf"\b{name}\b", drawn), f"CONTRIBUTING does not explain {name}"


def test_the_first_screen_has_its_picture() -> None:
    """Every picture that README shows exists."""
    shown = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", README.read_text())
    assert shown
    for name in shown:
        assert (ROOT / name).is_file(), name


def test_the_first_screen_is_short() -> None:
    """One sentence, a picture, a command, five to nine bullets."""
    first = README.read_text().split("\n## ")[0]
    assert 5 <= len(re.findall(r"^- ", first, re.MULTILINE)) <= 9


def test_every_flag_that_readme_names_exists() -> None:
    """A flag in an example is in the command's help."""
    for command, rest in re.findall(r"imagechat ([a-z]+)((?: [^`\n|]*)?)", README.read_text()):
        if command not in overview.COMMANDS:
            continue
        flags = set(re.findall(r"(?<=\s)(--[a-z-]+)", rest))
        if not flags - {"--help", "--json"}:
            continue
        words = [command, "add"] if command == "tenant" else [command]
        shown = subprocess.run(
            [sys.executable, "-m", "imagechat_tui", *words, "--help"],
            capture_output=True,
            text=True,
            check=True,
            cwd=ROOT,
        ).stdout
        for flag in flags:
            assert flag in shown, f"imagechat {command} has no {flag}"


def test_the_project_speaks_of_itself_alone() -> None:
    """No path of the machine that it was written on, no registry's host."""
    tracked = subprocess.run(["git", "ls-files"], capture_output=True, text=True, check=True, cwd=ROOT).stdout.split()
    banned = re.compile(r"/(?:work/main|work/shared|root)/?|pypi\.org|pythonhosted|registry\.npmjs", re.IGNORECASE)
    for name in tracked:
        path = ROOT / name
        if path.suffix in {".py", ".md", ".toml", ".tcss", ".txt", ""} and path.is_file() and path != Path(__file__):
            found = banned.search(path.read_text(errors="replace"))
            assert found is None, f"{name}: {found}"
