"""Turns answers into values, and refusals and silences into the one sentence that a command ends with."""

from typing import TypeVar

from imagechat_tui import plain
from imagechat_tui.client.exchange import Answer, Exchange, NoAnswer
from imagechat_tui.client.server import Server
from imagechat_tui.core.inputs import Silence
from imagechat_tui.errors import (
    ForeignServerError,
    NotAllowedError,
    NotFoundError,
    ProtocolError,
    ServerError,
    UnreachableError,
)
from imagechat_tui.i18n import _
from imagechat_tui.protocol import codec, replies

R = TypeVar("R", bound=replies.Reply)


async def send(exchange: Exchange, method: str, path: str, *, body: bytes | None = None) -> Answer:
    """One request of a command; a silence becomes a sentence.

    Raises:
        ServerError: There was no answer.
    """
    try:
        return await exchange.send(method, path, body=body)
    except NoAnswer as silence:
        raise unanswered(silence, exchange.server) from None


def understood(answer: Answer, kind: type[R], server: Server) -> R:
    """A successful answer as ``kind``; anything else becomes a sentence.

    Raises:
        ServerError: What ``refused`` says, or an answer outside the contract.
    """
    if not answer.ok:
        raise refused(answer, server)
    try:
        return codec.decode(answer.body, kind)
    except ProtocolError:
        raise unanswered(NoAnswer(Silence.FOREIGN), server) from None


def refused(answer: Answer, server: Server) -> ServerError | NotFoundError:
    """The sentence of a refusal, for a command that ends with it."""
    error = codec.decode_error(answer.body)
    said = plain.line(error.sentence, most=300)
    name = named(server)
    if not error.code and not said:
        return ForeignServerError(_("{name} answers, but is no imagechat server: check the address.").format(name=name))
    if error.code in {"invalid-tenant", "invalid-tenant-id", "missing-tenant-id"}:
        return NotFoundError(_("{name} has no such tenant: check its name.").format(name=name))
    match answer.status:
        case 401:
            problem: ServerError | NotFoundError = NotAllowedError(
                _("{name} does not know you ({said}): sign in with `imagechat login`.").format(name=name, said=said)
            )
        case 403:
            problem = NotAllowedError(_("{name} does not allow this: {said}").format(name=name, said=said))
        case 404 | 410:
            problem = NotFoundError(_("{name} does not have this: {said}").format(name=name, said=said))
        case 429:
            wait = _(" in a minute")
            if answer.retry_after:
                wait = _(" in {seconds:.0f} s").format(seconds=answer.retry_after)
            problem = ServerError(_("{name} asks for a pause: try again{wait}.").format(name=name, wait=wait))
        case _:
            problem = ServerError(_("{name} refused: {said}").format(name=name, said=said))
    return problem


def unanswered(silence: NoAnswer, server: Server) -> ServerError:
    """The sentence of a silence, for a command that ends with it."""
    name = named(server)
    match silence.why:
        case Silence.INSECURE:
            return ServerError(
                _(
                    "The certificate of {name} is not trusted: check the address, or name its authority with --ca FILE."
                ).format(name=name)
            )
        case Silence.FOREIGN:
            return ForeignServerError(
                _("{name} answers, but is no imagechat server: check the address.").format(name=name)
            )
        case Silence.LOST:
            return UnreachableError(_("{name} did not answer in time: try again.").format(name=name))
        case Silence.UNREACHABLE:
            return UnreachableError(
                _("Cannot reach {name} ({detail}): check the address and the network.").format(
                    name=name, detail=silence.detail
                )
            )


def named(server: Server) -> str:
    """What a server is called in sentences."""
    return _("The local server") if server.uds else server.base_url
