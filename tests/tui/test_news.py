"""Changes are gathered into digests."""

from imagechat_tui.core import outputs
from imagechat_tui.core.inputs import Vote
from imagechat_tui.core.views import LinkState, LinkView
from imagechat_tui.tui.news import NewsDesk
from tests.tui.stage import reviewed


def test_the_bell_rings_once_for_many_batches() -> None:
    """And again after the desk was emptied."""
    rings = []
    desk = NewsDesk(ring=lambda: rings.append(1))
    change = outputs.LinkChanged(link=LinkView(state=LinkState.LIVE))
    for _ in range(1000):
        desk.bring([change])
    assert len(rings) == 1
    assert desk.take() is not None
    assert desk.empty
    assert desk.take() is None
    desk.bring([])
    assert len(rings) == 1
    desk.bring([change])
    assert len(rings) == 2


def test_a_digest_says_where_to_look_again() -> None:
    """Every kind of change leaves its trace."""
    board = reviewed()
    marker, thread = board.markers()[0], board.thread("m1") or ()
    intent = Vote(marker_id="m1", comment_id="c1", direction=1)
    desk = NewsDesk(ring=lambda: None)
    desk.bring(
        [
            outputs.LinkChanged(link=board.link),
            outputs.BoardChanged(board=board.board, me=board.me),
            outputs.PictureChanged(src="/p.png", version=3),
            outputs.MarkerPut(marker=marker, was="op1"),
            outputs.MarkerGone(marker_id="m9"),
            outputs.ThreadReplaced(marker_id="m2"),
            outputs.CommentPut(comment=thread[0], was="op2"),
            outputs.CommentGone(marker_id="m3", comment_id="c"),
            outputs.PeopleChanged(people=(), count=1),
            outputs.WritersChanged(marker_ids=frozenset({"m1", None})),
            outputs.OperationBegan(operation="op1", intent=intent),
            outputs.OperationEnded(operation="op1", intent=intent, outcome=outputs.Outcome.CONFIRMED),
            outputs.Noted(what=outputs.Nothing.NOTHING_TO_UNDO),
        ]
    )
    digest = desk.take()
    assert digest is not None
    assert digest.link
    assert digest.board
    assert digest.people
    assert not digest.everything
    assert digest.picture is not None
    assert digest.markers == {"m1", "m9"}
    assert digest.threads == {"m1", "m2", "m3"}
    assert digest.writers == {"m1", None}
    assert digest.renamed == {"op1": "m1", "op2": thread[0].id}
    assert (len(digest.began), len(digest.ended), len(digest.notes)) == (1, 1, 1)


def test_a_replaced_board_means_everything() -> None:
    """So does a change that nobody knows."""
    desk = NewsDesk(ring=lambda: None)
    desk.bring([outputs.BoardReplaced()])
    digest = desk.take()
    assert digest is not None
    assert digest.everything
