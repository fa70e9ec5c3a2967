"""Rooms of viewers: what is committed reaches everybody who looks, encoded once, and nobody waits for anybody."""
