"""Column definitions and table constraints, wherever they stand: CREATE TABLE, ADD COLUMN, MODIFY."""

from __future__ import annotations

from typing import NamedTuple

from partway.core.postcondition import Name, Postcondition, exists
from partway.sql.cursor import Cursor

#: Words that end a column's type.
_AFTER_TYPE = frozenset(
    [
        "NOT",
        "NULL",
        "DEFAULT",
        "PRIMARY",
        "UNIQUE",
        "REFERENCES",
        "CHECK",
        "CONSTRAINT",
        "GENERATED",
        "AS",
        "COLLATE",
        "COMMENT",
        "AUTO_INCREMENT",
        "AUTOINCREMENT",
        "ON",
        "KEY",
        "FIRST",
        "AFTER",
        "VISIBLE",
        "INVISIBLE",
        "STORED",
        "VIRTUAL",
        "PERSISTENT",
        "COLUMN_FORMAT",
        "STORAGE",
        "COMPRESSION",
        "USING",
        "DEFERRABLE",
        "INITIALLY",
        "ENFORCED",
        "WITH",
        "WITHOUT",
        "OPTIONS",
        "SRID",
        "INVISIBLE",
    ]
)
_STOPS = frozenset(
    [
        "NOT",
        "NULL",
        "DEFAULT",
        "PRIMARY",
        "UNIQUE",
        "REFERENCES",
        "CHECK",
        "CONSTRAINT",
        "GENERATED",
        "COLLATE",
        "COMMENT",
        "AUTO_INCREMENT",
        "AUTOINCREMENT",
        "FIRST",
        "AFTER",
        "VISIBLE",
        "INVISIBLE",
        "ON",
        "DEFERRABLE",
        "INITIALLY",
    ]
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


def read_column(cursor: Cursor, table: Name, name: str = "") -> ColumnRead:
    """The column definition that fills the rest of this cursor; with `name`, only what follows the name does."""
    name = name or cursor.identifier()
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
            others.append(constraint_fact(table, constraint, "foreign key", (name,), *references(cursor)))
            unnamed = unnamed or not constraint
        elif cursor.accept("GENERATED"):
            attributes += _generated(cursor)
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
    fact = exists("column", Name(name), table, tuple(attributes))
    return ColumnRead(name, (fact, *others), key, unnamed)


def constraint_fact(
    table: Name, name: str, kind: str, columns: tuple[str, ...], *attributes: tuple[str, str]
) -> Postcondition:
    """The postcondition that a table has this constraint; its name is empty when the text gives none."""
    said = (("kind", kind), *((("columns", ", ".join(columns)),) if columns else ()), *attributes)
    return exists("constraint", Name(name), table, said)


def _type(cursor: Cursor) -> str:
    first = cursor.i
    while not cursor.done and cursor.word() not in _AFTER_TYPE:
        if cursor.word() == "CHARACTER" and cursor.word(1) == "SET":
            cursor.i += 3
        elif not cursor.skip_parentheses():
            cursor.i += 1
    while (cursor.word() == "WITH" and cursor.word(1) == "TIME") or (
        cursor.word() == "WITHOUT" and cursor.word(1) == "TIME"
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


def _generated(cursor: Cursor) -> list[tuple[str, str]]:
    given = "by default" if cursor.accept("BY", "DEFAULT") else "always" if cursor.accept("ALWAYS") else ""
    if cursor.accept("AS", "IDENTITY"):
        cursor.skip_parentheses()
        return [("identity", "yes"), *([("given", given)] if given else [])]
    cursor.accept("AS")
    first = cursor.i
    cursor.skip_parentheses()
    said = cursor.said(first, cursor.i)
    cursor.accept_any("STORED", "VIRTUAL", "PERSISTENT")
    return [("generated", said)]


def references(cursor: Cursor) -> tuple[tuple[str, str], ...]:
    """What stands after REFERENCES: `table (columns)`, and what is done when a key there goes or changes."""
    target = str(cursor.name())
    columns = cursor.names_in_parentheses()
    said = [("references", f"{target} ({', '.join(columns)})" if columns else target)]
    while cursor.word() in ("ON", "MATCH"):
        if cursor.word() == "MATCH":
            cursor.i += 2
            continue
        event = cursor.word(1).lower()
        first = cursor.i + 2
        cursor.i += 3
        cursor.accept_any("NULL", "ACTION", "DEFAULT")
        said.append((f"on-{event}", cursor.said(first, min(cursor.i, cursor.count))))
    return tuple(said)
