"""Where the server listens: a TCP address or a Unix socket, bound before it is announced, or one sentence why not.

The ready file appears whole or not at all, and only after connections are accepted.
"""

import contextlib
import errno
import json
import os
import socket
from pathlib import Path
from typing import Final

from imagechat_tui.errors import UserError
from imagechat_tui.i18n import _

_BACKLOG: Final = 2048
_LONGEST_SOCKET_PATH: Final = 100
"""Bytes; the kernel's structure holds 107 and a terminator."""


def bind_tcp(host: str, port: int) -> socket.socket:
    """A bound socket; ``port`` 0 takes any free one.

    Raises:
        UserError: The address cannot be had; the sentence says why.
    """
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (socket.gaierror, UnicodeError) as problem:
        raise UserError(
            _("cannot listen on {host}: this machine knows no such address; check --host").format(host=host)
        ) from problem
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listener.bind(address)
        listener.listen(_BACKLOG)
    except OSError as problem:
        listener.close()
        raise UserError(_why(problem, host, port)) from problem
    listener.setblocking(False)  # noqa: FBT003 - the standard library's signature
    return listener


def bind_unix(path: Path) -> socket.socket:
    """A bound Unix socket that only this user can reach; a stale file of an ended server is replaced.

    Raises:
        UserError: The folder cannot be used, the path is too long, or a server is listening there.
    """
    if len(os.fsencode(path)) > _LONGEST_SOCKET_PATH:
        raise UserError(
            _("the path {path} is too long for a socket; choose a shorter --data or XDG_RUNTIME_DIR").format(path=path)
        )
    with contextlib.ExitStack() as undo:
        listener = undo.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM))
        try:
            private_folder(path.parent)
            _refuse_if_answering(path)
            path.unlink(missing_ok=True)
            old_mask = os.umask(0o177)
            try:
                listener.bind(os.fspath(path))
            finally:
                os.umask(old_mask)
            listener.listen(_BACKLOG)
        except OSError as problem:
            raise UserError(
                _("cannot listen on {where}: {reason}").format(where=path, reason=problem.strerror)
            ) from problem
        listener.setblocking(False)  # noqa: FBT003 - the standard library's signature
        undo.pop_all()
    return listener


def private_folder(folder: Path) -> Path:
    """The folder, made with mode 0700 if it is not there.

    Raises:
        UserError: It belongs to somebody else, or is no folder.
        OSError: It cannot be made.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not folder.is_dir() or folder.stat().st_uid != os.getuid():
        raise UserError(_("{folder} is not a folder of yours; choose another one").format(folder=folder))
    return folder


def address_of(listener: socket.socket, *, tls: bool) -> str:
    """What to type to reach it: ``http://127.0.0.1:8787``, ``unix:/run/...``."""
    name = listener.getsockname()
    if listener.family == socket.AF_UNIX:
        return f"unix:{name}"
    host, port = name[0], name[1]
    shown = f"[{host}]" if ":" in host else host
    return f"{'https' if tls else 'http'}://{shown}:{port}"


def write_private(path: Path, facts: dict[str, object]) -> None:
    """A small JSON file that only this user can read; it appears whole.

    Raises:
        UserError: It cannot be written.
    """
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        fresh.unlink(missing_ok=True)
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(facts, file)
            file.write("\n")
        fresh.replace(path)
    except OSError as problem:
        raise UserError(_("cannot write {path}: {reason}").format(path=path, reason=problem.strerror)) from problem


def _refuse_if_answering(path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe, contextlib.suppress(OSError):
        probe.connect(os.fspath(path))
        raise UserError(_("another server is listening on {path}; stop it first").format(path=path))


def _why(problem: OSError, host: str, port: int) -> str:
    if problem.errno == errno.EADDRINUSE:
        words = _("port {port} on {host} is in use; choose another one with --port, or --port 0 for any free one")
        return words.format(port=port, host=host)
    if problem.errno in {errno.EACCES, errno.EPERM}:
        return _("not allowed to listen on port {port}; choose one above 1023 with --port").format(port=port)
    if problem.errno == errno.EADDRNOTAVAIL:
        return _("cannot listen on {host}: it is no address of this machine; check --host").format(host=host)
    return _("cannot listen on {where}: {reason}").format(where=f"{host}:{port}", reason=problem.strerror)
