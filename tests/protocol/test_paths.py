"""Paths quote what they carry, and links are recognised by their path alone."""

import pytest

from imagechat_tui.protocol import paths


def test_a_tenant_cannot_leave_its_segment() -> None:
    """A slash in a name stays in the name."""
    assert paths.comments("a/../b") == "/comments/a%2F..%2Fb"
    assert paths.comment("t", "x/y", "text") == "/comments/t/x%2Fy/text"


def test_a_board_link_reads_back() -> None:
    """Whatever the tenant's name."""
    link = "https://host:8443" + paths.board_link("acme & co", "Tok_en")
    assert paths.read_board_link(link) == ("https://host:8443", "acme & co", "Tok_en")


@pytest.mark.parametrize(
    "text",
    [
        "https://host/imagechat/v1/b/only-tenant",
        "https://host/other/b/t/x",
        "ftp://host/imagechat/v1/b/t/x",
        "/imagechat/v1/b/t/x",
        "https://host/imagechat/v1/b/t/x/more",
        "picture.png",
    ],
)
def test_other_addresses_are_no_board_links(text: str) -> None:
    """They are pictures, files or mistakes."""
    assert paths.read_board_link(text) is None


def test_an_invitation_keeps_its_secret_in_the_fragment() -> None:
    """So that it is in no server's log; without a secret it is no invitation."""
    assert paths.read_invitation("https://h/imagechat/v1/invite#s3cret") == ("https://h", "s3cret")
    assert paths.read_invitation("https://h/imagechat/v1/invite") is None
    assert paths.read_invitation("https://h/imagechat/v1/b/t/x#s") is None
