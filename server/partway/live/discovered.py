"""Databases that a project's own files speak of: offered by name, read as text, never contacted unless asked for."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import NamedTuple

from partway.live.unreachable import Unreachable
from partway.live.url import Address, read_url, resolve

_LIMIT = 256 * 1024


class Discovered(NamedTuple):
    """A database under the name that it is offered by (`rails:development`), with the file that speaks of it. `url` is
    `env:NAME`, or what that file says, which is shown to nobody."""

    name: str
    source: str
    url: str

    def address(self, root: str) -> Address:
        """Where it is. Raises Unreachable."""
        return resolve(self.url, root)

    @property
    def shown(self) -> str:
        """The URL for people."""
        if self.url.startswith("env:"):
            return self.url
        try:
            return read_url(self.url).shown
        except Unreachable:
            return "..."

    def __repr__(self) -> str:
        return f"Discovered({self.name!r}, {self.source!r}, {self.shown!r})"


def discovered(root: str) -> list[Discovered]:
    """The databases that files in this folder and the usual ones below it speak of, each name once."""
    found: dict[str, Discovered] = {}
    for path, read in _FILES:
        for one in _in_file(root, path, read):
            found.setdefault(one.name, one)
    for folder in sorted(_folders(root)):
        for one in _in_file(root, os.path.join(folder, "settings.py"), _django):
            found.setdefault(one.name, one)
    return list(found.values())


def _in_file(root: str, path: str, read: Callable[[str], Iterator[tuple[str, str]]]) -> Iterator[Discovered]:
    try:
        with open(os.path.join(root, path), encoding="utf-8", errors="replace") as file:
            text = file.read(_LIMIT)
    except OSError:
        return
    for name, url in read(text):
        yield Discovered(name, path.replace(os.sep, "/"), url)


def _folders(root: str) -> list[str]:
    if not os.path.exists(os.path.join(root, "manage.py")):
        return []
    with suppress(OSError), os.scandir(root) as entries:
        return [entry.name for entry in entries if entry.is_dir(follow_symlinks=False)]
    return []


_ENV = re.compile(
    r"""(?:ENV(?:\.fetch)?\s*[\[(]|environ(?:\.get)?\s*[\[(]|getenv\s*\(|\benv(?:\.db|\.str)?\s*\()\s*['"](\w+)['"]"""
)


def _rails(text: str) -> Iterator[tuple[str, str]]:
    """config/database.yml, of which only plain keys are read; what ERB computes is left out."""
    sections: dict[str, dict[str, str]] = {}
    anchors: dict[str, dict[str, str]] = {}
    section: dict[str, str] = {}
    for line in text.splitlines():
        head = re.match(r"(\w+):\s*(?:&(\w+))?\s*$", line)
        if head:
            section = sections.setdefault(head[1], {})
            if head[2]:
                anchors[head[2]] = section
            continue
        merged = re.match(r"\s+<<:\s*\*(\w+)", line)
        if merged:
            section |= {key: value for key, value in anchors.get(merged[1], {}).items() if key not in section}
            continue
        said = re.match(r"\s+(\w+):\s*(.*?)\s*(?:#.*)?$", line)
        if said:
            section[said[1]] = said[2].strip("'\"")
    for name, keys in sections.items():
        url = _rails_url(keys)
        if url and name != "default":
            yield f"rails:{name}", url


_ADAPTERS = {
    "postgresql": "postgresql",
    "postgis": "postgresql",
    "mysql2": "mysql",
    "trilogy": "mysql",
    "sqlite3": "sqlite",
}


def _rails_url(keys: dict[str, str]) -> str:
    if "url" in keys:
        variable = _ENV.search(keys["url"])
        return f"env:{variable[1]}" if variable else ("" if "<%" in keys["url"] else keys["url"])
    adapter = _ADAPTERS.get(keys.get("adapter", ""), "")
    database = keys.get("database", "")
    if not adapter or not database or "<%" in database + keys.get("host", "") + keys.get("username", ""):
        return ""
    if adapter == "sqlite":
        return f"sqlite:///{database}"
    return _url(
        adapter,
        keys.get("username", ""),
        keys.get("password", ""),
        keys.get("host", ""),
        keys.get("port", ""),
        database,
    )


def _url(dialect: str, user: str, password: str, host: str, port: str, database: str) -> str:
    from urllib.parse import quote

    secret = f":{quote(password, safe='')}" if password and "<%" not in password else ""
    who = f"{quote(user, safe='')}{secret}@" if user else ""
    where = f"{host or 'localhost'}{f':{port}' if port.isdecimal() else ''}"
    return f"{dialect}://{who}{where}/{quote(database, safe='')}"


def _alembic(text: str) -> Iterator[tuple[str, str]]:
    said = re.search(r"^\s*sqlalchemy\.url\s*=\s*(\S+)\s*$", text, re.MULTILINE)
    if said and "driver://" not in said[1] and "%(" not in said[1]:
        yield "alembic", said[1].replace("%%", "%")


def _flyway_conf(text: str) -> Iterator[tuple[str, str]]:
    keys = dict(re.findall(r"^\s*flyway\.(url|user|password)\s*=\s*(.*?)\s*$", text, re.MULTILINE))
    yield from _flyway(keys)


def _flyway_toml(text: str) -> Iterator[tuple[str, str]]:
    import tomllib

    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    for name, keys in (document.get("environments") or {}).items():
        if isinstance(keys, dict):
            yield from _flyway({key: str(value) for key, value in keys.items()}, f"flyway:{name}")


def _flyway(keys: dict[str, str], name: str = "flyway") -> Iterator[tuple[str, str]]:
    from urllib.parse import quote

    url = keys.get("url", "")
    variable = re.fullmatch(r"\$\{(?:env\.)?(\w+)\}", url)
    if variable:
        yield name, f"env:{variable[1]}"
    elif url.startswith("jdbc:") and "${" not in url:
        more = [
            f"{key}={quote(keys[key], safe='')}"
            for key in ("user", "password")
            if keys.get(key) and "${" not in keys[key]
        ]
        sqlite = url.startswith("jdbc:sqlite")
        yield name, url if sqlite or not more else f"{url}{'&' if '?' in url else '?'}{'&'.join(more)}"


def _prisma(text: str) -> Iterator[tuple[str, str]]:
    block = re.search(r"datasource\s+\w+\s*\{(.*?)\}", text, re.DOTALL)
    url = (
        re.search(r"^\s*url\s*=\s*(?:env\(\"(\w+)\"\)|\"([^\"]+)\")", block[1], re.MULTILINE)
        if block
        else None
    )
    if url:
        yield "prisma", f"env:{url[1]}" if url[1] else url[2]


#: A SQLite file beside the project.
_BESIDE = re.compile(
    r"""['"]NAME['"]\s*:\s*(?:BASE_DIR\s*/\s*|os\.path\.join\(BASE_DIR,\s*)['"]([^'"]+)['"]"""
)


def _django(text: str) -> Iterator[tuple[str, str]]:
    """DATABASES of settings.py: literal values, and environment variables that hold a URL."""
    at = text.find("DATABASES")
    if at < 0:
        return
    said = text[at : at + 4000]
    head = said.partition("\n\n")[0]
    variable = re.search(r"(?:dj_database_url\.\w+|env\.db\w*|parse)\s*\(", head)
    if variable:
        named = _ENV.search(head)
        yield "django:default", f"env:{named[1] if named else 'DATABASE_URL'}"
        return
    for name, body in re.findall(r"['\"](\w+)['\"]\s*:\s*\{(.*?)\}", said, re.DOTALL):
        keys = dict(
            re.findall(r"['\"](ENGINE|NAME|USER|PASSWORD|HOST|PORT)['\"]\s*:\s*['\"]([^'\"]*)['\"]", body)
        )
        engine = keys.get("ENGINE", "").rpartition(".")[2]
        path = _BESIDE.search(body)
        if engine == "sqlite3" and (path or keys.get("NAME")):
            yield f"django:{name}", f"sqlite:///{path[1] if path else keys['NAME']}"
        elif engine in ("postgresql", "mysql") and keys.get("NAME"):
            yield (
                f"django:{name}",
                _url(
                    engine,
                    keys.get("USER", ""),
                    keys.get("PASSWORD", ""),
                    keys.get("HOST", ""),
                    keys.get("PORT", ""),
                    keys["NAME"],
                ),
            )


_ASSIGNED = re.compile(
    r"""^[ \t]*(?:export[ \t]+)?(\w+)[ \t]*=[ \t]*['"]?([a-z][a-z0-9+]*:\S*)""", re.MULTILINE
)


def _dotenv(text: str) -> Iterator[tuple[str, str]]:
    for name, value in _ASSIGNED.findall(text):
        with suppress(Unreachable):
            read_url(value)
            yield name, f"env:{name}"


_FILES: tuple[tuple[str, Callable[[str], Iterator[tuple[str, str]]]], ...] = (
    (os.path.join("config", "database.yml"), _rails),
    ("alembic.ini", _alembic),
    ("flyway.conf", _flyway_conf),
    (os.path.join("conf", "flyway.conf"), _flyway_conf),
    ("flyway.toml", _flyway_toml),
    (os.path.join("prisma", "schema.prisma"), _prisma),
    ("schema.prisma", _prisma),
    ("settings.py", _django),
    (".env", _dotenv),
)
