"""The search path that a migration in SQL sets for itself: where its names without a schema are looked for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from partway.core.operation import Operation

_SET = re.compile(
    r"""\s*SET\s+(?:SESSION\s+)?search_path\s*(?:=|\bTO\b)\s*(?P<path>[\w$"'., ]+?)\s*;?\s*\Z""",
    re.IGNORECASE,
)
_SCHEMA = re.compile(r"""\s*(?:"(?P<quoted>[^"]+)"|'(?P<string>[^']+)'|(?P<bare>[A-Za-z_][\w$]*))\s*\Z""")


def declared_path(text: str, operations: Sequence[Operation]) -> tuple[str, ...]:
    """The schemas of a SET search_path that holds for every operation which leaves something behind; none where there
    is no such statement, or where names with a schema of the path stand beside those without."""
    sets = [
        index
        for index, one in enumerate(operations)
        if one.kind == "set" and "search_path" in text[one.statement.start : one.statement.end].lower()
    ]
    lasting = [index for index, one in enumerate(operations) if one.postconditions]
    if not sets or not lasting or sets[0] > lasting[0] or any(index < lasting[-1] for index in sets[1:]):
        return ()
    span = operations[sets[0]].statement
    match = _SET.match(text[span.start : span.end])
    path = _schemas(match["path"]) if match is not None else ()
    named = {
        name.schema
        for one in operations
        for fact in one.postconditions
        for name in (fact.name, *([fact.table] if fact.table is not None else []))
    }
    return path if not named & {*path, "public"} else ()


def _schemas(said: str) -> tuple[str, ...]:
    found = []
    for part in said.split(","):
        match = _SCHEMA.match(part)
        if match is None or (match["bare"] or "").lower() == "default":
            return ()
        found.append(match["quoted"] or match["string"] or match["bare"].lower())
    return tuple(found)
