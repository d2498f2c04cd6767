"""Names that the operations before one give, those that the engine makes up included."""

from __future__ import annotations

from collections.abc import Sequence

from partway.core.operation import Action, Operation
from partway.core.postcondition import Name, Postcondition
from partway.dialects.catalog import Block, Catalog, attribute, catalog
from partway.dialects.dialect import Dialect
from partway.sql.cursor import Cursor
from partway.sql.guards.frame import Frame
from partway.sql.guards.naming import checked_columns, free_name, naming
from partway.sql.lexer import lex

#: What shares a name space with indexes and constraints on PostgreSQL.
_RELATIONS = frozenset(
    {"table", "index", "constraint", "sequence", "view", "materialized-view", "foreign-table"}
)
#: Words in CREATE TABLE that bring indexes and constraints from elsewhere.
_COPYING = frozenset({"LIKE", "INHERITS", "OF"})


def names_given(
    text: str, earlier: Sequence[Operation], table: Name, dialect: Dialect
) -> frozenset[str] | None:
    """Every name that a nameless index or constraint of `table` can clash with after these operations ran on a database
    where the table was not there; None where one of them is given a name that cannot be known."""
    form = catalog(dialect.name)
    taken: set[str] = set()
    for operation in earlier:
        for action in operation.actions:
            names = _names(text, operation, action, table, dialect, form, taken)
            if names is None:
                return None
            taken |= names
    return frozenset(taken)


def _names(
    text: str,
    operation: Operation,
    action: Action,
    table: Name,
    dialect: Dialect,
    form: Catalog,
    taken: set[str],
) -> set[str] | None:
    frame = Frame(text, operation.statement, dialect.lexis, "\n")
    if action.kind == "create-table" and any(token[3] in _COPYING for token in frame.lexed.tokens):
        return None
    names: set[str] = set()
    for fact in action.postconditions:
        if not _shares_names(fact, table, form):
            continue
        if fact.name.name:
            names.add(fact.name.name)
        elif "unnamed" in action.traits:
            given = naming(frame, action, dialect, form, taken | names)
            if given is None:
                return None
            names.add(given.name)
        else:
            name = _inline(fact, dialect, form, taken | names)
            if name is None:
                return None
            names.add(name)
    return names


def _shares_names(fact: Postcondition, table: Name, form: Catalog) -> bool:
    if form.block is Block.DO:
        return fact.object in _RELATIONS
    # On MySQL an index shares its name space with the indexes of its table; a foreign key makes one where it needs to.
    indexes = fact.object == "index" or attribute(fact, "kind") in ("unique", "foreign key")
    return indexes and fact.table == table


def _inline(fact: Postcondition, dialect: Dialect, form: Catalog, taken: set[str]) -> str | None:
    """The name that a constraint without one gets inside CREATE TABLE or ADD COLUMN; "" for one that shares none."""
    kind, columns = attribute(fact, "kind"), attribute(fact, "columns") or ""
    if fact.table is None:
        return None
    if form.block is not Block.DO:
        if kind == "foreign key" or not columns:
            return None
        first = columns.split(", ")[0]
        held = {name.lower() for name in taken}
        return next(
            name
            for name in (first, *(f"{first}_{n}" for n in range(2, len(held) + 3)))
            if name.lower() not in held
        )
    between, label = columns.replace(", ", "_"), {"unique": "key", "foreign key": "fkey"}.get(kind or "", "")
    if kind == "primary key":
        between, label = "", "pkey"
    elif kind == "check":
        expression = attribute(fact, "expression") or ""
        read = checked_columns(Cursor(expression, lex(expression, dialect.lexis).tokens, dialect))
        if read is None:
            return None
        between, label = read[0] if len(read) == 1 else "", "check"
    elif kind in ("exclude", "not null"):
        return ""  # their labels are nobody else's
    return free_name(fact.table.name, between, label, taken) if label else None
