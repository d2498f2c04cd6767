"""What a project's own files say about its database and its tools.

They are scanned as text, never executed, and nothing of a connection URL but its scheme is kept."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from partway.dialects.dialect import Version
from partway.tools.evidence import FOREIGN, WORDS

#: Of each file so many bytes are looked at.
LIMIT = 128 * 1024
# Embedded databases that stand in for the real one in tests and on a developer's machine.
_STAND_INS = frozenset(("h2", "hsqldb", "derby"))
_URL = (
    r"(?<![a-z0-9])(?:jdbc:(?:tc:)?)?(" + "|".join(sorted({**WORDS, **FOREIGN}, key=len, reverse=True)) + r")"
    r"(?:\+\w+)?:(?=[/\w.@$({<-])"
)


@cache
def _url() -> re.Pattern[str]:
    """A URL of any database's; compiled when the first file is scanned."""
    return re.compile(_URL, re.IGNORECASE)


class Facts:
    """What one folder's files say. `configured` are databases that the application or the tool is told to use; `served`
    those that run beside it (compose files); `linked` those that it has a driver for. Each maps the name of a dialect
    or of a foreign database to the lowest version mentioned, or to none. `settings` and `tools` as in `Hints`."""

    __slots__ = ("configured", "linked", "served", "settings", "tools")

    def __init__(self) -> None:
        self.configured: dict[str, Version] = {}
        self.served: dict[str, Version] = {}
        self.linked: dict[str, Version] = {}
        self.settings: dict[str, str] = {}
        self.tools: set[str] = set()


def add(found: dict[str, Version], word: str, version: Version = ()) -> None:
    """Note a database by any word for it; a word that means none, or a stand-in for tests, is left out."""
    word = word.lower()
    name = WORDS.get(word) or FOREIGN.get(word)
    if name is None or name in _STAND_INS:
        return
    known = found.get(name, ())
    found[name] = min(known, version) if known and version else known or version


def _urls(text: str, found: dict[str, Version]) -> None:
    for match in _url().finditer(text):
        add(found, match[1])


# Flyway ---------------------------------------------------------------------------------------------------------------

_FLYWAY = frozenset(
    (
        "group", "mixed", "executeInTransaction", "sqlMigrationPrefix", "undoSqlMigrationPrefix",
        "baselineMigrationPrefix", "repeatableSqlMigrationPrefix", "sqlMigrationSeparator",
    )
)  # fmt: skip
_PAIR = re.compile(r"^[ \t]*([\w.-]+)[ \t]*[=:][ \t]*(.*?)[ \t]*\r?$", re.MULTILINE)


def _camel(key: str) -> str:
    head, *rest = key.split("-")
    return head + "".join(word.capitalize() for word in rest)


def _flyway_setting(key: str, value: str, facts: Facts) -> None:
    name = _camel(key)
    if name in _FLYWAY:
        facts.settings[f"flyway.{name}"] = value.strip("\"' ")


def flyway(text: str, facts: Facts) -> None:
    """flyway.conf and flyway.toml."""
    facts.tools.add("flyway")
    for match in _PAIR.finditer(text):
        key = match[1].removeprefix("flyway.").removeprefix("spring.flyway.")
        if key == "url" or key.endswith(".url"):
            _urls(match[2], facts.configured)
        else:
            _flyway_setting(key, match[2], facts)


def spring(text: str, facts: Facts) -> None:
    """application.properties and application.yml: the datasource's URL and what they say to Flyway."""
    inside = -1
    for line in text.splitlines():
        match = _PAIR.match(line)
        if match is None:
            continue
        indent = len(line) - len(line.lstrip())
        key, value = match[1], match[2]
        if inside >= 0 and indent <= inside:
            inside = -1
        if key in ("flyway", "spring.flyway") and not value:
            inside = indent
            facts.tools.add("flyway")
        elif key.startswith("spring.flyway.") or inside >= 0:
            facts.tools.add("flyway")
            _flyway_setting(key.removeprefix("spring.flyway."), value, facts)
        if "jdbc:" in value or "r2dbc:" in value:
            _urls(value, facts.configured)


