"""Sign-in payloads: what proves somebody, and everything that does not."""

import base64
import json

import msgspec
import pytest

from imagechat_tui.protocol.sso import sign, signature
from imagechat_tui.server.auth import sso
from imagechat_tui.server.auth.sso import SsoError, SsoUser

SECRET = "test-api-secret"
NOW = 1_700_000_000_000
DAY = 24 * 3600 * 1000
# The public test vector of the published Python client.
KNOWN_USER = '{"id":"123","email":"test@example.com","username":"tester"}'
KNOWN_HASH = "f7e13d510e7f0cb11f027ce8161b8dc0f380df4aa85213ed15a973e34cb9dc2f"


def _read(text: str, *, now_ms: int = NOW, simple: bool = False) -> SsoUser | None:
    return sso.read(text, tenant="acme", secret=SECRET, simple_allowed=simple, now_ms=now_ms)


def _payload(user: object, **changes: object) -> str:
    return json.dumps(json.loads(sign(user, secret=SECRET, now_ms=NOW)) | changes)


def _person(**more: object) -> dict[str, object]:
    return {"id": "123", "email": "test@example.com", "username": "tester", **more}


def test_the_known_answer_of_the_published_client() -> None:
    """Same secret, same moment, same bytes: same hash."""
    data = base64.b64encode(KNOWN_USER.encode()).decode()
    assert signature(SECRET, NOW, data) == KNOWN_HASH
    text = json.dumps({"userDataJSONBase64": data, "verificationHash": KNOWN_HASH, "timestamp": NOW})
    user = _read(text)
    assert user is not None
    assert (user.id, user.email, user.username, user.secure) == ("123", "test@example.com", "tester", True)


def test_a_timestamp_may_be_written_as_text() -> None:
    """Some clients send every value as a string."""
    assert _read(_payload(_person(), timestamp=str(NOW))) is not None


@pytest.mark.parametrize("age", [0, DAY, 2 * DAY, -59_000])
def test_a_payload_of_the_last_two_days_is_good(age: int) -> None:
    """And one from a clock that is up to a minute ahead."""
    assert _read(_payload(_person()), now_ms=NOW + age) is not None


@pytest.mark.parametrize("age", [2 * DAY + 1, -61_000, 10**15])
def test_a_payload_of_another_time_proves_nothing(age: int) -> None:
    """Older than two days, or from the future."""
    with pytest.raises(SsoError):
        _read(_payload(_person()), now_ms=NOW + age)


@pytest.mark.parametrize(
    "changes",
    [
        {"verificationHash": "0" * 64},
        {"verificationHash": ""},
        {"verificationHash": None},
        {"verificationHash": KNOWN_HASH.upper()},
        {"verificationHash": "é"},
        {"verificationHash": 7},
        {"timestamp": None},
        {"timestamp": "soon"},
        {"timestamp": NOW + 1},
        {"timestamp": -NOW},
        {"timestamp": 10**30},
        {"userDataJSONBase64": "!!!"},
        {"userDataJSONBase64": None},
        {"userDataJSONBase64": base64.b64encode(b"{}").decode()},
    ],
)
def test_a_payload_that_was_touched_proves_nothing(changes: dict[str, object]) -> None:
    """Every field counts."""
    with pytest.raises(SsoError) as refused:
        _read(_payload(_person(), **changes))
    assert refused.value.code == "malformed-sso"


@pytest.mark.parametrize(
    "text", ["", "nonsense", "[]", "null", "7", '"x"', "{", '{"a":' * 2000, "\ud800", "x" * 200_000]
)
def test_what_is_no_payload_proves_nothing(text: str) -> None:
    """Whatever it is, it is refused and not an accident."""
    with pytest.raises(SsoError):
        _read(text)


def test_another_tenants_secret_proves_nothing() -> None:
    """The signature is the tenant's."""
    with pytest.raises(SsoError):
        _read(sign(_person(), secret="another-secret", now_ms=NOW))


