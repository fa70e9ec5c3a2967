"""What operators' commands share."""

from pathlib import Path

from imagechat_tui.cli import operating
from imagechat_tui.config import Config, Serve


def test_the_local_server_takes_nothing_from_the_settings_of_a_server_for_others(tmp_path: Path) -> None:
    """Its database is in its own folder, whatever the user serves elsewhere; the rest of the settings holds."""
    serve = Serve(
        data=tmp_path,
        database="postgresql://db/team",
        redis="redis://db",
        tls_cert=tmp_path / "cert.pem",
        tls_key=tmp_path / "key.pem",
        log_format="json",
    )
    settings = operating.server_settings(operating.without_server(Config(serve=serve)), local=True)
    assert (settings.database, settings.redis, settings.tls, settings.log_format) == (None, None, False, "json")
    assert settings.database_url == f"sqlite:///{tmp_path / 'imagechat.sqlite3'}"
