"""The worker that decodes pictures of strangers: a process of its own with little memory, little time and no secrets.

``python -m imagechat_tui.server.routes.reencoder SIDE...`` reads a picture from stdin and writes, for every SIDE (the
longest side in pixels; 0 = as it is), a PNG to stdout, after one line of JSON with their sizes. A picture that cannot
be used is one line of JSON with the reason.
"""

import json
import resource
import sys
from typing import Final

from imagechat_tui.errors import PictureError
from imagechat_tui.imaging.decode import decode, fit_within
from imagechat_tui.imaging.encode import to_png

MEMORY_BYTES: Final = 1536 * 1024 * 1024
"""Address space: the largest picture let in needs a third of it."""
CPU_SECONDS: Final = 60


def main(sides: list[int]) -> None:
    """Do one picture."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    out = sys.stdout.buffer
    try:
        picture = decode(sys.stdin.buffer.read())
        made = [to_png(fit_within(picture, side, side) if side else picture) for side in sides]
    except PictureError as problem:
        out.write(json.dumps({"problem": str(problem)}).encode() + b"\n")
        return
    except MemoryError:
        out.write(json.dumps({"problem": "The picture needs too much memory; scale it down."}).encode() + b"\n")
        return
    sizes = [{"width": one.width, "height": one.height, "size": len(one.png)} for one in made]
    out.write(json.dumps({"made": sizes}).encode() + b"\n")
    for one in made:
        out.write(one.png)
    out.flush()


if __name__ == "__main__":
    main([int(side) for side in sys.argv[1:]])
