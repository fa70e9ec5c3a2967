"""``imagechat config``: where settings are, which ones hold and from where; reads, and never changes a file."""

from pathlib import Path

import click

from imagechat_tui import config as settings
from imagechat_tui import xdg
from imagechat_tui.cli import flags, talk
from imagechat_tui.config import Config, Option
from imagechat_tui.i18n import N_, _

_MASK = N_("(set, not shown)")


@click.group("config")
def command() -> None:
    """Show where settings are, which ones hold, and why."""


@command.command()
@flags.as_json
def path(*, as_json: bool) -> None:
    """Print where the settings of this user are, whether or not the file exists."""
    file = xdg.config_file()
    if as_json:
        project = settings.project_file()
        talk.put_json(
            {"config": str(file), "exists": file.exists(), "project": None if project is None else str(project)}
        )
    else:
        talk.put(str(file))


@command.command()
@flags.as_json
def show(*, as_json: bool) -> None:
    """Print every setting that holds now, and where it comes from."""
    config = settings.load()
    rows = [(option.name, _value(config, option), config.origins[option.name]) for option in _options()]
    if as_json:
        talk.put_json([{"name": name, "value": value, "from": origin} for name, value, origin in rows])
        return
    shown = [[name, _shown(value), origin] for name, value, origin in rows]
    shown += [[f"keys.{action}", key, str(xdg.config_file())] for action, key in config.keys.items()]
    talk.put_table([_("SETTING"), _("VALUE"), _("FROM")], shown)


@command.command()
@click.argument("file", type=click.Path(path_type=Path), required=False)
def validate(file: Path | None) -> None:
    """Check a file (yours and that of the project by default) and the environment; say what is wrong and where."""
    if file is not None and file.name == settings.PROJECT_FILE_NAME:
        settings.read_project(file, {}, {})
        looked_at = [file]
    else:
        settings.load(path=file)
        project = settings.project_file()
        looked_at = [file or xdg.config_file(), *([project] if project is not None else [])]
    for each in looked_at:
        talk.say(
            _("{file}: fine.").format(file=each)
            if each.exists()
            else _("{file}: no such file, so defaults hold; fine.").format(file=each)
        )


def _options() -> list[Option]:
    return list(settings.options().values())


def _value(config: Config, option: Option) -> object:
    table, _dot, name = option.name.rpartition(".")
    value = getattr(config.serve if table else config, name)
    if option.secret and value:
        return _(_MASK)
    return str(value) if isinstance(value, Path) else value


def _shown(value: object) -> str:
    """A value as the file would have it."""
    if value is None:
        return "-"
    return str(value).lower() if isinstance(value, bool) else str(value)
