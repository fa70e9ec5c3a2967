"""How a session gets from nothing to live and back again after every loss: identity, socket, feed, probe, back-off.

It never reads a frame. The socket layer watches keep-alive and reports a silent peer as closed; beyond that a dial
without an answer, and a feed's question without an answer, count as a lost socket here.
"""

from collections.abc import Callable
from typing import Final, Protocol

from imagechat_tui.core.asks import Probe, ReadChats
from imagechat_tui.core.backoff import Backoff
from imagechat_tui.core.endings import SERVER_ERROR, reason_of
from imagechat_tui.core.feed import Feed
from imagechat_tui.core.inputs import Answered, Refused, Silence, SocketClosed, Unanswered
from imagechat_tui.core.link import Link, Signal
from imagechat_tui.core.outbox import Answer, Outbox
from imagechat_tui.core.outputs import Connect, Disconnect
from imagechat_tui.core.views import Reason
from imagechat_tui.protocol.replies import ErrorSeen, ImageChats

ASK_TIMEOUT: Final = 10.0
"""Seconds for the identity."""

PROBE_TIMEOUT: Final = 5.0
"""Seconds for the question whether anything answers at all."""

DIAL_TIMEOUT: Final = 15.0
"""Seconds until a dial that reports nothing has failed."""

STEADY: Final = 10.0
"""Seconds a link has to have been live for the next delay to be a short one again."""

_DENIED: Final = frozenset({401, 403, 404})
_TOO_MANY: Final = 429
_DIAL, _ATTEMPT = "dial", "attempt"


class Board(Protocol):
    """What the one who joins needs of the rest of the session."""

    def identified(self, chats: ImageChats) -> Feed:
        """Who the user is, what the host can do; the feed for it."""

    def socket_lost(self, now: float) -> None:
        """Nobody is known to be here, or to write."""


