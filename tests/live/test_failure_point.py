"""Every migration of the set, stopped after every operation: the point that Partway names is where it stopped."""

from __future__ import annotations

import pytest

from partway.live.failure import FailurePoint
from partway.live.own import State
from tests.engines.lab import SqlError
from tests.engines.plugin import Labs
from tests.live.helper import look, schema, stand
from tests.live.migration import Migration
from tests.live.migrations import BY_ENGINE

CASES = [
    pytest.param(engine, migration, id=f"{engine}-{number}")
    for engine, migrations in BY_ENGINE.items()
    for number, migration in enumerate(migrations)
]
#: Operations that show nowhere in the catalog: around them the point may stay open.
_HIDDEN = ("INSERT", "UPDATE", "DELETE")


@pytest.mark.parametrize(("engine", "migration"), CASES)
def test_stopped_after_each_operation(engine: str, migration: Migration, labs: Labs) -> None:
    """Where a point is left open, all of what it leaves open looks the same in a dump of the schema."""
    lab = labs(engine)
    dumps, found = [], []
    for count in range(len(migration.statements) + 1):
        lab.fresh()
        if migration.setup:
            lab.script(migration.setup)
        lab.execute(*migration.statements[:count])
        dumps.append(schema(lab.dump()))
        found.append(stand(lab, migration.sql))
    for count, standing in enumerate(found):
        assert standing.fits, f"stopped after {count}: no point fits, {standing.states}"
        alike = [n for n in range(len(dumps)) if dumps[n] == dumps[count]]
        if migration.twins:
            assert count in standing.fits
        else:
            assert set(standing.fits) <= set(alike), (
                f"stopped after {count}: {standing.fits}, {standing.states}"
            )
        if len(alike) == 1 and not migration.twins:
            assert standing.point == FailurePoint(count - 1, count)
            applied = [one.state is State.APPLIED for one in standing.states]
            assert applied == [n < count for n in range(len(applied))]


def test_inexact_only_where_a_data_change_or_its_own_undoing_makes_it_so() -> None:
    """Most points of the set are exact: a set full of twins would prove nothing."""
    points = sum(len(one.statements) + 1 for migrations in BY_ENGINE.values() for one in migrations)
    hidden = sum(
        statement.startswith(_HIDDEN)
        for migrations in BY_ENGINE.values()
        for one in migrations
        for statement in one.statements
    )
    assert len(CASES) > 60
    assert points > 350
    assert hidden < points / 10


@pytest.mark.parametrize("engine", ["postgresql18", "postgresql15"])
def test_invalid_index_is_where_it_stopped(engine: str, labs: Labs) -> None:
    lab = labs(engine)
    lab.fresh()
    lab.script("CREATE TABLE users (email text); INSERT INTO users VALUES ('a'), ('a')")
    statements = (
        "ALTER TABLE users ADD COLUMN age int",
        "CREATE UNIQUE INDEX CONCURRENTLY users_email ON users (email)",
        "ALTER TABLE users ADD COLUMN size int",
    )
    with pytest.raises(SqlError):
        lab.execute(*statements)
    standing = stand(lab, ";\n".join(statements))
    assert standing.point == FailurePoint(0, 1)
    assert [str(one.state) for one in standing.states] == ["applied", "invalid", "pending"]
    assert "INVALID" in standing.states[1].reason


@pytest.mark.parametrize("engine", ["postgresql18", "postgresql15"])
def test_what_a_failed_rebuild_leaves_is_invalid(engine: str, labs: Labs) -> None:
    lab = labs(engine)
    lab.fresh()
    lab.script("CREATE TABLE users (email text); CREATE INDEX users_email ON users (email)")
    lab.script("CREATE INDEX users_email_ccnew ON users (email)")
    lab.script("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'users_email_ccnew'::regclass")
    for statement in ("REINDEX INDEX CONCURRENTLY users_email", "REINDEX TABLE CONCURRENTLY users"):
        (state,) = stand(lab, statement).states
        assert state.state is State.INVALID, state
    (plain,) = stand(lab, "REINDEX INDEX users_email").states
    assert plain.state is State.UNKNOWN


@pytest.mark.parametrize("engine", list(BY_ENGINE))
def test_the_one_that_failed_because_its_name_was_taken(engine: str, labs: Labs) -> None:
    """The commonest cause of all: the point is right, and the state says what is in the way."""
    lab = labs(engine)
    lab.fresh()
    lab.script("CREATE TABLE users (id int); CREATE TABLE grants (what varchar(10))")
    statements = (
        "CREATE TABLE roles (id int)",
        "CREATE TABLE grants (role int)",
        "ALTER TABLE users ADD COLUMN role int",
    )
    with pytest.raises(SqlError):
        lab.execute(*statements)
    standing = stand(lab, ";\n".join(statements))
    assert standing.point == FailurePoint(0, 1)
    assert [str(one.state) for one in standing.states] == ["applied", "different", "pending"]


@pytest.mark.parametrize("engine", list(BY_ENGINE))
def test_mended_by_hand_fits_no_point(engine: str, labs: Labs) -> None:
    lab = labs(engine)
    lab.fresh()
    statements = ("CREATE TABLE a (id int)", "CREATE TABLE b (id int)", "CREATE TABLE c (id int)")
    lab.execute(statements[0], statements[2])
    standing, _ = look(lab, ";\n".join(statements))
    assert standing.point is None
    assert standing.half_way
    assert [str(one.state) for one in standing.states] == ["applied", "pending", "applied"]
