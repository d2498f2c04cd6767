"""Prisma's files to migrations: no transaction of Prisma's own, on PostgreSQL one of the server's before Prisma 7.4.

Read in Prisma's schema engine (sql-schema-connector, apply_migration_script of each flavour): on PostgreSQL one simple
query, which since Prisma 7.4 is cut into its statements; on MySQL one query of several statements; on SQLite
sqlite3_exec, which runs them one by one. There is no way down.
"""

from __future__ import annotations

import re

from partway.core.migration import Migration, Mode, TransactionMode
from partway.core.source import SourceFile
from partway.tools.place import place
from partway.tools.setup import Setup
from partway.tools.sql_sections import Part, migration, whole

_ONE_QUERY = TransactionMode(
    Mode.PER_MIGRATION,
    "Prisma before 7.4 sends the file as one query, which PostgreSQL runs as one transaction",
    implicit=True,
)
_ONE_BY_ONE = TransactionMode(
    Mode.NONE, "Prisma runs the file without a transaction, so each statement commits on its own"
)
_CUT = TransactionMode(
    Mode.NONE, "Prisma 7.4 and later sends each statement on its own, without a transaction"
)
_FIRST_TO_CUT = (7, 4)
_MODES = {"postgresql": _ONE_QUERY}


def read(source: SourceFile, setup: Setup) -> Migration:
    """The migration in this file; its name is the folder's."""
    mode = _MODES.get(setup.dialect.name, _ONE_BY_ONE)
    if mode is _ONE_QUERY and version(setup.settings.get("prisma.version", "")) >= _FIRST_TO_CUT:
        mode = _CUT
    return migration(source, setup, place(source.path).folder, [Part("up", whole(source), mode)])


def version(requirement: str) -> tuple[int, ...]:
    """The version that a package.json asks for. A caret takes in every later minor version, so `^7.0.0` counts as the
    newest of the sevens; empty where it says none."""
    match = re.match(r"\s*(\^|>=)?\s*v?(\d+)(?:\.(\d+))?", requirement)
    if match is None:
        return ()
    if match[1] or match[3] is None:
        return (int(match[2]), 999)
    return (int(match[2]), int(match[3]))
