"""Who is here: arrivals, departures after a grace, people with several terminals, guests."""

from imagechat_tui.server.bus.crowds import NOBODY, Crowd
from imagechat_tui.server.hub.presence import PEOPLE_LISTED, Person, Presence, Told


def told(presence: Presence, now: float) -> Told:
    """What the others are told, which has to be something."""
    found = presence.take(now)
    assert found is not None
    return found


def test_an_arrival_is_told_once() -> None:
    """A second terminal of the same person is no news."""
    room = Presence(grace=2)
    room.join("t:ann", "Ann")
    room.join("t:ann", "Ann")
    assert told(room, 0) == Told((Person("t:ann", "Ann"),), (), 1)
    room.join("t:ann", "Ann")
    assert room.take(1) is None


def test_a_departure_is_told_after_the_grace() -> None:
    """And only when the last socket has gone."""
    room = Presence(grace=2)
    room.join("t:ann", "Ann")
    room.join("t:ann", "Ann")
    room.take(0)
    room.leave("t:ann", 1)
    assert room.due(1) is None
    room.leave("t:ann", 1)
    assert room.due(1) == 3
    assert room.take(2.9) is None
    assert told(room, 3) == Told((), ("t:ann",), 0)


def test_who_comes_back_in_time_never_was_away() -> None:
    """A reconnection is no news, and nobody is counted twice."""
    room = Presence(grace=2)
    room.join("t:ann", "Ann")
    room.take(0)
    room.leave("t:ann", 1)
    room.join("t:ann", "Ann")
    assert room.take(5) is None
    assert room.count == 1


def test_who_came_and_went_unnoticed_is_not_mentioned() -> None:
    """Gone before anybody was told: nothing to tell."""
    room = Presence(grace=0)
    room.join("t:ann", "Ann")
    room.leave("t:ann", 1)
    assert room.take(2) is None


def test_guests_are_counted_and_not_named() -> None:
    """The count alone is news."""
    room = Presence(grace=2)
    room.join(None, "")
    assert told(room, 0) == Told((), (), 1)
    room.leave(None, 1)
    assert told(room, 1).people == 0


def test_a_reading_counts_open_sockets_only() -> None:
    """Signed-in people by name, anonymous ones as a number; somebody within the grace is not online."""
    room = Presence(grace=2)
    for user, name in (("t:bob", "bob"), ("t:ann", "Ann"), ("anon:x", "")):
        room.join(user, name)
    room.join(None, "")
    room.leave("t:bob", 0)
    present = room.present()
    assert present.users == (Person("t:ann", "Ann"),)
    assert (present.total_count, present.anon_count) == (3, 2)
    assert room.online(["t:ann", "t:bob", "t:eve"]) == {"t:ann": True, "t:bob": False, "t:eve": False}


def test_a_listing_has_an_end_and_names_come_first() -> None:
    """A frame stays small in a room of thousands."""
    room = Presence(grace=2)
    for number in range(PEOPLE_LISTED):
        room.join(f"anon:{number}", "")
    room.join("t:ann", "Ann")
    assert len(room.here()) == PEOPLE_LISTED
    assert room.here()[0] == Person("t:ann", "Ann")


def test_people_of_other_nodes_count_once_and_are_told() -> None:
    """One person on two nodes is one person; guests have no name to know them by."""
    room = Presence(grace=2)
    room.join("t:ann", "Ann")
    room.take(0)
    room.hear("n2", Crowd(people={"t:ann": "Ann", "t:bob": "Bob"}, guests=2), 1)
    assert told(room, 1) == Told((Person("t:bob", "Bob"),), (), 4)
    assert room.mine() == Crowd(people={"t:ann": "Ann"})
    room.leave("t:ann", 2)
    assert room.take(9) is None
    room.hear("n2", NOBODY, 10)
    assert told(room, 12) == Told((), ("t:ann", "t:bob"), 0)


def test_who_changes_nodes_within_the_grace_has_not_left() -> None:
    """A rolling restart is no news to the others."""
    room = Presence(grace=2)
    room.join("t:bob", "Bob")
    room.hear("n2", Crowd(people={"t:ann": "Ann"}), 0)
    room.take(0)
    room.hear("n2", NOBODY, 1)
    room.join("t:ann", "Ann")
    assert room.take(9) is None
    assert room.count == 2


def test_who_was_on_other_nodes_before_is_no_news() -> None:
    """The first viewer of a page on a node is told a count, and the newcomers alone."""
    room = Presence(grace=2)
    room.begin({"n2": Crowd(people={"t:ann": "Ann"}, guests=1)}, 0)
    room.join("t:bob", "Bob")
    assert told(room, 0) == Told((Person("t:bob", "Bob"),), (), 3)
    assert room.present().total_count == 3
