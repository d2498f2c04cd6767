"""sqlx's way out of its transaction: `-- no-transaction` as the very first characters of a file."""

from __future__ import annotations

from partway.core.edit import Edit
from partway.core.migration import Migration, Section
from partway.core.source import Span
from partway.dialects import dialect_named
from partway.tools.opting_out import OptOut
from partway.tools.sqlx.tool import OPT_OUT


def opt_out(migration: Migration, section: Section) -> OptOut:
    """The first line. PostgreSQL makes a transaction of a file of several statements all the same; and since an older
    sqlx does not know the line, the edit is never harmless."""
    source = migration.source
    if len(section.steps) > 1 and dialect_named(migration.dialect).query_is_transaction:
        return OptOut(f"Give it a file of its own that begins with {OPT_OUT}")
    if source.text.startswith(OPT_OUT):
        return OptOut("Give it a sqlx that knows -- no-transaction: 0.8 on PostgreSQL, 0.9 on SQLite")
    edit = Edit(Span(0, 0), f"{OPT_OUT}{source.newline}")
    return OptOut(f"Let sqlx run the file without a transaction: {OPT_OUT}", (edit,))
