"""Parcels of one board come out in order of position, each once."""

from hypothesis import given
from hypothesis import strategies as st

from imagechat_tui.server.bus.port import Parcel
from imagechat_tui.server.bus.sequence import Sequence
from tests.support.contracts.bus import BOARD


def at(*positions: int) -> list[Parcel[str]]:
    """Parcels with these positions."""
    return [Parcel(BOARD, position, str(position)) for position in positions]


def test_it_begins_where_it_first_hears_something() -> None:
    """Nobody knows what came before; a late elder brother of the first one is handed on."""
    order = Sequence[str]()
    assert order.last is None
    assert order.take(at(5)) == at(5)
    assert order.take(at(4)) == at(4)
    assert order.last == 5


def test_what_comes_too_early_is_held() -> None:
    """Until the missing ones are there."""
    order = Sequence[str]()
    order.take(at(1))
    assert order.take(at(4, 3)) == []
    assert order.gap == (1, 2)
    assert order.take(at(2)) == at(2, 3, 4)
    assert order.gap is None


def test_a_repetition_is_dropped() -> None:
    """Once is enough."""
    order = Sequence[str]()
    order.take(at(1, 2))
    assert order.take(at(1, 2, 3)) == at(3)
    assert order.take(at(3)) == []


def test_what_never_comes_is_given_up() -> None:
    """Only up to the next hole."""
    order = Sequence[str]()
    order.take(at(1, 3, 6))
    assert order.give_up() == at(3)
    assert order.gap == (3, 5)
    assert order.give_up() == at(6)
    assert order.give_up() == []


@given(st.permutations(list(range(2, 12))), st.data())
def test_any_order_comes_out_sorted_and_complete(positions: list[int], data: st.DataObject) -> None:
    """With repetitions, in pieces of any size."""
    order = Sequence[str]()
    out = order.take(at(1))
    mixed = positions + data.draw(st.lists(st.sampled_from(positions), max_size=5))
    for position in mixed:
        out += order.take(at(position))
    assert [parcel.position for parcel in out if parcel.position != 1] == list(range(2, 12))
