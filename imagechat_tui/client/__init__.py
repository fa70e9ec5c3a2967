"""All asyncio and network code of the client side. ``runner`` is where to start reading."""
