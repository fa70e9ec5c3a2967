"""The live socket: a small WebSocket protocol class for uvicorn, and what it asks before it opens."""
