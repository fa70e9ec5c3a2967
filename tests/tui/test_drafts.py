"""Unsent text is kept, in memory and in a file."""

from pathlib import Path

from imagechat_tui.tui.drafts import Drafts, Edit, NewMarker, Reply


def test_each_target_has_its_own_draft() -> None:
    """New markers share one, wherever the crosshair stands."""
    drafts = Drafts()
    drafts.keep(NewMarker(x=1, y=2), "new")
    drafts.keep(Reply(marker_id="m1"), "reply")
    drafts.keep(Edit(marker_id="m1", comment_id="c1"), "edit")
    assert drafts.text(NewMarker(x=50, y=50)) == "new"
    assert drafts.text(Reply(marker_id="m1", parent_id="c9")) == "reply"
    assert drafts.text(Edit(marker_id="m1", comment_id="c1")) == "edit"
    assert drafts.replies() == ["m1"]


def test_an_empty_text_is_forgotten() -> None:
    """Blanks are nothing."""
    drafts = Drafts()
    drafts.keep(Reply(marker_id="m1"), "x")
    drafts.keep(Reply(marker_id="m1"), "  \n")
    assert drafts.replies() == []


def test_a_draft_follows_its_marker_to_the_final_id() -> None:
    """A reply to a marker that was still being sent."""
    drafts = Drafts()
    drafts.keep(Reply(marker_id="op1"), "x")
    drafts.renamed("op1", "m9")
    assert drafts.text(Reply(marker_id="m9")) == "x"


def test_the_file_is_private_whole_and_gone_when_empty(tmp_path: Path) -> None:
    """Nobody else reads unsent words."""
    path = tmp_path / "deep" / "drafts.json"
    drafts = Drafts(path=path)
    drafts.keep(Reply(marker_id="m1"), "žlahtno 日本")
    drafts.save()
    assert path.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["drafts.json"]
    again = Drafts(path=path)
    assert again.text(Reply(marker_id="m1")) == "žlahtno 日本"
    again.keep(Reply(marker_id="m1"), "")
    again.save()
    assert not path.exists()


def test_a_damaged_file_counts_as_empty(tmp_path: Path) -> None:
    """It never keeps the app from starting."""
    path = tmp_path / "drafts.json"
    path.write_bytes(b"{not json")
    assert Drafts(path=path).text(Reply(marker_id="m1")) == ""


def test_boards_share_a_file_and_keep_to_themselves(tmp_path: Path) -> None:
    """Two apps on two boards write one after the other."""
    path = tmp_path / "drafts.json"
    one, other = Drafts(path=path, board="one"), Drafts(path=path, board="other")
    one.keep(NewMarker(x=1, y=1), "first")
    other.keep(NewMarker(x=1, y=1), "second")
    one.save()
    other.save()
    assert Drafts(path=path, board="one").text(NewMarker(x=0, y=0)) == "first"
    assert Drafts(path=path, board="other").text(NewMarker(x=0, y=0)) == "second"
    assert Drafts(path=path, board="third").text(NewMarker(x=0, y=0)) == ""
