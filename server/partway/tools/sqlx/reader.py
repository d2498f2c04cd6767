"""sqlx's files to migrations: one transaction, and an opt-out that not every database knows.

Read in sqlx's own migrators (sqlx-postgres, -mysql and -sqlite, src/migrate.rs) and its changelog: PostgreSQL obeys
`-- no-transaction` as the very first characters of a file since 0.8.0, SQLite since 0.9.0, MySQL not at all. The file
goes out as one query either way, and PostgreSQL makes a transaction of a query of several statements.
"""

from __future__ import annotations

import re

from partway.core.migration import Migration, Mode, TransactionMode
from partway.core.source import SourceFile, Span
from partway.tools.place import file_name
from partway.tools.setup import Setup
from partway.tools.sql_sections import Part, migration, whole
from partway.tools.sqlx.tool import NAME, OPT_OUT

_TRANSACTION = TransactionMode(Mode.PER_MIGRATION, "sqlx runs each migration in one transaction")
#: By dialect: since which sqlx the opt-out counts, and what it comes to.
_OPTED_OUT = {
    "postgresql": (
        (0, 8),
        TransactionMode(
            Mode.PER_MIGRATION,
            "sqlx sends the file as one query, which PostgreSQL runs as one transaction even with no-transaction",
            implicit=True,
        ),
    ),
    "sqlite": ((0, 9), TransactionMode(Mode.NONE, "sqlx runs a file that says no-transaction without one")),
}
#: What is taken when no Cargo.toml says which sqlx it is: the last one that was not a preview.
_ASSUMED = (0, 8, 6)


def read(source: SourceFile, setup: Setup) -> Migration:
    """The migration in this file, or one direction of it."""
    match = NAME.fullmatch(file_name(source.path))
    direction = "down" if match is not None and match[3] == "down" else "up"
    part = Part(direction, whole(source), _mode(source.text, setup))
    return migration(source, setup, match[1] if match else "", [part])


def _mode(text: str, setup: Setup) -> TransactionMode:
    known = _OPTED_OUT.get(setup.dialect.name)
    if known is None or not text.startswith(OPT_OUT):
        return _TRANSACTION
    since, mode = known
    if _version(setup) < since:
        return _TRANSACTION
    return TransactionMode(mode.mode, mode.reason, Span(0, len(OPT_OUT)), mode.implicit)


def _version(setup: Setup) -> tuple[int, ...]:
    numbers = re.findall(r"\d+", setup.settings.get("sqlx.version", ""))[:3]
    return tuple(map(int, numbers)) or _ASSUMED
