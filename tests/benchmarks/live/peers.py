"""The servers under measurement, and how those that are not ours are installed: into one folder, nothing elsewhere.

A peer that cannot be installed here is left out of the tables with the reason. Registries are asked through their own
clients (npm, pip, apt); no package is needed for ours.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tests.benchmarks.live.stage import words
from tests.server.live_world import BOARD, WINDOW

_HERE: Final = Path(__file__).parent
_PATIENCE: Final = 180.0
"""Seconds that an installation may take."""

_CHANNEL = f"/sub?tenantIdWS=acme&urlId={WINDOW}&userIdWS="
_BOARD = f"/sub?tenantIdWS=acme&urlId={BOARD}&userIdWS=&scope=board&batch=1"

_NCHAN_FOLDER: Final = b"/var/lib/nginx/body"
_OWN_FOLDER: Final = b"logs/nchan-messages"
"""nchan makes a folder at a compiled-in place and takes no other; it gets one of ours, of the same length."""


class MissingError(Exception):
    """A peer cannot be had here; the text says why."""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A server, and the way in which it delivers."""

    name: str
    path: str
    command: Callable[[Path, int], Sequence[str]]
    """Given the folder of the peers and the size of the text: what to start. Installs what is missing."""
    posts: bool = False
    """Events are posted over HTTP to ``/pub``; otherwise they are lines of its stdin."""
    engine_io: bool = False
    environment: Callable[[Path], dict[str, str]] = field(default=lambda _folder: {})


def _python(name: str) -> Callable[[Path, int], Sequence[str]]:
    return lambda _folder, size: (sys.executable, "-m", "tests.benchmarks.live.stage", name, str(size))


def _node(script: str, *packages: str) -> Callable[[Path, int], Sequence[str]]:
    def command(folder: Path, size: int) -> Sequence[str]:
        modules = folder / "node"
        if not all((modules / "node_modules" / package.partition("@")[0]).is_dir() for package in packages):
            modules.mkdir(parents=True, exist_ok=True)
            _install("npm", "install", "--no-audit", "--no-fund", "--loglevel=error", "--prefix", modules, *packages)
        return (_found("node"), str(_HERE / "peers" / script), words(size))

    return command


def _socketio(folder: Path, size: int) -> Sequence[str]:
    packages = folder / "python"
    if not (packages / "socketio").is_dir():
        _install(sys.executable, "-m", "pip", "install", "-q", "--target", packages, "python-socketio>=5.11")
    return _python("python-socketio")(folder, size)


def _nchan(folder: Path, _size: int) -> Sequence[str]:
    """Debian's own packages, unpacked and not installed."""
    root = folder / "debian"
    if not list(root.rglob("ngx_nchan_module.so")):
        root.mkdir(parents=True, exist_ok=True)
        _install("apt-get", "download", "nginx", "libnginx-mod-nchan", cwd=root)
        for package in root.glob("*.deb"):
            _install("dpkg", "-x", package, root)
    module = next(root.rglob("ngx_nchan_module.so"), None)
    if module is None:
        raise MissingError("the package has no module for nginx")
    module.write_bytes(module.read_bytes().replace(_NCHAN_FOLDER, _OWN_FOLDER))
    home = folder / "nchan"
    (home / "logs").mkdir(parents=True, exist_ok=True)
    (home / "nginx.conf").write_text((_HERE / "peers" / "nginx.conf").read_text().replace("MODULE", str(module)))
    nginx = root / "usr" / "sbin" / "nginx"
    return (str(nginx), "-p", f"{home}/", "-c", "nginx.conf", "-e", "logs/error.log")


def _install(*command: str | Path, cwd: Path | None = None) -> None:
    name = _found(str(command[0]))
    try:
        done = subprocess.run(
            [name, *map(str, command[1:])], cwd=cwd, capture_output=True, text=True, timeout=_PATIENCE, check=False
        )
    except subprocess.TimeoutExpired as problem:
        raise MissingError(f"{command[0]} took longer than {_PATIENCE:.0f} s") from problem
    if done.returncode:
        raise MissingError(f"{command[0]} failed: {(done.stderr.strip() or done.stdout.strip()).splitlines()[-1]}")


def _found(program: str) -> str:
    path = shutil.which(program)
    if path is None:
        raise MissingError(f"{program} is not installed")
    return path


OURS: Final = Kind(name="ours, single frames", path=_CHANNEL, command=_python("ours"))
BATCHED: Final = Kind(name="ours, 20 ms batches", path=_BOARD, command=_python("ours"))
PEERS: Final = (
    Kind(name="nginx + nchan", path="/sub", command=_nchan, posts=True),
    Kind(
        name="ws (Node)",
        path="/",
        command=_node("ws.js", "ws@8"),
        environment=lambda folder: {"NODE_PATH": str(folder / "node" / "node_modules")},
    ),
    Kind(
        name="socket.io (Node)",
        path="/socket.io/?EIO=4&transport=websocket",
        command=_node("socketio.js", "socket.io@4"),
        engine_io=True,
        environment=lambda folder: {"NODE_PATH": str(folder / "node" / "node_modules")},
    ),
    Kind(
        name="python-socketio",
        path="/socket.io/?EIO=4&transport=websocket",
        command=_socketio,
        engine_io=True,
        environment=lambda folder: {
            "PYTHONPATH": os.pathsep.join([os.environ.get("PYTHONPATH", ""), str(folder / "python")]).strip(os.pathsep)
        },
    ),
    Kind(name="websockets.broadcast", path="/", command=_python("websockets")),
)
