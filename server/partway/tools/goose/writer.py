"""Guards in goose's files: what has a terminator inside must stand between its annotations."""

from __future__ import annotations

import re
from collections.abc import Collection

from partway.core.edit import Fix
from partway.core.migration import Migration
from partway.core.operation import InTransaction, Operation
from partway.tools.writing import write_sql

_BEGIN, _END = "-- +goose StatementBegin", "-- +goose StatementEnd"
_ANNOTATION = re.compile(r"^--[ \t]*\+goose[ \t]+Statement(Begin|End)\b", re.IGNORECASE | re.MULTILINE)


def write(
    migration: Migration,
    operation: Operation,
    *,
    reused: bool,
    fresh: bool,
    taken: Collection[str],
    alone: bool,
) -> Fix | None:
    """The guard in SQL, between annotations of its own unless the statement stands between some already.

    What stands between two annotations is one query, and so a transaction. A statement that is refused in one is alone
    there, and what has to run before it goes before the annotation.
    """
    around = list(_ANNOTATION.finditer(migration.source.text, 0, operation.statement.start))
    wrap: tuple[str, str] | None = (_BEGIN, _END)
    before: int | None = None
    if around and around[-1][1].lower() == "begin":
        if any(action.in_transaction is InTransaction.REFUSED for action in operation.actions):
            before = around[-1].start()
        else:
            wrap = None
    return write_sql(
        migration,
        operation,
        reused=reused,
        fresh=fresh,
        taken=taken,
        alone=alone,
        wrap=wrap,
        before=before,
    )
