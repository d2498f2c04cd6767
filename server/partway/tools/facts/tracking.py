"""Which tables the tools keep their books in, and in which schemas, where a project's files say."""

from __future__ import annotations

import re

from partway.tools.facts.found import Facts

_VARIABLES = {
    "FLYWAY_TABLE": "flyway.table", "FLYWAY_DEFAULT_SCHEMA": "flyway.defaultSchema", "FLYWAY_SCHEMAS": "flyway.schemas",
    "SPRING_FLYWAY_TABLE": "flyway.table", "SPRING_FLYWAY_DEFAULT_SCHEMA": "flyway.defaultSchema",
    "SPRING_FLYWAY_SCHEMAS": "flyway.schemas", "GOOSE_TABLE": "goose.table",
    "DBMATE_MIGRATIONS_TABLE": "dbmate.migrations-table",
}  # fmt: skip
_VARIABLE = re.compile(
    r"(?<![\w$])(" + "|".join(sorted(_VARIABLES, key=len, reverse=True)) + r")[\"']?[ \t]*[:?]?[=:][ \t]*"
    r"[\"']?([\w.,]+)"
)
_MIGRATE_TABLE = re.compile(r"[?&]x-migrations-table=([\w.]+)")
_PRISMA_SCHEMA = re.compile(r"DATABASE_URL[^\r\n]*[?&]schema=(\w+)")
_ALEMBIC = re.compile(
    r"\b(version_table|version_table_schema)[\"']?[ \t]*[=:][ \t]*(?:[\"']([\w.]+)[\"']|([A-Za-z_]\w*)[ \t]*[,)\r\n])"
)
_CONSTANT = r"^{}[ \t]*(?::[^=\r\n]+)?=[ \t]*[\"']([\w.]+)[\"'][ \t]*$"
_SQLX = re.compile(r"^[ \t]*table-name[ \t]*=[ \t]*[\"']([\w.]+)[\"']", re.MULTILINE)
_RAILS = re.compile(
    r"^[^#\r\n]*\bactive_record\.(schema_migrations_table_name|table_name_prefix|table_name_suffix)"
    r"[ \t]*=[ \t]*[\"'](\w+)[\"']",
    re.MULTILINE,
)


def variables(text: str, facts: Facts) -> None:
    """Environment variables of the tools, and what stands behind the ? of a connection URL."""
    for match in _VARIABLE.finditer(text):
        facts.settings[_VARIABLES[match[1]]] = match[2]
    for name, pattern in (
        ("golang-migrate.x-migrations-table", _MIGRATE_TABLE),
        ("prisma.schema", _PRISMA_SCHEMA),
    ):
        found = pattern.search(text)
        if found is not None:
            facts.settings[name] = found[1]


def alembic(text: str, facts: Facts) -> None:
    """env.py: `version_table` and `version_table_schema`, where it says each in one way, as text or by the name of
    one."""
    said: dict[str, set[str]] = {}
    for match in _ALEMBIC.finditer(text):
        named = re.findall(_CONSTANT.format(match[3]), text, re.MULTILINE) if match[3] else ()
        said.setdefault(match[1], set()).update(named or filter(None, (match[2],)))
    for option, values in said.items():
        if len(values) == 1:
            facts.settings[f"alembic.{option}"] = values.pop()


def sqlx(text: str, facts: Facts) -> None:
    """sqlx.toml: the table's name."""
    facts.tools.add("sqlx")
    match = _SQLX.search(text)
    if match is not None:
        facts.settings["sqlx.table-name"] = match[1]


def rails(text: str, facts: Facts) -> None:
    """config/application.rb: the table's name, and what every table's name begins and ends with."""
    for match in _RAILS.finditer(text):
        facts.settings[f"rails.{match[1]}"] = match[2]
