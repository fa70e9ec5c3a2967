"""What stands around the picture: link, title, counts, people; as it is, and as it was announced last."""

from imagechat_tui.core.board import Board
from imagechat_tui.core.facts import Facts
from imagechat_tui.core.link import Link
from imagechat_tui.core.outputs import BoardChanged, Change, LinkChanged, PeopleChanged
from imagechat_tui.core.presence import Presence
from imagechat_tui.core.views import BoardView


class Headline:
    """Compared once per input; a view is made only when something that it counts or names may differ."""

    def __init__(self, link: Link, board: Board, facts: Facts, presence: Presence) -> None:
        self._link = link
        self._board = board
        self._facts = facts
        self._presence = presence
        self._told_link = link.view
        self._told_board = self.board
        self._told_me = board.me
        self._told_people = (presence.people, presence.count)
        self._numbers = (facts.version, presence.version, board.unread.total)
        self._counts: tuple[int, ...] = ()

    @property
    def board(self) -> BoardView:
        """Title, picture and counts."""
        facts, showing = self._facts, self._board.showing
        return BoardView(
            title=facts.title,
            image_src=facts.image_src,
            image_version=facts.image_version,
            image_size=facts.image_size,
            visibility=facts.visibility,
            markers=showing.count,
            open=showing.count - showing.resolved,
            resolved=showing.resolved,
            unread=self._board.unread.total,
        )

    def changes(self, *, views: bool) -> list[Change]:
        """What is really different since the last call; ``views``: whether any view of the board is."""
        found: list[Change] = []
        link = self._link.view
        if link is not self._told_link and link != self._told_link:
            self._told_link = link
            found.append(LinkChanged(link=link))
        numbers = (self._facts.version, self._presence.version, self._board.unread.total)
        if views or numbers != self._numbers or self._board.me is not self._told_me:
            self._numbers = numbers
            self._tell_board(found)
            self._tell_people(found)
        return found

    def _tell_board(self, found: list[Change]) -> None:
        showing, me = self._board.showing, self._board.me
        counts = (self._facts.version, showing.count, showing.resolved, self._board.unread.total)
        if counts == self._counts and me is self._told_me:
            return
        self._counts, board = counts, self.board
        if board != self._told_board or me != self._told_me:
            found.append(BoardChanged(board=board, me=me))
        self._told_board, self._told_me = board, me

    def _tell_people(self, found: list[Change]) -> None:
        people = (self._presence.people, self._presence.count)
        if people != self._told_people:
            self._told_people = people
            found.append(PeopleChanged(people=people[0], count=people[1]))