# Servers --------------------------------------------------------------------------------------------------------------

_IMAGE = re.compile(r"^[ \t]*-?[ \t]*image:[ \t]*[\"']?([^\s\"'#]+)", re.MULTILINE)
_DEFAULT = re.compile(r"\$\{\w+:?-([^}]*)\}")
_HELPERS = (
    "export",
    "admin",
    "backup",
    "bouncer",
    "pool",
    "proxy",
    "operator",
    "-ui",
    "migrat",
    "rest",
    "graphile",
)
_PG_TAG = re.compile(r"pg(\d+)")
_TAG = re.compile(r"v?(\d+(?:\.\d+){0,2})")


def compose(text: str, facts: Facts) -> None:
    """Compose files: the images, whose tags are the servers' versions."""
    for match in _IMAGE.finditer(text):
        image = _DEFAULT.sub(r"\1", match[1])
        repository, _, tag = image.rpartition("/")[2].partition(":")
        if any(helper in repository for helper in _HELPERS):
            continue
        for word in re.findall(r"[a-z]+\d*", repository.lower()):
            if word in WORDS or word in FOREIGN:
                add(facts.served, word, _image_version(word, tag))
                break
    _runner_options(text, facts)


def _image_version(word: str, tag: str) -> Version:
    match = _PG_TAG.search(tag)
    if match is None and word not in ("timescaledb", "pgvector"):
        match = _TAG.match(tag)
    return tuple(int(part) for part in match[1].split(".")) if match is not None else ()


def _runner_options(text: str, facts: Facts) -> None:
    """What golang-migrate is told in a connection URL, wherever one is written."""
    for option in ("x-multi-statement", "x-no-tx-wrap"):
        if re.search(rf"[?&]{option}=(?:true|1)\b", text):
            facts.settings[f"golang-migrate.{option}"] = "true"
            facts.tools.add("golang-migrate")


_ENVIRONMENT = re.compile(
    r"^[ \t]*(?:export[ \t]+)?(\w*(?:DATABASE_UR[LI]|DB_UR[LI]|DSN|DBSTRING|DB_CONNECTION|DB_DRIVER|DB_ENGINE"
    r"|GOOSE_DRIVER))[ \t]*[:?]?=[ \t]*[\"']?([^\r\n]*)",
    re.MULTILINE,
)
_WORD = re.compile(r"(\w+)[\"']?[ \t]*(?:#.*)?$")


def environment(text: str, facts: Facts) -> None:
    """.env files and Makefiles: the scheme of DATABASE_URL and its like, GOOSE_DRIVER, DB_CONNECTION."""
    for match in _ENVIRONMENT.finditer(text):
        word = _WORD.match(match[2])
        if word is not None:
            add(facts.configured, word[1])
        else:
            url = _url().match(match[2])
            if url is not None:
                add(facts.configured, url[1])
    if "GOOSE_DRIVER" in text or "GOOSE_DBSTRING" in text:
        facts.tools.add("goose")
    _runner_options(text, facts)


# Tools' own configuration ---------------------------------------------------------------------------------------------


def prisma(text: str, facts: Facts) -> None:
    """schema.prisma: the provider of its datasource."""
    facts.tools.add("prisma")
    match = re.search(r"\bdatasource\s+\w+\s*\{[^}]*?\bprovider\s*=\s*\"(\w+)\"", text)
    if match is not None:
        add(facts.configured, match[1])


def prisma_lock(text: str, facts: Facts) -> None:
    """migration_lock.toml, beside Prisma's migrations."""
    facts.tools.add("prisma")
    match = re.search(r"^\s*provider\s*=\s*\"(\w+)\"", text, re.MULTILINE)
    if match is not None:
        add(facts.configured, match[1])


