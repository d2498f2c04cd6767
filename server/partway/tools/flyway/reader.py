"""Flyway's files to migrations, and when it does without its transaction.

Read in Flyway 11's source: ParserSqlScript and the parsers of each database (a file that holds a statement which
cannot run in a transaction is run without one), DbMigrate (`group`), SqlScriptMetadata (`V1__x.sql.conf`),
TransactionalExecutionTemplate (autocommit is off, so on MySQL a new transaction begins behind each definition).
"""

from __future__ import annotations

import re
from functools import partial

from partway.core.migration import Migration, Mode, Step, TransactionMode
from partway.core.source import SourceFile, Span
from partway.tools.flyway.tool import parse
from partway.tools.place import file_name
from partway.tools.setup import Setup
from partway.tools.sql_sections import Part, migration, whole

#: By dialect, the statements that make Flyway run a whole file without a transaction, as its parsers know them.
_NON_TRANSACTIONAL = {
    "postgresql": re.compile(
        r"(?:CREATE|DROP)\s+(?:DATABASE|TABLESPACE|SUBSCRIPTION)\b|ALTER\s+SYSTEM\b"
        r"|(?:CREATE|DROP)\s+(?:UNIQUE\s+)?INDEX\s+CONCURRENTLY\b|REINDEX\s+(?:\(?VERBOSE\)?\s+)?(?:SCHEMA|DATABASE|SYSTEM)\b"
        r"|VACUUM\b|DISCARD\s+ALL\b",
        re.IGNORECASE,
    ),
    "sqlite": re.compile(r"PRAGMA\s+(?:\w+\.)?foreign_keys\b", re.IGNORECASE),
}
# PostgreSQL before 12 alone: later ones add a value in a transaction.
_ADD_VALUE = re.compile(r"ALTER\s+TYPE\s[^;]*?\bADD\s+VALUE\b", re.IGNORECASE)
_FIRST_TO_ADD_VALUE = (12,)

_TRANSACTION = TransactionMode(
    Mode.PER_MIGRATION, "Flyway runs each migration in one transaction", reopens=True
)
_GROUP = TransactionMode(
    Mode.WHOLE_RUN,
    "Flyway with group=true runs all pending migrations in one transaction",
    reopens=True,
)
_SWITCHED_OFF = TransactionMode(Mode.NONE, "Flyway is told not to run migrations in a transaction")
_SCRIPT_OFF = TransactionMode(
    Mode.NONE, "the script configuration beside the file says executeInTransaction=false"
)


def read(source: SourceFile, setup: Setup) -> Migration:
    """The migration in this file. An undo file is the way down; everything else runs on the way up."""
    name = parse(file_name(source.path), dict(setup.settings))
    section = "down" if name is not None and name.kind == "undo" else "up"
    part = Part(section, whole(source), partial(_mode, source.text, setup))
    return migration(source, setup, name.identity if name else "", [part])


def _mode(text: str, setup: Setup, steps: tuple[Step, ...]) -> TransactionMode:
    script = setup.settings.get("flyway.script.executeInTransaction", "").lower()
    usual = _GROUP if setup.on("flyway.group") else _TRANSACTION
    if script:
        return _SCRIPT_OFF if script == "false" else usual
    if setup.settings.get("flyway.executeInTransaction", "").lower() == "false":
        return _SWITCHED_OFF
    reason = _first_refused(text, setup, steps)
    if reason is not None:
        words = " ".join(text[reason.start : reason.end].upper().split())
        return TransactionMode(
            Mode.NONE,
            f"Flyway runs a file that holds {words} without a transaction",
            reason,
            mixable=setup.on("flyway.mixed"),
        )
    return usual


def _first_refused(text: str, setup: Setup, steps: tuple[Step, ...]) -> Span | None:
    """The words of the first statement that makes Flyway do without a transaction."""
    pattern = _NON_TRANSACTIONAL.get(setup.dialect.name)
    if pattern is None:
        return None
    adds = setup.server and setup.server < _FIRST_TO_ADD_VALUE
    for step in steps:
        match = pattern.match(text, step.span.start, step.span.end)
        if match is None and adds:
            match = _ADD_VALUE.match(text, step.span.start, step.span.end)
        if match is not None:
            return Span(*match.span())
    return None
