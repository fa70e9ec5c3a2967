"""Named ways of breaking the core, each of which the simulation has to notice.

``python -m tests.simulation.mutants`` tries them all. A mutant is a patch around a run; it says what a real mistake
would be, not which line it changes.
"""

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any
from unittest.mock import patch

from imagechat_tui.core import confirmed, link, positions, resync, rows, writers
from imagechat_tui.core.asks import Write
from imagechat_tui.core.backoff import Backoff
from imagechat_tui.core.board import Board
from imagechat_tui.core.echo import Echo
from imagechat_tui.core.inputs import FrameReceived, Unanswered, Woke
from imagechat_tui.core.joining import Joining
from imagechat_tui.core.operation import Operation
from imagechat_tui.core.operations import Operations
from imagechat_tui.core.positions import PositionFeed
from imagechat_tui.core.resync import Resync, Segment
from imagechat_tui.core.session import Session
from imagechat_tui.core.thread import Thread
from imagechat_tui.core.views import LinkState
from imagechat_tui.core.writers import Writers
from imagechat_tui.protocol.events import Event, PresenceUpdate, Skip, TypingUpdate
from tests.simulation.driver import Tally, first_failure

ENOUGH = 20_000
"""Schedules within which every mutant has to be caught."""

Mutant = Callable[[], AbstractContextManager[Any]]


def _instead(owner: object, name: str, do: Callable[..., Any]) -> Mutant:
    """``do(original, *arguments)`` in the place of a method."""

    @contextmanager
    def mutant() -> Iterator[None]:
        original = getattr(owner, name)
        with patch.object(owner, name, lambda *arguments, **named: do(original, *arguments, **named)):
            yield

    return mutant


def _without(table: Any, state: LinkState, signal: link.Signal) -> Mutant:
    """A transition less."""
    row = {key: then for key, then in table[state].items() if key is not signal}
    return lambda: patch.dict(table, {state: row})


def _forget_at_once(_original: Any, self: Echo, *, cursor: int | None, now: float) -> list[str]:
    del cursor, now
    done = list(self._until)
    operations = [self._operations[kept] for kept in done]
    for kept in done:
        self.forget(kept)
    return operations


def _ignore_gap(original: Any, self: Resync, segment: Segment) -> Any:
    if not self.holding and self.cursor is not None and segment.first > self.cursor:
        segment = segment._replace(first=self.cursor + 1)
    return original(self, segment)


def _moved_by(kind: type[Event]) -> Callable[..., None]:
    def moved(original: Any, self: Session, what: FrameReceived, now: float) -> None:
        original(self, what, now)
        feed = self._feed
        if isinstance(what.frame, kind) and isinstance(feed, PositionFeed) and feed.cursor is not None:
            feed._resync.cursor = feed.cursor + 1

    return moved


def _send_anyway(original: Any, self: Session, intent: Any) -> Any:
    return None if self.link.state is LinkState.OFFLINE and self._feed is not None else original(self, intent)


def _resurrect(original: Any, self: Board, markers: Any) -> None:
    before = dict(self.rows)
    original(self, markers)
    self.rows.update({key: row for key, row in before.items() if key not in self.rows})


def _new_id_every_time(original: Any, self: Operations, name: str, now: float, **named: Any) -> None:
    operation = self._operations.get(name)
    if operation is not None:
        operation.doubtful = False
    original(self, name, now, **named)


def _apply_again(_original: Any, self: Resync, segment: Segment) -> Any:
    self.cursor = max(self.cursor or 0, segment.last)
    return [event for event in segment.events if not isinstance(event, Skip)]


def _no_head(original: Any, self: Resync, page: Any) -> Any:
    before = self.cursor or 0
    events = original(self, page)
    self.cursor = max([before, *(event.seq or 0 for event in events)])
    return events


def _still_pending(original: Any, self: Operations, operation: Any, *arguments: Any) -> None:
    phase = operation.change.phase
    original(self, operation, *arguments)
    operation.change.phase = phase


def _own_events_dropped(original: Any, self: Session, events: Any, now: float) -> bool:
    kept = [event for event in events if (getattr(event, "broadcast_id", None) or "") not in self._operations.echo]
    return bool(original(self, kept, now))


