"""Who is here: joined, left, counted, cleared."""

from imagechat_tui.core.presence import MOST, Presence
from imagechat_tui.core.views import Person
from imagechat_tui.protocol.events import PresenceUpdate


def test_people_come_and_go_by_name() -> None:
    """Sorted by name, whatever the case."""
    presence = Presence()
    presence.update(PresenceUpdate(joined=["t:b", "t:a"], names={"t:b": "Bea", "t:a": "adam"}, count=2))
    assert presence.people == (Person(id="t:a", name="adam"), Person(id="t:b", name="Bea"))
    presence.update(PresenceUpdate(left=["t:a"], count=1))
    assert [person.id for person in presence.people] == ["t:b"]
    assert presence.count == 1


def test_anonymous_viewers_count_without_a_name() -> None:
    """They have no name to show."""
    presence = Presence()
    presence.update(PresenceUpdate(joined=["anon:1", "t:a"], count=5))
    assert [person.name for person in presence.people] == ["a"]
    assert presence.count == 5


def test_without_a_count_joined_and_left_are_counted() -> None:
    """A host may leave the count out."""
    presence = Presence()
    presence.update(PresenceUpdate(joined=["anon:1", "anon:2"]))
    presence.update(PresenceUpdate(left=["anon:1"]))
    assert presence.count == 1


def test_the_same_frame_again_changes_nothing() -> None:
    """So nothing has to be announced."""
    presence = Presence()
    frame = PresenceUpdate(joined=["t:a"], names={"t:a": "A"}, count=1)
    assert presence.update(frame)
    assert not presence.update(frame)


def test_without_a_socket_nobody_is_here() -> None:
    """Clearing twice changes nothing the second time."""
    presence = Presence()
    presence.update(PresenceUpdate(joined=["t:a"], count=1))
    assert presence.clear()
    assert (presence.people, presence.count) == ((), 0)
    assert not presence.clear()


def test_names_are_bounded() -> None:
    """A frame with very many people is cut; the count is not."""
    presence = Presence()
    presence.update(PresenceUpdate(joined=[f"t:{number}" for number in range(MOST + 50)], count=MOST + 50))
    assert len(presence.people) == MOST
    assert presence.count == MOST + 50
