"""Neither Pillow nor a library below it has a voice of its own on the terminal."""

import random
import subprocess
import sys
from io import BytesIO
from pathlib import Path

from PIL import Image

from tests.hostile.making import changed

_PROGRAM = """
import sys
from pathlib import Path
from imagechat_tui import log
from imagechat_tui.errors import PictureError
from imagechat_tui.imaging.decode import decode
log.to_nowhere()
for file in sorted(Path(sys.argv[1]).iterdir()):
    try:
        decode(file.read_bytes())
    except PictureError:
        pass
"""


def test_damaged_tiff_files_write_nothing_by_themselves(tmp_path: Path) -> None:
    """Neither about what they are called nor about what is wrong with them."""
    for number in range(200):
        chance, out = random.Random(number), BytesIO()
        compression = chance.choice(["tiff_lzw", "tiff_deflate", "packbits"])
        Image.new("RGB", (20, 20), 7).save(out, "TIFF", compression=compression)
        (tmp_path / f"{number:03}.tif").write_bytes(changed(chance, out.getvalue(), most=6))
    done = subprocess.run([sys.executable, "-c", _PROGRAM, str(tmp_path)], capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
