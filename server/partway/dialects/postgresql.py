"""PostgreSQL's table. Measured on 18 and 15 by tests/engines and tests/truth; versions before that from its manual."""

from __future__ import annotations

from partway.core.operation import InTransaction, Repeat
from partway.dialects.dialect import Dialect, Lexis, Row, Version, Way

_MANUAL = "https://www.postgresql.org/docs/current/"
_SAME, _FAILS, _CHANGES, _UNKNOWN = Repeat.SAME, Repeat.FAILS, Repeat.CHANGES, Repeat.UNKNOWN
_UNDONE, _REFUSED, _COMMITS = InTransaction.ROLLS_BACK, InTransaction.REFUSED, InTransaction.COMMITS
_INVALID = "an INVALID index, which enforces nothing and which IF NOT EXISTS then skips"


def _row(
    kind: str,
    repeat: Repeat,
    guard: Way = Way.NONE,
    traits: str = "",
    *,
    transaction: InTransaction = _UNDONE,
    guard_since: Version = (),
    guard_before: Way = Way.NONE,
    since: Version = (),
    until: Version = (),
    also: tuple[Way, ...] = (),
    leaves: str = "",
    page: str = "",
    ignores: tuple[Way, ...] = (),
) -> Row:
    if repeat is _SAME:
        guard = Way.NEEDLESS
    manual = f"{_MANUAL}{page}.html" if page else ""
    return Row(
        kind,
        repeat,
        transaction,
        guard,
        frozenset(traits.split()),
        guard_since,
        guard_before,
        since,
        until,
        also,
        leaves,
        manual,
        ignores,
    )


def _drops(objects: str) -> list[Row]:
    """DROP ... IF EXISTS exists for every kind of thing."""
    return [
        _row(f"drop-{kind}", _FAILS, Way.IF_EXISTS, page=f"sql-drop{kind.replace('-', '')}")
        for kind in objects.split()
    ]


def _kinds(kinds: str, repeat: Repeat, guard: Way = Way.NONE, traits: str = "") -> list[Row]:
    return [_row(kind, repeat, guard, traits) for kind in kinds.split()]


