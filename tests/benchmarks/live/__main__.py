"""The live path, measured against peers: ``python -m tests.benchmarks.live [--short] [--only SECTION] [--json FILE]``.

Prints one table per section as Markdown while it goes, and writes all of them as JSON. Peers are installed into
``--peers FOLDER`` when they are missing. Rounds of all servers take turns; a figure is the median, with the least and
the most in brackets. A server has one processor to itself and the load generator the other, whose own share is shown.
"""

import argparse
import json
import os
import platform
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.benchmarks.live.peers import BATCHED, OURS, PEERS
from tests.benchmarks.live.sections import SECTIONS, Plan

if TYPE_CHECKING:
    from tests.benchmarks.live.tables import Table

_CACHE: Final = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "imagechat-benchmarks"


def main() -> None:
    """Read the flags, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.live", description=__doc__)
    parser.add_argument("--short", action="store_true", help="one round, less of everything: below two minutes")
    parser.add_argument("--only", action="append", choices=SECTIONS, help="a section; may be given again")
    parser.add_argument("--ours", action="store_true", help="no peers")
    parser.add_argument("--peers", type=Path, default=_CACHE, help="where peers are installed (default: %(default)s)")
    parser.add_argument("--json", type=Path, help="write all tables to this file as well")
    chosen = parser.parse_args()
    plan = Plan(
        peers=chosen.peers.absolute(), kinds=(OURS, BATCHED, *(() if chosen.ours else PEERS)), short=chosen.short
    )
    tables: list[Table] = []
    now = datetime.now(UTC)
    print(f"Taken {now:%Y-%m-%d %H:%M} UTC, {os.cpu_count()} processors, Python {platform.python_version()}\n")
    for name in chosen.only or SECTIONS:
        began = time.monotonic()
        for table in SECTIONS[name](plan):
            tables.append(table)
            print(table.markdown(), flush=True)
        print(f"{name}: {time.monotonic() - began:.0f} s", file=sys.stderr)
    if chosen.json is not None:
        taken = {"taken": f"{now:%Y-%m-%dT%H:%MZ}", "processors": os.cpu_count()}
        chosen.json.write_text(json.dumps(taken | {"tables": [table.plain() for table in tables]}, indent=1))


if __name__ == "__main__":
    main()