def _live_at_once(_original: Any, self: PositionFeed, now: float) -> None:
    self._open = True
    if self._resync.cursor is None:
        if self._snapshot_ask is None:
            self._read_snapshot(now)
        return
    self._catch_up(now)


def _too_old_is_fine(original: Any, self: PositionFeed, answer: Any, now: float, **named: Any) -> None:
    if getattr(answer, "status", 0) == 410:
        self._catch_up(now)
    else:
        original(self, answer, now, **named)


def _threads_stay_fresh(original: Any, self: Board, markers: Any) -> None:
    original(self, markers)
    for thread in self.threads.values():
        thread.fresh = True


def _unread_lost(original: Any, self: Board, markers: Any) -> None:
    original(self, markers)
    for marker_id in self.unread.markers():
        self.unread.read(marker_id)


def _nothing_aside(original: Any, self: Board, marker_id: str, comments: Any, *, seq: int | None) -> Any:
    loading = self._loading.get(marker_id)
    if loading is not None:
        loading.aside.clear()
    return original(self, marker_id, comments, seq=seq)


def _no_position(original: Any, self: Thread, event: Any, *, me: str | None) -> Any:
    self.as_of = 0
    return original(self, event, me=me)


def _own_is_unread(_original: Any, self: Board, marker_id: str, comment: Any) -> None:
    self.unread.heard(marker_id, comment.created_at)
    self.unread.add(marker_id, comment.id)


def _no_alarm(original: Any, self: Joining, now: float, **named: Any) -> None:
    original(self, now, **named)
    self._outbox.cancel("attempt")


def _counted_twice(_original: Any, row: Any, by: int, _broadcast_id: str | None) -> Any:
    return _counted(row, by, None)


def _back_and_forth(original: Any, self: Session, what: Any, now: float) -> Any:
    resync = getattr(self._feed, "_resync", None)
    if resync is not None and self.__dict__.pop("behind", False):
        resync.cursor += 1
    outputs = original(self, what, now)
    if isinstance(what, Woke) and resync is not None and resync.cursor:
        resync.cursor -= 1
        self.__dict__["behind"] = True
    return outputs


def _forget_by_the_clock(_original: Any, self: Session, _now: float) -> None:
    self._threads.moved(self.cursor)
    self._operations.prune()


def _kept_over_a_loss(_original: Any, self: Resync) -> None:
    self._damaged, self.holding = False, True


def _kept_after_a_snapshot(original: Any, self: Resync) -> Any:
    cursor = self.cursor or 0
    passed = [segment for segment in self._held if segment.last <= cursor]
    events = original(self)
    self._held += passed
    self.held_back += sum(max(len(segment.events), 1) for segment in passed)
    return events


def _again_by_itself(original: Any, self: Operations, operation: Any, attempt: str, answer: Any, now: float) -> None:
    body = self.writer.first(operation.change) if self.writer and isinstance(answer, Unanswered) else None
    if isinstance(body, Write) and not operation.ended:
        self._send(operation, body, now)
    else:
        original(self, operation, attempt, answer, now)


def _dials_when_refused(original: Any, self: Joining, now: float, *arguments: Any) -> None:
    asked, then = self._identity_ask, self._identified
    original(self, now, *arguments)
    if asked is not None:
        self._outbox._asks[asked] = then


def _no_bound(_original: Any, self: Backoff) -> float:
    self._failed += 1
    return float(self._first * 2.0**self._failed)


_counted = rows.counted
_nothing = lambda *_arguments, **_named: None  # noqa: E731 - a name for doing nothing

