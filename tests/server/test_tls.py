"""Certificates of our making are good for those who are given the CA, and for nobody else."""

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from imagechat_tui.errors import UserError
from imagechat_tui.server import tls
from tests.support.servers import in_process


async def test_a_client_with_the_ca_connects_and_others_do_not(tmp_path: Path) -> None:
    """Verified by name and by address; without the CA there is no connection."""
    async with in_process(tmp_path, dev_cert=True) as server:
        assert server.url.startswith("https://127.0.0.1:")
        ca = server.running.ca
        assert ca is not None
        trusting = ssl.create_default_context(cafile=str(ca))
        async with httpx.AsyncClient(verify=trusting) as client:
            assert (await client.get(f"{server.url}/healthz")).status_code == 200
            assert (await client.get(f"{server.url.replace('127.0.0.1', 'localhost')}/healthz")).status_code == 200
        async with httpx.AsyncClient() as stranger:
            with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
                await stranger.get(f"{server.url}/healthz")


def test_the_key_is_for_its_owner_and_the_cas_key_is_not_kept(tmp_path: Path) -> None:
    """Nobody can make further certificates that these clients would trust."""
    ca, cert, key = tls.dev_files(tmp_path, host="127.0.0.1")
    assert key.stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(path.name for path in (ca, cert, key))
    assert b"PRIVATE" not in ca.read_bytes() + cert.read_bytes()


def test_files_are_kept_until_they_are_nearly_over_or_another_host_is_served(tmp_path: Path) -> None:
    """Clients keep the CA that they were given."""
    first = tls.dev_files(tmp_path, host="127.0.0.1")[0].read_bytes()
    assert tls.dev_files(tmp_path, host="127.0.0.1")[0].read_bytes() == first
    assert tls.dev_files(tmp_path, host="chat.example")[0].read_bytes() != first
    named = tls.dev_files(tmp_path, host="chat.example")[0].read_bytes()
    late = datetime.now(UTC) + timedelta(days=380)
    assert tls.dev_files(tmp_path, host="chat.example", now=late)[0].read_bytes() != named


def test_files_that_cannot_be_used_are_named(tmp_path: Path) -> None:
    """Missing, no certificate, or two that do not belong together."""
    with pytest.raises(UserError, match=r"missing\.pem"):
        tls.context(tmp_path / "missing.pem", None)
    text = tmp_path / "text.pem"
    text.write_text("words")
    with pytest.raises(UserError, match=r"text\.pem"):
        tls.context(text, None)
    _, cert, _ = tls.dev_files(tmp_path, host="127.0.0.1")
    (tmp_path / "other").mkdir()
    _, _, key = tls.dev_files(tmp_path / "other", host="127.0.0.1")
    with pytest.raises(UserError, match="belong together"):
        tls.context(cert, key)


def test_old_protocols_are_not_spoken(tmp_path: Path) -> None:
    """TLS 1.2 is the oldest."""
    _, cert, key = tls.dev_files(tmp_path, host="127.0.0.1")
    assert tls.context(cert, key).minimum_version is ssl.TLSVersion.TLSv1_2
