"""Plays the report of a user again: the same inputs to a fresh session, looked at after each of them.

A report is what ``c`` on the sync screen writes. It can be played when it begins with the opening of the board.
"""

from collections import Counter, deque
from collections.abc import Sequence
from typing import TYPE_CHECKING

from imagechat_tui.client.trace import Entry
from imagechat_tui.core.inputs import Start
from imagechat_tui.core.outputs import (
    BoardReplaced,
    MarkerGone,
    MarkerPut,
    OperationBegan,
    OperationEnded,
    Output,
)
from imagechat_tui.core.session import Session, SessionSettings
from tests.simulation.invariants import demand

if TYPE_CHECKING:
    from imagechat_tui.core.views import MarkerView


class Replay:
    """One report being played."""

    def __init__(self, *, tracing: bool = False) -> None:
        self._ids: deque[str] = deque()
        self._numbers: deque[float] = deque()
        self._now = 0.0
        self._tracing = tracing
        self._cursor = 0
        self._shown: dict[str, MarkerView] = {}
        self._running: Counter[str] = Counter()
        self.session = Session(
            tenant="t",
            url_id="board",
            src=None,
            settings=SessionSettings(),
            new_id=lambda: self._ids.popleft() if self._ids else "drawn-anew",
            random=lambda: self._numbers.popleft() if self._numbers else 0.5,
            wall_ms=lambda: int(self._now * 1_000),
        )

    def play(self, entries: Sequence[Entry]) -> None:
        """Hand over one input after the other.

        Raises:
            Broken: An invariant does not hold, or the report does not begin where a session begins.
        """
        demand(entries and isinstance(entries[0].input, Start), "this report lacks its beginning", len(entries))
        for entry in entries:
            self._now = entry.at
            self._ids.extend(entry.ids)
            self._numbers.extend(entry.numbers)
            outputs = self.session.handle(entry.input, entry.at)
            if self._tracing:
                print(f"{entry.at:9.3f} <- {entry.input}")
                print("".join(f"{'':9}    {output}\n" for output in outputs), end="")
            self._look(outputs)

    def _look(self, outputs: Sequence[Output]) -> None:
        for output in outputs:
            self._see(output)
        cursor = self.session.cursor
        demand(cursor is None or cursor >= self._cursor, "the cursor went back", self._cursor, cursor)
        self._cursor = cursor or self._cursor
        seen = {view.id: view for view in self.session.markers()}
        demand(self._shown == seen, "a screen that listens shows something else", self._shown, seen)

    def _see(self, output: Output) -> None:
        match output:
            case BoardReplaced():
                self._shown = {view.id: view for view in self.session.markers()}
            case MarkerPut():
                self._shown.pop(output.was or "", None)
                self._shown[output.marker.id] = output.marker
            case MarkerGone():
                self._shown.pop(output.marker_id, None)
            case OperationBegan():
                self._running[output.operation] += 1
            case OperationEnded():
                self._running[output.operation] -= 1
                demand(self._running[output.operation] >= 0, "an operation ended twice", output.operation)
