"""SQLite's table: definitions roll back, ALTER TABLE has no guard at all. Measured on 3.40 and later by tests/truth."""

from __future__ import annotations

from partway.core.operation import InTransaction, Repeat
from partway.dialects.dialect import Dialect, Lexis, Row, Way

_SAME, _FAILS, _CHANGES, _UNKNOWN = Repeat.SAME, Repeat.FAILS, Repeat.CHANGES, Repeat.UNKNOWN
_UNDONE, _REFUSED = InTransaction.ROLLS_BACK, InTransaction.REFUSED


def _row(
    kind: str, repeat: Repeat, guard: Way = Way.NONE, traits: str = "", transaction: InTransaction = _UNDONE
) -> Row:
    return Row(
        kind, repeat, transaction, Way.NEEDLESS if repeat is _SAME else guard, frozenset(traits.split())
    )


ROWS: tuple[Row, ...] = (
    *[_row(f"create-{kind}", _FAILS, Way.IF_NOT_EXISTS) for kind in ("table", "index", "view", "trigger")],
    *[_row(f"create-{kind}", _SAME, traits="temporary") for kind in ("table", "view", "trigger")],
    *[_row(f"drop-{kind}", _FAILS, Way.IF_EXISTS) for kind in ("table", "index", "view", "trigger")],
    *[_row(kind, _FAILS) for kind in ("add-column", "drop-column", "rename-column", "rename-table")],
    *[_row(kind, _SAME) for kind in ("reindex", "analyze")],
    _row("vacuum", _SAME, transaction=_REFUSED),
    _row("attach-database", _SAME),
    _row("detach-database", _SAME),
    _row("pragma", _SAME),
    _row("pragma", _SAME, traits="journal-mode write", transaction=_REFUSED),
    _row("pragma", _SAME, traits="synchronous write", transaction=_REFUSED),
    _row("begin", _SAME, transaction=_REFUSED),
    _row("commit", _SAME, transaction=InTransaction.COMMITS),
    *[_row(kind, _SAME) for kind in ("rollback", "savepoint", "release", "rollback-to")],
    _row("insert", _CHANGES),
    _row("update", _UNKNOWN),
    _row("delete", _SAME),
    _row("select", _SAME),
)

DIALECT = Dialect(
    name="sqlite",
    title="SQLite",
    lexis=Lexis(backticks=True, brackets=True),
    rows=ROWS,
    assumed=(3, 35),
    default_schema="main",
    case_sensitive=False,
    namespaces=dict.fromkeys(("table", "index", "view"), "relation"),
    types_are_hints=True,
    nested_begin_fails=True,
)
