"""MySQL's table. Measured on 9.x by tests/engines and tests/truth; versions before that from its manual."""

from __future__ import annotations

from typing import Any

from partway.core.operation import InTransaction, Repeat
from partway.dialects.dialect import Dialect, Lexis, Row, Way

_SAME, _FAILS, _CHANGES, _UNKNOWN = Repeat.SAME, Repeat.FAILS, Repeat.CHANGES, Repeat.UNKNOWN
_UNDONE, _COMMITS, _REFUSED = InTransaction.ROLLS_BACK, InTransaction.COMMITS, InTransaction.REFUSED

LEXIS = Lexis(
    hash_comments=True,
    dash_needs_space=True,
    backslash_strings=True,
    double_quoted_strings=True,
    backticks=True,
    executable_comments="/*!",
    client_commands="mysql",
)


def row(kind: str, repeat: Repeat, guard: Way = Way.NONE, traits: str = "", **more: Any) -> Row:
    """A row of MySQL's family, where nearly every statement that defines something commits."""
    if repeat is _SAME:
        guard = Way.NEEDLESS
    transaction = more.pop("transaction", _COMMITS)
    return Row(kind, repeat, transaction, guard, frozenset(traits.split()), **more)


def rows(kinds: str, repeat: Repeat, guard: Way = Way.NONE, traits: str = "", **more: Any) -> list[Row]:
    """One such row for each kind."""
    return [row(kind, repeat, guard, traits, **more) for kind in kinds.split()]


#: What MySQL and MariaDB have in common.
COMMON: tuple[Row, ...] = (
    row("create-table", _FAILS, Way.IF_NOT_EXISTS),
    row("create-table", _SAME, traits="temporary", transaction=_UNDONE),
    row("drop-table", _FAILS, Way.IF_EXISTS),
    row("drop-table", _SAME, traits="temporary", transaction=_UNDONE),
    row("drop-view", _FAILS, Way.IF_EXISTS),
    row("create-view", _FAILS, Way.OR_REPLACE, since=(9, 1), also=(Way.IF_NOT_EXISTS,)),
    row("create-view", _FAILS, Way.OR_REPLACE),
    row("create-schema", _FAILS, Way.IF_NOT_EXISTS),
    row("create-database", _FAILS, Way.IF_NOT_EXISTS),
    row("create-role", _FAILS, Way.IF_NOT_EXISTS),
    *rows(
        "drop-schema drop-database drop-role drop-trigger drop-procedure drop-function drop-event",
        _FAILS,
        Way.IF_EXISTS,
    ),
    row("create-server", _FAILS),
    row("drop-server", _FAILS, Way.IF_EXISTS),
    row("add-partition", _FAILS),
    row("drop-partition", _FAILS),
    row("exchange-partition", _CHANGES),
    row("reorganize-partition", _UNKNOWN),
    row("coalesce-partition", _CHANGES),
    row("truncate-partition", _SAME),
    row("maintain-partition", _SAME),
    row("set-partitioning", _SAME),
    row("remove-partitioning", _FAILS),
    *rows(
        "alter-index alter-view alter-schema alter-database alter-role alter-function alter-procedure",
        _SAME,
    ),
    *rows("alter-event alter-server", _SAME),
    *rows("set-table-option set-charset convert-charset rebuild-table discard-tablespace", _SAME),
    row("import-tablespace", _FAILS),
    row("alter-column", _SAME, traits="definition"),
    row("alter-column", _FAILS, traits="definition primary-key"),
    row("alter-column", _CHANGES, traits="definition unique"),
    row("alter-column", _SAME, traits="default"),
    row("rename-role", _FAILS),
    row("rename-event", _FAILS),
    *rows("grant analyze optimize-table check-table repair-table lock-table flush", _SAME),
    row("revoke", _FAILS),
    *rows("revoke", _SAME, traits="global"),
    *rows("revoke", _SAME, traits="everything"),
    *rows("revoke", _SAME, traits="role"),
    row("unlock-tables", _SAME, transaction=_UNDONE),
    row("truncate", _SAME),
    row("insert", _CHANGES, transaction=_UNDONE),
    row("update", _UNKNOWN, transaction=_UNDONE),
    row("delete", _SAME, transaction=_UNDONE),
    row("copy", _CHANGES, transaction=_UNDONE),
    row("select", _SAME, transaction=_UNDONE),
    *rows("set prepare use handler checksum-table", _SAME, transaction=_UNDONE),
    row("set", _SAME, traits="global"),
    row("set", _SAME, traits="transaction", transaction=_REFUSED),
    *rows("begin commit", _SAME),
    *rows("rollback savepoint release rollback-to", _SAME, transaction=_UNDONE),
    row("set", _SAME, traits="password"),
    row("set", _SAME, traits="default-role"),
    row("deallocate", _SAME, transaction=_UNDONE),
    row("install", _FAILS),
    row("uninstall", _FAILS),
)

ROWS: tuple[Row, ...] = (
    *COMMON,
    row("add-column", _FAILS, Way.BLOCK),
    row("drop-column", _FAILS, Way.BLOCK),
    row("rename-column", _FAILS, Way.BLOCK),
    row("rename-table", _FAILS, Way.BLOCK),
    row("rename-index", _FAILS, Way.BLOCK),
    row("create-index", _FAILS, Way.BLOCK),
    row("create-index", _CHANGES, Way.NAME_IT, "unnamed"),
    row("drop-index", _FAILS, Way.BLOCK),
    row("add-constraint", _FAILS, Way.BLOCK),
    row("add-constraint", _CHANGES, Way.NAME_IT, "unnamed foreign-key"),
    row("add-constraint", _CHANGES, Way.NAME_IT, "unnamed check"),
    row("drop-constraint", _FAILS, Way.BLOCK),
    row("create-event", _FAILS, Way.IF_NOT_EXISTS),
    *rows(
        "create-trigger create-procedure create-function",
        _FAILS,
        Way.IF_NOT_EXISTS,
        guard_since=(8, 0, 29),
        guard_before=Way.DROP_FIRST,
    ),
    *rows("alter-constraint alter-instance alter-tablespace", _SAME),
    *rows("create-tablespace drop-tablespace rename-tablespace", _FAILS),
    row("alter-column", _SAME, traits="option"),
    *rows("lock-instance unlock-instance", _SAME, transaction=_UNDONE),
    row("create-resource-group", _FAILS),
    row("drop-resource-group", _FAILS),
    row("create-spatial-reference-system", _FAILS, Way.IF_NOT_EXISTS, also=(Way.OR_REPLACE,)),
    row("drop-spatial-reference-system", _FAILS, Way.IF_EXISTS),
)

DIALECT = Dialect(
    name="mysql",
    title="MySQL",
    lexis=LEXIS,
    rows=ROWS,
    assumed=(8, 0),
    case_sensitive=False,
    namespaces={"table": "relation", "view": "relation"},
    indexes_in_table=True,
    accounts_have_hosts=True,
    transactional_ddl=False,
)
