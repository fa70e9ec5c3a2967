"""Pixels and markers to terminal cells, for any Rich or Textual program.

Knows no Textual and no network. numpy and Pillow are loaded by the modules that draw, never by importing this package.
"""
