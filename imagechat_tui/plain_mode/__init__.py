"""The board in lines of words: for screen readers, braille lines, logs and pipes; nothing is drawn, nothing redrawn."""
