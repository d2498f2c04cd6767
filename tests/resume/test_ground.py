"""What is known of tables before a migration, and what follows for the signs that an operation has run."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from partway.core.postcondition import Name
from partway.dialects import dialect_named
from partway.live.snapshot.model import Snapshot, Thing
from partway.live.state import standing
from partway.resume.evidence import Evidence
from partway.resume.ground import ground
from partway.tools.resuming import Formula
from partway.tools.resuming_sql import visible
from tests.live.helper import operations

Tables = Mapping[str, Mapping[str, str]]


def snapshot(dialect: str, tables: Tables) -> Snapshot:
    """A database with these tables: their columns' types by their names."""
    place = "public" if dialect == "postgresql" else "main"
    things = []
    for table, columns in tables.items():
        things.append(Thing("table", Name(table, place)))
        things += [
            Thing("column", Name(column), Name(table, place), {"type": type_})
            for column, type_ in columns.items()
        ]
    return Snapshot(dialect, (18,), "lab", (place,), tuple(things))


def known(dialect: str, sql: str, tables: Tables) -> dict[str, dict[str, str | None]]:
    """The tables before the migration."""
    read, there = operations(sql, dialect), snapshot(dialect, tables)
    found = ground(read, standing(read, there), there)
    return {
        str(table.name): {name: type_ for name, type_ in table.columns.items() if name not in table.unsure}
        for table in found.values()
    }


def formula(dialect: str, sql: str, tables: Tables, index: int, *, typed: bool = False) -> Formula | None:
    """What shows that an operation has run."""
    read, there = operations(sql, dialect), snapshot(dialect, tables)
    before = ground(read, standing(read, there), there)
    evidence = Evidence(read, dialect_named(dialect), lambda fact: visible(dialect, fact), before)
    return evidence.ran(index, typed=typed)


def test_columns_are_taken_back_through_what_has_run() -> None:
    sql = """
        ALTER TABLE a ADD COLUMN added int;
        ALTER TABLE a RENAME COLUMN one TO two;
        ALTER TABLE a RENAME TO b;
        ALTER TABLE b ALTER COLUMN kept TYPE bigint;
        ALTER TABLE b DROP COLUMN gone;
    """
    tables = {"b": {"two": "text", "kept": "bigint", "added": "integer", "gone": "date"}}
    assert known("postgresql", sql, tables) == {"a": {"one": "text", "kept": None, "gone": "date"}}


def test_a_table_that_the_migration_made_was_not_there() -> None:
    sql = "DROP TABLE t; CREATE TABLE t (id int); ALTER TABLE u ADD COLUMN x int;"
    assert known("postgresql", sql, {"t": {"id": "integer"}, "u": {"y": "text"}}) == {"u": {"y": "text"}}


def test_nothing_is_known_behind_what_cannot_be_read() -> None:
    sql = "ALTER TABLE t ADD COLUMN a int; FROBNICATE t; ALTER TABLE t ADD COLUMN b int;"
    tables = {"t": {"a": "integer", "b": "integer", "c": "text"}}
    assert known("postgresql", sql, tables) == {}
    assert known("postgresql", sql, {"t": {"c": "text"}}) == {"t": {"c": "text"}}


def test_a_column_may_come_from_another_table() -> None:
    """In PostgreSQL it may be inherited, so that nobody knows whether it was there before."""
    sql = "ALTER TABLE parent ADD COLUMN x int; ALTER TABLE child ADD COLUMN y int;"
    tables = {"parent": {"id": "integer", "x": "integer"}, "child": {"id": "integer", "x": "integer"}}
    assert known("postgresql", sql, tables)["child"] == {"id": "integer"}
    assert known("sqlite", sql, tables)["child"] == {"id": "integer", "x": "integer"}


MADE_ANEW = "ALTER TABLE u ADD COLUMN x int; DROP TABLE t; CREATE TABLE t (id int, why text);"


def test_a_column_that_only_the_new_table_has() -> None:
    found = formula("postgresql", MADE_ANEW, {"t": {"id": "integer"}, "u": {"x": "integer"}}, 1)
    assert found is not None
    assert {str(fact) for one in found for fact in one} == {"table t is absent", "column t.why exists"}


def test_no_column_tells_two_tables_apart() -> None:
    tables = {"t": {"id": "integer", "why": "text"}, "u": {"x": "integer"}}
    assert formula("postgresql", MADE_ANEW, tables, 1) is None
    assert formula("postgresql", MADE_ANEW, tables, 1, typed=True) is None


def test_a_type_tells_two_tables_apart() -> None:
    tables = {"t": {"id": "bigint", "why": "text"}, "u": {"x": "integer"}}
    found = formula("postgresql", MADE_ANEW, tables, 1, typed=True)
    assert found is not None
    assert {str(fact) for one in found for fact in one} == {"column-type t.id is absent with type bigint"}


def test_a_type_that_is_not_of_the_server_tells_nothing() -> None:
    tables = {"t": {"id": "mine", "why": "text"}, "u": {"x": "integer"}}
    assert formula("postgresql", MADE_ANEW, tables, 1, typed=True) is None


def test_a_table_made_like_another_one_may_have_any_column() -> None:
    sql = """
        CREATE TABLE copy (LIKE t);
        ALTER TABLE t RENAME TO old;
        ALTER TABLE copy RENAME TO t;
        ALTER TABLE t ADD COLUMN x int;
    """
    found = formula("postgresql", sql, {"t": {"id": "integer"}}, 1)
    assert found is not None
    assert "column t.id is absent" not in {str(fact) for one in found for fact in one}


THERE_AND_BACK = """
    ALTER TABLE t RENAME TO u;
    CREATE INDEX noted ON u (note);
    ALTER TABLE u RENAME TO t;
    ALTER TABLE t RENAME INDEX noted TO by_note;
"""


def test_a_table_that_comes_back_has_what_it_got_meanwhile() -> None:
    """Its index was not there before: making it under the table's other name would have failed."""
    found = formula("mysql", THERE_AND_BACK, {"t": {"note": "text"}}, 0)
    assert found is not None
    assert {str(fact) for one in found for fact in one} == {
        "table t is absent",
        "index t.noted exists",
        "index t.by_note exists",
    }


@pytest.mark.parametrize("dialect", ["postgresql", "mysql", "sqlite"])
def test_two_tables_that_change_places_look_as_before(dialect: str) -> None:
    """Where nothing tells them apart, renaming them once more would not lead back."""
    sql = "ALTER TABLE a RENAME TO c; ALTER TABLE b RENAME TO a; ALTER TABLE c RENAME TO b;"
    read = operations(sql, dialect)
    evidence = Evidence(read, dialect_named(dialect), lambda fact: visible(dialect, fact))
    assert evidence.again(0) is None


def test_one_table_that_comes_back_may_go_again() -> None:
    sql = """
        ALTER TABLE a RENAME TO b;
        CREATE INDEX i ON b (x);
        DROP INDEX i;
        ALTER TABLE b RENAME TO a;
        CREATE INDEX j ON a (x);
    """
    evidence = Evidence(
        operations(sql, "sqlite"), dialect_named("sqlite"), lambda fact: visible("sqlite", fact)
    )
    assert evidence.ran(0) is None
    found = evidence.again(0)
    assert found is not None
    assert {str(fact) for one in found for fact in one} == {"table a is absent", "index a.j exists"}
