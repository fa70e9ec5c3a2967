"""Keeps libtiff from writing about damaged files to the terminal by itself, past everything that neutralises words.

Pillow has no switch for it. Where Pillow's libtiff cannot be reached, nothing is changed.
"""

import contextlib
import ctypes
from functools import cache


@cache
def libtiff() -> None:
    """From now on libtiff says nothing in this process; what it minds is an error of Pillow's anyway."""
    from PIL import _imaging  # noqa: PLC0415 - only pictures of that kind need it

    with contextlib.suppress(OSError, AttributeError):
        library = ctypes.CDLL(_imaging.__file__)
        for name in ("TIFFSetErrorHandler", "TIFFSetWarningHandler"):
            setter = getattr(library, name)
            setter.argtypes, setter.restype = [ctypes.c_void_p], ctypes.c_void_p
            setter(None)