def test_a_visitor_whom_the_site_does_not_know_is_nobody() -> None:
    """A payload with a login address and no person."""
    assert _read(_payload({"loginURL": "https://x.example"})) is None


@pytest.mark.parametrize("missing", ["id", "email", "username"])
def test_half_a_person_is_refused(missing: str) -> None:
    """All three are required."""
    person = _person()
    del person[missing]
    with pytest.raises(SsoError):
        _read(_payload(person))


@pytest.mark.parametrize(
    "more",
    [
        {"id": "x" * 1001},
        {"id": "simple:abc"},
        {"email": "x" * 1001},
        {"username": "x" * 1001},
        {"username": "tester@example.com"},
        {"username": "   "},
        {"avatar": "https://x.example/" + "a" * 3000},
        {"avatar": "data:image/png;base64," + "a" * 50_000},
        {"displayName": "x" * 501},
        {"displayLabel": "x" * 101},
        {"websiteUrl": "x" * 2001},
        {"groupIds": ["g"] * 101},
        {"groupIds": ["g" * 51]},
        {"groupIds": [1]},
        {"isAdmin": "yes"},
        {"id": "a\0b"},
        {"email": "\0"},
        {"displayName": "a\0b"},
        {"groupIds": ["g", "\0"]},
    ],
)
def test_a_person_beyond_the_limits_is_refused(more: dict[str, object]) -> None:
    """Sizes and types of the contract; an id that looks like a claimed one is nobody's."""
    with pytest.raises(SsoError):
        _read(_payload(_person(**more)))


def test_absent_fields_say_nothing_and_null_clears() -> None:
    """The difference decides what is kept of what was known."""
    user = _read(_payload(_person(displayName=None, avatar="", groupIds=None)))
    assert user is not None
    assert user.display_name is None
    assert user.avatar is None
    assert user.groups is None
    assert user.website_url is msgspec.UNSET


def test_roles_come_from_the_signed_payload_only() -> None:
    """A claimed name never is more than a name."""
    signed = _read(_payload(_person(isAdmin=True, isModerator=True)))
    assert signed is not None
    assert (signed.is_admin, signed.is_moderator) == (True, True)
    claim = json.dumps(
        {"email": "a@x.example", "username": "a", "isAdmin": True, "isModerator": True, "groupIds": ["g"]}
    )
    claimed = _read(claim, simple=True)
    assert claimed is not None
    assert (claimed.is_admin, claimed.is_moderator, claimed.groups, claimed.secure) == (False, False, (), False)


@pytest.mark.parametrize("wrapped", [True, False])
def test_a_claimed_name_is_refused_unless_the_tenant_allows_it(*, wrapped: bool) -> None:
    """Both shapes that published clients send."""
    person = {"email": "Ann@X.example", "username": "ann", "id": "admin-id"}
    text = json.dumps({"simpleSSOUser": person} if wrapped else person)
    with pytest.raises(SsoError):
        _read(text)
    user = _read(text, simple=True)
    assert user is not None
    assert user.id.startswith("simple:")
    assert "admin-id" not in user.id
    assert "x.example" not in user.id


def test_a_claimed_identity_is_its_e_mail_address() -> None:
    """Whatever its case; another tenant's is another one."""
    one = _read(json.dumps({"email": "ann@x.example", "username": "ann"}), simple=True)
    other = _read(json.dumps({"email": " ANN@x.example", "username": "bob"}), simple=True)
    elsewhere = sso.read(
        json.dumps({"email": "ann@x.example", "username": "ann"}),
        tenant="other",
        secret=SECRET,
        simple_allowed=True,
        now_ms=NOW,
    )
    assert one is not None
    assert other is not None
    assert elsewhere is not None
    assert one.id == other.id != elsewhere.id


def test_a_claimed_name_without_an_address_is_nobody() -> None:
    """There is nothing to tell such callers apart by."""
    assert _read(json.dumps({"username": "ann"}), simple=True) is None
