"""Known weaknesses of the installed packages, by pip-audit; a check of the house and no part of the tests.

``python -m tests.support.advisories`` ends with 1 when there is one that ``.ci/advisories.toml`` does not accept with a
reason. Without a way to the advisory service it says so and ends with 0: nothing was audited then.
"""

import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

ACCEPTED: Final = Path(__file__).parents[2] / ".ci" / "advisories.toml"
_SECONDS: Final = 180


class Advisory(Struct, frozen=True):
    """One known weakness."""

    id: str
    fix_versions: list[str] = []
    aliases: list[str] = []


class Package(Struct, frozen=True):
    """What pip-audit says of one package."""

    name: str
    version: str = ""
    skip_reason: str | None = None
    vulns: list[Advisory] = []


class Report(Struct, frozen=True):
    """pip-audit's answer."""

    dependencies: list[Package] = []


class Judgement(Struct, frozen=True, kw_only=True):
    """What comes of a report."""

    failures: list[str]
    notes: list[str]


def judge(answer: bytes, accepted: dict[str, str]) -> Judgement:
    """What a report means; an answer that is none means that the service could not be asked.

    Args:
        answer: pip-audit's JSON.
        accepted: The reason why an advisory does not concern imagechat, by its id or one of its aliases.
    """
    try:
        report = msgspec.json.decode(answer, type=Report)
    except msgspec.MsgspecError:
        return Judgement(failures=[], notes=["the advisory service cannot be reached: nothing was audited"])
    audited = [one for one in report.dependencies if one.skip_reason is None]
    failures, notes, used = [], [f"{len(audited)} of {len(report.dependencies)} packages audited"], set()
    if not audited:
        notes.append("the advisory service cannot be reached: nothing was audited")
    for package in audited:
        for advisory in package.vulns:
            names = [advisory.id, *advisory.aliases]
            reason = next((accepted[name] for name in names if name in accepted), None)
            used |= accepted.keys() & set(names)
            fixed = ", ".join(advisory.fix_versions) or "none"
            said = f"{package.name} {package.version}: {advisory.id}, fixed in {fixed}"
            if reason:
                notes.append(f"{said} (accepted: {reason})")
            else:
                failures.append(said)
    if audited:
        notes += [f"{name} is accepted and was not found; take it out" for name in sorted(accepted.keys() - used)]
    return Judgement(failures=failures, notes=notes)


def accepted_ones() -> dict[str, str]:
    """The reasons in ``.ci/advisories.toml``."""
    return msgspec.convert(tomllib.loads(ACCEPTED.read_text(encoding="utf-8")), type=dict[str, str])


def main() -> int:
    """Ask, say, judge."""
    command = [sys.executable, "-m", "pip_audit", "--skip-editable", "--progress-spinner", "off", "--format", "json"]
    try:
        answer = subprocess.run(command, capture_output=True, check=False, timeout=_SECONDS).stdout
    except subprocess.TimeoutExpired:
        answer = b""
    judgement = judge(answer, accepted_ones())
    for line in (*judgement.notes, *(f"WEAKNESS {failure}" for failure in judgement.failures)):
        sys.stdout.write(f"{line}\n")
    return 1 if judgement.failures else 0


if __name__ == "__main__":
    sys.exit(main())
