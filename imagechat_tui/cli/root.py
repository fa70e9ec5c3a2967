"""The group of commands, and what becomes of the ways in which a command can end; loads one command at a time.

No expected error leaves here as a traceback: one sentence goes to stderr, and the error's type decides the exit code.
"""

import difflib
import importlib
import logging
import sys
from collections.abc import Sequence

import click
from click.shell_completion import CompletionItem

from imagechat_tui import log
from imagechat_tui.cli import overview, speech, talk
from imagechat_tui.cli.language import early
from imagechat_tui.cli.main import leave_pipe
from imagechat_tui.errors import ImagechatError, UsageError
from imagechat_tui.i18n import _

INTERRUPTED = 130
UNEXPECTED = 1

logger = logging.getLogger(__name__)


def run(words: Sequence[str]) -> int:
    """Run one command line and return its exit code."""
    log.to_nowhere()
    try:
        early(words)
        speech.translated(group)
        code = group.main(args=list(words), prog_name="imagechat", standalone_mode=False)
        sys.stdout.flush()
    except BrokenPipeError:
        return leave_pipe()
    except Exception as problem:  # noqa: BLE001 - the last catch of the program; what it cannot name goes to the log
        return _ended_by(problem)
    return code if isinstance(code, int) else 0


def _ended_by(problem: Exception) -> int:
    """Says what went wrong and returns the exit code."""
    match problem:
        case click.Abort():
            talk.say(_("Interrupted."))
            return INTERRUPTED
        case click.ClickException():
            where = problem.ctx.command_path if isinstance(problem, click.UsageError) and problem.ctx else "imagechat"
            hint = _("Try: {command}").format(command=f"{where} --help")
            talk.say(f"{problem.format_message()}\n{hint}")
            return problem.exit_code
        case ImagechatError():
            talk.say(_sentence(str(problem)))
            return problem.exit_code
        case ExceptionGroup() if (inner := problem.subgroup(ImagechatError)) is not None:
            return _ended_by(inner.exceptions[0])
        case _:
            return _unexpected(problem)


def _sentence(words: str) -> str:
    """The words with a capital at the beginning and a stop at the end; a name or address in front stays as it is."""
    first = words.partition(" ")[0]
    if first.isalpha():
        words = words[:1].upper() + words[1:]
    return words if words.endswith((".", "!", "?", "…")) else f"{words}."


def _unexpected(problem: Exception) -> int:
    from imagechat_tui.xdg import log_file

    log.to_file(log_file())
    logger.error("unexpected end of a command", exc_info=problem)
    talk.say(
        _("imagechat failed unexpectedly ({name}: {words}).\nDetails are in {file}").format(
            name=type(problem).__name__, words=log.redacted(str(problem)), file=log_file()
        )
    )
    return UNEXPECTED


class LazyGroup(click.Group):
    """Knows its commands from the overview and loads the one that is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Their names."""
        return list(overview.COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """The command, loaded now."""
        if cmd_name not in overview.COMMANDS:
            return None
        module = importlib.import_module(f"imagechat_tui.cli.{cmd_name}")
        command: click.Command = module.command
        return speech.translated(command)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command of a line, or a hint at the one that was meant."""
        name = args[0]
        if not name.startswith("-") and name not in overview.COMMANDS:
            near = difflib.get_close_matches(name, overview.COMMANDS, n=1)
            hint = (
                _('did you mean "{near}"?').format(near=near[0])
                if near
                else _("to look at a picture: `imagechat open {name}`").format(name=name)
            )
            raise UsageError(_('There is no command "{name}"; {hint}').format(name=name, hint=hint))
        return super().resolve_command(ctx, args)

    def get_help(self, ctx: click.Context) -> str:  # noqa: ARG002 - click's signature
        """The overview."""
        return overview.text()

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:  # noqa: ARG002 - click's signature
        """Names of commands with their sentences, without loading any."""
        return [
            CompletionItem(entry.name, help=_(entry.summary))
            for entry in overview.COMMANDS.values()
            if entry.name.startswith(incomplete)
        ]


@click.group(cls=LazyGroup, invoke_without_command=True, context_settings={"help_option_names": ["--help", "-h"]})
@click.option("--plain", is_flag=True, default=None, help="The boards you looked at last, in lines of words.")
@click.pass_context
def group(ctx: click.Context, *, plain: bool | None) -> int | None:
    """Pin conversations on an image, together, in the terminal."""
    if ctx.invoked_subcommand is not None:
        if plain:
            raise UsageError(
                _("Write --plain behind the command: imagechat {command} --plain").format(
                    command=ctx.invoked_subcommand
                )
            )
        return None
    if not talk.has_terminal() and not plain:
        talk.say(overview.text())
        return UsageError.exit_code
    from imagechat_tui import config
    from imagechat_tui.cli.recent import look

    return look(config.load(flags={"plain": plain}))
