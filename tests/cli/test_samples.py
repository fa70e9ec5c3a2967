"""The discs of doctor: every family draws the same round shape."""

from imagechat_tui.cli.samples import COLUMNS, FAMILIES, ROWS, disc, discs


def test_a_disc_is_the_same_upside_down_and_in_the_mirror() -> None:
    """Seen as a picture of its parts."""
    for across, down, family in FAMILIES.values():
        masks = {chr(glyph): mask for mask, glyph in family.items()}
        dots = [
            [masks[row[column]] >> (part * across + side) & 1 for column in range(COLUMNS) for side in range(across)]
            for row in disc(across, down, family)
            for part in range(down)
        ]
        assert dots == dots[::-1] == [line[::-1] for line in dots]
        assert any(map(all, dots))
        assert not dots[0][0] or down * ROWS < 8


def test_their_names_stand_below_them() -> None:
    """And are those that ``--mode`` takes."""
    *drawn, names = discs()
    assert len(drawn) == ROWS
    assert names.split() == list(FAMILIES)