def supabase(text: str, facts: Facts) -> None:
    """supabase/config.toml: PostgreSQL, and which."""
    facts.tools.add("supabase")
    match = re.search(r"^\s*major_version\s*=\s*(\d+)", text, re.MULTILINE)
    add(facts.configured, "postgresql", (int(match[1]),) if match is not None else ())


def drizzle(text: str, facts: Facts) -> None:
    """drizzle.config.ts and its journal: the dialect."""
    match = re.search(r"[\"']?dialect[\"']?\s*:\s*[\"'](\w+)[\"']", text)
    if match is not None:
        add(facts.configured, match[1])


def diesel_metadata(text: str, facts: Facts) -> None:
    """metadata.toml in a Diesel migration's folder."""
    match = re.search(r"^\s*run_in_transaction\s*=\s*(true|false)", text, re.MULTILINE)
    if match is not None:
        facts.settings["diesel.run_in_transaction"] = match[1]


def rails(text: str, facts: Facts) -> None:
    """config/database.yml: the adapters."""
    for match in re.finditer(r"^\s*adapter:\s*[\"']?(\w+)", text, re.MULTILINE):
        add(facts.configured, {"trilogy": "mysql", "postgis": "postgresql"}.get(match[1], match[1]))
    _urls(text, facts.configured)


def django(text: str, facts: Facts) -> None:
    """settings.py: the ENGINE of each database."""
    for match in re.finditer(
        r"(?:django|django_prometheus)\.(?:contrib\.gis\.)?db\.backends\.([a-z]+3?)", text
    ):
        add(facts.configured, {"spatialite": "sqlite"}.get(match[1], match[1]))


def alembic(text: str, facts: Facts) -> None:
    """alembic.ini: the scheme of sqlalchemy.url."""
    for match in re.finditer(r"^\s*sqlalchemy\.url\s*=\s*([^\r\n]*)", text, re.MULTILINE):
        _urls(match[1], facts.configured)


# Dependencies ---------------------------------------------------------------------------------------------------------

_GO = {
    "github.com/lib/pq": "postgresql", "github.com/jackc/pgx": "postgresql", "gorm.io/driver/postgres": "postgresql",
    "github.com/go-sql-driver/mysql": "mysql", "gorm.io/driver/mysql": "mysql",
    "github.com/mattn/go-sqlite3": "sqlite", "modernc.org/sqlite": "sqlite", "gorm.io/driver/sqlite": "sqlite",
}  # fmt: skip
_GO_TOOLS = {
    "github.com/golang-migrate/migrate": "golang-migrate",
    "github.com/pressly/goose": "goose",
    "github.com/amacneil/dbmate": "dbmate",
}


def go_mod(text: str, facts: Facts) -> None:
    """go.mod: drivers and tools, those that others pull in left out."""
    text = re.sub(r"^.*// indirect.*$", "", text, flags=re.MULTILINE)
    for module, dialect in _GO.items():
        if module in text:
            add(facts.linked, dialect)
    facts.tools.update(tool for module, tool in _GO_TOOLS.items() if module in text)


_NPM = {
    "pg": "postgresql", "postgres": "postgresql", "mysql": "mysql", "mysql2": "mysql", "mariadb": "mariadb",
    "sqlite3": "sqlite", "better-sqlite3": "sqlite",
}  # fmt: skip
_NPM_ENTRY = re.compile(r"\"(@?[\w./-]+)\"\s*:\s*\"([^\"]*)\"")


def package_json(text: str, facts: Facts) -> None:
    """package.json: drivers, tools, and which Prisma."""
    for match in _NPM_ENTRY.finditer(text):
        package, version = match[1], match[2]
        if package in _NPM:
            add(facts.linked, _NPM[package])
        elif package in ("prisma", "@prisma/client"):
            facts.tools.add("prisma")
            facts.settings.setdefault("prisma.version", version)
        elif package in ("dbmate", "supabase"):
            facts.tools.add(package)


