"""imagechat: pin conversations on an image, together, in the terminal."""

__version__ = "0.1.0"
