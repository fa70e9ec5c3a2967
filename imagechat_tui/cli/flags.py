"""Flags made from the declarations of ``config``: same name, type, default and sentence as in file and environment."""

import functools
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, get_args

import click

from imagechat_tui import config as settings
from imagechat_tui.config import Option
from imagechat_tui.i18n import N_

LAST_SIGNED_IN = {"server": N_("Server to use; without it the one signed in to last.")}
"""``says`` of commands that have no use for the local server."""


def with_settings(
    *names: str, says: Mapping[str, str] | None = None
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Gives a command a flag for each of these options, and the settings of the run as ``config``.

    ``says`` has another sentence where an option means something special to this command.
    """

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def call(*args: Any, given: Mapping[str, object], **kwargs: Any) -> Any:
            return function(*args, config=settings.load(flags=given), **kwargs)

        return loose_settings(*names, says=says)(call)

    return decorate


def loose_settings(
    *names: str, says: Mapping[str, str] | None = None
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The same flags for a command that reads settings itself: what was ``given``, by option name."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            flags = {name: kwargs.pop(_parameter(name)) for name in names}
            return function(*args, given=flags, **kwargs)

        decorated: Callable[..., Any] = call
        for name in reversed(names):
            option = settings.options()[name]
            decorated = _option(option, (says or {}).get(name, option.description))(decorated)
        return decorated

    return decorate


as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def _option(option: Option, sentence: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    words = f"{sentence} [{option.variable}"
    words += f"; default: {option.default}]" if _shown(option.default) else "]"
    if get_args(option.type)[0] is bool:
        flag = option.flag if not option.default else f"{option.flag}/--no-{option.flag.removeprefix('--')}"
        return click.option(flag, _parameter(option.name), is_flag=True, default=None, help=words)
    return click.option(option.flag, _parameter(option.name), default=None, help=words, **_kind(option))


def _kind(option: Option) -> dict[str, Any]:
    if option.choices:
        return {"type": click.Choice(option.choices)}
    inner = get_args(option.type)[0]
    if inner is Path or Path in get_args(inner):
        return {"type": click.Path(path_type=Path), "metavar": "PATH"}
    return {"metavar": "NUMBER" if inner in {int, float} else "TEXT"}


def _parameter(name: str) -> str:
    return name.replace(".", "_")


def _shown(default: object) -> bool:
    """Whether a default says more than the name of its flag."""
    return isinstance(default, str | int | float) and not isinstance(default, bool)
