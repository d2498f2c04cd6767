"""What lists of dependencies say: the drivers that a program is linked with, and the tools that it brings."""

from __future__ import annotations

import re

from partway.tools.facts.found import Facts, add

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
