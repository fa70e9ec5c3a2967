"""Bytes to pixels, safely: formats, size caps, orientation, transparency. Used by the app and by the server.

Everything here works on values in memory: no files, no network, no asyncio; functions can be sent to another process.
"""
