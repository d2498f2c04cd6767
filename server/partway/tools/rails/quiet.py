"""Rails's migrations of which nothing can be said: in Rails's transaction, without SQL, guards or code of note."""

from __future__ import annotations

import re
from collections.abc import Mapping

from partway.dialects.dialect import Dialect

#: Opt-outs, concurrent indexes, SQL and connections, transactions, guards, unchecked constraints, values of enums,
#: suppressions. Plain words, in lower case: a text is searched for them ten times as fast as by one pattern.
_TELLING = (
    "disable_ddl", "concurrent", "exec", "sql", "connection", "transaction", "commit", "exist", "include?", "valid",
    "enum", "departure", "partway",
)  # fmt: skip
#: A table dropped with options, which Rails may turn round into an empty one.
_DROPPED = re.compile(r"drop_table[^\n#]*,")


def is_quiet(text: str, dialect: Dialect, settings: Mapping[str, str]) -> bool:  # noqa: ARG001 # no setting matters
    """Rails opens its transaction wherever the adapter can roll definitions back."""
    if not dialect.transactional_ddl:
        return False
    lower = text.lower()
    return not any(word in lower for word in _TELLING) and _DROPPED.search(lower) is None
