"""Times as the contract writes them."""

from hypothesis import given
from hypothesis import strategies as st

from imagechat_tui.protocol.moments import iso, milliseconds


def test_times_are_milliseconds_whatever_their_form() -> None:
    """Zones, missing zones, nonsense, nothing."""
    assert milliseconds("1970-01-01T00:00:01.500Z") == 1_500
    assert milliseconds("1970-01-01T01:00:00+01:00") == 0
    assert milliseconds("1970-01-01T00:00:02") == 2_000
    assert milliseconds("yesterday") == milliseconds(None) == milliseconds("") == 0


@given(st.integers(0, 4_000_000_000_000))
def test_no_millisecond_is_lost(moment: int) -> None:
    """There and back."""
    assert milliseconds(iso(moment)) == moment
