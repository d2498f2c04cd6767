"""What a guard's writer must know of the section around an operation."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from partway.analysis.exposure import History
from partway.core.edit import Fix
from partway.core.migration import Migration, Section
from partway.core.operation import Operation
from partway.dialects.dialect import Dialect


def guard_writer(
    migration: Migration, section: Section, operations: tuple[Operation, ...], dialect: Dialect
) -> Callable[[int], Fix | None]:
    """A function that writes the guard of the operation with this index; None where there is no true one.

    Nothing is looked at before the first guard is asked for.
    """

    @cache
    def history() -> History:
        return History(operations, dialect)

    @cache
    def taken() -> frozenset[str]:
        return frozenset(
            fact.name.name for operation in operations for fact in operation.postconditions if fact.name.name
        )

    @cache
    def write(index: int) -> Fix | None:
        from partway.tools.writing import writer

        operation = operations[index]
        table = next((fact.table for fact in operation.postconditions if fact.table is not None), None)
        return writer(migration.tool)(
            migration,
            operation,
            reused=history().reused(operation, index),
            fresh=table is not None and any(touch.place < index for touch in history().container(table)),
            taken=taken(),
            alone=section.transaction.implicit and len(section.steps) == 1,
        )

    return write
