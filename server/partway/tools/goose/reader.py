"""goose's files to migrations: sections by annotation, one transaction unless `NO TRANSACTION`.

Read in goose 3's own parser and runner (internal/sqlparser, migration_sql.go): it sends statement by statement, inside
BEGIN and COMMIT together with the row in its version table, whatever the database; `NO TRANSACTION` holds for the whole
file, both ways, wherever it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from partway.core.migration import Migration, Mode, Step, TransactionMode, Trouble
from partway.core.source import SourceFile, Span
from partway.tools.annotations import Annotated, annotated, cut_statements
from partway.tools.place import file_name
from partway.tools.setup import Setup
from partway.tools.sql_sections import Part, migration

_MISSING = Trouble(Span(0, 0), "goose refuses a file without `-- +goose Up`")
_VERSION = re.compile(r"(\d+)_")


def read(source: SourceFile, setup: Setup) -> Migration:
    """The migration in this file."""
    parsed = annotated(source.text, "goose")
    mode = _mode(parsed)

    def check(steps: tuple[Step, ...]) -> Iterable[Trouble]:
        return cut_statements(source.text, steps, parsed.blocks, "goose")

    parts = [Part(name, span, mode, check, parsed.blocks) for name, span in parsed.directions]
    missing = [] if parts or not source.text.strip() else [_MISSING]
    return migration(source, setup, identity(source.path), parts, missing)


def _mode(parsed: Annotated) -> TransactionMode:
    opt_out = parsed.find("no transaction")
    if opt_out is not None:
        return TransactionMode(
            Mode.NONE, "goose runs a file that says NO TRANSACTION statement by statement", opt_out.span
        )
    return TransactionMode(Mode.PER_MIGRATION, "goose runs each migration in one transaction")


def identity(path: str) -> str:
    """The version, which is the number that the file's name begins with; empty where it has none."""
    match = _VERSION.match(file_name(path))
    return match[1] if match else ""
