"""Servers that are killed while people write: nothing that was acknowledged is lost, and everybody sees the same."""

from pathlib import Path

from tests.faults.kills import play

ROUNDS = 50


async def test_nothing_acknowledged_is_lost_when_the_server_is_killed_again_and_again(tmp_path: Path) -> None:
    """Fifty deaths in the middle of bursts, one data directory; each look finds everything, once, without a gap."""
    tally = await play(tmp_path, rounds=ROUNDS)
    assert tally.kills == ROUNDS
    assert tally.acknowledged > 10 * ROUNDS
    # Some deaths came between a request and its reply.
    assert tally.outcomes["unknown"] > ROUNDS // 5
