"""What is promised of bytes on the wire."""

from pathlib import Path

from imagechat_tui.protocol import ids
from tests.support.weights import TEXT, weigh

MOST = 600


async def test_a_marker_with_its_first_comment_weighs_less_than_600_bytes(tmp_path: Path) -> None:
    """Request and reply with their heads, and one broadcast; and nothing is missing at the other end."""
    weighed = await weigh(tmp_path / "data")
    # Here numbers and positions have one digit and the user five letters less than elsewhere: room for those is kept.
    assert weighed.weights["a marker with its first comment"].total < MOST - 30
    marker, comment = weighed.created.marker, weighed.created.comment
    heard = weighed.heard.conversation
    assert heard is not None
    assert heard.first_comment is not None
    assert (heard.id, heard.url_id, heard.x, heard.y) == (marker.id, marker.url_id, marker.x, marker.y)
    assert marker.url_id.endswith(".png:" + ids.js_number(25.4883) + ":30.2174")
    assert (heard.first_comment.comment, comment.comment) == (TEXT, TEXT)
    assert heard.first_comment.commenter_name == comment.commenter_name == "ann"
    assert (heard.created_at, heard.first_comment.date) == (marker.created_at, comment.date)


async def test_compressed_broadcasts_weigh_less(tmp_path: Path) -> None:
    """None more than its plain one, and all of them together less than two thirds."""
    weights = (await weigh(tmp_path / "data")).weights.values()
    assert all(one.compressed <= one.broadcast for one in weights)
    assert sum(one.compressed for one in weights) * 3 < sum(one.broadcast for one in weights) * 2
