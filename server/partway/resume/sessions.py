"""Operations that belong together because they work with a temporary table, which is gone with its session. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from partway.core.operation import Operation


def temporary_table(operation: Operation) -> str:
    """The temporary table that an operation makes; empty where it makes none."""
    return next(
        (
            fact.name.name
            for action in operation.actions
            if "temporary" in action.traits and action.kind.startswith("create-")
            for fact in action.postconditions[:1]
        ),
        "",
    )


def lasting(operations: Sequence[Operation], unit: range) -> list[int]:
    """Which operations of a unit leave something behind when its session ends, by their numbers."""
    own = temporary_table(operations[unit[0]]).lower()

    def stays(operation: Operation) -> bool:
        names = {fact.name.name.lower() for fact in operation.postconditions if fact.table is None}
        names |= {fact.table.name.lower() for fact in operation.postconditions if fact.table is not None}
        return (names or {operation.target.rpartition(".")[2].lower()}) != {own}

    return [index for index in unit if stays(operations[index])]


def session_unit(operations: Sequence[Operation], index: int, text: str) -> range:
    """The operations that work with the temporary table which this one makes, up to the last that speaks of it; with
    another table, just the one."""
    own = temporary_table(operations[index])
    if not own:
        return range(index, index + 1)
    word = re.compile(rf"(?<![\w$]){re.escape(own)}(?![\w$])", re.IGNORECASE)
    last = index
    for later in range(index + 1, len(operations)):
        span = operations[later].statement
        if not text or word.search(text, span.start, span.end):
            last = later
    return range(index, last + 1)