MUTANTS: dict[str, Mutant] = {
    "echo id forgotten too early": _instead(Echo, "passed", _forget_at_once),
    "echo id never forgotten": _instead(Echo, "passed", lambda *_a, **_n: []),
    "echo id forgotten by the clock only": _instead(Session, "moved", _forget_by_the_clock),
    "own events dropped by id": _instead(Session, "apply", _own_events_dropped),
    "gap ignored": _instead(Resync, "offer", _ignore_gap),
    "hold-back dropped": _instead(Resync, "_hold", _nothing),
    "hold-back kept over a loss": _instead(Resync, "drop_held", _kept_over_a_loss),
    "hold-back kept after a snapshot": _instead(Resync, "_drain", _kept_after_a_snapshot),
    "events applied twice": _instead(Resync, "_advance", _apply_again),
    "cursor back for one input": _instead(Session, "handle", _back_and_forth),
    "cursor moved by presence": _instead(Session, "_frame", _moved_by(PresenceUpdate)),
    "cursor moved by who writes": _instead(Session, "_frame", _moved_by(TypingUpdate)),
    "oneself among those who write": _instead(
        Writers, "__init__", lambda original, self, outbox, **_named: original(self, outbox, me=lambda: None)
    ),
    "who writes never falls silent": lambda: patch.object(writers, "LASTS", 10.0**6),
    "cursor stays behind the head": _instead(Resync, "page", _no_head),
    "skipped positions not counted": lambda: patch.object(
        positions, "segment_of", lambda frame: None if isinstance(frame, Skip) else resync.segment_of(frame)
    ),
    "double settle": lambda: patch.object(Operation, "ended", property(lambda _self: False, _nothing)),
    "pending change not taken back": _instead(Operations, "_fail", _still_pending),
    "unknown outcome not remembered": _instead(Operations, "_came_back", _nothing),
    "sent while offline": _instead(Session, "_barrier", _send_anyway),
    "undo sent while offline": _instead(
        Operations, "undo", lambda original, self, now, **_named: original(self, now, barrier=None)
    ),
    "unanswered write sent again by itself": _instead(Operations, "_answered", _again_by_itself),
    "retry with a new id": _instead(Operations, "retry", _new_id_every_time),
    "overlay stays when its event is in": _instead(Operations, "_contained", _nothing),
    "snapshot resurrects a deleted marker": _instead(Board, "replace", _resurrect),
    "snapshot leaves threads as they are": _instead(Board, "replace", _threads_stay_fresh),
    "snapshot forgets what is unread": _instead(Board, "replace", _unread_lost),
    "log not read after a reconnect": _instead(PositionFeed, "opened", _live_at_once),
    "log too old taken for read": _instead(PositionFeed, "_failed", _too_old_is_fine),
    "lost last event never noticed": lambda: patch.object(positions, "QUIET", 10.0**6),
    "quiet board looked at too late": lambda: patch.object(positions, "QUIET", 1.25 * positions.QUIET),
    "events during a thread's load lost": _instead(Board, "finish_load", _nothing_aside),
    "events before a thread's load applied": _instead(Thread, "apply", _no_position),
    "own comments unread": _instead(Board, "_hear", _own_is_unread),
    "comments counted twice": _instead(confirmed, "counted", _counted_twice),
    "attempts ever rarer": _instead(Backoff, "next", _no_bound),
    "dials when refused": _instead(Joining, "_deny", _dials_when_refused),
    "no second attempt": _instead(Joining, "_lost", _no_alarm),
    "no way out of offline": _without(link.TABLE, LinkState.OFFLINE, link.Signal.OPENED),
    "no way out of refused": _without(link.TABLE, LinkState.REFUSED, link.Signal.RETRY),
}
"""Every mutant by its name."""


def caught_after(name: str, *, seed: int, most: int = ENOUGH) -> tuple[int, str] | None:
    """How many schedules it took to notice a mutant, and what was noticed; ``None``: it was not."""
    tally = Tally()
    with MUTANTS[name]():
        try:
            found = first_failure(range(seed, seed + most), tally=tally)
        except (RecursionError, KeyError, ValueError) as crash:
            return tally.schedules + 1, f"{type(crash).__name__}: {crash}"
    return None if found is None else (tally.schedules + 1, str(found[1]).split(":", 1)[0])


def main(arguments: Sequence[str] | None = None) -> int:
    """Break the core in every named way and print after how many schedules it was noticed."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation.mutants", description=main.__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("names", nargs="*", metavar="NAME")
    chosen = parser.parse_args(arguments)
    survivors = 0
    for name in chosen.names or MUTANTS:
        found = caught_after(name, seed=chosen.seed)
        survivors += found is None
        print(f"{name:<42} {'survived' if found is None else f'{found[0]:>6} schedules  {found[1]}'}", flush=True)
    print(f"{len(chosen.names or MUTANTS)} mutants, {survivors} survived")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())
