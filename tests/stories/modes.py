"""The two kinds of host that a story is played at: one that has what we add, and one with the plain contract only."""

import pytest

OWN_HOST, PLAIN_HOST = "own host", "plain host"

own_host_only = pytest.mark.own_host_only
"""For a story about something that only our own host has: ``@own_host_only("what that is")``. All others: both."""
