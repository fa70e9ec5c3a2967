"""Typed lines: what they ask for, and what is said to those that cannot be understood."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagechat_tui.errors import UsageError
from imagechat_tui.plain_mode import commands
from imagechat_tui.plain_mode.commands import Asked, Target, parse


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        ("list", Asked("list")),
        ("  LIST  open @bo ", Asked("list", text="open @bo")),
        ("ls", Asked("list")),
        ("read 2", Asked("read", target=Target(2))),
        ("read #2", Asked("read", target=Target(2))),
        ("read", Asked("read")),
        ("n", Asked("next")),
        ("previous", Asked("previous")),
        ("next open", Asked("next-open")),
        ("new 25.5 30,2 The label is cut off", Asked("new", point=(25.5, 30.2), text="The label is cut off")),
        ("new 0 100", Asked("new", point=(0, 100))),
        ("reply 2 pixels too wide", Asked("reply", text="2 pixels too wide")),
        ("reply #2 pixels too wide", Asked("reply", target=Target(2), text="pixels too wide")),
        ("reply .3 I agree", Asked("reply", target=Target(None, 3), text="I agree")),
        ("edit #2.3 better", Asked("edit", target=Target(2, 3), text="better")),
        ("reply", Asked("reply")),
        ("resolve", Asked("resolve")),
        ("x 4", Asked("resolve", target=Target(4))),
        ("reopen 4", Asked("reopen", target=Target(4))),
        ("delete 2.3", Asked("delete", target=Target(2, 3))),
        ("move 10 20", Asked("move", point=(10, 20))),
        ("move 3 10 20", Asked("move", target=Target(3), point=(10, 20))),
        ("vote up .2", Asked("vote-up", target=Target(None, 2))),
        ("vote-down 2.2", Asked("vote-down", target=Target(2, 2))),
        ("filter mine open", Asked("filter", text="mine open")),
        ("mark read", Asked("mark-read")),
        ("?", Asked("help")),
        ("help move", Asked("help", text="move")),
        ("q", Asked("quit")),
    ],
)
def test_a_line_asks_for(line: str, asked: Asked) -> None:
    """Names, short names, targets, places and texts."""
    assert parse(line) == asked


@pytest.mark.parametrize("line", ["", "   ", "\t"])
def test_an_empty_line_asks_for_nothing(line: str) -> None:
    """And is no mistake."""
    assert parse(line) is None


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("lits", "Did you mean “list”?"),
        ("xyzzy", "help lists them"),
        ("new", "Like this: new X Y [TEXT]"),
        ("new here there", "Like this: new X Y"),
        ("new 50 101 too low", "0 to 100"),
        ("new nan 5 x", "0 to 100"),
        ("move 1", "Like this: move [MARKER] X Y"),
        ("read two", "write its number"),
        ("quit now", "Like this: quit"),
    ],
)
def test_a_mistake_says_how_it_goes(line: str, said: str) -> None:
    """The nearest name, or the form."""
    with pytest.raises(UsageError, match=r"\w") as mistake:
        parse(line)
    assert said in str(mistake.value)


@given(st.text(max_size=60))
def test_any_line_is_understood_or_refused(line: str) -> None:
    """Nothing else happens."""
    try:
        asked = parse(line)
    except UsageError:
        return
    assert asked is None or asked.name in commands.TABLE


def test_every_name_means_one_command() -> None:
    """Short names included."""
    names = [name for row in commands.TABLE.values() for name in (row.name, *row.also)]
    assert len(names) == len(set(names))
