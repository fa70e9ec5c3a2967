"""What the operating system says a process has cost: processor time and resident memory. Linux only."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

_PAGE: Final = os.sysconf("SC_PAGE_SIZE")


def processor_seconds(pid: int) -> float:
    """Time that all threads of a process have run, in the kernel and outside."""
    spent = 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        try:
            spent += int((task / "schedstat").read_text().split()[0])
        except OSError:
            continue  # A thread that has ended meanwhile.
    return spent / 1e9


def resident_bytes(pid: int) -> int:
    """Memory of a process that is in RAM."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE


def processors() -> Sequence[int]:
    """The processors that this process may use."""
    return sorted(os.sched_getaffinity(0))


def switches(pid: int) -> int:
    """How often threads of a process went to sleep and were woken again."""
    count = 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        lines = (task / "status").read_text().splitlines()
        count += sum(int(line.split()[1]) for line in lines if line.startswith("voluntary_ctxt_switches"))
    return count
