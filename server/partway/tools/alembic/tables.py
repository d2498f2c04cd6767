"""Directives about tables and the columns that come and go with them, to the statements that they send."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from partway.tools.alembic.definitions import (
    Column,
    Constraint,
    Index,
    read_column,
    read_constraint,
    read_index,
)
from partway.tools.alembic.expressions import is_named, literal
from partway.tools.alembic.flavours import Flavour
from partway.tools.alembic.naming import Given, Table, given
from partway.tools.alembic.request import Request, Sent, Statement
from partway.tools.alembic.types import SqlType
from partway.tools.embedded import HOLE
from partway.tools.python_strings import Text
from partway.tools.python_values import Call

_GUARD = "if_not_exists"


def create_table(request: Request) -> Sent:
    """CREATE TYPE for enums, CREATE TABLE, CREATE INDEX, comments: in this order, as Alembic sends them."""
    writing, flavour = request.writing, request.flavour
    table = request.table()
    columns: list[Column] = []
    constraints: list[Constraint] = []
    indexes: list[Index] = []
    for value in request.call.positional[1:]:
        if (column := read_column(value, flavour)) is not None:
            columns.append(column)
        elif (constraint := read_constraint(value, flavour)) is not None:
            constraints.append(constraint)
        elif isinstance(value, Call) and is_named(value, "Index"):
            name, *parts = value.positional or [None]
            indexes.append(read_index(name, parts, value, flavour))
    yield from enum_types(request, (column.type for column in columns))
    body = table_body(request, table, columns, constraints)
    guard = request.words_of(_GUARD)
    prefix = "TEMPORARY " if "TEMPORARY" in str(request.get("prefixes", default="")).upper() else ""
    yield Statement(
        f"CREATE {prefix}TABLE {guard}{writing.table(table)} ({', '.join(body)}){_table_options(request)}",
        _GUARD if guard else "",
    )
    for index in (*_column_indexes(columns, flavour), *indexes):
        yield Statement(writing.index(index, table))
    comment = request.text_or("comment", "")
    if flavour.separate_comments:
        if comment:
            yield Statement(f"COMMENT ON TABLE {writing.table(table)} IS {literal(comment)}")
        for column in columns:
            yield from _comment(request, table, column)


def _table_options(request: Request) -> str:
    """What stands behind the columns: MySQL's options, `mysql_engine=` and so on. Those that begin with `mariadb_` are
    sent where its URL says so; whether it does is not known here."""
    if not request.flavour.inline_comments:
        return ""
    said = {
        keyword.removeprefix("mysql_").upper().replace("_", " "): str(value)
        for keyword, value in request.call.keywords.items()
        if keyword.startswith("mysql_") and isinstance(value, Text)
    }
    comment = request.text_or("comment", "")
    if comment and comment != HOLE:
        said["COMMENT"] = literal(comment)
    # A collation stands behind its character set, partitions at the end.
    words = sorted(said, key=lambda word: ("PARTITION" in word, word != "PARTITION BY", word == "COLLATE"))
    return "".join(f" {word} {said[word]}" for word in words)


def table_body(
    request: Request, table: Table, columns: Sequence[Column], constraints: Sequence[Constraint]
) -> list[str]:
    """What stands between the parentheses: columns, the primary key, the other constraints."""
    writing, flavour = request.writing, request.flavour
    own = next((each for each in constraints if each.kind == "pk"), None)
    key = own.columns if own is not None else tuple(column.name for column in columns if column.primary_key)
    refers = {name for constraint in constraints if constraint.key for name in constraint.columns}
    counting = _counting([column for column in columns if column.name not in refers], key)
    body = [
        writing.column(column, counting=column is counting, in_key=column.name in key) for column in columns
    ]
    if key:
        body.append(writing.constraint(own or Constraint("pk", Given(), key), table))
    rest = [constraint for constraint in constraints if constraint.kind != "pk"]
    for column in columns:
        rest += column_constraints(column)
    for constraint in rest:
        referred = constraint.key
        if referred and not flavour.foreign_schema and referred.table.schema != table.schema:
            continue  # SQLite's compiler leaves out what refers to another schema
        body.append(writing.constraint(constraint, table))
    body += [
        f"{_named(request, column.type.check_name)}CHECK ({writing.quote(column.name)} IN (?))"
        for column in columns
        if column.type.checked
    ]
    return body


def _named(request: Request, name: str) -> str:
    return f"CONSTRAINT {request.writing.quote(name)} " if name else ""


def _counting(columns: Sequence[Column], key: Sequence[str]) -> Column | None:
    """The column of an integer primary key that counts by itself, if there is one."""
    if len(key) != 1:
        return None
    for column in columns:
        if column.name == key[0] and column.type.is_integer and column.key is None and column.counts:
            return column
    return None


def column_constraints(column: Column) -> list[Constraint]:
    """The constraints that a column's own words make. An indexed unique column has a unique index instead."""
    found = list(column.checks)
    if column.key is not None:
        found.append(Constraint("fk", column.key.name, (column.name,), key=column.key))
    if column.unique and not column.indexed:
        found.append(Constraint("uq", Given(), (column.name,)))
    return found


