"""What a statement leaves behind that fails by itself, made to fail on a real server: the `leaves` of the rows."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from partway.dialects import dialect_named
from tests.engines.lab import Lab, SqlError
from tests.engines.plugin import Labs
from tests.engines.servers import ENGINES
from tests.truth.cases import Case
from tests.truth.reach import reached


class Failure(NamedTuple):
    """A statement that fails half way, and what shows it.

    `blocker` is SQL that another session runs in a transaction which stays open meanwhile: the statement then waits
    for it until its statement_timeout. `left` is a query and `rows` what it gives afterwards. `mended` are statements
    after which the statement itself, or the one that finishes it, goes through.
    """

    setup: str
    statement: str
    left: str
    rows: list[tuple[object, ...]]
    mended: list[str]
    words: str
    blocker: str = ""
    hidden: str = ""


_TWINS = "CREATE TABLE t (a int); INSERT INTO t VALUES (1), (1)"
_ONE = "CREATE TABLE t (a int)"
_INDEXES = (
    "SELECT c.relname, i.indisvalid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
    " WHERE i.indrelid = 't'::regclass ORDER BY 1"
)
_READER = "SELECT * FROM t"

FAILURES = {
    "unique-violation": Failure(
        _TWINS,
        "CREATE UNIQUE INDEX CONCURRENTLY i ON t (a)",
        _INDEXES,
        [("i", False)],
        ["DELETE FROM t", "DROP INDEX i", "CREATE UNIQUE INDEX CONCURRENTLY i ON t (a)"],
        "INVALID",
        hidden="CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON t (a)",
    ),
    "unique-violation-unnamed": Failure(
        _TWINS,
        "CREATE UNIQUE INDEX CONCURRENTLY ON t (a)",
        _INDEXES,
        [("t_a_idx", False)],
        ["DELETE FROM t", "DROP INDEX t_a_idx", "CREATE UNIQUE INDEX CONCURRENTLY ON t (a)"],
        "INVALID",
    ),
    "create-cancelled": Failure(
        _ONE,
        "CREATE INDEX CONCURRENTLY i ON t (a)",
        _INDEXES,
        [("i", False)],
        ["DROP INDEX i", "CREATE INDEX CONCURRENTLY i ON t (a)"],
        "INVALID",
        blocker="INSERT INTO t VALUES (2)",
        hidden="CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON t (a)",
    ),
    "drop-cancelled": Failure(
        _ONE + "; CREATE INDEX i ON t (a)",
        "DROP INDEX CONCURRENTLY i",
        _INDEXES,
        [("i", False)],
        ["DROP INDEX CONCURRENTLY i"],
        "INVALID",
        blocker=_READER,
        hidden="CREATE INDEX IF NOT EXISTS i ON t (a)",
    ),
    "reindex-cancelled": Failure(
        _ONE + "; CREATE INDEX i ON t (a)",
        "REINDEX INDEX CONCURRENTLY i",
        _INDEXES,
        [("i", True), ("i_ccnew", False)],
        ["DROP INDEX CONCURRENTLY i_ccnew", "REINDEX INDEX CONCURRENTLY i"],
        "_ccnew",
        blocker="INSERT INTO t VALUES (2)",
    ),
    "reindex-cancelled-twice": Failure(
        _ONE + "; CREATE INDEX i ON t (a); CREATE INDEX i_ccnew ON t (a)",
        "REINDEX INDEX CONCURRENTLY i",
        _INDEXES,
        [("i", True), ("i_ccnew", True), ("i_ccnew1", False)],
        ["DROP INDEX CONCURRENTLY i_ccnew1", "REINDEX INDEX CONCURRENTLY i"],
        "_ccnew",
        blocker="INSERT INTO t VALUES (2)",
    ),
    "validate": Failure(
        "CREATE TABLE t (a int); INSERT INTO t VALUES (-1); ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID",
        "ALTER TABLE t VALIDATE CONSTRAINT c",
        "SELECT convalidated FROM pg_constraint WHERE conname = 'c'",
        [(False,)],
        ["DELETE FROM t", "ALTER TABLE t VALIDATE CONSTRAINT c"],
        "NOT VALID",
    ),
    "detach-cancelled": Failure(
        "CREATE TABLE t (a int) PARTITION BY LIST (a); CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1)",
        "ALTER TABLE t DETACH PARTITION t1 CONCURRENTLY",
        "SELECT inhrelid::regclass::text, inhdetachpending FROM pg_inherits WHERE inhparent = 't'::regclass",
        [("t1", True)],
        ["ALTER TABLE t DETACH PARTITION t1 FINALIZE"],
        "half detached",
        blocker=_READER,
    ),
}

POSTGRESQL = [name for name, engine in ENGINES.items() if engine.dialect == "postgresql"]


def _case(sql: str) -> Case:
    return Case("leftover", (sql,), (), (), (), (), (), "")


def _fail(lab: Lab, failure: Failure) -> SqlError:
    """Run the statement with the blocker in another session's open transaction."""
    with lab.connect() as other, lab.connect() as session:
        if failure.blocker:
            other.run("BEGIN")
            other.run(failure.blocker)
            session.run("SET statement_timeout = '200ms'")
        with pytest.raises(SqlError) as caught:
            session.run(failure.statement)
        return caught.value


@pytest.mark.parametrize("name", FAILURES)
@pytest.mark.parametrize("engine", POSTGRESQL, indirect=True)
def test_failure_leaves_what_the_row_says(lab: Lab, name: str) -> None:
    failure = FAILURES[name]
    ((_, row),) = reached(_case(failure.statement), "postgresql", lab.server_version)
    assert row is not None
    assert failure.words in row.leaves

    lab.script(failure.setup)
    error = _fail(lab, failure)
    assert error.code in {"23505", "23514", "57014"}
    assert lab.rows(failure.left) == failure.rows

    if failure.hidden:  # IF NOT EXISTS is content with the wreck
        lab.execute(failure.hidden)
        assert lab.rows(failure.left) == failure.rows
    lab.execute(*failure.mended)
    assert lab.rows(failure.left) != failure.rows


@pytest.mark.parametrize("engine", POSTGRESQL, indirect=True)
def test_failed_concurrent_reindex_of_broken_index(lab: Lab) -> None:
    """REINDEX CONCURRENTLY of an index that never could be built leaves a second wreck beside the first."""
    lab.script(_TWINS)
    for statement in ("CREATE UNIQUE INDEX CONCURRENTLY i ON t (a)", "REINDEX INDEX CONCURRENTLY i"):
        with pytest.raises(SqlError) as caught:
            lab.execute(statement)
        assert caught.value.code == "23505"
    assert lab.rows(_INDEXES) == [("i", False), ("i_ccnew", False)]


def test_every_leftover_has_its_failure(labs: Labs) -> None:
    """Each row with `leaves`, of any dialect, is the row of a failure above."""
    shown = {
        (row.kind, row.traits)
        for failure in FAILURES.values()
        for _, row in reached(_case(failure.statement), "postgresql", "18")
        if row is not None
    }
    for dialect in {engine.dialect for engine in ENGINES.values()}:
        rows = {(row.kind, row.traits) for row in dialect_named(dialect).rows if row.leaves}
        assert rows == (shown if dialect == "postgresql" else set())
