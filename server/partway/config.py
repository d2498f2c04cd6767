"""Configuration: partway.toml, or [tool.partway] in pyproject.toml, found upwards from a file. One reader for the
command line and the editor: it prints nothing and raises ConfigError."""

from __future__ import annotations

import os
from typing import Any, NamedTuple

from partway.core.globs import Globs
from partway.core.suggestion import suggestion
from partway.dialects import NAMES as DIALECTS
from partway.tools.choice import TOOLS, Choice

FILES = ("partway.toml", "pyproject.toml")
#: A folder that holds one of these is where a project begins: nothing above it is asked.
ROOT_MARKERS = (".git", ".hg", ".jj")
#: The values of `Mode`, written out so that nothing more is imported where nothing is read; and `auto`: what a
#: tool does by itself.
TRANSACTIONS = ("per-migration", "none", "whole-run", "auto")
_NOTHING = Globs(())


class ConfigError(Exception):
    """A configuration that cannot be used: the file, the line (from 1, or None where it is not known) and what is
    wrong."""

    def __init__(self, path: str, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.path = path
        self.line = line

    def __str__(self) -> str:
        where = self.path if self.line is None else f"{self.path}:{self.line}"
        return f"{where}: {self.args[0]}"


class Override(NamedTuple):
    """One `[[overrides]]`: what is different for the files that `paths` matches."""

    paths: Globs
    choice: Choice


class Database(NamedTuple):
    """One entry of `[databases]`. `url` is `env:NAME`, or a URL without a password; `schemas` is the search path, empty
    for the server's own. The timeouts are in seconds, None for the usual ones."""

    name: str
    url: str
    schemas: tuple[str, ...] = ()
    connect: float | None = None
    statement: float | None = None
    lock: float | None = None


class Config(NamedTuple):
    """A project's configuration. Patterns are relative to `root`, the folder that holds the file. `select` is None
    when nothing was said, and `path` when there is no file."""

    root: str
    path: str | None = None
    choice: Choice = Choice()
    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] = ()
    exclude: Globs = _NOTHING
    include: Globs = _NOTHING
    per_file_ignores: tuple[tuple[Globs, tuple[str, ...]], ...] = ()
    overrides: tuple[Override, ...] = ()
    databases: tuple[Database, ...] = ()
    text: str = ""

    def choice_for(self, relative: str) -> Choice:
        """What is configured for a file, by its path relative to `root`; of overrides that match, the last one
        counts."""
        choice = self.choice
        for override in self.overrides:
            if override.paths.match(relative):
                choice = choice.overridden_by(override.choice)
        # "auto" stands until here, so that an override can take back what holds for the others.
        return choice._replace(transaction=None) if choice.transaction == "auto" else choice

    def ignored_for(self, relative: str) -> tuple[str, ...]:
        """The rules and groups that are ignored in a file, by its path relative to `root`."""
        ignored = self.ignore
        for paths, rules in self.per_file_ignores:
            if paths.match(relative):
                ignored += rules
        return ignored

    def check_names(self, known: frozenset[str]) -> None:
        """Raise ConfigError for the first rule or group named that is none of `known`."""
        for key, names in (
            ("select", self.select or ()),
            ("ignore", self.ignore),
            *(("per-file-ignores", rules) for _, rules in self.per_file_ignores),
        ):
            for name in names:
                if name not in known:
                    message = f"`{key}` names no rule or group: `{name}`{suggestion(name, known)}"
                    raise ConfigError(self.path or self.root, message, _line_of(self.text, name))


