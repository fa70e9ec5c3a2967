"""The two kinds of host that a story may play at."""

import pytest

in_both_modes = pytest.mark.parametrize("mode", ["own host", "plain host"], indirect=True)
"""For stories about what the plain contract offers as well: the same words, seen from both kinds of host."""
