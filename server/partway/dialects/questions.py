"""What a server is asked about itself and about a tool's own table, by dialect: read-only, and run by tests/history."""

# ruff: noqa: S608 # every name is a literal of the dialect
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from partway.core.postcondition import Name
from partway.dialects.catalog import catalog

#: What the name of a lock is on PostgreSQL (a number of 64 bits) and on MySQL and MariaDB (a text).
Key = int | str
_BITS = 0xFFFFFFFF


class Questions(NamedTuple):
    """How one dialect is asked.

    `here` gives one row: the database's name and the schema that names without one are looked for in first.
    `columns(table)` gives a row (schema, column) for each column of a table, none where the table is not there, and
    never fails on that account. `holders(keys)` gives a row (session, user, since) for each other session that holds
    an advisory lock of one of these keys; None where the engine has no such locks. `take(key)` tries to take one
    without waiting: the row says 1 or true where that succeeded. `release(key)` gives it back. `locks_by_name` says
    that keys are texts; otherwise they are numbers.
    """

    here: str
    columns: Callable[[Name], str]
    holders: Callable[[Sequence[Key]], str] | None = None
    take: Callable[[Key], str] | None = None
    release: Callable[[Key], str] | None = None
    locks_by_name: bool = False


def questions(dialect: str) -> Questions:
    """How the dialect of this public name is asked; KeyError for another name."""
    return _QUESTIONS[dialect]


# PostgreSQL -----------------------------------------------------------------------------------------------------------


def _postgresql_columns(table: Name) -> str:
    known = catalog("postgresql")
    return (
        "SELECT n.nspname, a.attname FROM pg_catalog.pg_attribute a"
        " JOIN pg_catalog.pg_class c ON c.oid = a.attrelid"
        " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
        f" WHERE c.oid = to_regclass({known.literal(quoted('postgresql', table))})"
        " AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum"
    )


def _postgresql_holders(keys: Sequence[Key]) -> str:
    # A key of 64 bits stands in two columns of 32; https://www.postgresql.org/docs/current/view-pg-locks.html
    halves = ", ".join(f"({int(key) >> 32 & _BITS}, {int(key) & _BITS})" for key in keys)
    return (
        "SELECT DISTINCT l.pid, a.usename, a.backend_start FROM pg_catalog.pg_locks l"
        " LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid"
        " WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 AND l.pid <> pg_backend_pid()"
        " AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())"
        f" AND (l.classid::bigint, l.objid::bigint) IN ({halves})"
    )


# MySQL and MariaDB ----------------------------------------------------------------------------------------------------


def _mysql_columns(table: Name) -> str:
    known = catalog("mysql")
    schema = known.literal(table.schema) if table.schema else "DATABASE()"
    return (
        "SELECT table_schema, column_name FROM information_schema.columns"
        f" WHERE table_schema = {schema} AND table_name = {known.literal(table.name)} ORDER BY ordinal_position"
    )


def _mysql_holders(keys: Sequence[Key]) -> str:
    # Without the PROCESS privilege another user's session has no row in the list, but the lock has its number.
    literal = catalog("mysql").literal
    locks = " UNION ".join(f"SELECT IS_USED_LOCK({literal(str(key))}) AS id" for key in keys)
    return (
        f"SELECT h.id, p.user, NOW() - INTERVAL p.time SECOND FROM ({locks}) h"
        " LEFT JOIN information_schema.processlist p ON p.id = h.id"
        " WHERE h.id IS NOT NULL AND h.id <> CONNECTION_ID()"
    )


_MYSQL = Questions(
    "SELECT DATABASE(), DATABASE()",
    _mysql_columns,
    _mysql_holders,
    lambda key: f"SELECT GET_LOCK({catalog('mysql').literal(str(key))}, 0)",
    lambda key: f"SELECT RELEASE_LOCK({catalog('mysql').literal(str(key))})",
    locks_by_name=True,
)


# SQLite ---------------------------------------------------------------------------------------------------------------


def _sqlite_columns(table: Name) -> str:
    # A schema is a file that a session attaches, and ours attaches none; to ask for another would be an error.
    here = (table.schema or "main").lower() == "main"
    found = f"pragma_table_info({catalog('sqlite').literal(table.name)}, 'main')"
    return f"SELECT 'main', name FROM {found} WHERE {int(here)} ORDER BY cid"


_QUESTIONS: Mapping[str, Questions] = {
    "postgresql": Questions(
        "SELECT current_database(), current_schema()",
        _postgresql_columns,
        _postgresql_holders,
        lambda key: f"SELECT pg_try_advisory_lock({int(key)})",
        lambda key: f"SELECT pg_advisory_unlock({int(key)})",
    ),
    "mysql": _MYSQL,
    "mariadb": _MYSQL,
    "sqlite": Questions("SELECT 'main', 'main'", _sqlite_columns),
}


def quoted(dialect: str, name: Name) -> str:
    """A name between quotes whatever its letters, so that no word of it is a keyword and nothing folds it."""
    quote = _QUOTES[dialect]
    parts = (name.schema, name.name) if name.schema else (name.name,)
    return ".".join(f"{quote}{part.replace(quote, quote * 2)}{quote}" for part in parts)


_QUOTES = {"postgresql": '"', "mysql": "`", "mariadb": "`", "sqlite": '"'}
