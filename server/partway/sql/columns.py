"""Column definitions and table constraints, wherever they stand: CREATE TABLE, ADD COLUMN, MODIFY."""

from __future__ import annotations

from typing import NamedTuple

from partway.core.postcondition import Name, Postcondition
from partway.sql.cursor import Cursor

#: Words that end a column's type.
_AFTER_TYPE = frozenset(
    ["NOT", "NULL", "DEFAULT", "PRIMARY", "UNIQUE", "REFERENCES", "CHECK", "CONSTRAINT", "GENERATED", "AS", "COLLATE", "COMMENT", "AUTO_INCREMENT", "AUTOINCREMENT", "ON", "KEY", "FIRST", "AFTER", "VISIBLE", "INVISIBLE", "STORED", "VIRTUAL", "PERSISTENT", "COLUMN_FORMAT", "STORAGE", "COMPRESSION", "USING", "DEFERRABLE", "INITIALLY", "ENFORCED", "WITH", "WITHOUT", "OPTIONS", "SRID", "INVISIBLE"]
)
_STOPS = frozenset(
    ["NOT", "NULL", "DEFAULT", "PRIMARY", "UNIQUE", "REFERENCES", "CHECK", "CONSTRAINT", "GENERATED", "COLLATE", "COMMENT", "AUTO_INCREMENT", "AUTOINCREMENT", "FIRST", "AFTER", "VISIBLE", "INVISIBLE", "ON", "DEFERRABLE", "INITIALLY"]
)


class ColumnRead(NamedTuple):
    """A column definition: its own attributes, and the constraints and indexes written inside it.

    `key` says that it is unique by itself ("primary key", "unique" or ""), `unnamed` that it carries a constraint
    without a name, of which a database makes up one.
    """

    name: str
    postconditions: tuple[Postcondition, ...]
    key: str
    unnamed: bool


def read_column(cursor: Cursor, table: Name) -> ColumnRead:
    """The column definition that fills the rest of this cursor."""
    name = cursor.identifier()
    said_type = _type(cursor)
    attributes: list[tuple[str, str]] = [("type", said_type)] if said_type else []
    others: list[Postcondition] = []
    key, unnamed, constraint = "", False, ""
    while not cursor.done:
        if cursor.accept("CONSTRAINT"):
            constraint = cursor.maybe_identifier() or ""
            continue
        if cursor.accept("NOT", "NULL"):
            attributes.append(("nullable", "no"))
        elif cursor.accept("NULL"):
            attributes.append(("nullable", "yes"))
        elif cursor.accept("DEFAULT"):
            attributes.append(("default", _expression(cursor)))
        elif cursor.accept("PRIMARY", "KEY"):
            key = "primary key"
            others.append(constraint_fact(table, constraint, "primary key", (name,)))
        elif cursor.accept("UNIQUE"):
            cursor.accept("KEY")
            key = key or "unique"
            others.append(constraint_fact(table, constraint, "unique", (name,)))
            unnamed = unnamed or not constraint
        elif cursor.accept("CHECK"):
            first = cursor.i
            cursor.skip_parentheses()
            others.append(
                constraint_fact(table, constraint, "check", (), ("expression", cursor.said(first, cursor.i)))
            )
            unnamed = unnamed or not constraint
        elif cursor.accept("REFERENCES"):
            others.append(
                constraint_fact(table, constraint, "foreign key", (name,), ("references", _reference(cursor)))
            )
            unnamed = unnamed or not constraint
        elif cursor.accept("GENERATED"):
            attributes.append(_generated(cursor))
        elif cursor.word() == "AS" and cursor.word(1) == "(":
            cursor.i += 1
            attributes.append(("generated", _expression(cursor)))
        elif cursor.accept("COMMENT"):
            attributes.append(("comment", _expression(cursor)))
        elif cursor.accept("COLLATE"):
            attributes.append(("collation", str(cursor.name())))
        elif cursor.accept_any("AUTO_INCREMENT", "AUTOINCREMENT"):
            attributes.append(("identity", "yes"))
        elif not cursor.skip_parentheses():
            cursor.i += 1
        constraint = ""
    fact = Postcondition("column", Name(name), True, table, tuple(attributes))
    return ColumnRead(name, (fact, *others), key, unnamed)


