"""Where this program keeps things on a machine, as the XDG variables say; makes no folder and reads no file."""

from pathlib import Path
from typing import Final

_APP: Final = "imagechat"


def config_file() -> Path:
    """Where the settings of this user are."""
    import platformdirs  # noqa: PLC0415 - costs as much as the interpreter itself, and most runs need one path only

    return platformdirs.user_config_path(_APP, appauthor=False) / "config.toml"


def data_dir() -> Path:
    """Where the local server keeps boards and pictures."""
    import platformdirs  # noqa: PLC0415 - as above

    return platformdirs.user_data_path(_APP, appauthor=False)


def state_dir() -> Path:
    """Where sessions, recent boards and the log are kept."""
    import platformdirs  # noqa: PLC0415 - as above

    return platformdirs.user_state_path(_APP, appauthor=False)


def cache_dir() -> Path:
    """Where what can be found out again is kept: the answers of slow terminals."""
    import platformdirs  # noqa: PLC0415 - as above

    return platformdirs.user_cache_path(_APP, appauthor=False)


def log_file() -> Path:
    """Where the app and failing commands write what a report of a fault needs."""
    return state_dir() / f"{_APP}.log"
