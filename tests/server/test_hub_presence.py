"""Who is here: arrivals, departures after a grace, people with several terminals, guests."""

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
