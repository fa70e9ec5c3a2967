"""Every word for people can be translated, and every language has all of them."""

import ast
import gettext
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message

from imagechat_tui import errors, i18n
from imagechat_tui.errors import ImagechatError
from tests.support import catalogues

PACKAGE = catalogues.PACKAGE
LANGUAGES = [path.parent.parent.name for path in catalogues.files()]
PLACEHOLDER = re.compile(r"\{[^{}]*\}")
DATES = {("date", "{year}-{month:02}-{day:02}")}
"""Other languages write them with other signs and widths."""


@pytest.fixture(scope="module")
def said() -> Catalog:
    """All messages of the code."""
    return catalogues.extracted()


def catalogue(language: str) -> Catalog:
    """What a language has."""
    return catalogues.read(i18n.LOCALE_DIR / language / "LC_MESSAGES" / "imagechat.po")


def messages(of: Catalog) -> Iterator[Message]:
    """Without the header."""
    return (message for message in of if message.id)


def forms(text: object) -> tuple[str, ...]:
    """The forms of a message: one, or one for each kind of number."""
    return (text,) if isinstance(text, str) else tuple(text)  # type: ignore[arg-type] # babel's own union


def test_there_are_english_and_slovene() -> None:
    """The source first."""
    assert i18n.languages() == ("en", "sl")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_is_complete(language: str, said: Catalog) -> None:
    """Nothing is missing, doubtful or left over; ``python -m tests.support.catalogues`` finds what is new."""
    has = catalogue(language)
    wanted = {(message.context, forms(message.id)) for message in messages(said)}
    found = {(message.context, forms(message.id)): message for message in messages(has)}
    assert wanted == found.keys()
    for (_context, ids), message in found.items():
        assert all(forms(message.string)), f"not translated: {ids[0]}"
        assert not message.fuzzy, f"doubtful: {ids[0]}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_has_the_same_placeholders(language: str) -> None:
    """Else it would fail, or hide a fact, at the moment it is shown."""
    for message in messages(catalogue(language)):
        if (message.context, message.id) in DATES:
            continue
        ids = forms(message.id)
        allowed = [sorted(PLACEHOLDER.findall(one)) for one in ids]
        for text in forms(message.string):
            assert sorted(PLACEHOLDER.findall(text)) in allowed, text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_keeps_commands_and_flags(language: str) -> None:
    """What has to be typed is not translated."""
    for message in messages(catalogue(language)):
        typed = re.compile(r"--[a-z-]{3,}|`[^`{]+`|https?://")
        wanted = set(typed.findall(forms(message.id)[0]))
        for text in forms(message.string):
            missing = {one for one in wanted if one not in text and not one.startswith("`")}
            assert not missing, f"{missing} in {text}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_catalogue_is_that_of_the_text(language: str) -> None:
    """What is shipped is what can be read."""
    path = i18n.LOCALE_DIR / language / "LC_MESSAGES" / "imagechat"
    shipped = gettext.GNUTranslations(io.BytesIO(path.with_suffix(".mo").read_bytes()))
    again = gettext.GNUTranslations(io.BytesIO(catalogues.mo_bytes(catalogue(language))))
    assert vars(shipped)["_catalog"] == vars(again)["_catalog"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_text_of_a_catalogue_is_as_it_is_written_by_the_command(language: str) -> None:
    """So that two people who add a word change the same lines."""
    path = i18n.LOCALE_DIR / language / "LC_MESSAGES" / "imagechat.po"
    assert path.read_bytes() == catalogues.po_bytes(catalogues.read(path))


# What stands in the code -----------------------------------------------------------------------------------------

SHOWN = ("cli", "tui", "plain_mode", "client", "config.py")
WORDS = re.compile(
    r"[A-Za-z]+[,:;]? [A-Za-z]{2,}|^[A-Z][a-z]+[.:!?…]?$|[a-z]{2,}[.!?…]$|[A-Za-z]{3,}[:,]? \{\}|\{\} [A-Za-z]{3,}"
)
MARKED = {"_", "N_", "ngettext", "pgettext", "NP_"}
NOT_FOR_PEOPLE = {"LookupError", "TypeError", "ValueError", "RuntimeError", "AssertionError", "ProtocolError",
                  "SocketEnded"}  # fmt: skip
LOGS = {"_log", "logger"}
SAID_BY_CLICK = {"help", "description"}
ALLOWED = {
    "Accept", "Authorization", "Location", "multipart/form-data; boundary={}", "serve.",  # the wire and the settings
    "round trip",  # names of findings, which programs read
    "target and text", "point and text", "target and point", "tuple[Cells, int]", "Library", "Application Support",
    ".BR imagechat (1)\n", "imagechat demo", "imagechat COMMAND --help", "imagechat {}", "imagechat {} {}",
    ".B imagechat\n[COMMAND] [OPTIONS]\n", '.TH {} 1 "" "imagechat {}"\n', "--trusted-proxies: {}",  # what is typed
    "imagechat {}\n{}\n", "commit {}", "built {}", "; default: {}]",  # versions and what click itself writes
    "Bearer {}", "edit {}", "{} rgb({}, {}, {})", "{} min",  # the wire, a file, colors, units
    "a listener failed", "the live connection failed", "{} failed",  # the log
}  # fmt: skip
ALLOWED_FILES = {"bundling.py"}
"""A report for the maintainers, who read English."""
PLAIN_FACTS = {"found", "advice"}
"""What a check says: also a single word has to be one of the reader's."""
ERRORS = {name for name, found in vars(errors).items()
          if isinstance(found, type) and issubclass(found, ImagechatError)} - NOT_FOR_PEOPLE  # fmt: skip


def shown() -> Iterator[Path]:
    """The files whose words people see."""
    for name in SHOWN:
        path = PACKAGE / name
        yield from sorted(path.rglob("*.py")) if path.is_dir() else [path]


def problems() -> Iterator[Path]:
    """The files that may raise what somebody at a terminal reads: all but those whose words travel to programs."""
    return (path for path in sorted(PACKAGE.rglob("*.py")) if "routes" not in path.parts)


def unmarked(node: ast.AST) -> Iterator[tuple[int, str]]:
    """Words that are not marked for translation, with their lines."""
    if _is_marked(node) or _is_silent(node):
        return
    if isinstance(node, ast.JoinedStr):
        text = "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
        inside: list[ast.AST] = [part for part in node.values if not isinstance(part, ast.Constant)]
    else:
        text = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
        types = (getattr(node, "annotation", None), getattr(node, "returns", None))
        inside = [child for child in ast.iter_child_nodes(node) if child not in types]
    if WORDS.search(text):
        yield getattr(node, "lineno", 0), text
    for part in inside:
        yield from unmarked(part)


def _is_marked(node: ast.AST) -> bool:
    """Whether its words are translated here or, by click, there."""
    if isinstance(node, ast.Call):
        return _name(node.func) in MARKED
    return isinstance(node, ast.keyword) and node.arg in SAID_BY_CLICK


def _is_silent(node: ast.AST) -> bool:
    """Whether nobody is shown its words: logs, docstrings, faults of the program."""
    if isinstance(node, ast.Raise):
        return isinstance(node.exc, ast.Call) and _name(node.exc.func) in NOT_FOR_PEOPLE
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    return isinstance(node, ast.Call) and _owner(node.func) in LOGS


def _name(called: ast.expr) -> str:
    if isinstance(called, ast.Name):
        return called.id
    return called.attr if isinstance(called, ast.Attribute) else ""


def _owner(called: ast.expr) -> str:
    return called.value.id if isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name) else ""


