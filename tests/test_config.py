"""Settings: where they come from, which one wins, and what a mistake in them says."""

from pathlib import Path

import msgspec
import pytest

from imagechat_tui import config, xdg
from imagechat_tui.errors import UsageError


def written(folder: Path, text: str) -> Path:
    """A configuration file with this text."""
    file = folder / "config.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_without_anything_defaults_hold_and_say_so(tmp_path: Path) -> None:
    """A missing file is no mistake unless it was named."""
    found = config.load(environ={"XDG_CONFIG_HOME": str(tmp_path)})
    assert found.mode == "auto"
    assert found.serve.port == 8787
    assert set(found.origins.values()) == {config.DEFAULT}


def test_flags_win_over_environment_over_file(tmp_path: Path) -> None:
    """The order of product and documents: flag, variable, file, default."""
    file = written(tmp_path, 'server = "https://file"\nmode = "half"\ncolors = "256"\n[serve]\nport = 1\n')
    found = config.load(
        flags={"server": "https://flag", "mode": None},
        environ={"IMAGECHAT_SERVER": "https://variable", "IMAGECHAT_MODE": "octant"},
        path=file,
    )
    assert (found.server, found.mode, found.colors, found.serve.port) == ("https://flag", "octant", "256", 1)
    assert found.origins["server"] == "--server"
    assert found.origins["mode"] == "IMAGECHAT_MODE"
    assert found.origins["colors"] == found.origins["serve.port"] == str(file)
    assert found.origins["serve.host"] == config.DEFAULT


def test_variables_become_the_types_of_their_options() -> None:
    """Text of the environment is read as a number, a truth, a path."""
    found = config.load(
        environ={
            "IMAGECHAT_MOUSE": "false",
            "IMAGECHAT_MARKER_SIZE": "7.5",
            "IMAGECHAT_SERVE_PORT": "0",
            "IMAGECHAT_CA": "~/ca.pem",
        }
    )
    assert (found.mouse, found.marker_size, found.serve.port) == (False, 7.5, 0)
    assert found.ca == Path.home() / "ca.pem"


def test_an_empty_variable_is_not_set() -> None:
    """``IMAGECHAT_MODE=`` in a script means nothing."""
    assert config.load(environ={"IMAGECHAT_MODE": ""}).origins["mode"] == config.DEFAULT


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('servr = "x"', 'unknown key "servr"; did you mean "server"?'),
        ("[serve]\nprot = 1", 'unknown key "serve.prot"; did you mean "serve.port"?'),
        ("[serv]\nport = 1", 'unknown key "serv.port"; did you mean "serve.port"?'),
        ("zzzzzzzz = 1", 'unknown key "zzzzzzzz".'),
        ("serve = 3", "write [serve] on a line of its own"),
        ("[serve]\nport = 70000", "serve.port = 70000 cannot be used"),
        ('mouse = "yes"', "mouse = 'yes' cannot be used: expected `bool`, got `str`"),
        ('mode = "octnt"', "use one of auto, bars, octant"),
        ("marker_size = 0", "marker_size = 0 cannot be used"),
        ("[keys]\nmarker_here = 3", "[keys] holds lines such as"),
        ("mode = ", "this is not TOML"),
    ],
)
def test_a_mistake_in_the_file_names_file_key_and_remedy(tmp_path: Path, text: str, says: str) -> None:
    """One sentence, exit code 2."""
    file = written(tmp_path, text)
    with pytest.raises(UsageError) as caught:
        config.load(environ={}, path=file)
    assert str(caught.value).startswith(str(file))
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_wrong_variable_is_named() -> None:
    """The person has to know that it is the environment."""
    with pytest.raises(UsageError, match=r"IMAGECHAT_SERVE_PORT: serve\.port = 'x' cannot be used"):
        config.load(environ={"IMAGECHAT_SERVE_PORT": "x"})


def test_a_wrong_flag_is_named() -> None:
    """The same for the command line."""
    with pytest.raises(UsageError, match="--marker-size: 'big' cannot be used"):
        config.load(environ={}, flags={"marker_size": "big"})


def test_a_file_that_was_named_has_to_exist(tmp_path: Path) -> None:
    """``config validate FILE`` must not praise a missing file."""
    with pytest.raises(UsageError, match="no such file"):
        config.load(environ={}, path=tmp_path / "none.toml")


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    """A picture as configuration is a sentence, no traceback."""
    file = tmp_path / "config.toml"
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UsageError, match="cannot be read"):
        config.load(environ={}, path=file)


def test_keys_are_free_words(tmp_path: Path) -> None:
    """Which actions there are is the app's knowledge."""
    file = written(tmp_path, '[keys]\nmarker_here = "a"\n')
    assert config.load(environ={}, path=file).keys == {"marker_here": "a"}


