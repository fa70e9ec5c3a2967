"""A server to be attacked, in a process of its own: no limit of rates stands between it and the attack.

``python -m tests.hostile.target FOLDER [DATABASE]`` serves until it is ended; ``FOLDER/ready.json`` says where.
"""

import sys
from pathlib import Path

from imagechat_tui import log
from imagechat_tui.server.run import serve
from imagechat_tui.server.settings import Limits, Rate, Settings

_MUCH = Rate(per_minute=1e9, burst=1e9)
UNLIMITED = Limits(comments=_MUCH, tenant=_MUCH, reads=_MUCH, uploads=_MUCH, sign_ins=_MUCH)


def main(folder: Path, database: str | None = None) -> int:
    """Serve, from a file or from a database server."""
    log.to_stream(level="warning")
    ready = folder / "ready.json"
    return serve(Settings(data=folder, database=database, port=0, ready_file=ready, limits=UNLIMITED))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), *sys.argv[2:]))