class Configs:
    """The configuration of each folder of a run; every folder is looked at once."""

    def __init__(self) -> None:
        self._known: dict[str, Config] = {}

    def of(self, folder: str) -> Config:
        """What holds for the files in this absolute folder: the nearest configuration upwards, up to the project's
        top. Without one, everything is at its default. Raises ConfigError."""
        found = self._known.get(folder)
        if found is None:
            found = self._known[folder] = self._find(folder)
        return found

    def _find(self, folder: str) -> Config:
        for name in FILES:
            config = _load(os.path.join(folder, name), folder)
            if config is not None:
                return config
        above = os.path.dirname(folder)
        if above == folder or any(os.path.exists(os.path.join(folder, marker)) for marker in ROOT_MARKERS):
            return Config(folder)
        return self.of(above)


def _load(path: str, root: str) -> Config | None:
    """The configuration in this file; None when there is no such file or it says nothing about Partway."""
    try:
        with open(path, "rb") as file:
            data = file.read()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise ConfigError(path, f"cannot be read: {error.strerror or error}") from error
    in_pyproject = path.endswith("pyproject.toml")
    if in_pyproject and b"partway" not in data:
        return None
    import tomllib

    try:
        text = data.decode()
        document = tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise ConfigError(path, f"not valid UTF-8 at byte offset {error.start}") from error
    except tomllib.TOMLDecodeError as error:
        if in_pyproject and b"[tool.partway" not in data:
            return None  # somebody else's broken file: packaging tools will say so
        raise ConfigError(path, f"not valid TOML: {error}") from error
    if not in_pyproject:
        if "tool" in document and "tool" not in text.split("[tool", 1)[0]:
            message = "in partway.toml the keys stand at the top, without [tool.partway]"
            raise ConfigError(path, message, _line_of(text, "tool"))
        return _Reader(path, text, "").config(root, document)
    tools = document.get("tool")
    table = tools.get("partway") if isinstance(tools, dict) else None
    if table is None:
        return None
    return _Reader(path, text, "tool.partway.").config(root, table)


def _line_of(text: str, word: str, after: str = "") -> int | None:
    """The line (from 1) on which this key or value first stands by itself, looked for after a heading."""
    import re

    begin = max(text.find(after), 0) if after else 0
    match = re.compile(r"(?<![\w-])" + re.escape(word) + r"(?![\w-])").search(text, begin)
    return text.count("\n", 0, match.start()) + 1 if match else None


