"""Every exception raised on purpose; blame is in the type.

::

    ImagechatError
     ├── UserError            the person or their files: says what to do
     │    ├── UsageError      exit 2: wrong use of a command, flag or setting
     │    ├── PictureError    the picture cannot be read, is too large, is not a picture
     │    ├── NotFoundError   exit 5: no such file, board, tenant, marker
     │    └── StoppedError    exit 130: the person stopped it; says what is left of it
 ├── ServerError          the other side
     │    ├── UnreachableError   exit 3: no answer; trying again may help
     │    ├── NotAllowedError    exit 4: identity missing, unknown, or without the right
     │    └── ForeignServerError it answers, but it is not a server we can talk to
     └── ProtocolError        bytes from the wire that no rule covers

Classes keep facts; ``str()`` makes the sentence that a person reads.
"""

from typing import ClassVar


class ImagechatError(Exception):
    """The root. ``exit_code`` is what a command ends with when it meets one."""

    exit_code: ClassVar[int] = 1


class UserError(ImagechatError):
    """Something the person gave us; the message says what to do about it."""


class UsageError(UserError):
    """A command, flag or setting is wrong."""

    exit_code = 2


class PictureError(UserError):
    """A picture that cannot be used: unreadable, too large, or no picture at all."""


class NotFoundError(UserError):
    """What was named does not exist."""

    exit_code = 5


class StoppedError(UserError):
    """The person stopped long work; the message says what was done until then, and how to go on."""

    exit_code = 130


class ServerError(ImagechatError):
    """The other side failed or refused."""


class UnreachableError(ServerError):
    """Nothing answered; the same command may work later."""

    exit_code = 3


class NotAllowedError(ServerError):
    """The server knows who asks (or not), and says no."""

    exit_code = 4


class ForeignServerError(ServerError):
    """Something answers at that address, but it does not speak the contract."""

    exit_code = 3


class ProtocolError(ImagechatError):
    """Bytes from the wire that do not decode; ``detail`` is for the log, never for the screen."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail
