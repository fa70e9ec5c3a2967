"""``imagechat doctor``: looks at all that the program needs, says what is wrong and what to do; changes nothing."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from imagechat_tui.cli import flags, reaching, talk
from imagechat_tui.cli.bundling import bundle
from imagechat_tui.cli.examining import Finding, configuration, folders, server, terminal, versions
from imagechat_tui.config import Config
from imagechat_tui.errors import ImagechatError, UnreachableError, UsageError, UserError
from imagechat_tui.i18n import _

_SIGNS = {"ok": "✓", "note": "·", "wrong": "✗"}


@click.command("doctor")
@flags.as_json
@click.option(
    "--bundle",
    "into",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    metavar="FILE",
    help="Write what was found, the settings and the last lines of the log to FILE (- for stdout), without secrets.",
)
@flags.loose_settings(*reaching.CONNECTION_OPTIONS, says=flags.LAST_SIGNED_IN)
def command(*, given: Mapping[str, object], as_json: bool, into: Path | None) -> int:
    """Check terminal, server, folders and versions. Exit code 1 or 3 when something is wrong."""
    if as_json and into is not None:
        raise UsageError(_("Choose one of --json and --bundle."))
    found, config = configuration(given)
    found += [*terminal(config or Config()), *folders(), *versions()]
    if config is not None:
        try:
            where = reaching.usual_server(config)
            if where is None:
                words = _("none; files are opened on a local server that is started when needed")
                found.append(Finding(area="server", name="address", verdict="ok", found=words))
            else:
                kept = reaching.credentials().of(where.key, config.tenant)
                found += talk.wait(server(where, kept))
        except ImagechatError as problem:
            found.append(Finding(area="server", name="server", verdict="wrong", found=str(problem)))
    if into is not None:
        _write(into, bundle(found, config))
    elif as_json:
        talk.put_json(found)
    else:
        _show(found)
    return _exit_code(found)


def _show(findings: Sequence[Finding]) -> None:
    area = ""
    for finding in findings:
        if finding.area != area:
            area = finding.area
            print(f"\n{area}" if finding is not findings[0] else area)
        talk.put_indented(f"{_SIGNS[finding.verdict]} {finding.name:12} {finding.found}")
        if finding.advice:
            talk.put_indented(f"  {'':12} {finding.advice}")
        if area == "terminal" and finding.name == "glyphs":
            _show_samples()


def _show_samples() -> None:
    from imagechat_tui.cli.samples import discs

    name = _("to look at")
    for place, row in enumerate(discs()):
        print(f"    {'' if place else name:12} {row}")
    for words in (_("Each should be a round disc. Boxes, question marks or stripes mean that the font lacks "
"it:"),
                  _("choose another one with --mode, such as --mode quadrant or --mode half.")):  # fmt: skip
        print(f"    {'':12} {words}")


def _write(into: Path, text: str) -> None:
    if str(into) == "-":
        print(text, end="", flush=True)
        return
    try:
        into.write_text(text, encoding="utf-8")
    except OSError as problem:
        raise UserError(
            _("{file} cannot be written: {reason}.").format(file=into, reason=problem.strerror or problem)
        ) from None
    talk.say(_("{file} is written. Read it through before you pass it on.").format(file=into))


def _exit_code(findings: Sequence[Finding]) -> int:
    wrong = {finding.area for finding in findings if finding.verdict == "wrong"}
    if wrong == {"server"}:
        return UnreachableError.exit_code
    return UserError.exit_code if wrong else 0
