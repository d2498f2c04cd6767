"""What a second run of a call does where Rails does something else than the statement of that kind: one table.

Each row is proved through ActiveRecord by tests/runners/rails. On SQLite Rails makes the table anew for what SQLite's
ALTER TABLE lacks: taking a column out that is not there is then no error, and a second foreign key is one more.
"""

from __future__ import annotations

from collections.abc import Mapping

from partway.core.operation import Repeat

_SAME, _FAILS, _CHANGES = Repeat.SAME, Repeat.FAILS, Repeat.CHANGES

_SQLITE = {
    "add_belongs_to": _FAILS,
    "add_reference": _FAILS,
    "add_check_constraint": _CHANGES,
    "add_column": _FAILS,
    "add_columns": _FAILS,
    "add_foreign_key": _CHANGES,
    "add_timestamps": _FAILS,
    "change_column": _SAME,
    "change_column_default": _SAME,
    "change_column_null": _SAME,
    "remove_check_constraint": _FAILS,
    "remove_column": _SAME,
    "remove_columns": _SAME,
    "remove_foreign_key": _FAILS,
    "remove_timestamps": _SAME,
    "rename_column": _FAILS,
    "rename_index": _SAME,
}
_POSTGRESQL = {
    "create_enum": _SAME,
    "enable_extension": _SAME,
    "disable_extension": _SAME,
}
#: By dialect: what decides whatever the call, and what the call decides.
_ROWS: Mapping[str, tuple[Mapping[str, Repeat], Mapping[str, Repeat]]] = {
    "postgresql": ({}, _POSTGRESQL),
    "sqlite": ({"add-constraint": _CHANGES, "drop-column": _SAME, "drop-constraint": _FAILS}, _SQLITE),
}
_NO_ROWS: tuple[Mapping[str, Repeat], Mapping[str, Repeat]] = ({}, {})
#: Kinds that are the database's own statements wherever they come from.
_STATEMENTS = frozenset(("create-index", "drop-index", "create-table", "drop-table", "comment", "update"))
#: Calls that look for what they change, and do nothing where it is not: of all statements that they consist of.
_LOOKING_FIRST = frozenset(("rename_index",))


def repeat_of(dialect: str, call: str, kind: str) -> Repeat | None:
    """What a second run does; None where it is the dialect's table's to say."""
    if kind in _STATEMENTS and call not in _LOOKING_FIRST:
        return None
    kinds, calls = _ROWS.get(dialect, _NO_ROWS)
    return kinds.get(kind) or calls.get(call)
