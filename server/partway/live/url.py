"""Every form of database URL to one `Address`: SQLAlchemy's, libpq's, Rails', Go's, JDBC's. Nothing is contacted."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote

from partway.live.unreachable import Reason, Unreachable

#: Schemes, without driver (`+psycopg`), to the dialect. A server that says it is MariaDB is one, whatever its URL.
_DIALECTS = {
    "postgres": "postgresql",
    "postgresql": "postgresql",
    "postgis": "postgresql",
    "pgx": "postgresql",
    "pgx5": "postgresql",
    "cockroachdb": "",
    "mysql": "mysql",
    "mysql2": "mysql",
    "trilogy": "mysql",
    "mariadb": "mariadb",
    "sqlite": "sqlite",
    "sqlite3": "sqlite",
    "file": "sqlite",
}
#: Databases that are a file, and those whose sessions have a search path.
_FILES = frozenset({"sqlite"})
_WITH_PATH = frozenset({"postgresql"})
_SCHEME = re.compile(r"(jdbc:)?([a-z][a-z0-9]*)(?:\+\w+)?:(.*)\Z", re.IGNORECASE | re.DOTALL)
_GO_HOST = re.compile(r"(?:tcp|unix)\((.*)\)\Z")
#: Parameters that hold a secret, in any spelling.
_SECRET = re.compile(r"pass(?:word|wd|phrase)?$|secret|token|pwd$", re.IGNORECASE)
#: Parameters that name a schema to look in.
_SCHEMAS = ("search_path", "currentschema", "schema")


class Address(NamedTuple):
    """Where a database is and as whom to log in. Shown to people only by `shown`, which has no password.

    `options` are the URL's other parameters by their lower-case names; `schemas` the search path that it asks for
    (PostgreSQL), empty for the server's own. For SQLite `database` is the file's path.
    """

    dialect: str
    host: str = ""
    port: int | None = None
    user: str = ""
    password: str = ""
    database: str = ""
    schemas: tuple[str, ...] = ()
    options: tuple[tuple[str, str], ...] = ()

    @property
    def is_file(self) -> bool:
        """Whether the database is a file of this machine."""
        return self.dialect in _FILES

    @property
    def shown(self) -> str:
        """The address for people: no password, no parameters."""
        if self.is_file:
            return f"sqlite:///{self.database}"
        who = f"{self.user}@" if self.user else ""
        port = f":{self.port}" if self.port else ""
        return f"{self.dialect}://{who}{self.host}{port}/{self.database}"

    def __repr__(self) -> str:
        return f"Address({self.shown!r})"

    def __str__(self) -> str:
        return self.shown

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must be shown nowhere."""
        held = [value for key, value in self.options if _SECRET.search(key)]
        return tuple(one for one in (self.password, *held) if one)

    def option(self, *names: str) -> str:
        """The value of the first of these parameters that is given, else nothing."""
        given = dict(self.options)
        return next((given[name] for name in names if name in given), "")


def read_url(url: str, schemas: Iterable[str] = ()) -> Address:
    """The address that a URL stands for. `schemas` is a search path of the configuration's, which counts for more.

    Raises Unreachable, without repeating the URL.
    """
    match = _SCHEME.match(url.strip())
    if match is None:
        raise Unreachable(Reason.ADDRESS, "this is not a database URL such as postgresql://user@host/name")
    dialect = _DIALECTS.get(match[2].lower(), "")
    if not dialect:
        known = "postgresql, mysql, mariadb or sqlite"
        raise Unreachable(Reason.ADDRESS, f"`{match[2]}` is not a database that can be asked: {known}")
    if dialect in _FILES:
        return _sqlite(match[3])
    if not match[3].startswith("//"):
        raise Unreachable(Reason.ADDRESS, f"a {match[2]} URL begins with {match[2]}://")
    return _server(dialect, match[3][2:], tuple(schemas))


def resolve(url: str, root: str, schemas: Iterable[str] = ()) -> Address:
    """Like `read_url`, and `env:NAME` is the URL in that environment variable, or else in the project's `.env`. A file
    is looked for from the project's folder."""
    name = url.removeprefix("env:")
    if name != url:
        url = os.environ.get(name) or _in_dotenv(os.path.join(root, ".env"), name)
        if not url:
            raise Unreachable(Reason.ADDRESS, f"the environment variable {name} is not set")
    address = read_url(url, schemas)
    if address.is_file:
        return address._replace(database=os.path.join(root, address.database))
    return address