def test_every_option_has_a_sentence_and_a_default_of_its_type() -> None:
    """The declaration is the documentation."""
    for option in config.options().values():
        assert option.description.endswith("."), option.name
        msgspec.convert(option.default, option.type, dec_hook=config._path)


def test_passwords_are_marked() -> None:
    """Whatever can hold one is never shown."""
    secret = {option.name for option in config.options().values() if option.secret}
    assert secret == {"api_key", "serve.database", "serve.redis", "serve.metrics_token"}


def test_folders_follow_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """XDG variables decide."""
    for name in ("CONFIG", "DATA", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    assert xdg.config_file() == tmp_path / "config" / "imagechat" / "config.toml"
    assert xdg.data_dir() == tmp_path / "data" / "imagechat"
    assert xdg.log_file() == tmp_path / "state" / "imagechat" / "imagechat.log"


@pytest.mark.parametrize(("said", "plain"), [("1", True), ("yes", True), ("0", False), ("", False), ("false", False)])
def test_a_variable_that_other_programs_know_asks_for_plain_mode(tmp_path: Path, said: str, *, plain: bool) -> None:
    """Ours wins over it, and it over the file."""
    file = tmp_path / "config.toml"
    file.write_text("plain = true\n", encoding="utf-8")
    found = config.load(environ={"ACCESSIBLE": said}, path=file)
    assert (found.plain, found.origins["plain"]) == (plain, "ACCESSIBLE")
    ours = config.load(environ={"ACCESSIBLE": said, "IMAGECHAT_PLAIN": "false"}, path=file)
    assert (ours.plain, ours.origins["plain"]) == (False, "IMAGECHAT_PLAIN")


# The project's file ----------------------------------------------------------------------------------------------


def project(folder: Path, text: str) -> Path:
    """A project's file in a folder that is made."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / ".imagechat.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_project_wins_over_the_user_and_loses_to_the_environment_and_flags(tmp_path: Path) -> None:
    """It is found at the working directory or above it, the nearest one alone."""
    user = written(tmp_path, 'mode = "half"\ntheme = "light"\nmarker_size = 7.0\nmouse = false\n')
    project(tmp_path / "work", 'theme = "dark"\nreadonly = true\n')
    inner = project(tmp_path / "work" / "page", 'mode = "octant"\ncolors = "256"\nmarker_size = 3.0\n')
    deep = tmp_path / "work" / "page" / "src" / "img"
    deep.mkdir(parents=True)
    found = config.load(flags={"colors": "16m"}, environ={"IMAGECHAT_MARKER_SIZE": "9"}, path=user, folder=deep)
    assert (found.mode, found.origins["mode"]) == ("octant", str(inner))
    assert (found.colors, found.origins["colors"]) == ("16m", "--colors")
    assert (found.marker_size, found.origins["marker_size"]) == (9.0, "IMAGECHAT_MARKER_SIZE")
    assert (found.theme, found.origins["theme"]) == ("light", str(user))
    assert not found.readonly
    assert not found.mouse


@pytest.mark.parametrize(
    "line",
    [
        'server = "https://evil.example"',
        'on_count = "rm -rf x"',
        'api_key = "x"',
        'ca = "ca.pem"',
        "insecure_transport = true",
        'tenant = "t"',
        'url_id = "k"',
        '[keys]\nquit = "x"',
        "[serve]\nport = 1",
    ],
)
def test_a_project_decides_nothing_that_could_harm(tmp_path: Path, line: str) -> None:
    """Its file is somebody else's: the error names file and key, and where the key belongs."""
    file = project(tmp_path / "work", f'mode = "half"\n{line}\n')
    with pytest.raises(UsageError) as mistake:
        config.load(environ={}, path=written(tmp_path, ""), folder=tmp_path / "work")
    said = str(mistake.value)
    assert said.startswith(f"{file}: ")
    assert "not for a project to decide" in said
    assert "config.toml" in said


def test_an_unknown_key_of_a_project_names_the_nearest(tmp_path: Path) -> None:
    """As in one's own file."""
    file = project(tmp_path / "work", 'mod = "half"\n')
    with pytest.raises(UsageError) as mistake:
        config.load(environ={}, path=written(tmp_path, ""), folder=tmp_path / "work")
    assert str(mistake.value) == f'{file}: unknown key "mod"; did you mean "mode"?'


def test_every_option_of_projects_exists() -> None:
    """And is one that changes what is seen, not where it comes from."""
    assert config.options().keys() >= config.OF_PROJECTS
    assert not any(config.options()[name].secret for name in config.OF_PROJECTS)
