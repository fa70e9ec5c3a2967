"""The law: every role, action, tenant, page and owner, generated, against rules written the other way around."""

from collections.abc import Iterator
from itertools import product

import pytest

from imagechat_tui.server.auth.actors import Actor, Role
from imagechat_tui.server.auth.permissions import TABLE, Action, Rule, Visibility, is_simple, may, may_see, owns

TENANTS = ("acme", "other")
VISIBILITIES: tuple[Visibility, ...] = ("link", "tenant", "groups")
GROUPS = (None, (), ("design",), ("sales",))

# What must never be possible, said once more and independently of the table.
NOBODY_WRITES = {
    *(Action.CREATE_MARKER, Action.CREATE_COMMENT, Action.VOTE, Action.FLAG, Action.BLOCK, Action.PIN, Action.LOCK),
    *(
        Action.TELL_TYPING,
        Action.RESOLVE_MARKER,
        Action.UPLOAD_PICTURE,
        Action.CREATE_BOARD,
        Action.CHANGE_BOARD,
        Action.READ_USAGE,
    ),
}
MODERATION = {Action.PIN, Action.LOCK}
OWN = {Action.MOVE_MARKER, Action.DELETE_MARKER, Action.EDIT_COMMENT, Action.DELETE_COMMENT, Action.DELETE_VOTE}
SIGNED_IN = {Action.RESOLVE_MARKER, Action.UPLOAD_PICTURE, Action.CREATE_BOARD}


def _user_id(tenant: str, role: Role) -> str | None:
    return {Role.GUEST: None, Role.ANONYMOUS: "anon:1"}.get(role, f"{tenant}:me")


def _actors() -> Iterator[Actor]:
    for tenant, role, groups in product(TENANTS, Role, GROUPS):
        if role in {Role.GUEST, Role.ANONYMOUS} and groups is not None:
            continue
        yield Actor(tenant=tenant, role=role, user_id=_user_id(tenant, role), groups=groups)


def _expected(actor: Actor, action: Action, *, mine: bool) -> bool:  # noqa: PLR0911 - one rule a line reads best
    if actor.role is Role.GUEST:
        return action not in NOBODY_WRITES and action not in OWN
    if action is Action.READ_USAGE:
        return actor.role is Role.ADMIN
    if action in MODERATION:
        return actor.moderates
    if action is Action.DELETE_VOTE:
        return mine
    if action in OWN:
        return mine or actor.moderates
    if action is Action.CHANGE_BOARD:
        return actor.moderates or (mine and actor.signed_in)
    return actor.signed_in or action not in SIGNED_IN


def test_the_table_knows_every_role_and_action() -> None:
    """No cell is missing, none is too many."""
    assert set(TABLE) == set(product(Role, Action))


@pytest.mark.parametrize("action", Action)
def test_every_cell_is_what_the_rules_say(action: Action) -> None:
    """Role x tenant x owner: mine, another person's of my tenant, somebody's of another tenant, nobody's."""
    for actor in _actors():
        for owner in (actor.user_id, "acme:else", "other:else", "anon:2", None):
            mine = owner is not None and owner == actor.user_id
            assert may(actor, action, owner=owner) is _expected(actor, action, mine=mine), (actor, owner)


@pytest.mark.parametrize("action", [action for action in Action if TABLE[Role.GUEST, action] is Rule.OWN])
def test_an_edit_key_stands_for_the_author(action: Action) -> None:
    """Even for somebody who is not known at all."""
    guest = Actor(tenant="acme", role=Role.GUEST)
    assert may(guest, action, owner="anon:1", key=True)
    assert not may(guest, action, owner="anon:1")


@pytest.mark.parametrize(("visibility", "page_groups"), list(product(VISIBILITIES, GROUPS)))
def test_who_sees_a_page(visibility: Visibility, page_groups: tuple[str, ...] | None) -> None:
    """Role x tenant x visibility x groups of page and person."""
    for actor in _actors():
        groups = None if actor.groups is None else set(actor.groups)
        expected = (
            visibility == "link"
            or (visibility == "tenant" and actor.signed_in)
            or (
                visibility == "groups"
                and actor.signed_in
                and (page_groups is None or (page_groups != () and (groups is None or bool(groups & set(page_groups)))))
            )
        )
        assert may_see(actor, visibility=visibility, groups=page_groups) is expected, (actor, page_groups)


def test_the_creator_always_sees_their_board() -> None:
    """Also when they are in none of its groups."""
    actor = Actor(tenant="acme", role=Role.MEMBER, user_id="acme:me", groups=())
    assert may_see(actor, visibility="groups", groups=["sales"], creator="acme:me")
    assert not may_see(actor, visibility="groups", groups=["sales"], creator="acme:else")


def test_a_claimed_name_sees_public_pages_only_and_owns_what_its_session_wrote() -> None:
    """Anybody can claim any name."""
    claimed = Actor(tenant="acme", role=Role.MEMBER, user_id="acme:simple:0f", session="s1")
    assert is_simple(claimed)
    assert not may_see(claimed, visibility="tenant")
    assert not may_see(claimed, visibility="groups", groups=None)
    assert owns(claimed, "acme:simple:0f", "s1")
    assert not owns(claimed, "acme:simple:0f", "s2")
    assert not owns(claimed, "acme:simple:0f", None)
    without = Actor(tenant="acme", role=Role.MEMBER, user_id="acme:simple:0f")
    assert not owns(without, "acme:simple:0f", None)


def test_nobody_owns_what_has_no_owner() -> None:
    """``None`` is not equal to ``None`` here."""
    assert not owns(Actor(tenant="acme", role=Role.GUEST), None)