def constraint_fact(
    table: Name, name: str, kind: str, columns: tuple[str, ...], *attributes: tuple[str, str]
) -> Postcondition:
    """The postcondition that a table has this constraint; its name is empty when the text gives none."""
    said = (("kind", kind), *((("columns", ", ".join(columns)),) if columns else ()), *attributes)
    return Postcondition("constraint", Name(name), True, table, said)


def _type(cursor: Cursor) -> str:
    first = cursor.i
    while not cursor.done and cursor.word() not in _AFTER_TYPE:
        if cursor.word() == "CHARACTER" and cursor.word(1) == "SET":
            cursor.i += 3
        elif not cursor.skip_parentheses():
            cursor.i += 1
    while (
        (cursor.word() == "WITH"
        and cursor.word(1) == "TIME")
        or (cursor.word() == "WITHOUT"
        and cursor.word(1) == "TIME")
    ):
        cursor.i += 3
    return cursor.said(first, min(cursor.i, cursor.count))


def _expression(cursor: Cursor) -> str:
    """The text of an expression that ends where the next part of a column definition begins."""
    first = cursor.i
    while not cursor.done and (cursor.i == first or cursor.word() not in _STOPS):
        if not cursor.skip_parentheses():
            cursor.i += 1
    return cursor.said(first, cursor.i)


def _generated(cursor: Cursor) -> tuple[str, str]:
    cursor.accept("ALWAYS") or cursor.accept("BY", "DEFAULT")
    if cursor.accept("AS", "IDENTITY"):
        cursor.skip_parentheses()
        return ("identity", "yes")
    cursor.accept("AS")
    first = cursor.i
    cursor.skip_parentheses()
    said = cursor.said(first, cursor.i)
    cursor.accept_any("STORED", "VIRTUAL", "PERSISTENT")
    return ("generated", said)


def _reference(cursor: Cursor) -> str:
    """`table (columns)` after REFERENCES, stepping over its actions."""
    target = str(cursor.name())
    columns = cursor.names_in_parentheses()
    while cursor.word() in ("ON", "MATCH"):
        cursor.i += 2 if cursor.word() == "MATCH" else 3
        cursor.accept_any("NULL", "ACTION", "DEFAULT")
    return f"{target} ({', '.join(columns)})" if columns else target


class ConstraintRead(NamedTuple):
    """A table constraint or, on MySQL, an index written like one. `name_at` is where a missing name would go."""

    object: str
    kind: str
    name: str
    fact: Postcondition
    columns: tuple[str, ...]
    traits: frozenset[str]