class Joining:
    """One board's way to the server."""

    def __init__(self, link: Link, outbox: Outbox, board: Board, *, random: Callable[[], float]) -> None:
        self.attempt: int | None = None
        """The number of the present socket; what reports another one is old."""
        self.open = False
        """Whether the socket is open."""
        self.feed: Feed | None = None
        self._dialled = 0
        self._link = link
        self._outbox = outbox
        self._board = board
        self._backoff = Backoff(random)
        self._chats: ImageChats | None = None
        self._identity_ask: int | None = None
        self._probe_ask: int | None = None
        self._renewed = False
        self._failed = False
        self._stopped = False

    # What the user wants -----------------------------------------------------------------------------------------

    def start(self, now: float) -> None:
        """Open the board; a session that was stopped stays closed."""
        if not self._stopped and self._link.tell(Signal.START, now):
            self._identify(now)

    def retry_now(self, now: float) -> None:
        """Do not wait for the next attempt; leave *refused*."""
        if self._link.tell(Signal.RETRY, now):
            self._link.note(attempt=0)
            self._renewed = False
            self._identify(now)
        elif self._outbox.is_set(_ATTEMPT):
            self._outbox.cancel(_ATTEMPT)
            self._try_again(now)

    def stop(self, now: float) -> None:
        """The user leaves."""
        self._stopped = True
        if self._link.tell(Signal.STOP, now):
            self._close(now)
            self._link.note(attempt=0)
            self._outbox.cancel_all()
            self._outbox.effect(Disconnect())

    # Identity ----------------------------------------------------------------------------------------------------

    def _identify(self, now: float) -> None:
        if self._identity_ask is None:
            self._identity_ask = self._outbox.ask(ReadChats(), now=now, timeout=ASK_TIMEOUT, then=self._identified)

    def _identified(self, answer: Answer, now: float) -> None:
        self._identity_ask = None
        if isinstance(answer, Answered) and isinstance(answer.reply, ImageChats):
            self._reached(now)
            self._chats = answer.reply
            self.feed = self._board.identified(answer.reply)
            self._dial(now)
            self.feed.identified(answer.reply, now)
        elif isinstance(answer, Refused):
            self._reached(now)
            if answer.status in _DENIED or (answer.status < SERVER_ERROR and answer.status != _TOO_MANY):
                self._deny(now, reason_of(answer), answer.error.sentence)
            else:
                self._lost(now, wait=answer.retry_after)
        elif isinstance(answer, Unanswered):
            self._unanswered(answer, now)

    def _unanswered(self, answer: Unanswered, now: float) -> None:
        if answer.why is Silence.INSECURE:
            self._deny(now, Reason.INSECURE, answer.detail)
        elif answer.why is Silence.FOREIGN and self._chats is None:
            self._deny(now, Reason.NOT_COMPATIBLE, answer.detail)
        else:
            self._failed = True
            self._lost(now)

    # The socket --------------------------------------------------------------------------------------------------

    def _dial(self, now: float) -> None:
        chats = self._chats
        if chats is None or self.feed is None:
            self._identify(now)
            return
        self._dialled += 1
        self.attempt = self._dialled
        self._outbox.effect(
            Connect(
                attempt=self._dialled,
                tenant_id_ws=chats.tenant_id_ws,
                url_id_ws=chats.url_id_ws,
                user_id_ws=chats.user_id_ws,
                board_scope=self.feed.board_scope,
                thread_url_id=self.feed.thread_url_id,
            )
        )
        self._outbox.alarm(_DIAL, now + DIAL_TIMEOUT, self._dial_failed)

    def redial(self, now: float) -> None:
        """Open the socket anew at once: it has to listen to something else. The link is not lost by that."""
        if self.open and self.feed is not None:
            self.open = False
            self.feed.lost(now)
            self._link.tell(Signal.BEHIND, now)
            self._dial(now)

    def opened(self, attempt: int, now: float) -> None:
        """The socket is open: read what was missed."""
        if attempt != self.attempt or self.open or self.feed is None:
            return
        self.open = True
        self._failed = False
        self._outbox.cancel(_DIAL)
        self._link.tell(Signal.OPENED, now)
        self._link.note()
        self.feed.opened(now)

    def closed(self, end: SocketClosed, now: float) -> None:
        """The socket ended, or could not be opened."""
        if end.attempt != self.attempt:
            return
        was_open = self.open
        self._close(now)
        if end.insecure:
            self._deny(now, Reason.INSECURE, end.detail)
        elif end.status in _DENIED:
            self._reached(now)
            self._denied(now, Refused(ask=0, status=end.status, error=ErrorSeen()), detail=end.detail)
        else:
            self._failed = not was_open
            if end.status is not None:
                self._failed = False
                self._reached(now)
            self._lost(now)

    def _dial_failed(self, now: float) -> None:
        self._outbox.effect(Disconnect())
        self._failed = True
        self._close(now)
        self._lost(now)

    def _close(self, now: float) -> None:
        self.attempt = None
        self._hang_up(now)

    def _hang_up(self, now: float) -> None:
        self.open = False
        self._outbox.cancel(_DIAL)
        if self.feed is not None:
            self.feed.lost(now)
        self._board.socket_lost(now)

    def no_answer(self, now: float) -> None:
        """The feed's question got no answer: a socket that only seems open is not waited for."""
        if self.open:
            self._outbox.effect(Disconnect())
            self._close(now)
            self._lost(now)

    # Losing and trying again -------------------------------------------------------------------------------------

    def _lost(self, now: float, *, wait: float | None = None) -> None:
        live_since = self._link.live_since
        if live_since is not None and now - live_since >= STEADY:
            self._backoff.reset()
        self._link.tell(Signal.LOST, now)
        delay = max(self._backoff.next(), min(wait or 0.0, 60.0))
        self._link.note(attempt=self._backoff.failed, retry_at=now + delay)
        self._outbox.alarm(_ATTEMPT, now + delay, self._try_again)
        if self._failed:
            self._probe(now)

    def _try_again(self, now: float) -> None:
        self._link.note()
        self._dial(now)

    def _probe(self, now: float) -> None:
        if self._probe_ask is None:
            self._probe_ask = self._outbox.ask(Probe(), now=now, timeout=PROBE_TIMEOUT, then=self._probed)

    def _probed(self, answer: Answer, now: float) -> None:
        self._probe_ask = None
        if not isinstance(answer, Unanswered):
            self._reached(now)
        elif answer.why is Silence.INSECURE:
            self._deny(now, Reason.INSECURE, answer.detail)
        elif answer.why is Silence.FOREIGN:
            self._reached(now)
        elif self._failed and not self.open:
            self._link.tell(Signal.SILENT, now)

    def _reached(self, now: float) -> None:
        """Something answered over HTTP."""
        self._link.tell(Signal.REACHED, now)

    # Being refused -----------------------------------------------------------------------------------------------

    def denied(self, answer: Refused, now: float) -> None:
        """A question of the feed was refused for who asks it."""
        self._drop_socket(now)
        self._denied(now, answer, detail=answer.error.sentence)

    def _denied(self, now: float, answer: Refused, *, detail: str) -> None:
        """Names for the socket may have run out: ask for new ones, once."""
        if self._renewed:
            self._deny(now, reason_of(answer), detail)
            return
        self._renewed = True
        self._link.tell(Signal.LOST, now)
        self._link.note()
        self._outbox.cancel(_ATTEMPT)
        self._identify(now)

    def _deny(self, now: float, reason: Reason, detail: str) -> None:
        self._drop_socket(now)
        self._link.tell(Signal.DENIED, now)
        self._link.note(reason=reason, detail=detail)
        self._outbox.cancel(_ATTEMPT)
        # New names that are still on their way would open a socket behind the user's back.
        self._outbox.forget(self._identity_ask)
        self._identity_ask = None

    def _drop_socket(self, now: float) -> None:
        """Neither a socket nor a dial is left: the next one has other names."""
        if self.attempt is not None:
            self._outbox.effect(Disconnect())
            self._close(now)

    def caught_up(self, now: float) -> None:
        """The log has been read to its end."""
        self._renewed = False
        self._link.tell(Signal.CAUGHT_UP, now)

    def fell_behind(self, now: float) -> None:
        """The log has to be read."""
        self._link.tell(Signal.BEHIND, now)
