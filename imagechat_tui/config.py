"""Settings: one declaration per option feeds the TOML file, ``IMAGECHAT_*``, the flags of commands and the documents.

Flags win over the environment, that over the project's file, that over the user's, that over defaults; where a value
came from is kept beside it. Reading settings never writes a file, and nothing is remembered between two calls.
"""

import difflib
import os
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Final, Literal, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Meta, Struct, field

from imagechat_tui import i18n, xdg
from imagechat_tui.errors import UsageError
from imagechat_tui.i18n import _

PROJECT_FILE_NAME: Final = ".imagechat.toml"
OF_PROJECTS: Final = frozenset(
    {"mode", "colors", "theme", "marker_size", "plain", "readonly", "max_reply_depth", "locale"}
)
"""What a project may decide. Its file is somebody else's: it may name no server, run no command, take no keys."""
DEFAULT: Final = "default"
_ENV_PREFIX: Final = "IMAGECHAT_"
_SECRET: Final = {"secret": True}
_ACCESSIBLE: Final = {"also": "ACCESSIBLE"}
_NO: Final = {"", "0", "false", "no", "off"}
_TABLES: Final = {"serve", "keys"}


class Serve(Struct, frozen=True, kw_only=True):
    """The ``[serve]`` table: what ``imagechat serve`` uses when no flag says otherwise."""

    host: Annotated[str, Meta(description="Address to listen on.")] = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65_535, description="Port to listen on; 0 takes any free one.")] = 8787
    data: Annotated[Path | None, Meta(description="Folder for the database, pictures and certificates.")] = None
    database: Annotated[
        str | None,
        Meta(description="PostgreSQL instead of SQLite: postgresql+psycopg://user:password@host/name.", extra=_SECRET),
    ] = None
    redis: Annotated[str | None, Meta(description="Joins several nodes: redis://host:6379/0.", extra=_SECRET)] = None
    pictures: Annotated[
        str | None,
        Meta(description="Keeps pictures outside the database: s3://bucket/prefix or file:///folder."),
    ] = None
    tls_cert: Annotated[Path | None, Meta(description="Certificate chain (PEM); needs --tls-key.")] = None
    tls_key: Annotated[Path | None, Meta(description="Private key (PEM) of --tls-cert.")] = None
    trusted_proxies: Annotated[
        str,
        Meta(
            description="Proxies whose X-Forwarded-For and X-Forwarded-Proto are believed, addresses or networks with "
            "commas between: 10.0.0.7,10.1.0.0/16."
        ),
    ] = ""
    log_format: Annotated[Literal["plain", "json"], Meta(description="How log lines on stderr look.")] = "plain"
    metrics_token: Annotated[
        str | None, Meta(description="Opens /metrics to callers from elsewhere that present this token.", extra=_SECRET)
    ] = None


class Config(Struct, frozen=True, kw_only=True):
    """All settings of one run, and the place that each one came from."""

    server: Annotated[
        str | None, Meta(description="Server to use, such as https://pins.example; without it a local one is started.")
    ] = None
    tenant: Annotated[str | None, Meta(description="Tenant on that server.")] = None
    api_key: Annotated[
        str | None, Meta(description="The tenant's API secret, with which usage needs no session.", extra=_SECRET)
    ] = None
    ca: Annotated[Path | None, Meta(description="Trust this certificate authority (PEM) as well.")] = None
    insecure_transport: Annotated[
        bool, Meta(description="Allow http:// and ws:// to other machines: everything can be read on the way.")
    ] = False
    mode: Annotated[
        Literal["auto", "bars", "octant", "sextant", "quadrant", "half", "braille", "ascii"],
        Meta(description="Glyphs that pictures are drawn with."),
    ] = "auto"
    colors: Annotated[
        Literal["auto", "16m", "256", "16", "mono"], Meta(description="Colors that pictures are drawn with.")
    ] = "auto"
    graphics: Annotated[
        Literal["auto", "kitty", "off"],
        Meta(
            description="Real pixels in place of glyphs, by the kitty protocol: auto where the terminal takes pictures "
            "and is known to place them among characters, kitty where it takes them; never inside a multiplexer."
        ),
    ] = "auto"
    theme: Annotated[
        Literal["auto", "dark", "light", "contrast", "ansi"],
        Meta(description="Colors of the app; auto asks the terminal whether it is dark."),
    ] = "auto"
    marker_size: Annotated[
        float, Meta(gt=0, le=50, description="Side of a marker, in percent of the picture's width.")
    ] = 5.0
    minimap: Annotated[bool, Meta(description="Show a small map of the whole picture while it is zoomed.")] = True
    compress: Annotated[
        bool, Meta(description="Ask for compressed live messages: fewer bytes on thin links, where the server agrees.")
    ] = False
    typing: Annotated[bool, Meta(description="Let others see that you are writing, before you send it.")] = True
    mouse: Annotated[bool, Meta(description="Let the mouse place the crosshair, open markers, zoom and drag.")] = True
    notify: Annotated[
        Literal["off", "bell", "auto", "osc9", "osc777", "osc99"],
        Meta(
            description="How a terminal without the focus tells of new comments of others: its bell, a notification of "
            "the desktop by one of three sequences, or auto, the one that the terminal is known to take."
        ),
    ] = "off"
    plain: Annotated[
        bool,
        Meta(
            description="Lines of words instead of a screen, for screen readers, logs and pipes; "
            "ACCESSIBLE=1 means the same.",
            extra=_ACCESSIBLE,
        ),
    ] = False
    readonly: Annotated[bool, Meta(description="Look, and change nothing.")] = False
    max_reply_depth: Annotated[
        int, Meta(ge=0, le=10, description="How deep replies may nest; 0 keeps every thread flat.")
    ] = 0
    url_id: Annotated[
        str | None, Meta(description="Key of the board, in place of the one that is made of the picture's place.")
    ] = None
    on_count: Annotated[
        str | None,
        Meta(
            description="Command to run when the number of comments changes, without a shell; the number is its last "
            "argument and IMAGECHAT_COUNT."
        ),
    ] = None
    locale: Annotated[
        str | None, Meta(description="Language of screens and messages: en or sl; without it, that of the environment.")
    ] = None
    log_level: Annotated[Literal["debug", "info", "warning", "error"], Meta(description="What the log file keeps.")] = (
        "info"
    )
    serve: Annotated[Serve, Meta(description="What imagechat serve uses.")] = field(default_factory=Serve)
    keys: Annotated[dict[str, str], Meta(description="Other keys for actions of the app.")] = field(
        default_factory=dict[str, str]
    )
    origins: dict[str, str] = field(default_factory=dict[str, str])
    """Name of an option -> ``default``, the path of a file, ``IMAGECHAT_…`` or ``--flag``."""


