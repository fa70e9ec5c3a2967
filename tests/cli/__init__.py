"""Commands, played through the real program where that is affordable."""
