"""The sync core, sans-I/O: no clock, no random, no asyncio, no logging. ``session`` is where to start reading."""