class _Reader:
    """Turns the tables of one file into a Config, or says which key is wrong."""

    def __init__(self, path: str, text: str, prefix: str) -> None:
        self.path = path
        self.text = text
        self.prefix = prefix

    def config(self, root: str, table: Any) -> Config:
        if not isinstance(table, dict):
            raise self.error("partway", f"`{self.prefix.rstrip('.')}` must be a table")
        keys = ("select", "ignore", "exclude", "include", "per-file-ignores", "overrides", "databases")
        self.known(table, (*_CHOICE_KEYS, *keys))
        per_file = table.get("per-file-ignores", {})
        if not isinstance(per_file, dict):
            raise self.error(
                "per-file-ignores", "`per-file-ignores` must be a table of patterns and rule lists"
            )
        overrides = table.get("overrides", [])
        if not isinstance(overrides, list) or not all(isinstance(item, dict) for item in overrides):
            raise self.error("overrides", f"`overrides` must be written as [[{self.prefix}overrides]]")
        return Config(
            root=root,
            path=self.path,
            choice=self.choice(table),
            select=self.strings(table, "select") if "select" in table else None,
            ignore=self.strings(table, "ignore"),
            exclude=Globs(self.strings(table, "exclude")),
            include=Globs(self.strings(table, "include")),
            per_file_ignores=tuple(
                (Globs((pattern,)), self.strings(per_file, pattern)) for pattern in per_file
            ),
            overrides=tuple(self.override(item) for item in overrides),
            databases=self.databases(table),
            text=self.text,
        )

    def databases(self, table: dict[str, Any]) -> tuple[Database, ...]:
        entries = table.get("databases", {})
        if not isinstance(entries, dict):
            raise self.error("databases", "`databases` must be a table of names and URLs")
        return tuple(self.database(name, entry) for name, entry in entries.items())

    def database(self, name: str, entry: Any) -> Database:
        entry = {"url": entry} if isinstance(entry, str) else entry
        if not isinstance(entry, dict):
            raise self.error(name, f"`databases.{name}` must be a URL such as 'env:DATABASE_URL', or a table")
        self.known(entry, _DATABASE_KEYS)
        url = entry.get("url")
        if not isinstance(url, str) or not url:
            raise self.error(name, f"`databases.{name}` needs `url`, such as 'env:DATABASE_URL'")
        from partway.live.url import has_password  # only a project with databases needs it

        if has_password(url):
            advice = "put the URL into an environment variable and write 'env:NAME'"
            raise self.error(name, f"`databases.{name}` holds a password: {advice}")
        schema = entry.get("schema", [])
        schemas = self.strings({"schema": [schema] if isinstance(schema, str) else schema}, "schema")
        times = (self.seconds(entry, f"{what}-timeout") for what in ("connect", "statement", "lock"))
        return Database(name, url, schemas, *times)

    def seconds(self, table: dict[str, Any], key: str) -> float | None:
        value = table.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value <= 3600:
            raise self.error(key, f"`{key}` must be a number of seconds, not {value!r}")
        return float(value)

    def override(self, table: dict[str, Any]) -> Override:
        self.known(table, ("paths", *_CHOICE_KEYS))
        if "paths" not in table:
            raise self.error("overrides", "an override needs `paths`")
        return Override(Globs(self.strings(table, "paths")), self.choice(table))

    def choice(self, table: dict[str, Any]) -> Choice:
        return Choice(
            tool=self.one_of(table, "tool", TOOLS),
            dialect=self.one_of(table, "dialect", DIALECTS),
            server=self.version(table, "server-version"),
            transaction=self.one_of(table, "transaction", TRANSACTIONS),
        )

    def known(self, table: dict[str, Any], keys: tuple[str, ...]) -> None:
        for key in table:
            if key not in keys:
                raise self.error(key, f"unknown key `{key}`{suggestion(key, keys)}")

    def one_of(self, table: dict[str, Any], key: str, values: tuple[str, ...]) -> str | None:
        value = table.get(key)
        if value is None:
            return None
        if not isinstance(value, str) or value not in values:
            hint = suggestion(value, values) if isinstance(value, str) else ""
            raise self.error(key, f"`{key}` must be one of {', '.join(values)}, not {value!r}{hint}")
        return value

    def version(self, table: dict[str, Any], key: str) -> tuple[int, ...]:
        value = table.get(key)
        if value is None:
            return ()
        # A TOML float would turn 10.10 into 10.1.
        if isinstance(value, bool) or not isinstance(value, (str, int)):
            raise self.error(key, f"`{key}` must be a string such as '15' or '10.11', not {value!r}")
        try:
            return server_version(str(value))
        except ValueError as error:
            raise self.error(key, f"`{key}`: {error}") from None

    def strings(self, table: dict[str, Any], key: str) -> tuple[str, ...]:
        value = table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.error(key, f"`{key}` must be a list of strings, not {value!r}")
        return tuple(value)

    def error(self, key: str, message: str) -> ConfigError:
        after = f"[{self.prefix.rstrip('.')}" if self.prefix else ""
        return ConfigError(self.path, message, _line_of(self.text, key, after))


_DATABASE_KEYS = ("url", "schema", "connect-timeout", "statement-timeout", "lock-timeout")
_CHOICE_KEYS = ("dialect", "server-version", "tool", "transaction")


def server_version(text: str) -> tuple[int, ...]:
    """`15`, `8.0.36` as numbers. Raises ValueError with a message for anything else."""
    parts = text.strip().split(".")
    if not all(part.isascii() and part.isdigit() for part in parts) or len(parts) > 4:
        raise ValueError(f"'{text}' is not a version such as 15 or 8.0.36")
    return tuple(int(part) for part in parts)
