"""Several images in one app: one is on the screen, the others keep their place, their text and their news."""

from pathlib import Path

import msgspec

from imagechat_tui.core import inputs
from imagechat_tui.core.views import LinkState
from imagechat_tui.tui.boards import Board, BoardSet
from tests.support.board_client import MemoryBoard
from tests.support.grid import grid
from tests.tui.stage import Stage, bench, board_screen, calm, picture, press, reviewed, shown, until

NEXT, BEFORE = "greater_than_sign", "less_than_sign"


def _beside(*titles: str) -> list[MemoryBoard]:
    """Boards with one marker each."""
    boards = [MemoryBoard(title=title, pixels=picture()) for title in titles]
    for board in boards:
        board.add(f"A remark on {board.title}", x=40, y=40)
    return boards


def _set(*boards: MemoryBoard) -> list[Board]:
    return [Board(client=one, picture=one.pixels, title=one.title, key=one.title) for one in boards]


def _unread(board: MemoryBoard, count: int) -> None:
    """Somebody said something there."""
    board.put(msgspec.structs.replace(board.markers()[0], unread=count))


def _first(pilot: Stage) -> str:
    return grid(pilot.app).splitlines()[0].strip()


async def test_the_keys_lead_around_and_the_header_says_where() -> None:
    """Forwards and backwards, around the ends."""
    cart, done = _beside("cart.png", "done.png")
    async with shown(reviewed(), beside=_set(cart, done)) as pilot:
        seen = [_first(pilot)]
        for key in (NEXT, NEXT, NEXT, BEFORE):
            await press(pilot, key)
            seen.append(_first(pilot))
        assert [line.replace("●", "", 1).split("  ")[0] for line in seen] == [
            "1/3 checkout.png", "2/3 cart.png", "3/3 done.png", "1/3 checkout.png", "3/3 done.png",
        ]  # fmt: skip
        assert "A remark on done.png" in grid(pilot.app)
        assert pilot.app.title == "done.png"


async def test_one_image_alone_has_no_position() -> None:
    """The name comes first, as ever."""
    async with shown(reviewed()) as pilot:
        assert _first(pilot).startswith("checkout.png")


async def test_each_keeps_its_crosshair_zoom_selection_and_unsent_text() -> None:
    """And nothing typed for one turns up on another."""
    (cart,) = _beside("cart.png")
    first = reviewed()
    async with shown(first, beside=_set(cart)) as pilot:
        await press(pilot, "n", "n", "plus", "H", "m", *"draft", "escape")
        before = board_screen(pilot)
        stood, zoom = bench(pilot).picture.point, bench(pilot).picture.viewport
        await press(pilot, NEXT)
        assert bench(pilot).picture.point != stood
        await press(pilot, "m")
        assert bench(pilot).composer.text == ""
        await press(pilot, *"other", "escape", BEFORE)
        assert board_screen(pilot) is before
        assert (bench(pilot).picture.point, bench(pilot).picture.viewport) == (stood, zoom)
        assert "»2«" in grid(pilot.app)
        await press(pilot, "m")
        assert bench(pilot).composer.text == "draft"


async def test_a_comment_goes_to_the_board_on_the_screen() -> None:
    """And to no other."""
    (cart,) = _beside("cart.png")
    first = reviewed()
    async with shown(first, beside=_set(cart)) as pilot:
        await press(pilot, NEXT, "m", *"here", "enter")
        assert [one.text for one in cart.submitted if isinstance(one, inputs.CreateMarker)] == ["here"]
        assert not any(isinstance(one, inputs.Intent) for one in first.submitted)


async def test_what_is_new_on_the_others_is_said_and_gone_when_it_was_read() -> None:
    """A number where there is room, and a sign on the narrowest screen."""
    cart, done = _beside("cart.png", "done.png")
    async with shown(reviewed(), (160, 45), beside=_set(cart, done)) as pilot:
        _unread(cart, 2)
        _unread(done, 1)
        await until(pilot, lambda: "3 new on other images" in _first(pilot))
        await pilot.resize_terminal(40, 12)
        await calm(pilot)
        assert _first(pilot).startswith("1/3●")
        await press(pilot, NEXT, "A", NEXT, "A")
        await until(pilot, lambda: _first(pilot).startswith("3/3●"))
        await press(pilot, NEXT, "A")
        await until(pilot, lambda: _first(pilot).startswith("1/3 "))


async def test_a_thread_on_a_screen_that_nobody_sees_counts_as_closed() -> None:
    """So that what comes there is unread; it is open again when its board is."""
    (cart,) = _beside("cart.png")
    first = reviewed()
    async with shown(first, beside=_set(cart)) as pilot:
        await press(pilot, "n", "enter", NEXT)
        assert isinstance(first.submitted[-1], inputs.CloseThread)
        await press(pilot, BEFORE)
        opened = first.submitted[-1]
        assert isinstance(opened, inputs.OpenThread)
        assert opened.marker_id == "m1"


async def test_news_of_a_hidden_board_is_shown_when_it_comes_back() -> None:
    """Its screen does no work before."""
    (cart,) = _beside("cart.png")
    first = reviewed()
    async with shown(first, (160, 45), beside=_set(cart)) as pilot:
        hidden = board_screen(pilot)
        await press(pilot, NEXT)
        first.put(first.add("Said meanwhile", x=50, y=50))
        await pilot.pause()
        assert not hidden.desk.empty
        assert pilot.app.title == "cart.png"
        await press(pilot, BEFORE)
        assert "Said meanwhile" in grid(pilot.app)


async def test_the_theme_chosen_on_one_holds_on_all() -> None:
    """Also for the picture of a board that was on the screen before."""
    (cart,) = _beside("cart.png")
    async with shown(reviewed(), beside=_set(cart)) as pilot:
        await press(pilot, NEXT, BEFORE, "C")
        look = bench(pilot).picture.look
        await press(pilot, NEXT)
        assert bench(pilot).picture.look == look


async def test_a_dialog_is_closed_before_another_board_comes() -> None:
    """Help stays what it is."""
    (cart,) = _beside("cart.png")
    async with shown(reviewed(), beside=_set(cart)) as pilot:
        await press(pilot, "question_mark", NEXT, "escape")
        assert _first(pilot).startswith("1/2")


async def test_leaving_stops_all_and_keeps_the_drafts_of_each(tmp_path: Path) -> None:
    """By board, also when two have the same name."""
    first, twin = reviewed(), reviewed()
    boards = [Board(client=twin, picture=twin.pixels, title="checkout.png", key="twin")]
    drafts = tmp_path / "drafts.json"
    async with shown(first, beside=boards, drafts=drafts) as pilot:
        await press(pilot, "m", *"one", "escape", NEXT, "m", *"two", "escape", "q")
    assert first.stopped
    assert twin.stopped
    kept = msgspec.json.decode(drafts.read_bytes(), type=dict[str, dict[str, str]])
    assert sorted(text for board in kept.values() for text in board.values()) == ["one", "two"]


def test_news_is_told_once_for_each_board_and_never_before_it_is_live() -> None:
    """What was unread at the start is no news."""
    cart, done = _beside("cart.png", "done.png")
    done.set_link(LinkState.SYNCING)
    boards = BoardSet(_set(cart, done))
    _unread(cart, 1)
    _unread(done, 5)
    assert boards.news() == []
    _unread(cart, 3)
    done.set_link(LinkState.LIVE)
    assert boards.news() == ["2 new comments on cart.png"]
    _unread(done, 6)
    assert boards.news() == ["1 new comment on done.png"]
    assert boards.news() == []
