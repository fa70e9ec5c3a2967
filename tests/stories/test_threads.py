"""What is said in a thread: replies, edits, deletions and votes reach whoever has it open, each once."""

from imagechat_tui.core.inputs import AddComment, DeleteComment, DeleteMarker, EditComment, Vote
from imagechat_tui.core.outputs import Outcome
from imagechat_tui.core.views import Reason
from tests.support.people import Person, Place, person


def _texts(reader: Person, marker_id: str) -> list[str]:
    return [comment.text for comment in reader.view.thread(marker_id) or ()]


async def test_s1_reply_edit_and_deletion_appear_in_the_open_thread(place: Place) -> None:
    """Each step shows before the other does anything."""
    async with person(place, "ann") as ann, person(place, "ben") as ben:
        await ann.live()
        await ben.live()
        await ann.pin("button is cut off")
        marker_id = await ben.opens("button is cut off")
        await ann.opens("button is cut off")
        await ben.change(AddComment(marker_id=marker_id, text="same on mobile"))
        reply = await ann.reads("same on mobile")
        mine = await ann.reads("button is cut off")
        assert (mine.mine, reply.mine) == (True, False)
        await ann.change(EditComment(marker_id=marker_id, comment_id=mine.id, text="cut off at the left"))
        await ben.reads("cut off at the left")
        await ben.change(DeleteComment(marker_id=marker_id, comment_id=reply.id))
        await ann.until(lambda: _texts(ann, marker_id) == ["cut off at the left"], "the reply to go")
        await ann.change(DeleteMarker(marker_id=marker_id))
        await ben.until(lambda: not ben.view.markers(), "the marker to go")


async def test_votes_are_counted_once(place: Place) -> None:
    """One's own by the answer, another's by the event; taken back by the vote's id."""
    async with person(place, "ann") as ann, person(place, "ben") as ben:
        await ann.live()
        await ben.live()
        await ann.pin("worth a vote")
        marker_id = await ann.opens("worth a vote")
        await ben.opens("worth a vote")
        comment = await ben.reads("worth a vote")
        await ben.change(Vote(marker_id=marker_id, comment_id=comment.id, direction=1))
        for one in (ann, ben):
            await one.until(lambda one=one: one.comment("worth a vote").votes == 1, "the vote")  # type: ignore[misc] # mypy cannot infer lambdas with defaults
        await ben.change(Vote(marker_id=marker_id, comment_id=comment.id, direction=0))
        for one in (ann, ben):
            await one.until(lambda one=one: one.comment("worth a vote").votes == 0, "no vote")  # type: ignore[misc] # mypy cannot infer lambdas with defaults


async def test_s24_an_anonymous_visitor_edits_what_is_their_own(place: Place) -> None:
    """By the key that the host gave with the comment; another's comment is not theirs."""
    async with person(place, "ann") as ann, person(place, None) as visitor:
        await ann.live()
        await visitor.live()
        marker = await ann.pin("anybody?")
        await visitor.opens("anybody?")
        ended = await visitor.change(AddComment(marker_id=marker.id, text="a passer-by"))
        assert ended.outcome is Outcome.CONFIRMED, ended
        await ann.opens("anybody?")
        await ann.reads("a passer-by")
        mine = await visitor.reads("a passer-by")
        edited = EditComment(marker_id=marker.id, comment_id=mine.id, text="a passer-by, again")
        assert (await visitor.change(edited)).outcome is Outcome.CONFIRMED
        await ann.reads("a passer-by, again")
        theirs = await visitor.reads("anybody?")
        refused = await visitor.change(EditComment(marker_id=marker.id, comment_id=theirs.id, text="mine now"))
        assert refused.outcome is Outcome.REFUSED
        assert refused.reason in {Reason.NOT_ALLOWED, Reason.NOT_SIGNED_IN}
