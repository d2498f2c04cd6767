"""Operations that belong together because they work with a temporary table, which is gone with its session. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from partway.core.operation import Operation


def session_unit(operations: Sequence[Operation], index: int, text: str) -> range:
    """The operations that work with the temporary table which this one makes, up to the last that speaks of it; with
    another table, just the one."""
    names = [
        fact.name.name
        for action in operations[index].actions
        if "temporary" in action.traits and action.kind.startswith("create-")
        for fact in action.postconditions[:1]
    ]
    if not names:
        return range(index, index + 1)
    word = re.compile(rf"(?<![\w$]){re.escape(names[0])}(?![\w$])", re.IGNORECASE)
    last = index
    for later in range(index + 1, len(operations)):
        span = operations[later].statement
        if not text or word.search(text, span.start, span.end):
            last = later
    return range(index, last + 1)
