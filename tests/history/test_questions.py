"""What servers are asked about themselves, on every engine: names that need care, and tables that are not there."""

from __future__ import annotations

import pytest

from partway.core.postcondition import Name
from partway.dialects.questions import questions, quoted
from partway.tools.history import Target, history_of, read_history
from tests.engines.lab import Lab
from tests.engines.plugin import Labs
from tests.engines.sqlite import SqliteLab

ENGINES = ["postgresql18", "mariadb", "mysql", "sqlite"]
NAMES = ["plain", "Upper", "two words", "it's", 'a"b', "a`b", "múltiplo", "历史", "order", "x; DROP TABLE y"]


@pytest.fixture(params=ENGINES)
def lab(request: pytest.FixtureRequest, labs: Labs) -> Lab:
    """Each engine with an empty database."""
    found = labs(request.param)
    found.fresh()
    return found


def _columns(lab: Lab, name: Name) -> list[tuple[object, ...]]:
    return lab.rows(questions(lab.dialect).columns(name))


@pytest.mark.parametrize("name", NAMES)
def test_the_columns_of_a_table(lab: Lab, name: str) -> None:
    table, column = quoted(lab.dialect, Name(name)), quoted(lab.dialect, Name("a b"))
    schema = lab.rows(questions(lab.dialect).here)[0][1]
    lab.execute(f"CREATE TABLE {table} ({column} int, version int)")
    assert _columns(lab, Name(name)) == [(schema, "a b"), (schema, "version")]
    assert _columns(lab, Name(name, str(schema))) == [(schema, "a b"), (schema, "version")]


@pytest.mark.parametrize("name", [Name("nothing"), Name("nothing", "nowhere"), Name("it's", 'a"b`c')])
def test_a_table_that_is_not_there_has_none(lab: Lab, name: Name) -> None:
    assert _columns(lab, name) == []


def test_another_schema(lab: Lab) -> None:
    if isinstance(lab, SqliteLab):
        return  # its schemas are files that the session attaches
    other = Name("books", "partway_other")
    lab.execute(f"CREATE {'SCHEMA' if lab.dialect == 'postgresql' else 'DATABASE'} partway_other")
    try:
        lab.execute("CREATE TABLE partway_other.books (version int)", "CREATE TABLE books (other int)")
        assert _columns(lab, other) == [("partway_other", "version")]
        lab.execute("INSERT INTO partway_other.books VALUES (7)")
        target = Target(lab.dialect, {"goose.table": "partway_other.books"})
        module = history_of("rails")
        rows = lab.rows(module.rows(target, other, ["version"]))
        assert [
            entry.identity for entry in read_history("rails", other, _columns(lab, other), rows).entries
        ] == ["7"]
    finally:
        lab.execute(
            f"DROP {'SCHEMA' if lab.dialect == 'postgresql' else 'DATABASE'} partway_other"
            + (" CASCADE" if lab.dialect == "postgresql" else "")
        )


def test_the_search_path_counts(labs: Labs) -> None:
    lab = labs("postgresql18")
    lab.fresh()
    with lab.connect() as session:
        session.run("CREATE SCHEMA app")
        session.run("CREATE TABLE app.books (version int)")
        assert session.run(questions("postgresql").columns(Name("books"))) == []
        session.run("SET search_path = app, public")
        assert session.run(questions("postgresql").columns(Name("books"))) == [("app", "version")]
        assert session.run(questions("postgresql").here)[0][1] == "app"


def test_a_lock_of_another_database_is_not_ours(labs: Labs) -> None:
    lab = labs("postgresql18")
    lab.fresh()
    asked = questions("postgresql")
    assert asked.holders
    keys = (2**63 - 1, -5, 72707369)
    for key in keys:
        with lab.connect() as session:
            session.run(f"SELECT pg_advisory_lock({key})")
            assert len(lab.rows(asked.holders([key]))) == 1
            assert len(lab.rows(asked.holders(keys))) == 1
            assert lab.rows(asked.holders([key + 2 if key < 0 else key - 2])) == []
            # One's own lock keeps nobody out.
            assert session.run(asked.holders([key])) == []
    with lab.connect() as session:
        session.run("SELECT pg_advisory_lock(0, 72707369)")  # of two halves: another kind of key
        assert lab.rows(asked.holders(keys)) == []
