"""The live path, measured: fan-out against peers, idle cost, event to paint, start, growth. See ``__main__``."""
