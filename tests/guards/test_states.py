"""Guards in states that no plain run leaves: what is not the object meant must not pass for it, nor be lost."""

from __future__ import annotations

import pytest

from tests.engines.lab import Lab, SqlError
from tests.engines.plugin import Labs
from tests.guards.helper import guarded, run, version

POSTGRESQL = ("postgresql18", "postgresql15")


@pytest.fixture(params=POSTGRESQL)
def postgresql(request: pytest.FixtureRequest, labs: Labs) -> Lab:
    """Each PostgreSQL, emptied."""
    lab = labs(request.param)
    lab.fresh()
    return lab


@pytest.mark.parametrize(
    ("setup", "statement"),
    [
        # Both names of a rename are there, or neither: the work was not done by this migration.
        ("CREATE TABLE t (a int, b int)", "ALTER TABLE t RENAME a TO b;"),
        ("CREATE TABLE t (c int)", "ALTER TABLE t RENAME a TO b;"),
        ("CREATE TYPE a AS ENUM ('x'); CREATE TYPE b AS ENUM ('x')", "ALTER TYPE a RENAME TO b;"),
        # Of two things that one statement makes, one is there already.
        (
            "CREATE TABLE t (a int CONSTRAINT x CHECK (a > 0))",
            "ALTER TABLE t ADD CONSTRAINT x CHECK (a > 0), ADD CONSTRAINT y CHECK (a > 1);",
        ),
        # The name is another kind of thing's.
        ("CREATE TABLE mood (a int)", "CREATE TYPE mood AS ENUM ('x');"),
        ("CREATE TYPE mood AS (a int)", "CREATE TYPE mood AS ENUM ('x');"),
        ("CREATE TABLE mood (a int)", "CREATE TYPE mood AS (x int);"),
        ("CREATE DOMAIN mood AS int", "CREATE TYPE mood AS ENUM ('x');"),
        ("CREATE TYPE d AS ENUM ('x')", "CREATE DOMAIN d AS int;"),
        ("", "ALTER TABLE missing ADD CONSTRAINT c CHECK (a > 0);"),
        ("CREATE TABLE p (a int) PARTITION BY LIST (a)", "ALTER TABLE p ATTACH PARTITION q DEFAULT;"),
    ],
)
def test_odd_state_fails_as_without_a_guard(setup: str, statement: str, postgresql: Lab) -> None:
    """A guard runs the statement unless all of its work is done; the engine's own error then says what is wrong."""
    run(postgresql, setup)
    with pytest.raises(SqlError) as plain:
        run(postgresql, statement)
    before = postgresql.dump()
    with pytest.raises(SqlError) as behind_guard:
        run(postgresql, guarded(statement, "postgresql", version(postgresql)).text)
    assert behind_guard.value.code == plain.value.code
    assert postgresql.dump() == before


@pytest.mark.parametrize(
    ("setup", "statement"),
    [
        ("CREATE TYPE public.mood AS ENUM ('other')", "CREATE TYPE mood AS ENUM ('x');"),
        ("CREATE DOMAIN public.d AS text", "CREATE DOMAIN d AS int;"),
        (
            "CREATE TABLE public.t (a int CONSTRAINT c CHECK (a > 0)); CREATE TABLE tenant.t (a int)",
            "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0);",
        ),
        (
            "CREATE TABLE public.t (new int); CREATE TABLE tenant.t (old int)",
            "ALTER TABLE t RENAME old TO new;",
        ),
        # What a statement finds further down the search_path is renamed there.
        ("CREATE TYPE public.old AS ENUM ('x')", "ALTER TYPE old RENAME TO new;"),
    ],
)
def test_search_path(setup: str, statement: str, postgresql: Lab) -> None:
    """Unqualified names mean what they mean to the statement: one tenant's objects do not stand in for another's."""
    prepare = ["CREATE SCHEMA tenant", setup]
    path = "SET search_path = tenant, public"
    postgresql.execute(*prepare, path, statement)
    plain = postgresql.dump()
    text = guarded(statement, "postgresql", version(postgresql)).text
    postgresql.fresh()
    postgresql.execute(*prepare, path, text, text)
    assert postgresql.dump() == plain


