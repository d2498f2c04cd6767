"""What a second run of a call does where Rails does something else than the statement of that kind: one table.

Each row is proved through ActiveRecord by tests/runners/rails. On SQLite Rails makes the table anew for what SQLite's
ALTER TABLE lacks: taking a column out that is not there is then no error, and a second foreign key is one more.
"""

from __future__ import annotations

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
#: Kinds that are the database's own statements wherever they come from.
_STATEMENTS = frozenset(("create-index", "drop-index", "create-table", "drop-table", "comment", "update"))


def repeat_of(dialect: str, call: str, kind: str) -> Repeat | None:
    """What a second run does; None where it is the dialect's table's to say."""
    if kind in _STATEMENTS:
        return None
    if dialect == "sqlite":
        if kind == "add-constraint" and call in ("add_reference", "add_belongs_to"):
            return _CHANGES
        if kind == "drop-column":
            return _SAME
        if kind == "drop-constraint":
            return _FAILS
        return _SQLITE.get(call)
    return _POSTGRESQL.get(call) if dialect == "postgresql" else None
