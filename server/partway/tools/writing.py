"""Writing guards into a tool's files: by the tool's own writer where it has one, else as plain SQL."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Protocol

from partway.core.edit import Fix
from partway.core.migration import Migration
from partway.core.operation import Operation
from partway.dialects import dialect_named


class Writer(Protocol):
    """Writes the guard of one operation into its migration. The keywords say what the section around it makes of its
    names, as `partway.sql.guards.guard` explains them."""

    def __call__(
        self,
        migration: Migration,
        operation: Operation,
        *,
        reused: bool,
        fresh: bool,
        taken: Collection[str],
        alone: bool,
    ) -> Fix | None:
        """The fix, None where there is no true guard."""
        ...


@cache
def writer(tool: str) -> Writer:
    """The writer of this tool: `write` in its folder's `writer.py` if there is one."""
    name = f"partway.tools.{tool.replace('-', '_')}.writer"
    if find_spec(name) is None:
        return write_sql
    found: Writer = import_module(name).write
    return found


def write_sql(
    migration: Migration,
    operation: Operation,
    *,
    reused: bool,
    fresh: bool,
    taken: Collection[str],
    alone: bool,
    wrap: tuple[str, str] | None = None,
    before: int | None = None,
) -> Fix | None:
    """The guard in SQL. `wrap` are the lines that a tool wants around a statement with terminators inside, `before` an
    offset on the line before which statements of their own go."""
    from partway.sql.guards import guard  # most programs have no SQL in them

    return guard(
        migration.source.text,
        operation,
        dialect_named(migration.dialect),
        migration.server,
        newline=migration.source.newline,
        wrap=wrap,
        before=before,
        reused=reused,
        fresh=fresh,
        taken=taken,
        alone=alone,
    )
