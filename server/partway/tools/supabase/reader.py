"""Supabase's files to migrations: the statements go out as one pipeline, which PostgreSQL runs as one transaction.

Read in the Supabase command line (pkg/migration/file.go, ExecBatch): it cuts the file into statements and sends them,
with the insert into its history table, in one batch of the extended protocol with one Sync at the end. `RESET ALL`
runs before each file, so no session setting reaches the next one.
"""

from __future__ import annotations

from partway.core.migration import Migration, Mode, TransactionMode
from partway.core.source import SourceFile
from partway.tools.place import file_name
from partway.tools.setup import Setup
from partway.tools.sql_sections import Part, migration, whole
from partway.tools.supabase.tool import NAME

_PIPELINE = TransactionMode(
    Mode.PER_MIGRATION,
    "Supabase sends the statements of a file as one pipeline, which PostgreSQL runs as one transaction",
    implicit=True,
    pipeline=True,
)


def read(source: SourceFile, setup: Setup) -> Migration:
    """The migration in this file."""
    match = NAME.fullmatch(file_name(source.path))
    return migration(source, setup, match[1] if match else "", [Part("up", whole(source), _PIPELINE)])
