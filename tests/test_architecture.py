"""The house is built as drawn: floors, sizes, words and what a fresh process loads."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "imagechat_tui"
MOST_LINES = 400
VAGUE_NAMES = {"utils", "helpers", "common", "base", "manager", "handler", "service", "misc"}


def modules(folder: Path = PACKAGE) -> Iterator[Path]:
    """Every Python file of the project below a folder."""
    return (path for path in sorted(folder.rglob("*.py")) if "__pycache__" not in path.parts)


def loaded_by(code: str) -> set[str]:
    """The names of all modules that a fresh process has after running ``code``."""
    script = f"{code}\nimport sys; print(' '.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    return set(done.stdout.split())


def test_nobody_imports_what_lies_above() -> None:
    """The contracts of ``pyproject.toml``, checked by import-linter."""
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([str(linter), "--no-cache"], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("path", list(modules()), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_is_short_says_what_it_is_for_and_has_a_telling_name(path: Path) -> None:
    """A file near 400 lines is asking to be split; a vague name hides what lives there."""
    text = path.read_text()
    assert len(text.splitlines()) <= MOST_LINES
    assert path.stem not in VAGUE_NAMES
    assert ast.get_docstring(ast.parse(text)), "a module starts with what it is for"


def test_an_init_file_exports_few_names() -> None:
    """A package's face is small."""
    for path in modules():
        if path.name == "__init__.py":
            tree = ast.parse(path.read_text())
            exported = [name for node in tree.body if isinstance(node, ast.ImportFrom) for name in node.names]
            assert len(exported) <= 8, path


def test_the_core_loads_neither_an_event_loop_nor_pictures() -> None:
    """It can be tested without clock or network because it has neither."""
    loaded = loaded_by("import imagechat_tui.core.session")
    assert not loaded & {"asyncio", "PIL", "textual", "httpx", "websockets", "sqlalchemy", "numpy"}


def test_help_loads_neither_the_app_nor_the_server() -> None:
    """``--help`` answers at once."""
    loaded = loaded_by(
        "import sys; sys.argv=['imagechat','--help']\n"
        "from imagechat_tui.cli.main import main\n"
        "try: main()\nexcept SystemExit: pass"
    )
    assert not loaded & {"textual", "starlette", "uvicorn", "httpx", "websockets", "sqlalchemy", "PIL", "numpy", "rich"}


def test_every_dependency_has_its_reason_beside_it() -> None:
    """A comment line stands above each group of dependencies."""
    lines = (ROOT / "pyproject.toml").read_text().splitlines()
    inside = False
    reason = False
    for line in lines:
        if re.match(r"(dependencies|cluster|dev) = \[", line):
            inside, reason = True, False
        elif inside and line.startswith("]"):
            inside = False
        elif inside and line.strip().startswith("#"):
            reason = True
        elif inside and "imagechat-tui[" not in line:
            assert reason, f"no reason beside {line.strip()}"


def test_the_named_libraries_stay() -> None:
    """The user's choices are dependencies."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    named = {re.split(r"[\[><=;~! ]", entry)[0] for entry in project["dependencies"]}
    tests = {re.split(r"[\[><=;~! ]", entry)[0] for entry in project["optional-dependencies"]["dev"]}
    assert {"textual", "websockets", "pillow", "rich-pixels", "httpx"} <= named
    assert "pytest" in tests


def test_nothing_in_the_package_is_left_for_later() -> None:
    """Work that is not done is not in the tree."""
    for path in modules():
        assert not re.search(r"#.*\b(TODO|FIXME|XXX|HACK)\b", path.read_text()), path