def masked(url: str) -> str:
    """A URL as it may be shown: through `Address`, or nothing but its scheme where it cannot be read."""
    if url.startswith("env:"):
        return url
    try:
        return read_url(url).shown
    except Unreachable:
        return url.partition(":")[0] + ":..." if ":" in url else "..."


def has_password(url: str) -> bool:
    """Whether a URL holds a secret in plain sight."""
    if url.startswith("env:"):
        return False
    try:
        return bool(read_url(url).secrets)
    except Unreachable:
        return "@" in url


def _server(dialect: str, rest: str, schemas: tuple[str, ...]) -> Address:
    """`user:password@host:port/database?parameters`; characters that should be escaped in the password may not be."""
    userinfo, host, path, query = _split(rest)
    if go := _GO_HOST.match(host):
        host = go[1]
    options = {key.lower(): value for key, value in parse_qsl(query, keep_blank_values=True)}
    name, _, password = userinfo.partition(":")
    hosts, ports = _hosts(host)
    found = tuple(schemas) or _schemas(dialect, options)
    for key in _SCHEMAS:
        options.pop(key, None)
    return Address(
        dialect,
        options.pop("host", "") or hosts,
        ports,
        unquote(name) or options.pop("user", options.pop("username", "")),
        unquote(password) or options.pop("password", ""),
        unquote(path) or options.pop("dbname", ""),
        found,
        tuple(sorted(options.items())),
    )


def _split(rest: str) -> tuple[str, str, str, str]:
    """User, host, database and parameters. The user ends at the last `@` that can be meant."""
    end = re.search(r"[/?#]", rest)
    authority = rest[: end.start()] if end else rest
    if "@" not in authority and "@" in rest and ":" in authority:
        # An unescaped /, ? or # in the password.
        at = rest.rfind("@")
        userinfo, rest = rest[:at], rest[at + 1 :]
    elif "@" in authority:
        at = authority.rfind("@")
        userinfo, rest = rest[:at], rest[at + 1 :]
    else:
        userinfo = ""
    rest = rest.partition("#")[0]
    address, _, query = rest.partition("?")
    host, _, path = address.partition("/")
    if go := re.match(r"(unix\([^)]*\))/?(.*)\Z", address):
        host, path = go[1], go[2]
    return userinfo, host, path, query


def _hosts(host: str) -> tuple[str, int | None]:
    """Host and port; of several hosts all are kept, as libpq takes them, with the port of the first."""
    names, port = [], None
    for one in host.split(",") if "(" not in host else [host]:
        literal = re.match(r"\[([^\]]*)\](?::(\d+))?\Z", one)
        name, number = (literal[1], literal[2] or "") if literal else one.partition(":")[::2]
        names.append(unquote(name))
        if number and not number.isdecimal():
            raise Unreachable(Reason.ADDRESS, "the port in the database URL is not a number")
        port = port or (int(number) if number else None)
    return ",".join(names), port


def _schemas(dialect: str, options: Mapping[str, str]) -> tuple[str, ...]:
    if dialect not in _WITH_PATH:
        return ()
    said = next((options[key] for key in _SCHEMAS if options.get(key)), "")
    if not said:
        found = re.search(r"search_path\s*=\s*((?:\\ |[^\s])+)", options.get("options", ""))
        said = found[1].replace("\\ ", " ") if found else ""
    return tuple(part.strip().strip('"') for part in said.split(",") if part.strip())


def _sqlite(rest: str) -> Address:
    """`///relative`, `////absolute` (SQLAlchemy), `/absolute`, `relative` (Prisma, Rails, JDBC), parameters ignored."""
    path = rest.partition("?")[0]
    if path.startswith("///"):
        path = path[3:]
        # sqlite:///C:/x stays; sqlite:////abs is /abs; sqlite:///rel is rel.
    elif path.startswith("//"):
        path = path[2:]
    if path in ("", ":memory:"):
        raise Unreachable(Reason.ADDRESS, "a SQLite database in memory cannot be asked from outside")
    return Address("sqlite", database=unquote(path))


def _in_dotenv(path: str, name: str) -> str:
    """The value of a variable in a `.env` file, empty where there is none."""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            text = file.read(256 * 1024)
    except OSError:
        return ""
    found = re.findall(rf"^[ \t]*(?:export[ \t]+)?{re.escape(name)}[ \t]*=[ \t]*(.*)$", text, re.MULTILINE)
    if not found:
        return ""
    value = found[-1].strip()
    if value[:1] in ("'", '"') and value.find(value[0], 1) > 0:
        return str(value[1 : value.find(value[0], 1)])
    return str(value.partition(" #")[0].strip())
