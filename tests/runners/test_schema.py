"""`read_schema` says each thing that a migration makes, by its name, on each engine; and tells twins apart from one."""

from __future__ import annotations

import pytest

from tests.engines.lab import Lab
from tests.runners.runner import changed
from tests.runners.schema import read_schema
from tests.runners.sqlite_schema import elements

TABLES = (
    "CREATE TABLE teams (id int PRIMARY KEY)",
    (
        "CREATE TABLE people (id int PRIMARY KEY, email varchar(20) NOT NULL DEFAULT 'x', team_id int,"
        " CONSTRAINT fk FOREIGN KEY (team_id) REFERENCES teams (id) ON DELETE CASCADE,"
        " CONSTRAINT ck CHECK (id > 0), CONSTRAINT uq UNIQUE (email))"
    ),
    "CREATE INDEX by_team ON people (team_id, id)",
    "CREATE VIEW everybody AS SELECT email FROM people",
)

# What each engine must show in a schema that differs by one statement.
CHANGES = [
    "ALTER TABLE people ADD COLUMN extra int",
    "CREATE UNIQUE INDEX once ON people (team_id)",
    "DROP VIEW everybody",
]


def test_every_object_is_there(lab: Lab) -> None:
    lab.execute(*TABLES)
    found = read_schema(lab)
    assert {
        "table people",
        "column people.email",
        "index people.by_team",
        "constraint people.ck",
        "view everybody",
    } <= set(found)
    email = found["column people.email"]
    assert "not null" in email
    assert "default 'x'" in email or "default x" in email
    assert "team_id, id" in found["index people.by_team"]
    # SQLite tells the action of a key by its columns, and the text by its name.
    key = found.get("constraint people.team_id") or found["constraint people.fk"]
    assert "cascade" in key.lower()
    unique = "constraint people.uq" if lab.dialect == "sqlite" else "index people.uq"
    assert "unique" in found[unique].lower()
    assert not any(" people" in key for key in read_schema(lab, {"people"}))


@pytest.mark.parametrize("change", CHANGES)
def test_change_is_seen_and_only_that(lab: Lab, change: str) -> None:
    lab.execute(*TABLES)
    before = read_schema(lab)
    assert read_schema(lab) == before
    lab.execute(change)
    after = read_schema(lab)
    assert len(set(before.items()) ^ set(after.items())) in {1, 2}


@pytest.mark.parametrize("engine", ["postgresql18", "postgresql15"], indirect=True)
def test_what_postgresql_alone_has(lab: Lab) -> None:
    lab.execute(
        *TABLES,
        "CREATE TYPE mood AS ENUM ('sad', 'glad')",
        "CREATE SEQUENCE numbers INCREMENT 5",
        "CREATE SCHEMA audit",
        "CREATE TABLE audit.events (id int)",
        "CREATE EXTENSION citext",
        "CREATE UNIQUE INDEX partial ON people (email) WHERE id > 5",
        "ALTER TABLE people ADD CONSTRAINT late FOREIGN KEY (id) REFERENCES teams (id) NOT VALID",
    )
    found = read_schema(lab)
    assert found["type mood"] == "'sad', 'glad'"
    assert found["sequence numbers"] == "bigint by 5"
    assert "column audit.events.id" in found
    assert "extension citext" in found
    assert "WHERE (id > 5)" in found["index people.partial"]
    assert "NOT VALID" in found["constraint people.late"]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_second_constraint_of_the_same_name_is_seen_on_sqlite(lab: Lab) -> None:
    check = "CONSTRAINT young CHECK (age < 9)"
    lab.execute(f"CREATE TABLE one (age int, {check})", f"CREATE TABLE two (age int, {check}, {check})")
    found = read_schema(lab)
    assert found["constraint two.young"] == "; ".join([found["constraint one.young"]] * 2)


def test_elements_of_a_table() -> None:
    sql = """CREATE TABLE "t" ("a" varchar(3) DEFAULT ',)', CONSTRAINT u UNIQUE (a, b),
             CHECK (a IN ('x', 'y')), b int) STRICT"""
    assert elements(sql) == [
        "\"a\" varchar(3) DEFAULT ',)'",
        "b int",
        "CHECK (a IN ('x', 'y'))",
        "CONSTRAINT u UNIQUE (a, b)",
        "STRICT",
    ]


def test_changed_names_the_place() -> None:
    before = {"rows": {"t": [1, 1]}, "schema": ["a"]}
    after = {"rows": {"t": [1, 2]}, "schema": ["a"]}
    assert changed(dict(before), dict(before)) == []
    assert changed(dict(before), dict(after)) == ["- rows: t: 1", "+ rows: t: 2"]