class Option(Struct, frozen=True, kw_only=True):
    """One option as it was declared; ``name`` has a dot when it stands in a table."""

    name: str
    type: Any
    default: object
    description: str
    secret: bool
    """Never shown, because it is or may hold a password."""
    also: str | None = None
    """A variable that many programs know; it counts where ours is not set, and its value only says yes or no."""

    @property
    def variable(self) -> str:
        """Its environment variable."""
        return _ENV_PREFIX + self.name.replace(".", "_").upper()

    @property
    def flag(self) -> str:
        """Its flag, where a command offers one."""
        return "--" + self.name.rpartition(".")[2].replace("_", "-")

    @property
    def choices(self) -> tuple[str, ...] | None:
        """The words it takes, if there is a fixed list."""
        inner = get_args(self.type)[0]
        return get_args(inner) if get_origin(inner) is Literal else None


@cache
def options() -> dict[str, Option]:
    """Every option by name, in the order of the declaration; the free table ``[keys]`` is not among them."""
    return {option.name: option for option in (*_declared(Config, ""), *_declared(Serve, "serve."))}


def _declared(struct: type[Struct], prefix: str) -> list[Option]:
    hints = get_type_hints(struct, include_extras=True)
    found: list[Option] = []
    for item in msgspec.structs.fields(struct):
        if item.name in _TABLES | {"origins"}:
            continue
        (meta,) = hints[item.name].__metadata__
        found.append(
            Option(
                name=prefix + item.name,
                type=hints[item.name],
                default=item.default,
                description=meta.description,
                secret=bool((meta.extra or {}).get("secret")),
                also=(meta.extra or {}).get("also"),
            )
        )
    return found


def load(
    *,
    flags: Mapping[str, object] | None = None,
    environ: Mapping[str, str] | None = None,
    path: Path | None = None,
    folder: Path | None = None,
) -> Config:
    """All settings of this run.

    Args:
        flags: Values given on the command line by option name; ``None`` means not given.
        environ: The environment; that of the process by default.
        path: The user's file; ``config.toml`` in the configuration folder by default, which need not exist.
        folder: Where the search for a project's file begins; the working directory by default.

    Raises:
        UsageError: A key is unknown, or a value is wrong; the message names where it stands.
    """
    environ = os.environ if environ is None else environ
    named = path is not None
    path = path or xdg.config_file()
    values: dict[str, object] = {}
    origins = dict.fromkeys(options(), DEFAULT)
    keys = _read_file(path, values, origins, required=named)
    project = project_file(folder)
    if project is not None:
        read_project(project, values, origins)
    for option in options().values():
        text = environ.get(option.variable)
        if not text and option.also and option.also in environ:
            values[option.name] = environ[option.also].strip().casefold() not in _NO
            origins[option.name] = option.also
        if text:
            values[option.name] = _convert(option, text, where=option.variable)
            origins[option.name] = option.variable
        given = (flags or {}).get(option.name)
        if given is not None:
            values[option.name] = _convert(option, given, where=option.flag)
            origins[option.name] = option.flag
    inside = {name.removeprefix("serve."): value for name, value in values.items() if name.startswith("serve.")}
    outside: dict[str, Any] = {name: value for name, value in values.items() if "." not in name}
    return Config(**outside, serve=msgspec.convert(inside, Serve), keys=keys, origins=origins)


