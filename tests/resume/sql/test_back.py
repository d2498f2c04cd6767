"""The way back: what has run of a migration is taken away again, on every engine, from every point."""

from __future__ import annotations

import pytest

from partway.analysis import analyse
from partway.core.source import SourceFile
from partway.dialects import dialect_named
from partway.finishing import Finish, undo
from partway.live.connect import Limits, connect
from partway.live.url import read_url
from partway.sql.reader import read_steps
from partway.surveyed import Given
from partway.tools.choice import Choice
from partway.tools.history import File
from partway.tools.reading import read
from partway.tools.resuming import CannotResume
from tests.engines.lab import Dump, Lab
from tests.engines.plugin import Labs
from tests.live.migration import Migration

_PATH = "/project/migrations/20260215_case.sql"

ENGINES = ("postgresql18", "postgresql15", "mariadb", "mysql", "sqlite")
_USERS = "CREATE TABLE users (id int PRIMARY KEY, name varchar(20)); INSERT INTO users VALUES (1, 'a')"
EVERYWHERE = [
    Migration(
        _USERS,
        (
            "CREATE TABLE roles (id int PRIMARY KEY, name varchar(20))",
            "INSERT INTO roles VALUES (1, 'admin')",
            "CREATE INDEX roles_name ON roles (name)",
            "ALTER TABLE users ADD COLUMN role_id int",
            "CREATE VIEW role_names AS SELECT name FROM roles",
            "CREATE TABLE grants (id int)",
        ),
    ),
    Migration(
        _USERS,
        (
            "ALTER TABLE users RENAME TO people",
            "ALTER TABLE people ADD COLUMN age int",
            "CREATE INDEX people_age ON people (age)",
            "ALTER TABLE people RENAME COLUMN name TO full_name",
            "CREATE TABLE more (id int)",
        ),
    ),
]
SERVERS = [
    Migration(
        "CREATE TABLE t (a int PRIMARY KEY, b int); CREATE TABLE o (id int PRIMARY KEY)",
        (
            "ALTER TABLE t ADD CONSTRAINT positive CHECK (a > 0)",
            "ALTER TABLE t ADD CONSTRAINT to_o FOREIGN KEY (b) REFERENCES o (id)",
            "ALTER TABLE t ADD CONSTRAINT one_b UNIQUE (b)",
            "ALTER TABLE t ADD COLUMN c int, ADD COLUMN d int",
            "CREATE TABLE more (id int)",
        ),
    ),
]
POSTGRESQL = [
    Migration(
        "CREATE TABLE t (a int)",
        (
            "CREATE TYPE mood AS ENUM ('sad', 'ok')",
            "ALTER TABLE t ADD COLUMN m mood",
            "CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1'",
            "CREATE SEQUENCE s",
            "CREATE INDEX CONCURRENTLY i ON t (a)",
            "CREATE SCHEMA app",
            "CREATE TABLE app.x (id int)",
            "COMMENT ON FUNCTION f(int) IS 'x'",
            "GRANT USAGE ON SCHEMA app TO PUBLIC",
        ),
    ),
]
CASES = [
    pytest.param(engine, migration, id=f"{engine}-{number}")
    for engine in ENGINES
    for number, migration in enumerate(
        EVERYWHERE
        + (SERVERS if engine != "sqlite" else [])
        + (POSTGRESQL if engine.startswith("postgresql") else [])
    )
]


def _undone(lab: Lab, migration: Migration) -> Finish:
    text = migration.sql + ";\n"
    session = connect(read_url(lab.url), Limits())
    try:
        choice = Choice("sql", session.dialect, session.server[:3], "none")
        analysis = analyse(read(SourceFile(_PATH, text), choice), ())
        return undo(
            session, "lab", Given("20260215_case.sql", File(_PATH, text), "sql", {}, lambda: analysis)
        )
    finally:
        session.close()


def _prepare(lab: Lab, migration: Migration, count: int) -> None:
    lab.fresh()
    lab.script(migration.setup)
    lab.execute(*migration.statements[:count])


def _dump(lab: Lab) -> Dump:
    """SQLite writes a renamed table's name between quotes, which is no difference."""
    found = lab.dump()
    return {key: repr(value).replace('"', "") for key, value in found.items()}


def _run(lab: Lab, text: str) -> None:
    steps = read_steps(text, 0, len(text), dialect_named(lab.dialect), (), "up").steps
    lab.execute(*(text[step.span.start : step.span.end] for step in steps))


@pytest.mark.parametrize(("engine", "migration"), CASES)
def test_back_from_every_point(engine: str, migration: Migration, labs: Labs) -> None:
    """The database is as it was before, and on servers a second run changes nothing."""
    lab = labs(engine)
    _prepare(lab, migration, 0)
    before = _dump(lab)
    for count in range(1, len(migration.statements) + 1):
        _prepare(lab, migration, count)
        text = _undone(lab, migration).resumed.text
        _run(lab, text)
        assert _dump(lab) == before, f"back from {count}:\n{text}"
        if engine != "sqlite":
            _run(lab, text)
            assert _dump(lab) == before, f"twice back from {count}:\n{text}"


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("statements", "said"),
    [
        (("DROP TABLE users", "CREATE TABLE more (id int)"), "drop-table users"),
        (
            ("UPDATE users SET name = 'b'", "CREATE TABLE more (id int)", "CREATE TABLE n (id int)"),
            "update users",
        ),
    ],
)
def test_what_is_lost_or_unknown_is_not_pretended_away(
    engine: str, statements: tuple[str, ...], said: str, labs: Labs
) -> None:
    lab = labs(engine)
    migration = Migration(_USERS, statements)
    _prepare(lab, migration, len(statements) - 1)
    with pytest.raises(CannotResume, match=said):
        _undone(lab, migration)


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("ALTER COLLATION german REFRESH VERSION", "alter-collation german"),
        ("ALTER SERVER remote OPTIONS (ADD host 'x')", "alter-server remote"),
        ("GRANT SELECT ON ALL TABLES IN SCHEMA public TO bob", "grant"),
    ],
)
def test_what_changed_something_that_was_there_is_not_passed_over(
    statement: str, said: str, labs: Labs
) -> None:
    lab = labs("postgresql18")
    setup = """
    CREATE COLLATION german (locale = 'C'); CREATE FOREIGN DATA WRAPPER files;
    CREATE SERVER remote FOREIGN DATA WRAPPER files; CREATE TABLE t (a int); CREATE ROLE bob
    """
    migration = Migration(setup, (statement, "CREATE TABLE more (id int)", "CREATE TABLE n (id int)"))
    _prepare(lab, migration, 2)
    with pytest.raises(CannotResume, match=said):
        _undone(lab, migration)


@pytest.mark.parametrize("engine", ENGINES)
def test_it_says_what_goes_with_it(engine: str, labs: Labs) -> None:
    lab = labs(engine)
    _prepare(lab, EVERYWHERE[0], 4)
    text = _undone(lab, EVERYWHERE[0]).resumed.text
    assert "-- The rows in table roles are lost with it." in text
    assert "-- The rows in column users.role_id are lost with it." in text