def _column_indexes(columns: Iterable[Column], flavour: Flavour) -> list[Index]:
    return [column_index(column, flavour) for column in columns if column.indexed]


def column_index(column: Column, flavour: Flavour) -> Index:
    """The index that `index=True` makes."""
    return Index(Given(), (column.name,), (flavour.quoted(column.name),), column.unique)


def enum_types(request: Request, types: Iterable[SqlType]) -> Sent:
    """The types of their own that a table makes for its enums, each once."""
    seen: set[tuple[str, str]] = set()
    for type_ in types:
        if type_.creates and type_.enum and (type_.schema, type_.enum) not in seen:
            seen.add((type_.schema, type_.enum))
            yield create_enum(request, type_)


def create_enum(request: Request, type_: SqlType) -> Statement:
    """CREATE TYPE of an enum."""
    name = request.writing.table(Table(type_.enum, type_.schema))
    return Statement(f"CREATE TYPE {name} AS ENUM ({', '.join(map(literal, type_.values))})")


def drop_table(request: Request) -> Sent:
    """DROP TABLE."""
    guard = request.words_of("if_exists")
    yield Statement(
        f"DROP TABLE {guard}{request.writing.table(request.table())}", "if_exists" if guard else ""
    )


def rename_table(request: Request) -> Sent:
    """ALTER TABLE ... RENAME TO."""
    old = request.table(0, "old_table_name")
    yield request.alter(old, f"RENAME TO {request.writing.quote(request.text('new_table_name', 1))}")


def add_column(request: Request) -> Sent:
    """ADD COLUMN, then the column's constraints, its index and its comment as statements of their own."""
    writing, flavour = request.writing, request.flavour
    table = request.table()
    positional = request.call.positional if request.batch is not None else request.call.positional[1:]
    values = [value for value in (*positional, request.get("column")) if value is not None]
    guard = request.words_of(_GUARD)
    for value in values or [None]:
        column = read_column(value, flavour) or Column(request.text("column", -1), SqlType())
        inline = request.on("inline_primary_key") and column.primary_key
        said = writing.column(column) + (" PRIMARY KEY" if inline else "")
        yield request.alter(table, f"ADD COLUMN {guard}{said}", _GUARD if guard else "")
        if flavour.alters:
            for constraint in column_constraints(column):
                yield request.alter(table, f"ADD {writing.constraint(constraint, table)}")
        if column.indexed:
            yield Statement(writing.index(column_index(column, flavour), table))
        if flavour.separate_comments:
            yield from _comment(request, table, column)


def drop_column(request: Request) -> Sent:
    """DROP COLUMN."""
    guard = request.words_of("if_exists")
    name = request.text("column_name", request.place(1))
    yield request.alter(
        request.table(), f"DROP COLUMN {guard}{request.writing.quote(name)}", "if_exists" if guard else ""
    )


def _comment(request: Request, table: Table, column: Column) -> Sent:
    if column.comment is not None:
        name = f"{request.writing.table(table)}.{request.writing.quote(column.name)}"
        yield Statement(f"COMMENT ON COLUMN {name} IS {literal(column.comment)}")


def create_index(request: Request) -> Sent:
    """CREATE INDEX."""
    columns = request.get("columns", request.place(2))
    name = request.get("index_name", 0)
    parts = columns if isinstance(columns, list | tuple) else [columns]
    index = read_index(name, list(parts), request.call, request.flavour)
    guard = request.words_of(_GUARD)
    yield Statement(request.writing.index(index, request.table(1), guard), _GUARD if guard else "")


def drop_index(request: Request) -> Sent:
    """DROP INDEX; the table's schema is the index's."""
    writing = request.writing
    name = writing.namer.name("ix", given(request.get("index_name", 0)), request.table(1))
    guard = request.words_of("if_exists")
    table = request.table(1)
    words = "CONCURRENTLY " if request.on("postgresql_concurrently") and request.flavour.zoned else ""
    said = writing.quote(name) if request.flavour.index_in_table else writing.table(Table(name, table.schema))
    on = f" ON {writing.table(table)}" if request.flavour.index_in_table else ""
    yield Statement(f"DROP INDEX {words}{guard}{said}{on}", "if_exists" if guard else "")


def create_table_comment(request: Request) -> Sent:
    """COMMENT ON TABLE, on MySQL a table option."""
    comment = request.get("comment", request.place(1))
    table, writing = request.table(), request.writing
    said = literal(str(comment)) if comment is not None else "NULL"
    if request.flavour.inline_comments:
        yield request.alter(table, f"COMMENT {said if comment is not None else literal('')}")
    else:
        yield Statement(f"COMMENT ON TABLE {writing.table(table)} IS {said}")


def drop_table_comment(request: Request) -> Sent:
    """The same, with nothing."""
    table = request.table()
    if request.flavour.inline_comments:
        yield request.alter(table, "COMMENT ''")
    else:
        yield Statement(f"COMMENT ON TABLE {request.writing.table(table)} IS NULL")