ROWS: tuple[Row, ...] = (
    # Tables, columns, constraints
    _row("create-table", _FAILS, Way.IF_NOT_EXISTS, page="sql-createtable"),
    _row("create-table", _SAME, traits="temporary"),
    _row("create-foreign-table", _FAILS, Way.IF_NOT_EXISTS),
    _row(
        "add-column",
        _FAILS,
        Way.IF_NOT_EXISTS,
        guard_since=(9, 6),
        guard_before=Way.BLOCK,
        page="sql-altertable",
    ),
    _row("add-constraint", _FAILS, Way.BLOCK, page="sql-altertable"),
    _row("add-constraint", _CHANGES, Way.NAME_IT, "unnamed check"),
    _row("add-constraint", _CHANGES, Way.NAME_IT, "unnamed foreign-key"),
    _row("add-constraint", _CHANGES, Way.NAME_IT, "unnamed unique"),
    _row("add-constraint", _CHANGES, Way.NAME_IT, "unnamed exclude"),
    _row("add-constraint", _FAILS, Way.BLOCK, "primary-key"),
    _row("add-constraint", _SAME, traits="not-null"),
    _row("drop-column", _FAILS, Way.IF_EXISTS, page="sql-altertable"),
    _row("drop-constraint", _FAILS, Way.IF_EXISTS, page="sql-altertable"),
    _row("validate-constraint", _SAME, leaves="the constraint still NOT VALID"),
    _row("alter-constraint", _SAME),
    _row("alter-column", _SAME, traits="type"),
    _row("alter-column", _UNKNOWN, traits="type-using"),
    _row("alter-column", _SAME, traits="nullability"),
    _row("alter-column", _SAME, traits="default"),
    _row("alter-column", _SAME, traits="option"),
    _row("alter-column", _FAILS, traits="options"),
    _row("alter-column", _FAILS, Way.BLOCK, "add-identity"),
    _row("alter-column", _FAILS, Way.IF_EXISTS, "drop-identity"),
    _row("alter-column", _FAILS, Way.IF_EXISTS, "drop-expression"),
    # Renames: IF EXISTS asks for the old name, which is gone after one run
    *_kinds(
        "rename-table rename-foreign-table rename-view rename-materialized-view rename-sequence rename-index",
        _FAILS,
        Way.IF_EXISTS,
    ),
    *_kinds(
        "rename-column rename-constraint rename-type rename-domain rename-attribute rename-enum-value "
        "rename-schema rename-role rename-function rename-procedure rename-routine rename-aggregate "
        "rename-trigger rename-rule rename-event-trigger rename-server "
        "rename-foreign-data-wrapper rename-language rename-collation rename-conversion "
        "rename-statistics rename-text-search-configuration rename-text-search-dictionary "
        "rename-text-search-parser rename-text-search-template rename-operator-class "
        "rename-operator-family rename-publication rename-subscription rename-tablespace",
        _FAILS,
        Way.BLOCK,
    ),
    # ALTER POLICY IF EXISTS ... RENAME: its grammar takes the words, and it fails all the same.
    _row("rename-policy", _FAILS, Way.BLOCK, ignores=(Way.IF_EXISTS,)),
    _row("rename-database", _FAILS),
    # Partitions and inheritance
    _row("attach-partition", _FAILS, Way.BLOCK),
    _row("detach-partition", _FAILS, Way.BLOCK),
    _row(
        "detach-partition",
        _FAILS,
        traits="concurrently",
        transaction=_REFUSED,
        leaves="the partition half detached: FINALIZE it",
    ),
    _row("detach-partition", _FAILS, traits="finalize"),
    _row("attach-index", _SAME),
    *_kinds("add-inheritance drop-inheritance unset-table-type", _FAILS, Way.BLOCK),
    # What tables and other things are set to
    *_kinds(
        "set-owner set-tablespace set-logged set-table-option set-table-type set-row-security "
        "set-trigger-state",
        _SAME,
    ),
    _row("set-schema", _FAILS, Way.BLOCK, also=(Way.IF_EXISTS,)),
    _row("set-schema", _SAME, traits="extension"),
    _row("set-options", _FAILS),
    _row("set-options", _SAME, traits="only-set"),
    # Indexes
    _row(
        "create-index",
        _FAILS,
        Way.IF_NOT_EXISTS,
        guard_since=(9, 5),
        guard_before=Way.BLOCK,
        page="sql-createindex",
    ),
    _row("create-index", _CHANGES, Way.NAME_IT, "unnamed"),
    _row(
        "create-index",
        _FAILS,
        Way.DROP_IF_INVALID,
        "concurrently",
        transaction=_REFUSED,
        also=(Way.IF_NOT_EXISTS,),
        leaves=_INVALID,
    ),
    _row(
        "create-index", _CHANGES, Way.NAME_IT, "concurrently unnamed", transaction=_REFUSED, leaves=_INVALID
    ),
    _row("drop-index", _FAILS, Way.IF_EXISTS, page="sql-dropindex"),
    _row(
        "drop-index", _FAILS, Way.IF_EXISTS, "concurrently", transaction=_REFUSED, leaves="the index INVALID"
    ),
    # Things that take IF NOT EXISTS
    *_kinds(
        "create-materialized-view create-sequence create-schema create-extension create-server "
        "create-user-mapping create-statistics create-collation",
        _FAILS,
        Way.IF_NOT_EXISTS,
    ),
    _row("create-sequence", _SAME, traits="temporary"),
    _row("create-statistics", _CHANGES, Way.NAME_IT, "unnamed"),
    # Things that take OR REPLACE
    *_kinds(
        "create-view create-function create-procedure create-rule create-language create-transform",
        _FAILS,
        Way.OR_REPLACE,
    ),
    _row("create-view", _SAME, traits="temporary"),
    _row("create-aggregate", _FAILS, Way.OR_REPLACE, guard_since=(12,), guard_before=Way.DROP_FIRST),
    _row(
        "create-trigger",
        _FAILS,
        Way.OR_REPLACE,
        guard_since=(14,),
        guard_before=Way.DROP_FIRST,
        page="sql-createtrigger",
    ),
    _row("create-trigger", _FAILS, Way.DROP_FIRST, "constraint"),
    # Things that take neither
    *_kinds("create-policy create-event-trigger", _FAILS, Way.DROP_FIRST),
    *_kinds(
        "create-type create-domain create-role create-publication create-foreign-data-wrapper "
        "create-operator create-operator-class create-operator-family create-cast create-conversion "
        "create-access-method create-text-search-configuration create-text-search-dictionary "
        "create-text-search-parser create-text-search-template",
        _FAILS,
        Way.BLOCK,
    ),
    _row("create-database", _FAILS, transaction=_REFUSED),
    _row("create-tablespace", _FAILS, transaction=_REFUSED),
    _row("create-subscription", _FAILS, transaction=_REFUSED),
    _row("create-subscription", _FAILS, Way.BLOCK, "no-slot"),
    # Types and domains
    _row("add-enum-value", _FAILS, Way.IF_NOT_EXISTS, guard_since=(9, 3), since=(12,), page="sql-altertype"),
    _row("add-enum-value", _FAILS, Way.IF_NOT_EXISTS, guard_since=(9, 3), until=(12,), transaction=_REFUSED),
    _row("add-attribute", _FAILS, Way.BLOCK),
    _row("drop-attribute", _FAILS, Way.IF_EXISTS),
    _row("alter-attribute", _SAME),
    _row("add-domain-constraint", _FAILS, Way.BLOCK),
    _row("add-domain-constraint", _CHANGES, Way.NAME_IT, "unnamed"),
    _row("add-domain-constraint", _SAME, traits="not-null"),
    _row("drop-domain-constraint", _FAILS, Way.IF_EXISTS),
    _row("validate-domain-constraint", _SAME),
    # Drops
    *_drops(
        "table foreign-table view materialized-view sequence schema extension type domain function "
        "procedure routine aggregate trigger event-trigger policy rule role publication "
        "foreign-data-wrapper server user-mapping operator operator-class operator-family cast "
        "collation conversion language statistics transform access-method text-search-configuration "
        "text-search-dictionary text-search-parser text-search-template"
    ),
    _row("drop-database", _FAILS, Way.IF_EXISTS, transaction=_REFUSED),
    _row("drop-tablespace", _FAILS, Way.IF_EXISTS, transaction=_REFUSED),
    _row("drop-subscription", _FAILS, Way.IF_EXISTS, transaction=_REFUSED),
    _row("drop-subscription", _FAILS, Way.IF_EXISTS, "no-slot"),
    _row("drop-owned", _SAME),
    # Alterations that set what they say
    *_kinds(
        "alter-index alter-sequence alter-view alter-materialized-view alter-function alter-procedure "
        "alter-routine alter-type alter-domain alter-role alter-database "
        "alter-tablespace alter-extension alter-publication alter-subscription alter-policy "
        "alter-trigger alter-event-trigger alter-server alter-foreign-data-wrapper alter-user-mapping "
        "alter-text-search-configuration alter-text-search-dictionary alter-operator "
        "alter-collation alter-statistics alter-default-privileges",
        _SAME,
    ),
    *[
        _row(f"alter-{kind}", _FAILS, traits=trait)
        for kind in ("extension", "publication", "operator-family", "text-search-configuration")
        for trait in ("add", "drop")
    ],
    *_kinds("alter-server alter-foreign-data-wrapper alter-user-mapping", _FAILS, traits="options"),
    *[_row("alter-subscription", _FAILS, traits=trait) for trait in ("add", "drop")],
    *[
        _row("alter-subscription", _FAILS, traits=trait, transaction=_REFUSED)
        for trait in ("add-publication", "drop-publication")
    ],
    *[
        _row("alter-subscription", _SAME, traits=trait, transaction=_REFUSED)
        for trait in ("refresh", "set-publication")
    ],
    _row("alter-role", _SAME, traits="membership"),
    _row("alter-database", _SAME, traits="tablespace", transaction=_REFUSED),
    _row("alter-database", _SAME, traits="refresh"),
    _row("alter-system", _SAME, transaction=_REFUSED),
    # Comments, privileges, maintenance
    *_kinds("comment grant revoke reassign-owned security-label analyze refresh-materialized-view", _SAME),
    _row("vacuum", _SAME, transaction=_REFUSED),
    _row("reindex", _SAME),
    _row("reindex", _SAME, traits="partitioned", transaction=_REFUSED),
    *[
        _row("reindex", _SAME, traits=trait, transaction=_REFUSED)
        for trait in ("schema", "database", "system")
    ],
    _row(
        "reindex",
        _SAME,
        traits="concurrently",
        transaction=_REFUSED,
        leaves="an INVALID index named with _ccnew",
    ),
    _row("cluster", _SAME),
    _row("cluster", _SAME, traits="all", transaction=_REFUSED),
    # Data
    _row("insert", _CHANGES),
    _row("update", _UNKNOWN),
    _row("delete", _SAME),
    _row("merge", _UNKNOWN),
    _row("copy", _CHANGES),
    _row("execute", _UNKNOWN),
    _row("select", _SAME),
    _row("truncate", _SAME),
    # Session and server
    *_kinds("set lock-table discard checkpoint notify do prepare", _SAME),
    *_kinds("begin rollback savepoint release rollback-to", _SAME),
    _row("commit", _SAME, transaction=_COMMITS),
    _row("do", _SAME, traits="commits", transaction=_REFUSED),
    _row("deallocate", _SAME),
    _row("discard", _SAME, traits="all", transaction=_REFUSED),
    _row("two-phase-commit", _FAILS, transaction=_REFUSED),
)

DIALECT = Dialect(
    name="postgresql",
    title="PostgreSQL",
    lexis=Lexis(nested_comments=True, dollar_quotes=True, client_commands="psql"),
    rows=ROWS,
    assumed=(13,),
    columns_spread=True,
    folds=True,
    name_limit=63,
    default_schema="public",
    triggers_in_table=True,
    privileges_in_table=True,
    query_is_transaction=True,
    local_settings=True,
    namespaces={
        **dict.fromkeys(
            ("table", "index", "view", "materialized-view", "sequence", "foreign-table"), "relation"
        ),
        **dict.fromkeys(("function", "procedure", "aggregate", "routine"), "routine"),
    },
    routines_overload=True,
)
