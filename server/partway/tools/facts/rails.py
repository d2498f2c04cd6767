"""What a Rails application says: its database.yml, its gems, and the schema that it has dumped."""

from __future__ import annotations

import re
from typing import NamedTuple

from partway.tools.evidence import FOREIGN, WORDS
from partway.tools.facts.found import Facts, add, add_default, url

# Adapters of ActiveRecord's and of the field's, that do not have their database's own name.
_ADAPTERS = {
    "trilogy": "mysql", "jdbcmysql": "mysql", "mysql2rgeo": "mysql", "jdbcpostgresql": "postgresql",
    "jdbcsqlite3": "sqlite", "oracle_enhanced": "oracle",
}  # fmt: skip
_HEADER = re.compile(r"^([\w.-]+|\"[^\"]*\"|'[^']*'):", re.MULTILINE)
_ANCHOR = re.compile(r"(?<![\w&])&(\w[\w-]*)")
_ALIAS = re.compile(r"(?<![\w*])\*(\w[\w-]*)")
_ADAPTER = re.compile(r"^[ \t]+adapter:[ \t]*([^\r\n]*)", re.MULTILINE)
_URL = re.compile(r"^[ \t]+url:[ \t]*([^\r\n]*)", re.MULTILINE)
_COMMENT = re.compile(r"^[ \t]*#.*$", re.MULTILINE)


class _Block(NamedTuple):
    """One environment, or one that others take over: the databases that its adapters and URLs name, the anchors that
    it takes over, and whether a URL of its own is made when the program runs."""

    databases: tuple[str, ...]
    aliases: tuple[str, ...]
    url_unknown: bool


def database_yml(text: str, facts: Facts) -> None:
    """config/database.yml: the adapter of production, else of development, else every one outside of the tests.

    A value may be ERB; the words in its quotes count (`ENV["ADAPTER"] || "mysql2"`)."""
    facts.tools.add("rails")
    blocks, anchors = _blocks(_COMMENT.sub("", text))
    for environment in ("production", "development"):
        found = _databases(environment, blocks, anchors, set())
        if found:
            # Where production's URL is not known, SQLite is what developers have without one.
            unknown = environment == "production" and blocks[environment].url_unknown
            for name in found:
                if unknown:
                    add_default(facts, name)
                else:
                    add(facts.configured, name)
            return
    for name, block in blocks.items():
        if not name.startswith("test"):
            for database in block.databases:
                add(facts.configured, database)


def _blocks(text: str) -> tuple[dict[str, _Block], dict[str, str]]:
    """The blocks by name, and the name of the block that each anchor stands in."""
    headers = list(_HEADER.finditer(text))
    blocks: dict[str, _Block] = {}
    anchors: dict[str, str] = {}
    for at, header in enumerate(headers):
        end = headers[at + 1].start() if at + 1 < len(headers) else len(text)
        body = text[header.end() : end]
        name = header[1].strip("\"'")
        for anchor in _ANCHOR.finditer(body):
            anchors.setdefault(anchor[1], name)
        addresses = [match[1] for match in _URL.finditer(body)]
        schemes = [match[1] for address in addresses for match in url().finditer(address)]
        adapters = [word for match in _ADAPTER.finditer(body) for word in _named(match[1])]
        blocks[name] = _Block(
            tuple(schemes or adapters),
            tuple(alias[1] for alias in _ALIAS.finditer(body)),
            bool(addresses) and not schemes,
        )
    return blocks, anchors


def _named(value: str) -> list[str]:
    """The databases that the value of `adapter:` names, as words."""
    said = re.findall(r"[\"'](\w+)[\"']", value) if "<%" in value else re.findall(r"^[\"']?(\w+)", value)
    words = [_ADAPTERS.get(word) or word for word in said]
    # Adapters that add something to another one are named after it: mysql2_makara.
    firsts = [word if word in WORDS or word in FOREIGN else word.partition("_")[0] for word in words]
    return [word for word in firsts if word in WORDS or word in FOREIGN]


def _databases(
    name: str, blocks: dict[str, _Block], anchors: dict[str, str], seen: set[str]
) -> tuple[str, ...]:
    """What a block names itself, else what the blocks that it takes over name."""
    block = blocks.get(name)
    if block is None or name in seen:
        return ()
    seen.add(name)
    if block.databases:
        return block.databases
    return tuple(
        database
        for alias in block.aliases
        if alias in anchors
        for database in _databases(anchors[alias], blocks, anchors, seen)
    )


# Gems -----------------------------------------------------------------------------------------------------------------

