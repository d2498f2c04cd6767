"""Changes to a column in ALTER TABLE: ALTER COLUMN, MODIFY, CHANGE."""

from __future__ import annotations

from partway.core.operation import Action, Guard
from partway.core.postcondition import Name, Postcondition, exists
from partway.sql.altering import Alter, whole
from partway.sql.columns import read_column
from partway.sql.constraints import deferring
from partway.sql.context import column, if_exists
from partway.sql.cursor import Cursor, Unread
from partway.sql.foreign import foreign_options
from partway.sql.lexer import NUMBER, QUOTED, WORD
from partway.sql.sayings import Subject
from partway.sql.storage import storage
from partway.sql.table_options import only_sets


def read_alter_column(alter: Alter, cursor: Cursor) -> list[Action]:
    """ALTER [COLUMN] name ..., ALTER CONSTRAINT / CHECK / INDEX name ..."""
    begin = cursor.i
    cursor.i += 1
    if cursor.word() in ("CONSTRAINT", "CHECK") and cursor.count > cursor.i + 2:
        cursor.i += 1
        name = cursor.identifier()
        if cursor.dialect.indexes_in_table:
            facts = _shown(alter, "constraint", name, cursor)
        else:
            said = deferring(cursor)
            facts = [exists("constraint", Name(name), alter.table, said)] if said else []
        return [alter.action("alter-constraint", alter.member(name), whole(cursor, begin), *facts)]
    if cursor.word() in ("INDEX", "KEY") and cursor.dialect.indexes_in_table:
        cursor.i += 1
        if_exists(cursor)
        name = cursor.identifier()
        facts = _shown(alter, "index", name, cursor)
        return [alter.action("alter-index", name, whole(cursor, begin), *facts)]
    cursor.accept("COLUMN")
    guard = if_exists(cursor)
    name = cursor.identifier()
    insert_at = cursor.tokens[cursor.i + 1][2] if cursor.word() == "DROP" and cursor.kind(1) else None
    trait, attributes, inner = _column_change(cursor, name)
    made = [column(alter.table, name, *attributes)] if attributes else []
    if cursor.word() == "OPTIONS":
        made += foreign_options(cursor, Subject("column", Name(name), alter.table))
    if cursor.dialect.indexes_in_table and cursor.accept("SET"):
        made = _shown(alter, "column", name, cursor)
    return [
        alter.action(
            "alter-column",
            alter.member(name),
            whole(cursor, begin),
            *made,
            traits={trait},
            guard=inner or guard,
            insert_at=insert_at if trait in ("drop-identity", "drop-expression") else None,
        )
    ]


#: What MySQL and MariaDB say of a thing that is there and not used, or used again.
_SHOWN: dict[tuple[str, ...], tuple[str, str]] = {
    ("VISIBLE",): ("visible", "yes"),
    ("INVISIBLE",): ("visible", "no"),
    ("NOT", "IGNORED"): ("visible", "yes"),
    ("IGNORED",): ("visible", "no"),
    ("ENFORCED",): ("enforced", "yes"),
    ("NOT", "ENFORCED"): ("enforced", "no"),
}


def _shown(alter: Alter, object_: str, name: str, cursor: Cursor) -> list[Postcondition]:
    """What is said of an index, a constraint or a column, where that is one of those."""
    words = tuple(token[3] for token in cursor.tokens[cursor.i : cursor.count])
    said = _SHOWN.get(words) if cursor.dialect.indexes_in_table else None
    return [exists(object_, Name(name), alter.table, (said,))] if said is not None else []


def read_modify(alter: Alter, cursor: Cursor) -> list[Action]:
    """MODIFY [COLUMN] name definition (MySQL)."""
    begin = cursor.i
    cursor.i += 1
    cursor.accept("COLUMN")
    guard = if_exists(cursor)
    read = read_column(cursor, alter.table)
    traits = {"definition"} | ({read.key.replace(" ", "-")} if read.key else set())
    return [
        alter.action(
            "alter-column",
            alter.member(read.name),
            whole(cursor, begin),
            *read.postconditions,
            traits=traits,
            guard=guard,
        )
    ]


