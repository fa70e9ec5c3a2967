"""Several nodes as one service."""
