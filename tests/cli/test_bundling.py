"""The bundle of doctor: all that a report needs, and no secret in it."""

from pathlib import Path

from tests.cli.commands import imagechat

SECRETS = {
    "api key": "k3y-of-acme-0123456789",
    "database password": "pa55word-of-the-database",
    "metrics token": "m3trics-token-of-ours",
    "session": "s3ssion-token-of-ana",
    "invitation": "inv1tation-fragment",
    "board": "b0ard-token-that-opens",
    "user": "ana.novak",
}


def _home(tmp_path: Path) -> Path:
    """A home with secrets wherever the program keeps or sees some."""
    home = tmp_path / SECRETS["user"]
    (home / "config" / "imagechat").mkdir(parents=True)
    (home / "state" / "imagechat").mkdir(parents=True)
    (home / "config" / "imagechat" / "config.toml").write_text(
        f'theme = "light"\n[serve]\ndatabase = "postgresql+psycopg://chat:{SECRETS["database password"]}@db/chat"\n'
        f'metrics_token = "{SECRETS["metrics token"]}"\n[keys]\nresolve = "X"\n',
        encoding="utf-8",
    )
    (home / "state" / "imagechat" / "imagechat.log").write_text(
        "2026-01-31T12:00:00Z info first: line\n"
        * 300
        + f"2026-01-31T12:00:00Z info a: GET https://pins.example/imagechat/v1/b/acme/{SECRETS['board']}\n"
        f"2026-01-31T12:00:01Z info b: Authorization: Bearer {SECRETS['session']}\n"
        f"2026-01-31T12:00:02Z error c: https://pins.example/imagechat/v1/invite#{SECRETS['invitation']} failed\n"
        f"2026-01-31T12:00:03Z error d: {home}/mockup.png \x1b]0;title\x07 {SECRETS['api key']} tail of the log\n",
        encoding="utf-8",
    )
    return home


def _bundle(home: Path, *words: str) -> str:
    variables = {"IMAGECHAT_API_KEY": SECRETS["api key"], "USER": SECRETS["user"], "TMUX": "tmux-0,1,0"}
    ended = imagechat(home, "doctor", "--bundle", *words, variables=variables)
    assert ended.code == 0, ended.err
    return ended.out


def test_a_bundle_says_what_a_report_needs(tmp_path: Path) -> None:
    """Findings, versions, what was changed and from where, the terminal, the end of the log."""
    text = _bundle(_home(tmp_path), "-")
    for words in ("versions: textual", "theme = light", "keys.resolve = X", "TMUX: set", "IMAGECHAT_API_KEY: set",
                  "tail of the log", "LANG: C.UTF-8"):  # fmt: skip
        assert words in text
    assert text.count("first: line") < 200


def test_no_secret_is_in_a_bundle(tmp_path: Path) -> None:
    """Neither those of the settings nor those that a log might have caught; and nothing that moves a cursor."""
    text = _bundle(_home(tmp_path), "-")
    assert {name for name, value in SECRETS.items() if value in text} == set()
    assert "\x1b" not in text


def test_a_bundle_goes_to_a_file_and_is_to_be_read_first(tmp_path: Path) -> None:
    """What cannot be written is one sentence."""
    home = _home(tmp_path)
    assert _bundle(home, "report.txt") == ""
    assert "tail of the log" in (home / "report.txt").read_text(encoding="utf-8")
    refused = imagechat(home, "doctor", "--bundle", "nowhere/report.txt")
    assert (refused.code, len(refused.err.splitlines())) == (1, 1)
    assert imagechat(home, "doctor", "--json", "--bundle", "-").code == 2


def test_unreadable_settings_are_a_finding(tmp_path: Path) -> None:
    """Somebody whose settings are wrong needs a report most."""
    home = _home(tmp_path)
    (home / "config" / "imagechat" / "config.toml").write_text("them = 1\n", encoding="utf-8")
    ended = imagechat(home, "doctor", "--bundle", "-")
    assert ended.code == 1
    assert "cannot be read" in ended.out
    assert "theme" in ended.out
