"""ADD and DROP in ALTER TABLE: columns, constraints, indexes, partitions."""

from __future__ import annotations

from collections.abc import Callable

from partway.core.operation import Action, Guard, GuardForm
from partway.core.postcondition import Name, Postcondition, absent, exists
from partway.sql.altering import Alter, whole
from partway.sql.columns import read_column
from partway.sql.constraints import ConstraintRead, read_constraint
from partway.sql.context import if_exists, if_not_exists
from partway.sql.cursor import Cursor
from partway.sql.partitions import more_partitions, read_partitions

#: What a table has one of, and that has no name of its own in the catalog.
VERSIONING = Name("system versioning")


def read_add(alter: Alter, cursor: Cursor) -> list[Action]:
    """ADD COLUMN / CONSTRAINT / INDEX / PARTITION / SYSTEM VERSIONING."""
    begin = cursor.i
    cursor.i += 1
    if cursor.accept("PARTITION"):
        insert_at = cursor.end
        guard = if_not_exists(cursor)
        facts = [exists("partition", name, alter.table) for name in read_partitions(cursor)]
        if cursor.accept("PARTITIONS") and (more := more_partitions(cursor, "+")):
            facts = [exists("table", alter.table, None, more)]
        return [
            alter.action(
                "add-partition", alter.table, whole(cursor, begin), *facts, guard=guard, insert_at=insert_at
            )
        ]
    if cursor.accept("SYSTEM", "VERSIONING"):
        fact = exists("system-versioning", VERSIONING, alter.table)
        return [alter.action("add-system-versioning", alter.table, whole(cursor, begin), fact)]
    if guard := _period_guard(cursor, if_not_exists):
        facts = _period(alter, cursor, there=True)
        return [alter.action("add-period", alter.table, whole(cursor, begin), *facts, guard=guard)]
    if cursor.word() != "COLUMN":
        at = cursor.i
        constraint = read_constraint(cursor, alter.table)
        if constraint is not None and constraint.object in ("constraint", "index"):
            return [_keyed(alter, whole(cursor, begin), constraint, at)]
        if constraint is not None:
            facts = _period(alter, cursor.part(at + 1, cursor.count), there=True)
            return [alter.action("add-period", alter.table, whole(cursor, begin), *facts)]
    cursor.accept("COLUMN")
    insert_at = cursor.end
    guard = if_not_exists(cursor)
    if cursor.word() == "(":  # MySQL: ADD COLUMN (a INT, b INT)
        close = cursor.closing(cursor.i)
        inner = cursor.part(cursor.i + 1, close)
        actions = []
        for first, last in inner.pieces(close):
            part = cursor.part(first, last)
            if (constraint := read_constraint(part, alter.table)) is not None:
                actions.append(_keyed(alter, cursor.part(first, last), constraint, last))
            else:
                actions += _column(alter, part, guard, None)
        return actions
    return _column(alter, cursor, guard, insert_at, begin)


def _keyed(alter: Alter, cursor: Cursor, constraint: ConstraintRead, at: int) -> Action:
    """ADD of a constraint or an index, whose own words begin at index `at`."""
    is_index = constraint.object == "index"
    named = constraint.name if is_index else alter.member(constraint.name)
    return alter.action(
        "create-index" if is_index else "add-constraint",
        named if constraint.name else alter.table,
        cursor,
        constraint.fact,
        traits=constraint.traits | {"in-table"} if is_index else constraint.traits,
        guard=_guard_within(cursor, at),
        insert_at=_constraint_insertion(cursor, at),
    )


def _column(
    alter: Alter, cursor: Cursor, guard: Guard | None, insert_at: int | None, begin: int | None = None
) -> list[Action]:
    begin = cursor.i if begin is None else begin
    read = read_column(cursor, alter.table)
    traits = {"unnamed-constraint"} if read.unnamed else set()
    if read.key:
        traits.add(read.key.replace(" ", "-"))
    everything = whole(cursor, begin)
    return [
        alter.action(
            "add-column",
            alter.member(read.name),
            everything,
            *read.postconditions,
            traits=traits,
            guard=guard,
            insert_at=insert_at,
        )
    ]


