"""What travels to the rooms: an event in the form of one kind of topic, and frames made of a run of them.

Forms are made once per event, frames once per kind of viewer; who gets them is the circles' business.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

import msgspec
from msgspec import Raw, Struct

from imagechat_tui.protocol import brief, codec
from imagechat_tui.protocol.brief import Ground
from imagechat_tui.protocol.events import Known, NewImageChat, Skip, Writer
from imagechat_tui.server.hub.compact import board_event, collapse, plain_event
from imagechat_tui.server.hub.frames import deflated, text_frame
from imagechat_tui.server.store.logged import Logged

Sees = Callable[[str | None], bool]
"""Whether a viewer may see news whose ``only_for`` is this."""

BATCH_BYTES: Final = 64 * 1024
"""A batch is cut here, far below what the WebSocket libraries of clients accept as one message (1 MiB)."""


class ChannelNews(Struct, frozen=True, kw_only=True, tag="channel"):
    """An event for the viewers of one channel: the full contract form, as a finished frame."""

    frame: bytes
    board: str | None = None
    """The board that the channel belongs to, if any."""
    only_for: str | None = None


class BoardNews(Struct, frozen=True, kw_only=True, tag="board"):
    """An event for the viewers of a whole board: compact, with its position."""

    seq: int
    event: Known
    only_for: str | None = None
    ground: Ground | None = None
    """What the board's thread keys are made of."""


class TypingNews(Struct, frozen=True, kw_only=True, tag="typing"):
    """Somebody writes on a whole board, or no longer; nothing that is kept."""

    writer: Writer


News = ChannelNews | BoardNews | TypingNews


class Parts:
    """Finished bytes for one kind of viewer."""

    __slots__ = ("_deflated", "data", "frames")

    def __init__(self, data: bytes, frames: int) -> None:
        self.data = data
        self.frames = frames
        self._deflated: bytes | None = None

    @property
    def deflated(self) -> bytes:
        """The same for those who agreed to it; made when the first of them is written to, once for all."""
        if self._deflated is None:
            self._deflated = deflated(self.data)
        return self._deflated


class _Batch(Struct, frozen=True, kw_only=True, tag_field="type", tag="batch", rename={"first": "from", "last": "to"}):
    first: int
    last: int
    events: list[Raw]


def channel_news(logged: Logged) -> ChannelNews:
    """An event as official clients get it."""
    frame = text_frame(codec.encode_frame(plain_event(logged.event)))
    return ChannelNews(frame=frame, board=logged.board, only_for=logged.only_for)


def board_news(logged: Logged, seq: int) -> BoardNews:
    """An event as ``scope=board`` clients get it."""
    ground = Ground(url_id=logged.board, src=logged.first_src) if logged.board and logged.first_src else None
    return BoardNews(seq=seq, event=board_event(logged), only_for=logged.only_for, ground=ground)


_packer = msgspec.json.Encoder()
_unpacker: msgspec.json.Decoder[News] = msgspec.json.Decoder(News)


def pack(news: News) -> bytes:
    """For the way to another node."""
    return _packer.encode(news)


def unpack(data: bytes) -> News:
    """Back again.

    Raises:
        msgspec.MsgspecError: It was not packed by this version.
    """
    return _unpacker.decode(data)


def plain_parts(news: Sequence[ChannelNews], sees: Sees) -> Parts:
    """Single, full objects, one per frame; what may not be seen is simply not there."""
    frames = [item.frame for item in news if sees(item.only_for)]
    return Parts(b"".join(frames), len(frames))


def single_parts(news: Sequence[BoardNews], sees: Sees) -> Parts:
    """Compact objects, one per frame; ``skip`` in the place of what may not be seen."""
    frames: list[bytes] = []
    for item in news:
        body: object = item.event if sees(item.only_for) else Skip(from_=item.seq, to=item.seq)
        frames.append(text_frame(codec.encode_frame(body)))
    return Parts(b"".join(frames), len(frames))


def batch_parts(news: Sequence[BoardNews], sees: Sees) -> Parts:
    """As few frames as possible; their ranges connect, whatever was left out."""
    frames: list[bytes] = []
    for run in _runs(news):
        frames.extend(_run_frames(run, sees))
    return Parts(b"".join(frames), len(frames))


def _runs(news: Sequence[BoardNews]) -> Iterator[Sequence[BoardNews]]:
    """Pieces without a hole in their positions, so that no batch claims to cover what it never had."""
    start = 0
    for index in range(1, len(news)):
        if news[index].seq != news[index - 1].seq + 1:
            yield news[start:index]
            start = index
    yield news[start:]


def _run_frames(run: Sequence[BoardNews], sees: Sees) -> Iterator[bytes]:
    first, last = run[0].seq, run[-1].seq
    events = collapse([item.event for item in run if sees(item.only_for)])
    if len(events) == 1 and isinstance(events[0], NewImageChat):
        short = brief.opening(events[0], first=first, last=last, ground=run[-1].ground)
        if short is not None:
            yield text_frame(codec.encode_frame(short))
            return
    raws: list[Raw] = []
    size = 0
    for index, event in enumerate(events):
        raw = codec.encode(event)
        raws.append(Raw(raw))
        size += len(raw)
        if size >= BATCH_BYTES and index + 1 < len(events):
            to = event.seq or first
            yield _frame(first, to, raws)
            first, raws, size = to + 1, [], 0
    yield _frame(first, last, raws)


def _frame(first: int, last: int, raws: list[Raw]) -> bytes:
    if not raws:
        return text_frame(codec.encode_frame(Skip(from_=first, to=last)))
    if first == last:
        return text_frame(codec.encode_frame(raws[0]))
    return text_frame(codec.encode_frame(_Batch(first=first, last=last, events=raws)))
