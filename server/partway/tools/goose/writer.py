"""Guards in goose's files: what has a terminator inside must stand between its annotations."""

from __future__ import annotations

import re
from collections.abc import Collection

from partway.core.edit import Fix
from partway.core.migration import Migration
from partway.core.operation import Operation
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
    """The guard in SQL, between annotations of its own unless the statement stands between some already."""
    before = _ANNOTATION.findall(migration.source.text, 0, operation.statement.start)
    wrap = None if before and before[-1].lower() == "begin" else (_BEGIN, _END)
    return write_sql(migration, operation, reused=reused, fresh=fresh, taken=taken, alone=alone, wrap=wrap)