def read_constraint(cursor: Cursor, table: Name) -> ConstraintRead | None:
    """A table constraint or inline index that fills the rest of this cursor; None (and no step) where a column stands."""
    start = cursor.i
    name = ""
    dialect = cursor.dialect
    mysql_indexes = dialect.indexes_in_table
    if cursor.accept("CONSTRAINT"):
        if cursor.accept("IF", "NOT", "EXISTS"):
            pass
        if cursor.word() not in ("CHECK", "UNIQUE", "PRIMARY", "FOREIGN", "EXCLUDE"):
            name = cursor.identifier()
    traits: set[str] = set()
    word = cursor.word()
    attributes: list[tuple[str, str]] = []
    columns: tuple[str, ...] | None = ()
    object_, kind = "constraint", ""
    if word == "PRIMARY" and cursor.word(1) == "KEY":
        cursor.i += 2
        kind = "primary key"
        traits.add("primary-key")
        columns = _key_columns(cursor)
    elif word == "FOREIGN" and cursor.word(1) == "KEY":
        cursor.i += 2
        kind = "foreign key"
        traits.add("foreign-key")
        cursor.accept("IF", "NOT", "EXISTS")
        inner = cursor.maybe_identifier() if cursor.word() != "(" else None
        name = name or inner or ""
        columns = cursor.names_in_parentheses()
        if cursor.accept("REFERENCES"):
            attributes.append(("references", _reference(cursor)))
    elif word == "CHECK" and cursor.word(1) == "(":
        cursor.i += 1
        kind = "check"
        traits.add("check")
        first = cursor.i
        cursor.skip_parentheses()
        attributes.append(("expression", cursor.said(first, cursor.i)))
    elif word == "EXCLUDE" and cursor.word(1) in ("USING", "("):
        kind = "exclude"
        traits.add("exclude")
    elif word == "NOT" and cursor.word(1) == "NULL":
        cursor.i += 2
        kind = "not null"
        traits.add("not-null")
        columns = (cursor.identifier(),)
    elif word == "UNIQUE" and (mysql_indexes or cursor.word(1) in ("(", "NULLS", "USING")):
        cursor.i += 1
        kind = "unique"
        traits.add("unique")
        if mysql_indexes:
            object_ = "index"
            cursor.accept_any("INDEX", "KEY")
            cursor.accept("IF", "NOT", "EXISTS")
            if cursor.word() not in ("(", "USING"):
                name = cursor.maybe_identifier() or name
            attributes.append(("unique", "yes"))
        if cursor.accept("NULLS"):
            cursor.accept("NOT")
            cursor.accept("DISTINCT")
        if cursor.accept("USING", "INDEX"):
            traits.add("using-index")
            name = name or cursor.identifier()
        else:
            columns = _key_columns(cursor)
    elif mysql_indexes and word in ("INDEX", "KEY", "FULLTEXT", "SPATIAL") and _is_index(cursor):
        object_, kind = "index", "index"
        cursor.i += 1
        if word in ("FULLTEXT", "SPATIAL"):
            attributes.append(("method", word.lower()))
            cursor.accept_any("INDEX", "KEY")
        cursor.accept("IF", "NOT", "EXISTS")
        if cursor.word() not in ("(", "USING"):
            name = cursor.maybe_identifier() or ""
        columns = _key_columns(cursor)
    elif word == "LIKE" and cursor.kind(1) and not mysql_indexes:
        object_ = kind = "like"
    elif word == "PERIOD" and cursor.word(1) == "FOR":
        object_ = kind = "period"
    else:
        cursor.i = start
        return None
    if cursor.accept("USING", "INDEX"):
        traits.add("using-index")
        name = name or cursor.maybe_identifier() or ""
    if _ends_not_valid(cursor):
        traits.add("not-valid")
        attributes.append(("valid", "no"))
    if not name and kind != "primary key":
        traits.add("unnamed")
    said = (("kind", kind),) if object_ == "constraint" else ()
    listed = (("columns", ", ".join(columns)),) if columns else ()
    fact = Postcondition(object_, Name(name), True, table, (*said, *listed, *attributes))
    return ConstraintRead(object_, kind, name, fact, columns or (), frozenset(traits))


def _key_columns(cursor: Cursor) -> tuple[str, ...] | None:
    if cursor.accept("USING") and cursor.word() != "INDEX":
        cursor.i += 1
    elif cursor.i and cursor.word() == "INDEX":
        cursor.i -= 1
        return ()
    if cursor.word() not in ("(", "") and cursor.dialect.indexes_in_table:
        cursor.maybe_identifier()
    return cursor.names_in_parentheses()


def _is_index(cursor: Cursor) -> bool:
    """Whether INDEX or KEY here begins an index and is not a column of that name."""
    return any(cursor.word(ahead) == "(" for ahead in range(1, 9))


def _ends_not_valid(cursor: Cursor) -> bool:
    return (
        cursor.count >= 2
        and cursor.tokens[cursor.count - 2][3] == "NOT"
        and cursor.tokens[cursor.count - 1][3] == "VALID"
    )