def read_drop_action(alter: Alter, cursor: Cursor) -> list[Action]:
    """DROP COLUMN / CONSTRAINT / INDEX / KEY / PRIMARY KEY / FOREIGN KEY / CHECK / PARTITION / PERIOD."""
    begin = cursor.i
    cursor.i += 1
    table, object_ = alter.table, "column"
    if cursor.accept("PRIMARY", "KEY"):
        guard = if_exists(cursor)
        fact = absent("constraint", Name(""), table, (("kind", "primary key"),))
        return [
            alter.action(
                "drop-constraint", table, whole(cursor, begin), fact, traits={"primary-key"}, guard=guard
            )
        ]
    if cursor.accept("SYSTEM", "VERSIONING"):
        fact = absent("system-versioning", VERSIONING, table)
        return [alter.action("drop-system-versioning", table, whole(cursor, begin), fact)]
    if (guard := _period_guard(cursor, if_exists)) or cursor.accept("PERIOD", "FOR"):
        facts = _period(alter, cursor, there=False)
        return [alter.action("drop-period", table, whole(cursor, begin), *facts, guard=guard)]
    traits: set[str] = set()
    if cursor.accept("FOREIGN", "KEY"):
        object_, traits = "constraint", {"foreign-key"}
    elif cursor.accept("CONSTRAINT"):
        object_ = "constraint"
    elif cursor.word() == "CHECK" and cursor.count > cursor.i + 1:
        cursor.i += 1
        object_, traits = "constraint", {"check"}
    elif cursor.word() in ("INDEX", "KEY") and cursor.dialect.indexes_in_table:
        cursor.i += 1
        object_ = "index"
    elif cursor.word() == "PARTITION" and cursor.count > cursor.i + 1:
        cursor.i += 1
        object_ = "partition"
    else:
        cursor.accept("COLUMN")
    insert_at = cursor.end
    guard = if_exists(cursor)
    name = cursor.identifier()
    if object_ == "index":
        traits.add("in-table")
    target = name if object_ == "index" else alter.member(name)
    if object_ == "partition":
        gone = absent("partition", Name(name), table)
        return [
            alter.action(
                "drop-partition", table, whole(cursor, begin), gone, guard=guard, insert_at=insert_at
            )
        ]
    fact = absent(object_, Name(name), table, (("kind", "foreign key"),) if "foreign-key" in traits else ())
    return [
        alter.action(
            f"drop-{object_}",
            target,
            whole(cursor, begin),
            fact,
            traits=traits,
            guard=guard,
            insert_at=insert_at,
        )
    ]


def _period_guard(cursor: Cursor, words: Callable[[Cursor], Guard | None]) -> Guard | None:
    """The guard of MariaDB's PERIOD IF [NOT] EXISTS FOR name, stepping over it; without one the cursor stays."""
    if cursor.word() != "PERIOD" or cursor.word(1) != "IF":
        return None
    cursor.i += 1
    return words(cursor)


def _period(alter: Alter, cursor: Cursor, *, there: bool) -> list[Postcondition]:
    """What [FOR] name (start, end) leaves; nothing of the server's own period, which no catalog lists."""
    cursor.accept("FOR")
    name = cursor.maybe_identifier() or ""
    columns = cursor.names_in_parentheses() if there else None
    if not name or name.lower() == "system_time":
        return []
    said = (("columns", ", ".join(columns)),) if columns else ()
    return [Postcondition("period", Name(name), there, alter.table, said)]


def _guard_within(cursor: Cursor, first: int) -> Guard | None:
    for i in range(first, min(cursor.count, first + 8) - 2):
        if [token[3] for token in cursor.tokens[i : i + 3]] == ["IF", "NOT", "EXISTS"]:
            return Guard(GuardForm.IF_NOT_EXISTS, cursor.span(i, i + 3))
        if cursor.tokens[i][3] == "(":
            break
    return None


def _constraint_insertion(cursor: Cursor, first: int) -> int | None:
    """Where MariaDB takes IF NOT EXISTS in ADD CONSTRAINT / INDEX / FOREIGN KEY: after the words for the thing."""
    i = first
    words = [token[3] for token in cursor.tokens[first : first + 4]]
    if words[:1] == ["CONSTRAINT"]:
        if words[2:3] == ["CHECK"]:
            return cursor.tokens[first][2]
        if words[2:3] != [
            "UNIQUE"
        ]:  # for a foreign key it takes a second name with it; see the guard that writes it
            return None
        i = first + 2
    while i < cursor.count and cursor.tokens[i][3] in (
        "UNIQUE",
        "FULLTEXT",
        "SPATIAL",
        "INDEX",
        "KEY",
        "FOREIGN",
    ):
        i += 1
    return cursor.tokens[i - 1][2] if i > first else None
