"""Names that the operations before one give, those that the engine makes up included."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from partway.core.operation import Action, Operation
from partway.core.postcondition import Name, Postcondition
from partway.dialects.catalog import Block, Catalog, attribute, catalog
from partway.dialects.dialect import Dialect
from partway.sql.cursor import Cursor
from partway.sql.guards.frame import Frame
from partway.sql.guards.naming import checked_columns, free_column_name, free_name, naming
from partway.sql.lexer import lex

#: What shares a name space with indexes and constraints on PostgreSQL.
_RELATIONS = frozenset(
    {"table", "index", "constraint", "sequence", "view", "materialized-view", "foreign-table"}
)
#: How the names end that PostgreSQL gives, by kind of constraint; what an EXCLUDE gets is left open.
_LABELS = {
    "unique": "key",
    "foreign key": "fkey",
    "primary key": "pkey",
    "check": "check",
    "not null": "not_null",
}
#: Words in CREATE TABLE that bring indexes and constraints from elsewhere.
_COPYING = frozenset({"LIKE", "INHERITS", "OF"})


def names_given(
    text: str, earlier: Sequence[Operation], table: Name, dialect: Dialect
) -> frozenset[str] | None:
    """Every name that a nameless index or constraint of `table` can clash with after these operations ran on a database
    where the table was not there; None where one of them is given a name that cannot be known."""
    form = catalog(dialect.name)
    taken: dict[str, Name | None] = {}
    for operation in earlier:
        for action in operation.actions:
            if not _note(taken, text, operation, action, table, dialect, form):
                return None
    return frozenset(taken)


def _note(
    taken: dict[str, Name | None],
    text: str,
    operation: Operation,
    action: Action,
    table: Name,
    dialect: Dialect,
    form: Catalog,
) -> bool:
    """Add the names that an action gives, each with its table, take out those it frees; whether all are known."""
    frame = Frame(text, operation.statement, dialect.lexis, "\n")
    if action.kind == "create-table" and any(token[3] in _COPYING for token in frame.lexed.tokens):
        return False
    for fact in action.postconditions:
        if fact.object == "column" and not fact.present and fact.table == table:
            return False  # the indexes and constraints over it went with it
        if fact.object == "table" and not fact.present:
            for name in [name for name, owner in taken.items() if owner == fact.name]:
                del taken[name]
        if not _shares_names(fact, table, form):
            continue
        name = fact.name.name
        if not fact.present:
            taken.pop(name, None)
            continue
        if not name and "unnamed" in action.traits:
            given = naming(frame, action, dialect, form, taken)
            name = given.name if given is not None else ""
        elif not name:
            name = _inline(fact, dialect, form, taken)
        if not name:
            return False
        taken[name] = fact.table
    return True


def _shares_names(fact: Postcondition, table: Name, form: Catalog) -> bool:
    if form.block is Block.DO:
        return fact.object in _RELATIONS
    # On MySQL an index shares its name space with the indexes of its table; a foreign key makes one where it needs to.
    indexes = fact.object == "index" or attribute(fact, "kind") in ("unique", "foreign key")
    return indexes and fact.table == table


def _inline(fact: Postcondition, dialect: Dialect, form: Catalog, taken: Collection[str]) -> str:
    """The name that a constraint without one gets inside CREATE TABLE or ADD COLUMN; "" where that is not known."""
    kind, columns = attribute(fact, "kind"), attribute(fact, "columns") or ""
    if fact.table is None or (form.block is not Block.DO and kind == "foreign key"):
        return ""
    if form.block is not Block.DO:
        return free_column_name(columns.split(", ")[0], taken)
    between, label = columns.replace(", ", "_"), _LABELS.get(kind or "", "")
    if kind == "check":
        expression = attribute(fact, "expression") or ""
        read = checked_columns(Cursor(expression, lex(expression, dialect.lexis).tokens, dialect))
        if read is None:
            return ""
        between = read[0] if len(read) == 1 else ""
    elif kind == "primary key":
        between = ""
    return free_name(fact.table.name, between, label, taken) if label else ""
