"""golang-migrate's files to migrations: one direction a file, sent to the server as one query.

Read in golang-migrate 4's database drivers: postgres and pgx hand the whole file to the server as a simple query
(`x-multi-statement=true` cuts it at every semicolon instead), mysql likewise with multiStatements, sqlite and sqlite3
wrap it in BEGIN and COMMIT unless `x-no-tx-wrap=true`.
"""

from __future__ import annotations

from partway.core.migration import Migration, Mode, TransactionMode
from partway.core.source import SourceFile
from partway.tools.golang_migrate.tool import NAME
from partway.tools.place import file_name
from partway.tools.setup import Setup
from partway.tools.sql_sections import Part, migration, whole

_ONE_QUERY = TransactionMode(
    Mode.PER_MIGRATION,
    "golang-migrate sends the file as one query, which PostgreSQL runs as one transaction",
    implicit=True,
)
_AUTOCOMMIT = TransactionMode(
    Mode.NONE, "golang-migrate sends the file without a transaction, so each statement commits on its own"
)
_WRAPPED = TransactionMode(Mode.PER_MIGRATION, "golang-migrate runs each file in one transaction on SQLite")
#: By dialect: what happens, the setting that changes it, and what it changes it to.
_MODES = {
    "postgresql": (
        _ONE_QUERY,
        "x-multi-statement",
        TransactionMode(Mode.NONE, "golang-migrate with x-multi-statement sends each statement on its own"),
    ),
    "sqlite": (
        _WRAPPED,
        "x-no-tx-wrap",
        TransactionMode(Mode.NONE, "golang-migrate with x-no-tx-wrap runs the file without a transaction"),
    ),
}


def read(source: SourceFile, setup: Setup) -> Migration:
    """The migration in this file, which is one direction of it."""
    match = NAME.fullmatch(file_name(source.path))
    mode, setting, otherwise = _MODES.get(setup.dialect.name, (_AUTOCOMMIT, "", _AUTOCOMMIT))
    if setting and setup.on(f"golang-migrate.{setting}"):
        mode = otherwise
    direction = "down" if source.path.lower().endswith(".down.sql") else "up"
    return migration(source, setup, match[1] if match else "", [Part(direction, whole(source), mode)])
