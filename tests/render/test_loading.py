"""What only calculates loads neither numpy nor Pillow, proved in a fresh process."""

import subprocess
import sys

import pytest

LIGHT = (
    "color",
    "depth",
    "frame",
    "geometry",
    "glyphs",
    "known",
    "modes",
    "modes.words",
    "overlay",
    "probe",
    "replies",
    "terminal",
)


@pytest.mark.parametrize("module", LIGHT)
def test_arithmetic_and_words_load_no_pixels(module: str) -> None:
    """Numpy alone would cost a tenth of a second before the first line is on the screen."""
    program = (
        f"import imagechat_tui.render.{module}, sys;"
        "print(sorted({'numpy', 'PIL', 'rich', 'textual', 'asyncio'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_decoding_loads_no_arrays() -> None:
    """The server decodes pictures and draws none."""
    program = "import imagechat_tui.imaging.encode, sys; print('numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
