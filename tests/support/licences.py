"""The licences of everything that is installed for imagechat, from the packages' own metadata; copyleft is flagged.

``python -m tests.support.licences`` writes the table in CONTRIBUTING anew. A package whose licence is not known is an
error: somebody has to look.
"""

import re
from collections import defaultdict
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Final

from msgspec import Struct
from packaging.requirements import Requirement

CONTRIBUTING: Final = Path(__file__).parents[2] / "CONTRIBUTING.md"
OPENING: Final = "<!-- licences -->\n"
CLOSING: Final = "<!-- /licences -->"
GROUPS: Final = ("app", "cluster", "dev")
"""Who needs a package: everybody, ``[cluster]``, or only who works on the project."""
_COPYLEFT: Final = re.compile(r"GPL|MPL|EPL|CDDL|EUPL|OSL|General Public|Mozilla", re.IGNORECASE)
_NAMES: Final = {
    "MIT License": "MIT", "Apache Software License": "Apache-2.0", "Apache 2.0": "Apache-2.0",
    "Apache License": "Apache-2.0", "BSD License": "BSD", "BSD 2-Clause License": "BSD-2-Clause",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0", "Python Software Foundation License": "PSF-2.0",
    "PSFL": "PSF-2.0", "GNU Lesser General Public License v3 (LGPLv3)": "LGPL-3.0",
}  # fmt: skip
_LONGEST: Final = 80


class Licensed(Struct, frozen=True, kw_only=True):
    """A package and what it may be used under."""

    name: str
    licence: str
    group: str

    @property
    def copyleft(self) -> bool:
        """Whether changes to it have to stay under its licence."""
        return _COPYLEFT.search(self.licence) is not None


def all_installed() -> list[Licensed]:
    """Every package that imagechat needs, directly or not, and that is installed; each where it is needed first."""
    found: dict[str, Licensed] = {}
    for group in GROUPS:
        extras = {"app": {""}, "cluster": {"cluster"}, "dev": {"dev"}}[group]
        for name, one in sorted(_closure("imagechat-tui", extras).items()):
            found.setdefault(name, Licensed(name=name, licence=licence_of(one), group=group))
    found.pop("imagechat-tui")
    return sorted(found.values(), key=lambda one: one.name)


def licence_of(package: Distribution) -> str:
    """A package's licence: its expression, else its short licence field, else its classifiers, else its licence file.

    Raises:
        LookupError: It says nothing.
    """
    said = package.metadata.json
    field = str(said.get("license", "")).strip().partition("\n")[0].strip()
    classifiers = [line.rpartition(" :: ")[2] for line in said.get("classifier", []) if line.startswith("License ::")]
    names = [
        str(said.get("license_expression", "")),
        field if len(field) <= _LONGEST else "",
        " OR ".join(sorted(classifiers)),
    ]
    named = next((name for name in names if name), None) or _first_words(package)
    if named is None:
        raise LookupError(f"{package.name} does not say under which licence it is")
    return _NAMES.get(named, named)


def table(packages: list[Licensed]) -> str:
    """The table of CONTRIBUTING."""
    rows: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    flagged: set[str] = set()
    for one in packages:
        rows[one.licence][one.group].append(one.name)
        if one.copyleft:
            flagged.add(one.licence)
    lines = [
        "| licence | copyleft | the app and the server | several nodes | development |",
        "| --- | --- | --- | --- | --- |",
    ]
    for licence in sorted(rows, key=str.lower):
        cells = [" ".join(rows[licence][group]) for group in GROUPS]
        lines.append(f"| {licence} | {'**yes**' if licence in flagged else 'no'} | {' | '.join(cells)} |")
    return "\n".join(lines)


def written() -> dict[str, bool]:
    """What CONTRIBUTING says: whether a package is copyleft, by its name."""
    text = CONTRIBUTING.read_text(encoding="utf-8")
    lines = text.partition(OPENING)[2].partition(CLOSING)[0].splitlines()[2:]
    found: dict[str, bool] = {}
    for line in lines:
        _, copyleft, *names = (cell.strip() for cell in line.strip("| ").split(" | "))
        found |= {name: copyleft != "no" for cell in names for name in cell.split()}
    return found


def _closure(name: str, extras: set[str]) -> dict[str, Distribution]:
    seen: dict[str, Distribution] = {}
    asked: set[tuple[str, str]] = set()
    waiting = [(name, extra) for extra in extras | {""}]
    while waiting:
        wanted, extra = waiting.pop()
        if (wanted, extra) in asked:
            continue
        asked.add((wanted, extra))
        try:
            package = distribution(wanted)
        except PackageNotFoundError:
            continue
        seen[_canonical(wanted)] = package
        for line in package.requires or ():
            need = Requirement(line)
            if need.marker is None or need.marker.evaluate({"extra": extra}):
                waiting += [(_canonical(need.name), more) for more in {*need.extras, ""}]
    return seen


def _first_words(package: Distribution) -> str | None:
    """What the licence file of a package opens with."""
    for file in package.files or ():
        if re.match(r"LICEN[CS]E|COPYING", file.name, re.IGNORECASE) and ".dist-info" in str(file):
            words = Path(file.locate()).read_text(encoding="utf-8", errors="replace").strip()
            return words.partition("\n")[0].strip() or None
    return None


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def main() -> None:
    """Write the table."""
    text = CONTRIBUTING.read_text(encoding="utf-8")
    head, rest = text.split(OPENING)
    CONTRIBUTING.write_text(f"{head}{OPENING}{table(all_installed())}\n{CLOSING}{rest.partition(CLOSING)[2]}")


if __name__ == "__main__":
    main()
