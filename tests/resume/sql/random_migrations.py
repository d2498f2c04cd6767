"""Migrations made at random from a small grammar: tables, columns and indexes that come, go and change names.

The names are few, so that they come back: a later operation undoes an earlier one, or takes its name. What is dropped
may be made again just as it was, so that it looks the same before and after.
"""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import strategies as st

from tests.resume.sql.migrations import Case

_TABLES = ("users", "posts", "roles")
_COLUMNS = ("name", "email", "note")
_INDEXES = ("by_name", "by_note")
_MOST = 6
SETUP = """\
CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, email TEXT);
CREATE TABLE posts (id INTEGER PRIMARY KEY, name TEXT);
CREATE INDEX by_name ON users (name);
INSERT INTO users VALUES (1, 'ann', 'a@b.org'), (2, 'bob', NULL);
INSERT INTO posts VALUES (1, 'first')
"""


class _Schema:
    """What is there as far as a migration is made up: the columns of each table, of each index its table and column."""

    def __init__(self) -> None:
        self.tables: dict[str, list[str]] = {"users": ["name", "email"], "posts": ["name"]}
        self.indexes: dict[str, tuple[str, str]] = {"by_name": ("users", "name")}
        #: How many tables and columns have been made.
        self.made = 0

    def indexed(self, table: str, column: str) -> bool:
        """Whether an index keeps the column from being dropped."""
        return (table, column) in self.indexes.values()


def _create_table(draw: st.DrawFn, schema: _Schema) -> str:
    table = draw(st.sampled_from([one for one in _TABLES if one not in schema.tables]))
    columns = draw(st.lists(st.sampled_from(_COLUMNS), min_size=1, max_size=2, unique=True))
    schema.tables[table] = columns
    schema.made += 1
    more = draw(st.sampled_from(["", ", CHECK (id > 0)"]))
    own = draw(st.sampled_from([[], [f"own_{schema.made}"]]))
    defined = ", ".join(f"{column} TEXT" for column in (*columns, *own))
    return f"CREATE TABLE {table} (id INTEGER PRIMARY KEY, {defined}{more})"


def _drop_table(draw: st.DrawFn, schema: _Schema) -> str:
    table = draw(st.sampled_from(sorted(schema.tables)))
    del schema.tables[table]
    schema.indexes = {name: one for name, one in schema.indexes.items() if one[0] != table}
    return f"DROP TABLE {table}"


def _rename_table(draw: st.DrawFn, schema: _Schema) -> str:
    old = draw(st.sampled_from(sorted(schema.tables)))
    new = draw(st.sampled_from([one for one in _TABLES if one not in schema.tables]))
    schema.tables[new] = schema.tables.pop(old)
    schema.indexes = {n: (new if t == old else t, c) for n, (t, c) in schema.indexes.items()}
    return f"ALTER TABLE {old} RENAME TO {new}"


def _add_column(draw: st.DrawFn, schema: _Schema) -> str:
    table = draw(st.sampled_from(sorted(schema.tables)))
    column = draw(st.sampled_from([one for one in _COLUMNS if one not in schema.tables[table]]))
    schema.tables[table].append(column)
    schema.made += 1
    default = draw(st.sampled_from(["", " DEFAULT 'x'", " NOT NULL DEFAULT ''"]))
    type_ = draw(st.sampled_from(["TEXT", f"VARCHAR({schema.made})"]))
    return f"ALTER TABLE {table} ADD COLUMN {column} {type_}{default}"


def _drop_column(draw: st.DrawFn, schema: _Schema) -> str:
    table = draw(st.sampled_from(sorted(schema.tables)))
    free = [one for one in schema.tables[table] if not schema.indexed(table, one)]
    column = draw(st.sampled_from(free))
    schema.tables[table].remove(column)
    return f"ALTER TABLE {table} DROP COLUMN {column}"


def _rename_column(draw: st.DrawFn, schema: _Schema) -> str:
    table = draw(st.sampled_from(sorted(schema.tables)))
    columns = schema.tables[table]
    old = draw(st.sampled_from(columns))
    new = draw(st.sampled_from([one for one in _COLUMNS if one not in columns]))
    columns[columns.index(old)] = new
    schema.indexes = {n: (t, new if (t, c) == (table, old) else c) for n, (t, c) in schema.indexes.items()}
    return f"ALTER TABLE {table} RENAME COLUMN {old} TO {new}"


def _create_index(draw: st.DrawFn, schema: _Schema) -> str:
    name = draw(st.sampled_from([one for one in _INDEXES if one not in schema.indexes]))
    table = draw(st.sampled_from(sorted(schema.tables)))
    column = draw(st.sampled_from(schema.tables[table]))
    schema.indexes[name] = (table, column)
    guard = draw(st.sampled_from(["", "IF NOT EXISTS "]))
    more = draw(st.sampled_from(["", ", id"]))
    return f"CREATE INDEX {guard}{name} ON {table} ({column}{more})"


def _drop_index(draw: st.DrawFn, schema: _Schema) -> str:
    name = draw(st.sampled_from(sorted(schema.indexes)))
    del schema.indexes[name]
    return f"DROP INDEX {draw(st.sampled_from(['', 'IF EXISTS ']))}{name}"


def _can(schema: _Schema) -> list[Callable[[st.DrawFn, _Schema], str]]:
    """What the grammar allows now."""
    tables = schema.tables
    found: list[Callable[[st.DrawFn, _Schema], str]] = []
    if len(tables) < len(_TABLES):
        found.append(_create_table)
    if tables:
        found.append(_drop_table)
        if len(tables) < len(_TABLES):
            found.append(_rename_table)
    if tables and all(len(columns) < len(_COLUMNS) for columns in tables.values()):
        found.append(_add_column)
        if all(tables.values()):
            found.append(_rename_column)
    if tables and all(
        any(not schema.indexed(table, one) for one in columns) for table, columns in tables.items()
    ):
        found.append(_drop_column)
    if tables and all(tables.values()) and len(schema.indexes) < len(_INDEXES):
        found.append(_create_index)
    if schema.indexes:
        found.append(_drop_index)
    return found


@st.composite
def migrations(draw: st.DrawFn) -> Case:
    """A migration of two operations or more, and what is there before."""
    schema, statements = _Schema(), []
    for _ in range(draw(st.integers(2, _MOST))):
        can = _can(schema)
        if can:
            statements.append(draw(st.sampled_from(can))(draw, schema))
    return Case("at random", SETUP, "".join(f"{one};\n" for one in statements))
