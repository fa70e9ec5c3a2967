"""Votes: ``/comments/{T}/{id}/vote`` and who gave them."""

from msgspec.structs import replace

from imagechat_tui.protocol.replies import Voted, VoteDeleted, VoteNames
from imagechat_tui.protocol.requests import VoteBody
from imagechat_tui.server.actions import votes
from imagechat_tui.server.routes.asking import Asked
from imagechat_tui.server.routes.comments import edit_key
from imagechat_tui.server.routes.endpoint import Entry
from imagechat_tui.server.routes.query import unfit


async def vote(asked: Asked) -> Voted:
    """Vote. The ``urlId`` is required by the contract; the comment says by itself where it stands."""
    asked.url_id()
    broadcast_id = asked.broadcast_id()
    actor = await asked.writer(nobody="session")
    body = await asked.json(VoteBody)
    voted = await votes.vote(asked.deps, actor, asked.path("comment"), broadcast_id=broadcast_id, body=body)
    return voted if asked.token is None else replace(voted, user=Voted.Voter(session_id=asked.token))


async def take_back(asked: Asked) -> VoteDeleted:
    """Take a vote back."""
    asked.url_id()
    broadcast_id, key = asked.broadcast_id(), edit_key(asked)
    actor = await asked.writer(nobody="let" if key else "refuse")
    return await votes.delete_vote(
        asked.deps,
        actor,
        asked.path("comment"),
        vote_id=asked.path("vote"),
        broadcast_id=broadcast_id,
        edit_key=key,
    )


async def names(asked: Asked) -> VoteNames:
    """Who voted so: 1 up, -1 down."""
    direction = asked.query.needed_number("dir")
    if direction not in {1, -1}:
        raise unfit("dir", "1 or -1")
    actor = await asked.reader()
    return await votes.vote_names(asked.deps, actor, asked.path("comment"), direction=direction)


ENTRIES = (
    Entry(method="POST", path="/comments/{tenant}/{comment}/vote", handler=vote),
    Entry(method="DELETE", path="/comments/{tenant}/{comment}/vote/{vote}", handler=take_back),
    Entry(method="GET", path="/comments/{tenant}/{comment}/votes", handler=names),
)