def _read_file(path: Path, values: dict[str, object], origins: dict[str, str], *, required: bool) -> dict[str, str]:
    """Puts what the file says into ``values`` and ``origins``; the ``[keys]`` table is returned."""
    tables = _tables(path, required=required)
    keys = tables.pop("keys", {})
    try:
        keys = msgspec.convert(keys, dict[str, str])
    except msgspec.ValidationError:
        raise UsageError(_('{path}: [keys] holds lines such as  marker = "m".').format(path=path)) from None
    for table in _TABLES & tables.keys():
        if not isinstance(tables[table], dict):
            raise UsageError(
                _("{path}: {table} is a table; write [{table}] on a line of its own.").format(path=path, table=table)
            )
    _take(path, _flat(tables), values, origins)
    return keys


def read_project(path: Path, values: dict[str, object], origins: dict[str, str]) -> None:
    """Puts what a project's file says into ``values`` and ``origins``.

    Raises:
        UsageError: It says more than a project may, or is wrong.
    """
    said = _flat(_tables(path, required=True))
    for name in said:
        if name not in OF_PROJECTS and (name in options() or name.partition(".")[0] in _TABLES):
            raise UsageError(
                _('{path}: "{name}" is not for a project to decide; set it in {file}.').format(
                    path=path, name=name, file=xdg.config_file()
                )
            )
    _take(path, said, values, origins)


def project_file(folder: Path | None = None) -> Path | None:
    """The nearest project's file at a folder (the working directory by default) or above it."""
    try:
        here = (folder or Path.cwd()).absolute()
    except OSError:
        # The working directory has been deleted.
        return None
    return next((file for each in (here, *here.parents) if (file := each / PROJECT_FILE_NAME).is_file()), None)


def _tables(path: Path, *, required: bool) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        if required:
            raise UsageError(_("{path}: there is no such file.").format(path=path)) from None
        return {}
    except (OSError, UnicodeDecodeError) as problem:
        raise UsageError(_("{path}: cannot be read ({problem}).").format(path=path, problem=problem)) from None
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise UsageError(_("{path}: this is not TOML: {problem}.").format(path=path, problem=problem)) from None


def _take(path: Path, said: Mapping[str, object], values: dict[str, object], origins: dict[str, str]) -> None:
    for name, value in said.items():
        option = options().get(name)
        if option is None:
            raise UsageError(_('{path}: unknown key "{name}"{hint}').format(path=path, name=name, hint=_nearest(name)))
        values[name] = _convert(option, value, where=str(path), strict=True)
        origins[name] = str(path)


def _flat(tables: Mapping[str, object]) -> dict[str, object]:
    """``{"serve": {"port": 1}}`` as ``{"serve.port": 1}``."""
    flat: dict[str, object] = {}
    for name, value in tables.items():
        if isinstance(value, dict):
            flat |= {f"{name}.{inner}": item for inner, item in value.items()}
        else:
            flat[name] = value
    return flat


def _nearest(name: str) -> str:
    near = difflib.get_close_matches(name, [*options(), *_TABLES], n=1, cutoff=0.5)
    return _('; did you mean "{near}"?').format(near=near[0]) if near else "."


def _convert(option: Option, value: object, *, where: str, strict: bool = False) -> object:
    if option.name == "locale" and isinstance(value, str) and i18n.matching(value) is None:
        shown = repr(value) if where == option.flag else f"{option.name} = {value!r}"
        raise _unknown_word(where, shown, i18n.languages())
    try:
        return msgspec.convert(value, option.type, strict=strict, dec_hook=_path)
    except (msgspec.ValidationError, ValueError) as problem:
        shown = repr(value) if where == option.flag else f"{option.name} = {value!r}"
        if option.choices:
            raise _unknown_word(where, shown, option.choices) from None
        raise UsageError(
            _("{where}: {shown} cannot be used: {reason}.").format(
                where=where, shown=shown, reason=_lower(str(problem))
            )
        ) from None


def _unknown_word(where: str, shown: str, known: Sequence[str]) -> UsageError:
    return UsageError(
        _("{where}: {shown} is unknown; use one of {choices}.").format(
            where=where, shown=shown, choices=", ".join(known)
        )
    )


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _path(wanted: type, value: object) -> object:
    if wanted is Path and isinstance(value, Path | str):
        return Path(value).expanduser()
    raise ValueError(f"expected `{wanted.__name__}`, got `{type(value).__name__}`")
