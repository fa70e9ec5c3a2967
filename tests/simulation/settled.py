"""What must hold when all is healed: every link in its time, every board the same as the server's."""

from typing import TYPE_CHECKING

from imagechat_tui.core.session import Session
from imagechat_tui.core.views import Delivery, LinkState, MarkerView
from tests.simulation.demands import demand
from tests.simulation.invariants import Watch
from tests.simulation.model_server import DAY
from tests.simulation.rows import Marker

if TYPE_CHECKING:
    from tests.simulation.world import World


def connected(world: "World") -> None:
    """Every session has a socket again; it may just be reading something."""
    for runner in world.runners:
        link = runner.session.link
        demand(link.state in {LinkState.SYNCING, LinkState.LIVE}, "not connected in time", runner.name, link)


def canonical_server(world: "World", user: str) -> list[object]:
    """The truth as one user should see it."""
    return [_server_marker(marker, user) for marker in sorted(world.server.markers.values(), key=lambda m: m.number)]


def _server_marker(marker: Marker, user: str) -> object:
    comments = {
        comment.id: (
            comment.author, comment.text, comment.at, comment.parent, comment.edited,
            sum(vote[2] for vote in comment.votes), sum(vote[2] for vote in comment.votes if vote[1] == user),
            comment.author == user, "confirmed",
        )
        for comment in marker.comments.values()
    }  # fmt: skip
    last = list(marker.comments.values())[-1:]
    first = list(marker.comments.values())[:1]
    return (
        marker.id, marker.number, marker.x, marker.y, marker.author, marker.at, marker.author == user,
        bool(marker.resolved), marker.resolved[1] if marker.resolved else None, len(comments),
        [comment.text for comment in first], [(comment.author, comment.at) for comment in last],
        "confirmed", sorted(comments.items()),
    )  # fmt: skip


def canonical_session(session: Session) -> list[object]:
    """The board as the session shows it, failed changes of one's own apart."""
    return [_seen_marker(view, session) for view in session.markers() if view.number is not None]


def _seen_marker(view: MarkerView, session: Session) -> object:
    thread = session.thread(view.id)
    demand(thread is not None, "a thread is not loaded", view.id)
    comments = {
        comment.id: (
            comment.author_id, comment.text, comment.created_at - DAY, comment.parent_id, comment.edited,
            comment.votes, comment.my_vote, comment.mine, _delivery(comment.delivery),
        )
        for comment in thread or ()
        if not (comment.delivery is Delivery.FAILED and comment.id == comment.operation)
    }  # fmt: skip
    last = [] if view.last_author is None else [(view.last_author, (view.last_comment_at or 0) - DAY)]
    return (
        view.id, view.number, view.x, view.y, view.author_id, view.created_at - DAY, view.mine,
        view.resolved, view.resolved_by, view.comment_count,
        [view.title] if view.title else [], last, _delivery(view.delivery), sorted(comments.items()),
    )  # fmt: skip


def _delivery(delivery: Delivery) -> str:
    """A failed change shows the confirmed values; a pending one must not be left."""
    return "pending" if delivery is Delivery.PENDING else "confirmed"


def settled(world: "World") -> None:
    """All faults are over and time has passed: everything has to agree."""
    for runner in world.runners:
        session, watch, name = runner.session, runner.watch, runner.name
        demand(session.link.state is LinkState.LIVE, "not live after healing", name, session.link)
        demand(session.cursor == world.server.seq, "not at the head", name, session.cursor, world.server.seq)
        truth, seen = canonical_server(world, name), canonical_session(session)
        for expected, found in zip(truth, seen, strict=False):
            demand(expected == found, "a marker differs", name, f"\n  server  {expected}\n  session {found}")
        demand(len(truth) == len(seen), "other markers", name, len(truth), len(seen), truth, seen)
        demand(watch.began == watch.ended, "an operation did not end", name, watch.began, watch.ended)
        _screen_agrees(session, watch)
        _counts_agree(session, watch, world)
        demand(session.stats.echo_ids == 0, "echo ids left", name, session.stats.echo_ids)
        demand(not session.writers, "somebody writes for ever", name, session.writers)
        demand(session.stats.held_back == 0, "events still held back", name, session.stats.held_back)
        if not world.faults:
            demand(session.stats.gaps == 0, "a gap in fair weather", name, session.stats.gaps)
    _written_once(world)


def _screen_agrees(session: Session, watch: Watch) -> None:
    seen = {view.id: view for view in session.markers()}
    demand(seen == watch.markers, "a screen differs", watch.name, f"\n  {seen}\n  {watch.markers}")
    for marker_id, thread in watch.threads.items():
        now = {view.id: view for view in session.thread(marker_id) or ()}
        if marker_id in seen and not (thread.keys() - now.keys()) and len(thread) == len(now):
            demand(now == thread, "a thread on screen differs", watch.name, f"\n  {now}\n  {thread}")
        elif marker_id in seen:
            demand(not (thread.keys() - now.keys()), "a comment stayed on screen", watch.name, thread.keys(), now)


def _counts_agree(session: Session, watch: Watch, world: "World") -> None:
    board, views = session.board, session.markers()
    demand(board == watch.board, "the headline on screen differs", watch.name, board, watch.board)
    real = [view for view in views if view.number is not None]
    demand(board.markers == len(real), "markers counted wrongly", watch.name, board.markers, len(real))
    demand(board.resolved == sum(view.resolved for view in real), "resolved counted wrongly", watch.name)
    demand(board.unread == sum(view.unread for view in real), "unread counted wrongly", watch.name, board.unread)
    looked_at = {view.id for marker_id in watch.opened if (view := session.marker(marker_id)) is not None}
    for view in real:
        thread = session.thread(view.id) or ()
        unread = {comment.id for comment in thread if comment.unread}
        demand(view.unread == len(unread), "unread of a marker counted wrongly", watch.name, view.id, unread)
        if view.id in looked_at or watch.first_seq is None:
            continue
        marker = world.server.markers[view.id]
        news = {c.id for c in marker.comments.values() if c.author != watch.name and c.seq > watch.first_seq}
        demand(unread == news, "unread differs from what is new", watch.name, view.id, unread, news)


def _written_once(world: "World") -> None:
    texts = [comment.text for marker in world.server.markers.values() for comment in marker.comments.values()]
    demand(len(set(texts)) == len(texts), "written twice", texts)