_CRATE = re.compile(
    r"^[ \t]*(sqlx|diesel)[ \t]*=[ \t]*(\{.*?\}|\"[^\"]*\")|^\[[\w.'-]*dependencies\.(sqlx|diesel)\](.*?)(?=^\[|\Z)",
    re.MULTILINE | re.DOTALL,
)


def cargo(text: str, facts: Facts) -> None:
    """Cargo.toml: sqlx and Diesel, their features, and which sqlx."""
    for match in _CRATE.finditer(text):
        crate, body = match[1] or match[3], match[2] or match[4]
        for word in re.findall(r"\"(\w+)\"", body):
            add(facts.linked, word)
        if crate == "sqlx":
            facts.tools.add("sqlx")
            version = re.search(r"\"[\^=~]?\s*(\d+(?:\.\d+)*)", body)
            if version is not None:
                facts.settings.setdefault("sqlx.version", version[1])


_JVM = {
    "org.postgresql": "postgresql", "flyway-database-postgresql": "postgresql", "mysql-connector": "mysql",
    "flyway-mysql": "mysql", "mariadb-java-client": "mariadb", "sqlite-jdbc": "sqlite",
}  # fmt: skip


def jvm(text: str, facts: Facts) -> None:
    """pom.xml and Gradle builds: drivers, and Flyway."""
    for artifact, dialect in _JVM.items():
        if artifact in text:
            add(facts.linked, dialect)
    if "flyway" in text:
        facts.tools.add("flyway")
    if "mariadb" in facts.linked and "mariadb-java-client" in text and "mysql-connector" not in text:
        facts.linked.pop("mysql", None)  # flyway-mysql serves both


def gems(text: str, facts: Facts) -> None:
    """Gemfile: the drivers."""
    for match in re.finditer(r"^\s*gem\s+[\"'](pg|mysql2|trilogy|sqlite3)[\"']", text, re.MULTILINE):
        add(facts.linked, {"trilogy": "mysql"}.get(match[1], match[1]))


def sqlx_cache(text: str, facts: Facts) -> None:
    """sqlx-data.json, or one of the query files in .sqlx: the database that they were checked with."""
    facts.tools.add("sqlx")
    match = re.search(r"\"db(?:_name)?\"\s*:\s*\"(\w+)\"", text)
    if match is not None:
        add(facts.configured, match[1])


Scan = Callable[[str, Facts], None]
#: Files by their names, with what reads them.
SCANS: dict[str, Scan] = {
    "flyway.conf": flyway, "flyway.toml": flyway,
    "application.properties": spring, "application.yml": spring, "application.yaml": spring,
    "compose.yml": compose, "compose.yaml": compose, "docker-compose.yml": compose, "docker-compose.yaml": compose,
    "docker-compose.dev.yml": compose,
    ".env": environment, ".env.example": environment, ".env.sample": environment, ".envrc": environment,
    "Makefile": environment, "makefile": environment,
    "schema.prisma": prisma, "migration_lock.toml": prisma_lock,
    "drizzle.config.ts": drizzle, "drizzle.config.js": drizzle, "drizzle.config.json": drizzle,
    "metadata.toml": diesel_metadata, "sqlx-data.json": sqlx_cache, "alembic.ini": alembic,
    "go.mod": go_mod, "package.json": package_json, "Cargo.toml": cargo, "pom.xml": jvm, "build.gradle": jvm,
    "build.gradle.kts": jvm, "Gemfile": gems,
}  # fmt: skip
#: Files in folders below an ancestor of the migrations: (folder, name).
BELOW: dict[tuple[str, str], Scan] = {
    ("config", "database.yml"): rails,
    ("supabase", "config.toml"): supabase,
    ("prisma", "schema.prisma"): prisma,
    ("meta", "_journal.json"): drizzle,
    **{
        (folder, f"{name}.{suffix}"): compose
        for folder in (".devcontainer", "deploy", "deployments", "dev", "docker")
        for name in ("compose", "docker-compose")
        for suffix in ("yml", "yaml")
    },
}
