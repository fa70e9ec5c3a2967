"""What the user's side decides about a session; one frozen value."""

from msgspec import Struct


class SessionSettings(Struct, frozen=True, kw_only=True):
    """What the user's side decides."""

    read_only: bool = False
    """Every change is refused before it is sent."""
    max_reply_depth: int = 0
    """How many levels replies nest; what would hang deeper joins the deepest level. 0: a thread is flat."""
    typing: bool = True
    """Others are told that the user is writing."""
    page_title: str = ""
    """The board's title as long as the server has none."""
