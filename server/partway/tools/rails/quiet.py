"""Rails's migrations of which nothing can be said: in Rails's transaction, without SQL, guards or code of note."""

from __future__ import annotations

import re
from collections.abc import Mapping

from partway.dialects.dialect import Dialect

#: Opt-outs, concurrent indexes, SQL and connections, transactions, guards, suppressions. Plain words, in lower case: a
#: text is searched for them ten times as fast as by one pattern.
_TELLING = (
    "disable_ddl", "concurrent", "exec", "sql", "connection", "transaction", "exists", "include?", "enum_value",
    "departure", "partway",
)  # fmt: skip
#: The same for what stands in many a word besides: unchecked constraints, the end of a transaction, and a table dropped
#: with options, which Rails may turn round into an empty one.
_TELLING_PERHAPS = {
    "valid": re.compile(r"validate(?:\b|_)|not\s+valid"),
    "commit": re.compile(r"\bcommit\b"),
    "drop_table": re.compile(r"drop_table[^\n#]*,"),
}
#: What a migration inherits from that is Rails's own; what a class of the project's says is not known here.
_OF_RAILS = "activerecord::migration"


def is_quiet(text: str, dialect: Dialect, settings: Mapping[str, str]) -> bool:  # noqa: ARG001 # no setting matters
    """Rails opens its transaction wherever the adapter can roll definitions back."""
    if not dialect.transactional_ddl:
        return False
    lower = text.lower()
    if _OF_RAILS not in lower or any(word in lower for word in _TELLING):
        return False
    return not any(word in lower and sign.search(lower) for word, sign in _TELLING_PERHAPS.items())
