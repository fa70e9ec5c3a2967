"""``imagechat`` as tests start it beside themselves: the program as it is, and its server's words written down.

``python -m tests.support.watched FOLDER serve …`` is ``imagechat serve …``; ``Judge`` reads what comes into the folder.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from imagechat_tui.cli.main import main
from tests.support.witness import Said, Witness


@contextmanager
def written_down(folder: Path) -> Iterator[None]:
    """Every shape of what this process says goes into a file of its own, complete even when the process is killed."""
    file = os.open(folder / f"{os.getpid()}.said", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def tell(said: Said) -> bool:
        os.write(file, msgspec.json.encode(said) + b"\n")
        return True

    try:
        with Witness(tell).over():
            yield
    finally:
        os.close(file)


if __name__ == "__main__":
    with written_down(Path(sys.argv.pop(1))):
        sys.exit(main())
