"""How commands speak: data to stdout, words for people to stderr, both without foreign escape sequences."""

import sys
from collections.abc import Coroutine, Sequence
from typing import Any, TypeVar

from imagechat_tui import plain

T = TypeVar("T")


def has_terminal() -> bool:
    """Whether a person sits at both ends: keyboard and screen."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def say(words: str) -> None:
    """Words for a person, on stderr."""
    print(plain.block(words).rstrip(), file=sys.stderr, flush=True)


def put(text: str) -> None:
    """One line of data, on stdout."""
    print(plain.line(text), flush=True)


def put_indented(text: str) -> None:
    """One line of data below a heading, on stdout; runs of spaces stay, because they make columns."""
    print("  " + plain.block(text).replace("\n", " ").rstrip(), flush=True)


def put_json(value: object) -> None:
    """Data for programs, on stdout: one object, indented only when a person looks at it."""
    import json

    import msgspec

    look: dict[str, Any] = {"indent": 2} if sys.stdout.isatty() else {"separators": (",", ":")}
    print(plain.escaped(json.dumps(msgspec.to_builtins(value), ensure_ascii=False, **look)), flush=True)


def put_table(head: Sequence[str], rows: Sequence[Sequence[str]], *, right: Sequence[int] = ()) -> None:
    """A table for people, on stdout: ``right`` names the columns of numbers."""
    from rich.cells import cell_len

    table = [list(head), *([plain.line(cell) for cell in row] for row in rows)]
    widths = [max(cell_len(row[column]) for row in table) for column in range(len(head))]
    for row in table:
        cells = [
            " " * (width - cell_len(cell)) + cell if column in right else cell + " " * (width - cell_len(cell))
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        print("  ".join(cells).rstrip())


def wait(work: Coroutine[Any, Any, T]) -> T:
    """Run asynchronous work to its end."""
    import asyncio

    return asyncio.run(work)