def test_invalid_index_is_replaced_and_healthy_ones_survive(postgresql: Lab) -> None:
    """A failed unique build leaves an INVALID index; the guard makes it anew and touches no other of that name."""
    run(
        postgresql,
        """
        CREATE SCHEMA app; CREATE SCHEMA other;
        CREATE TABLE app.users (email text); CREATE TABLE other.users (email text);
        CREATE UNIQUE INDEX users_email ON other.users (email);
        INSERT INTO app.users VALUES ('a'), ('a');
        """,
    )
    statement = "CREATE UNIQUE INDEX CONCURRENTLY users_email ON app.users (email);"
    with pytest.raises(SqlError):
        run(postgresql, statement)
    assert _indexes(postgresql) == {"app": False, "other": True}
    other = _identity(postgresql, "other")
    run(postgresql, "DELETE FROM app.users WHERE ctid = (SELECT min(ctid) FROM app.users)")

    text = guarded(statement, "postgresql", version(postgresql)).text
    run(postgresql, text)
    assert _indexes(postgresql) == {"app": True, "other": True}
    assert _identity(postgresql, "other") == other
    with pytest.raises(SqlError):
        run(postgresql, "INSERT INTO app.users VALUES ('a')")
    made = _identity(postgresql, "app")
    run(postgresql, text)
    assert _identity(postgresql, "app") == made, "a valid index was built again"


@pytest.mark.parametrize(
    "taken", ["CREATE INDEX users_email ON invoices (email)", "CREATE TABLE users_email (a int)"]
)
def test_a_name_of_something_else_is_not_dropped(taken: str, postgresql: Lab) -> None:
    """Even INVALID, an index of another table stays."""
    run(postgresql, f"CREATE TABLE users (email text); CREATE TABLE invoices (email text); {taken};")
    run(postgresql, "UPDATE pg_catalog.pg_index SET indisvalid = false WHERE indrelid = 'invoices'::regclass")
    before = postgresql.dump()
    statement = "CREATE INDEX CONCURRENTLY users_email ON users (email);"
    run(postgresql, guarded(statement, "postgresql", version(postgresql)).text)
    assert postgresql.dump() == before


@pytest.mark.parametrize(
    ("engine_name", "setup", "statement"),
    [
        ("mysql", "CREATE TABLE t (a int, b int)", "ALTER TABLE t CHANGE a b int;"),
        ("mysql", "CREATE TABLE t (a int, INDEX i (a))", "ALTER TABLE t ADD COLUMN b int, ADD INDEX i (b);"),
        ("mysql", "", "ALTER TABLE missing ADD PRIMARY KEY (a);"),
        ("mariadb", "", "ALTER TABLE missing ADD PRIMARY KEY (a);"),
    ],
)
def test_odd_state_fails_behind_prepare(engine_name: str, setup: str, statement: str, labs: Labs) -> None:
    """The same on MySQL and MariaDB."""
    lab = labs(engine_name)
    lab.fresh()
    run(lab, setup)
    fixed = guarded(statement, lab.dialect, version(lab))
    assert "PREPARE" in fixed.text
    with pytest.raises(SqlError) as plain:
        run(lab, statement)
    before = lab.dump()
    with pytest.raises(SqlError) as behind_guard:
        run(lab, fixed.text)
    assert behind_guard.value.code == plain.value.code
    assert lab.dump() == before


def _indexes(lab: Lab) -> dict[object, object]:
    rows = lab.rows(
        "SELECT nspname, indisvalid FROM pg_index JOIN pg_class c ON c.oid = indexrelid"
        " JOIN pg_namespace n ON n.oid = relnamespace WHERE relname = 'users_email'"
    )
    return dict(rows)  # type: ignore[arg-type] # pairs, as the query says


def _identity(lab: Lab, schema: str) -> object:
    return lab.rows(f"SELECT oid, relfilenode FROM pg_class WHERE oid = '{schema}.users_email'::regclass")
