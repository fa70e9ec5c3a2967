"""One's own ids: kept exactly as long as their events may come."""

from imagechat_tui.core.echo import KEPT_SECONDS, Echo


def test_an_id_is_kept_until_the_cursor_has_passed_the_writes_last_position() -> None:
    """One write emits several events; the first one does not end the memory."""
    echo = Echo()
    echo.remember("b1", "op1")
    echo.until("b1", seq=7, now=0.0)
    assert echo.passed(cursor=6, now=0.0) == []
    assert echo.operation("b1") == "op1"
    assert echo.passed(cursor=7, now=0.0) == ["op1"]
    assert "b1" not in echo


def test_an_id_without_an_answer_is_never_passed() -> None:
    """Nobody knows yet which position its events will have."""
    echo = Echo()
    echo.remember("b1", "op1")
    assert echo.passed(cursor=10**9, now=10.0**9) == []
    assert "b1" in echo


def test_without_positions_an_id_is_kept_for_ten_minutes() -> None:
    """Counted from its confirmation."""
    echo = Echo()
    echo.remember("b1", "op1")
    echo.until("b1", seq=None, now=5.0)
    assert echo.passed(cursor=None, now=5.0 + KEPT_SECONDS - 1) == []
    assert echo.passed(cursor=None, now=5.0 + KEPT_SECONDS) == ["op1"]


def test_the_oldest_ids_go_when_there_are_too_many() -> None:
    """Memory is bounded."""
    echo = Echo(most=3)
    for number in range(5):
        echo.remember(f"b{number}", f"op{number}")
    assert len(echo) == 3
    assert "b0" not in echo
    assert "b4" in echo


def test_an_unknown_id_is_somebody_elses() -> None:
    """So is none at all, and an id that was never remembered cannot be prolonged."""
    echo = Echo()
    echo.until("b9", seq=1, now=0.0)
    assert echo.operation("b9") is None
    assert echo.operation(None) is None
    assert len(echo) == 0
