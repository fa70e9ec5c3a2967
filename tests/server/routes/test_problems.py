"""From an exception to an answer: every kind has its status, and nothing inside is told."""

import logging

import msgspec
import pytest
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException

from imagechat_tui.errors import PictureError, ProtocolError
from imagechat_tui.server.actions.refusals import Refusal, comment_too_big
from imagechat_tui.server.auth.sso import SsoError
from imagechat_tui.server.routes.problems import answer_to
from imagechat_tui.server.throttle import TooOftenError


@pytest.mark.parametrize(
    ("problem", "status", "code"),
    [
        (Refusal(409, "locked", "Locked."), 409, "locked"),
        (TooOftenError(2.2, per_user=True), 429, "user-rate-limited"),
        (TooOftenError(2.2, per_user=False), 429, "rate-limited"),
        (SsoError("Wrong."), 401, "malformed-sso"),
        (ProtocolError("Expected `str`, got `int` - at `$.x`"), 400, "invalid-input"),
        (PictureError("Too large."), 400, "invalid-input"),
        (HTTPException(404), 404, "not-found"),
        (HTTPException(405), 405, "unexpected-param"),
        (OperationalError("SELECT secret", {}, Exception("disk I/O error")), 503, "internal"),
        (ValueError("the secret is 42"), 500, "internal"),
        (KeyError("x"), 500, "internal"),
    ],
)
@pytest.mark.parametrize("path", ["/comments/acme", "/comment-image-chats/acme"])
def test_every_kind_has_its_answer(problem: Exception, status: int, code: str, path: str) -> None:
    """Never a success; the two published shapes by the path."""
    answer = answer_to(problem, path=path, request_id="r1")
    body = msgspec.json.decode(answer.body)
    assert (answer.status, body["code"]) == (status, code)
    union = path.startswith("/comment-image-chats")
    assert body["status"] == ("error" if union else "failed")
    assert body.get("message") == (body["reason"] if union else None)
    assert "secret" not in answer.body.decode()


def test_the_caller_is_told_when_to_come_back() -> None:
    """In whole seconds, rounded up."""
    assert dict(answer_to(TooOftenError(2.2, per_user=True), path="/", request_id="r").headers)[b"retry-after"] == b"3"
    assert dict(answer_to(TooOftenError(0.01, per_user=True), path="/", request_id="r").headers)[b"retry-after"] == b"1"


def test_the_unexpected_is_logged_with_the_id_that_the_caller_gets(caplog: pytest.LogCaptureFixture) -> None:
    """So that an operator finds it."""
    with caplog.at_level(logging.ERROR):
        answer = answer_to(ValueError("inside"), path="/", request_id="r42")
    assert dict(answer.headers)[b"x-request-id"] == b"r42"
    assert "r42" in caplog.text
    assert "inside" in caplog.text


def test_the_limit_is_told_with_the_refusal() -> None:
    """Published clients show it."""
    assert (
        msgspec.json.decode(answer_to(comment_too_big(), path="/", request_id="r").body)["maxCharacterLength"] == 2000
    )