@pytest.mark.parametrize("path", list(shown()), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_every_word_for_people_can_be_translated(path: Path) -> None:
    """A sentence is in ``_()``, ``ngettext()`` or ``N_()``; never inside an f-string, where extractors do not look."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    if path.name not in ALLOWED_FILES:
        found = [
            (line, text) for line, text in unmarked(tree) if text not in ALLOWED and not text.startswith("--{}\r\n")
        ]
        assert not found, f"{path.name}: {found}"
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            hidden = [
                ast.unparse(call)
                for call in ast.walk(node)
                if isinstance(call, ast.Call) and _name(call.func) in MARKED
                and any(isinstance(argument, ast.Constant) for argument in call.args)
            ]  # fmt: skip
            assert not hidden, f"{path.name}: {hidden}"


@pytest.mark.parametrize("path", list(problems()), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_every_problem_of_a_person_can_be_translated(path: Path) -> None:
    """Also those of a server that cannot start, of pictures and of copies; what travels is for programs."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and _name(node.func) in ERRORS:
            found = [
                text
                for part in (*node.args, *node.keywords)
                for _line, text in unmarked(part)
                if text not in ALLOWED and not text.startswith("{}: {}")
            ]
            assert not found, f"{path.name}: {found}"
        if isinstance(node, ast.keyword) and node.arg in PLAIN_FACTS and isinstance(node.value, ast.Constant):
            assert node.value.value == "", f"{path.name}: line {node.lineno}"


# Which language --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("variables", "language"),
    [
        ({}, "en"),
        ({"LANG": "sl_SI.UTF-8"}, "sl"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8", "LC_MESSAGES": "sl_SI"}, "sl"),
        ({"LC_ALL": "C", "LC_MESSAGES": "sl_SI", "LANG": "sl_SI"}, "en"),
        ({"LANGUAGE": "de:sl:en", "LANG": "de_DE.UTF-8"}, "sl"),
        ({"LANGUAGE": "en:sl", "LC_ALL": "sl_SI.UTF-8"}, "en"),
        ({"LANGUAGE": "", "LANG": "sl"}, "sl"),
    ],
)
def test_the_environment_says_which_language(variables: dict[str, str], language: str) -> None:
    """The first variable that is set decides, by the first language that is there."""
    assert i18n.from_environment(variables) == language


@pytest.mark.parametrize("name", ["sl", "SL", "sl_SI", "sl-SI", "sl_SI.UTF-8", "sl_SI@euro"])
def test_a_language_has_many_names(name: str) -> None:
    """As locales are written."""
    i18n.choose(name)
    assert i18n.language() == "sl"
    assert i18n._("Quit; drafts are kept") == "Izhod; osnutki se ohranijo"


def test_a_language_that_is_not_there_is_refused() -> None:
    """Not taken in silence."""
    with pytest.raises(LookupError):
        i18n.choose("xx")
    assert i18n.language() == "en"


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (0, "0 komentarjev"), (1, "1 komentar"), (2, "2 komentarja"), (3, "3 komentarji"), (4, "4 komentarji"),
        (5, "5 komentarjev"), (11, "11 komentarjev"), (100, "100 komentarjev"), (101, "101 komentar"),
        (102, "102 komentarja"), (103, "103 komentarji"), (112, "112 komentarjev"), (202, "202 komentarja"),
    ],
)  # fmt: skip
def test_slovene_has_four_forms(count: int, said: str) -> None:
    """One, two, three or four, and all others, by the last two digits."""
    i18n.choose("sl")
    assert i18n.ngettext("{n} comment", "{n} comments", count).format(n=count) == said
