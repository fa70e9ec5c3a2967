"""``imagechat doctor``: looks at all that the program needs, says what is wrong and what to do; changes nothing."""

from collections.abc import Mapping, Sequence

import click

from imagechat_tui.cli import flags, reaching, talk
from imagechat_tui.cli.examining import Finding, configuration, folders, server, terminal, versions
from imagechat_tui.errors import ImagechatError, UnreachableError, UserError

_SIGNS = {"ok": "✓", "note": "·", "wrong": "✗"}
_SAMPLE = "half ▀▄   quadrants ▙▚▜   sextants 🬗🬤🬹   octants 𜴀𜴆𜴍   braille ⡏⣷⢸   lines ┏━┓"


@click.command("doctor")
@flags.as_json
@flags.loose_settings(*reaching.CONNECTION_OPTIONS, says=flags.LAST_SIGNED_IN)
def command(*, given: Mapping[str, object], as_json: bool) -> int:
    """Check terminal, server, folders and versions. Exit code 1 or 3 when something is wrong."""
    found, config = configuration(given)
    found += [*terminal(), *folders(), *versions()]
    if config is not None:
        try:
            where = reaching.usual_server(config)
            if where is None:
                words = "none; files are opened on a local server that is started when needed"
                found.append(Finding(area="server", name="address", verdict="ok", found=words))
            else:
                kept = reaching.credentials().of(where.key, config.tenant)
                found += talk.wait(server(where, kept))
        except ImagechatError as problem:
            found.append(Finding(area="server", name="server", verdict="wrong", found=str(problem)))
    if as_json:
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
            talk.put_indented(f"  {'to look at':12} {_SAMPLE}")


def _exit_code(findings: Sequence[Finding]) -> int:
    wrong = {finding.area for finding in findings if finding.verdict == "wrong"}
    if wrong == {"server"}:
        return UnreachableError.exit_code
    return UserError.exit_code if wrong else 0
