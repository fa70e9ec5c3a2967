"""A server to be attacked, in a process of its own: no limit of rates stands between it and the attack.

``python -m tests.hostile.target FOLDER`` serves until it is ended; ``FOLDER/ready.json`` says where.
"""

import sys
from pathlib import Path

from imagechat_tui import log
from imagechat_tui.server.run import serve
from imagechat_tui.server.settings import Limits, Rate, Settings

_MUCH = Rate(per_minute=1e9, burst=1e9)
UNLIMITED = Limits(comments=_MUCH, tenant=_MUCH, reads=_MUCH, uploads=_MUCH, sign_ins=_MUCH)


def main(folder: Path) -> int:
    """Serve."""
    log.to_stream(level="warning")
    return serve(Settings(data=folder, port=0, ready_file=folder / "ready.json", limits=UNLIMITED))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
