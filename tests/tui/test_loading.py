"""What the app loads before it paints, proved in a fresh process."""

import subprocess
import sys


def test_the_app_loads_no_pixels_before_its_first_picture() -> None:
    """Numpy and Pillow take a fifth of a second that the first screen need not wait for."""
    program = (
        "import imagechat_tui.tui.app, sys;"
        "print(sorted({'numpy', 'PIL', 'rich_pixels', 'httpx', 'websockets', 'starlette'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
