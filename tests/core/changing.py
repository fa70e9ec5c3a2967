"""What the tests of one's own changes begin with."""

from imagechat_tui.core.inputs import (
    CreateMarker,
)
from imagechat_tui.core.outputs import (
    OperationEnded,
    Outcome,
)
from imagechat_tui.core.views import Reason
from imagechat_tui.protocol.replies import (
    MarkerCreated,
)
from tests.core.scripted import ME, Script, marker, public_comment

CREATE = CreateMarker(x=10.0, y=20.0, text="text 2")


def live() -> Script:
    """A live board with one marker of somebody else, its thread not loaded."""
    script = Script()
    script.go_live(marker(1), seq=1)
    return script


def created(*, seq: int = 3) -> MarkerCreated:
    """The answer to ``CREATE``."""
    own = marker(2, author=ME)
    return MarkerCreated(status="success", marker=own, comment=public_comment("c2", "text 2", author=ME, at=2), seq=seq)


def ends(script: Script) -> list[tuple[str, Outcome, Reason | None]]:
    """How operations ended so far."""
    return [(end.operation, end.outcome, end.reason) for end in script.of(OperationEnded)]