def read_change(alter: Alter, cursor: Cursor) -> list[Action]:
    """CHANGE [COLUMN] old new definition (MySQL)."""
    begin = cursor.i
    cursor.i += 1
    cursor.accept("COLUMN")
    insert_at = cursor.end
    guard = if_exists(cursor)
    old = cursor.identifier()
    read = read_column(cursor, alter.table)
    everything = whole(cursor, begin)
    if cursor.dialect.key(old).lower() == read.name.lower():
        return [
            alter.action(
                "alter-column",
                alter.member(old),
                everything,
                *read.postconditions,
                traits={"definition"},
                guard=guard,
            )
        ]
    facts = (column(alter.table, old, present=False), *read.postconditions)
    return [
        alter.action(
            "rename-column",
            alter.member(old),
            everything,
            *facts,
            traits={"change"},
            guard=guard,
            insert_at=insert_at,
        )
    ]


def _column_change(cursor: Cursor, name: str) -> tuple[str, tuple[tuple[str, str], ...], Guard | None]:
    """What ALTER COLUMN does: the trait of its row, the attributes it sets, the guard inside it."""
    if cursor.accept("SET", "DATA", "TYPE") or cursor.accept("TYPE"):
        using = cursor.find("USING", "COLLATE")
        said = cursor.said(cursor.i, using if using >= 0 else cursor.count)
        collate = cursor.find("COLLATE")
        collation = str(cursor.part(collate + 1, cursor.count).name()) if collate >= 0 else ""
        using = cursor.find("USING")
        kept = using < 0 or _only_casts(cursor.part(using + 1, cursor.count), name)
        attributes = (("type", said), *((("collation", collation),) if collation else ()))
        return "type" if kept else "type-using", attributes, None
    if cursor.accept("SET", "NOT", "NULL"):
        return "nullability", (("nullable", "no"),), None
    if cursor.accept("DROP", "NOT", "NULL"):
        return "nullability", (("nullable", "yes"),), None
    if cursor.accept("SET", "DEFAULT"):
        return "default", (("default", cursor.said(cursor.i, cursor.count)),), None
    if cursor.accept("DROP", "DEFAULT"):
        return "default", (("default", ""),), None
    if cursor.accept("ADD", "GENERATED"):
        return "add-identity", (("identity", "yes"),), None
    if cursor.accept("DROP", "IDENTITY"):
        return "drop-identity", (("identity", "no"),), if_exists(cursor)
    if cursor.accept("DROP", "EXPRESSION"):
        return "drop-expression", (("generated", ""),), if_exists(cursor)
    if cursor.accept("SET", "GENERATED"):
        whole_of_it = cursor.count - cursor.i <= len(("BY", "DEFAULT"))
        return "option", ((("given", cursor.said(cursor.i, cursor.count)),) if whole_of_it else ()), None
    if cursor.accept("SET", "EXPRESSION", "AS"):
        return "option", (("generated", cursor.said(cursor.i, cursor.count)),), None
    if cursor.word() in ("SET", "RESET", "RESTART") and cursor.count > cursor.i:
        return "option", storage(cursor), None
    if cursor.word() == "OPTIONS":
        return "option" if only_sets(cursor) else "options", (), None
    raise Unread(f"{cursor.word()} is not known in ALTER COLUMN")


def _only_casts(cursor: Cursor, column_name: str) -> bool:
    """Whether an expression is the column itself through casts, which a second run repeats to no effect."""
    while cursor.word() == "(" and cursor.closing(cursor.i) == cursor.count - 1:
        cursor = cursor.part(cursor.i + 1, cursor.count - 1)
    words = [token[3] for token in cursor.tokens[cursor.i : cursor.count]]
    if words[:2] == ["CAST", "("]:
        inner = cursor.part(cursor.i + 2, cursor.count - 1)
        return inner.maybe_identifier() == column_name and inner.word() == "AS"
    name = cursor.maybe_identifier()
    rest = cursor.tokens[cursor.i : cursor.count]
    return (
        name == column_name
        and (not rest or rest[0][3] == "::")
        and all(
            kind in (WORD, QUOTED, NUMBER) or word in ("::", "(", ")", ",", ".", "[", "]")
            for kind, _, _, word in rest
        )
    )