_GEMS = {
    "pg": "postgresql", "activerecord-postgis": "postgresql", "activerecord-postgis-adapter": "postgresql",
    "activerecord-jdbcpostgresql-adapter": "postgresql", "mysql2": "mysql", "trilogy": "mysql",
    "activerecord-jdbcmysql-adapter": "mysql", "sqlite3": "sqlite", "activerecord-jdbcsqlite3-adapter": "sqlite",
    "activerecord-sqlserver-adapter": "sqlserver", "activerecord-cockroachdb-adapter": "cockroach",
}  # fmt: skip
_GEM = re.compile(r"^[ \t]*gem[ \t(]+[\"']([\w-]+)[\"']([^\r\n]*)")
_GROUP = re.compile(r"^([ \t]*)group\b([^\r\n]*)\bdo\b")
_ASIDE = frozenset(("development", "test", "ci", "local"))
_LOCKED = re.compile(r"^    ([\w-]+) \((\d[\w.]*)", re.MULTILINE)
_VERSION = re.compile(r"[\"'](?:~>|>=|=)?\s*(\d+(?:\.\d+)*)")


def gemfile(text: str, facts: Facts) -> None:
    """Gemfile: the drivers, those for developers and tests only where there are no others; and which Rails."""
    aside: set[str] = set()
    firm: set[str] = set()
    indent: str | None = None
    only_aside = False
    for line in text.splitlines():
        group = _GROUP.match(line)
        if group is not None:
            indent, only_aside = group[1], _is_aside(group[2])
        elif indent is not None and line.rstrip() == f"{indent}end":
            indent, only_aside = None, False
        gem = _GEM.match(line)
        if gem is None:
            continue
        if gem[1] in _GEMS:
            inline = re.search(r"\bgroups?(?::|[ \t]*=>)([^\r\n]*)", gem[2])
            beside = only_aside or (inline is not None and _is_aside(inline[1]))
            (aside if beside else firm).add(_GEMS[gem[1]])
        elif gem[1] in ("rails", "activerecord"):
            facts.tools.add("rails")
            version = _VERSION.search(gem[2])
            if version is not None:
                facts.settings.setdefault("rails.version", version[1])
    for name in firm or aside:
        add(facts.linked, name)


def _is_aside(groups: str) -> bool:
    """Whether a list of groups is of such alone as never run in production."""
    names = set(re.findall(r":(\w+)|[\"'](\w+)[\"']", groups))
    found = {first or second for first, second in names}
    return bool(found) and found <= _ASIDE


def gemfile_lock(text: str, facts: Facts) -> None:
    """Gemfile.lock: which Rails; and the drivers, where the Gemfile names none (a gemspec does)."""
    locked = {match[1]: match[2] for match in _LOCKED.finditer(text)}
    version = locked.get("rails") or locked.get("activerecord")
    if version is not None:
        facts.tools.add("rails")
        facts.settings["rails.version"] = version
    if not facts.linked:
        for gem, name in _GEMS.items():
            if gem in locked:
                add(facts.linked, name)


# Dumps ----------------------------------------------------------------------------------------------------------------


def schema_rb(text: str, facts: Facts) -> None:
    """db/schema.rb: words that only one database's dumper writes, and which Rails wrote it."""
    facts.tools.add("rails")
    version = re.search(r"ActiveRecord::Schema\[(\d+\.\d+)\]", text)
    if version is not None:
        facts.settings.setdefault("rails.version", version[1])
    if re.search(r"^[ \t]*enable_extension\s+[\"'](?:pg_catalog\.)?plpgsql", text, re.MULTILINE):
        add(facts.served, "postgresql")
    elif re.search(r"collation: \"utf8mb4_0900_|collate=utf8mb4_0900_", text, re.IGNORECASE):
        add(facts.served, "mysql")
    elif re.search(r"collation: \"utf8mb4_uca1400_", text):
        add(facts.served, "mariadb")
    elif re.search(r"^[ \t]*create_table \"[^\n]*(?:charset: \"|ENGINE=InnoDB)", text, re.MULTILINE):
        add(facts.linked, "mysql")  # or MariaDB


def structure_sql(text: str, facts: Facts) -> None:
    """db/structure.sql: which dump program wrote it, and from which server."""
    facts.tools.add("rails")
    head = text[:4096]
    dumped = re.search(r"^-- Dumped from database version (\d+)(?:\.(\d+))?", head, re.MULTILINE)
    if dumped is not None:
        add(facts.served, "postgresql", tuple(int(part) for part in dumped.groups() if part))
    elif re.search(r"^/\*M!999999|^-- MariaDB dump|-MariaDB", head, re.MULTILINE):
        add(facts.served, "mariadb")
    elif re.search(r"^-- MySQL dump|/\*!40101 SET @OLD_CHARACTER_SET_CLIENT", head, re.MULTILINE):
        add(facts.linked, "mysql")  # MariaDB's programs write the same
    elif re.search(r"^SET (?:statement_timeout|lock_timeout) = 0;", head, re.MULTILINE):
        add(facts.served, "postgresql")
    elif "sqlite_sequence" in head or 'CREATE TABLE IF NOT EXISTS "schema_migrations"' in head:
        add(facts.served, "sqlite")
