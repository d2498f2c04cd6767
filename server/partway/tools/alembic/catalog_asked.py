"""Questions about indexes that a revision asks of PostgreSQL's catalog itself, by the index's name."""

from __future__ import annotations

import re
from typing import Final

from partway.tools.alembic.expressions import textual
from partway.tools.python_values import Call

#: What takes a row, or what stands in it, from an answer.
ROW: Final = frozenset(
    ("scalar", "scalar_one", "scalar_one_or_none", "fetchone", "first", "one", "one_or_none")
)
_NOT_VALID: Final = re.compile(
    r"NOT\s+(?:\w+\.)?indisvalid\b.*to_regclass\(\s*'(?:\w+\.)?\"?(\w+)\"?'", re.IGNORECASE | re.DOTALL
)
_INDEXED: Final = (
    r"SELECT\s+[\w*]+\s+FROM\s+pg_indexes\s+WHERE\s+"
    r"(?:schemaname\s*=\s*'\w+'\s+AND\s+)?indexname\s*=\s*'(\w+)'"
)
_A_ROW: Final = re.compile(rf"\s*{_INDEXED}\s*;?\s*", re.IGNORECASE)
_EXISTS: Final = re.compile(
    rf"\s*SELECT\s+EXISTS\s*\(\s*{_INDEXED}\s*\)(?:\s*AS\s+\w+)?\s*;?\s*", re.IGNORECASE
)


def invalid_index(call: Call) -> str:
    """The index of which it is asked whether it is there and INVALID; empty for any other question."""
    said = textual(call.positional[0]) if call.positional else None
    match = _NOT_VALID.search(str(said)) if said is not None else None
    return match[1] if match else ""


def index_row(call: Call) -> str:
    """The index of which it is asked whether there is a row for it, which an answer without its rows does not say."""
    return _asked(call, _A_ROW) if call.name in ROW else ""


def index_exists(call: Call) -> str:
    """The index of which EXISTS is asked; the answer is what stands in the row."""
    return _asked(call, _EXISTS) if call.name in ROW else ""


def _asked(call: Call, pattern: re.Pattern[str]) -> str:
    asking: object = call
    if not call.positional:
        asking = call.receiver  # connection.execute(...).first()
    said = textual(asking.positional[0]) if isinstance(asking, Call) and asking.positional else None
    match = pattern.fullmatch(str(said)) if said is not None else None
    return match[1] if match else ""
