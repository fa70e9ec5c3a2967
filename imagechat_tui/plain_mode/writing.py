"""A text that is written over several lines, and what is kept of texts until they have arrived; it sends nothing."""

import logging
from typing import Final

from imagechat_tui.i18n import _
from imagechat_tui.plain import block
from imagechat_tui.tui.drafts import Drafts, Target

_log = logging.getLogger(__name__)

SEND: Final = "."
KEEP: Final = ".keep"
DROP: Final = ".drop"


class Writing:
    """The drafts of a board, and the text that is being written."""

    def __init__(self, drafts: Drafts) -> None:
        self._drafts = drafts
        self._lines: list[str] = []
        self._failed: dict[str, tuple[Target, str]] = {}
        self.target: Target | None = None
        """What is written for; ``None`` between texts."""

    def begin(self, target: Target) -> list[str]:
        """Take lines from now on; what to say."""
        self.target = target
        draft = self._drafts.text(target)
        self._lines = draft.split("\n") if draft else []
        said = [
            _("Write your text: {send} alone on a line sends it, {keep} keeps it as a draft, {drop} throws it away.")
            .format(send=SEND, keep=KEEP, drop=DROP)
        ]  # fmt: skip
        return [*said, _("Your draft so far:"), *block(draft).split("\n")] if draft else said

    def add(self, line: str) -> None:
        """One more line."""
        self._lines.append(line)
        if self.target is not None:
            self.keep(self.target, self.text)

    @property
    def text(self) -> str:
        """What is written."""
        return "\n".join(self._lines).strip()

    def end(self) -> None:
        """Take no more lines."""
        self.target, self._lines = None, []

    def keep(self, target: Target, text: str) -> None:
        """Remember a text, on disk too; an empty one is forgotten."""
        self._drafts.keep(target, text)
        try:
            self._drafts.save()
        except OSError:
            _log.exception("drafts not saved")

    def arrived(self, target: Target, text: str) -> None:
        """It need not be kept any longer, unless another one has taken its place."""
        if self._drafts.text(target) == text:
            self.keep(target, "")

    def failed(self, operation: str, target: Target, text: str) -> None:
        """It did not arrive, and is kept."""
        self._failed[operation] = (target, text)

    def given_up(self, operation: str) -> None:
        """The person does not want it any longer."""
        if operation in self._failed:
            self.arrived(*self._failed.pop(operation))

    def renamed(self, was: str, now: str) -> None:
        """A marker got its final id."""
        self._drafts.renamed(was, now)
