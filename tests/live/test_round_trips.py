"""How often a database is asked, and how long that takes beside the bare queries, on one with 10,000 tables."""

from __future__ import annotations

import time

import pytest

from partway.live.connect import connect
from partway.live.snapshot.take import take_snapshot
from partway.live.state import standing
from partway.live.url import read_url
from tests.engines.lab import Lab
from tests.engines.plugin import Labs
from tests.live.helper import look, operations

MOST = 12
#: What a session sends before the first question.
LOGGING_IN = 2
TABLES = {"postgresql18": 10_000, "mysql": 1_000, "mariadb": 1_000, "sqlite": 10_000}


def _fifty(dialect: str) -> str:
    """Fifty operations of many kinds on many tables."""
    out = []
    for number in range(10):
        out += [
            f"CREATE TABLE new_{number} (id int PRIMARY KEY, name varchar(20) NOT NULL DEFAULT 'x')",
            f"ALTER TABLE t{number} ADD COLUMN extra int",
            f"CREATE INDEX i{number} ON t{number} (a)",
            f"CREATE VIEW v{number} AS SELECT a FROM t{number}",
        ]
        constraint = f"ALTER TABLE t{number} ADD CONSTRAINT c{number} CHECK (a > {number})"
        out.append(f"ALTER TABLE t{number} RENAME COLUMN a TO c" if dialect == "sqlite" else constraint)
    return ";\n".join(out)


def _many_tables(lab: Lab, count: int) -> None:
    if lab.dialect == "postgresql":
        for first in range(0, count, 1000):  # each takes a lock until its transaction ends
            lab.script(
                "DO $$ BEGIN FOR n IN " + f"{first}..{first + 999}" + " LOOP"
                " EXECUTE format('CREATE TABLE t%s (a int, b text)', n); END LOOP; END $$"
            )
        return
    with lab.connect() as session:
        if lab.dialect == "sqlite":
            session.run("BEGIN")
        for number in range(count):
            session.run(f"CREATE TABLE t{number} (a int, b varchar(9))")
        if lab.dialect == "sqlite":
            session.run("COMMIT")


@pytest.mark.parametrize("engine", list(TABLES))
def test_fifty_operations_among_many_tables(engine: str, labs: Labs) -> None:
    lab = labs(engine)
    lab.fresh()
    _many_tables(lab, TABLES[engine])
    sql = _fifty(lab.dialect)
    read = operations(sql, lab.dialect)
    assert len(read) == 50
    lab.script(";\n".join(sql.split(";\n")[:7]))
    session = connect(read_url(lab.url))
    asked: list[tuple[str, object]] = []
    bare = session.ask

    def noted(query: str, parameters: object = None) -> object:
        asked.append((query, parameters))
        return bare(query, parameters)  # type: ignore[arg-type] # as it came

    try:
        found = standing(
            read, take_snapshot(session, read)
        )  # once, to warm what is cached and loaded on both sides
        times = []
        for _ in range(3):
            asked.clear()
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(session, "ask", noted)
                began = time.perf_counter()
                snapshot = take_snapshot(session, read)
                found = standing(read, snapshot)
                whole = time.perf_counter() - began
            began = time.perf_counter()
            for query, parameters in asked:
                bare(query, parameters)  # type: ignore[arg-type] # as it came
            times.append((whole, time.perf_counter() - began))
    finally:
        session.close()
    assert len(asked) + LOGGING_IN <= MOST
    assert found.point == (6, 7)
    whole, plain = min(times, key=lambda pair: pair[0] / pair[1])
    print(f"{engine}: {len(asked)} queries, {whole * 1000:.0f} ms, {plain * 1000:.0f} ms of them bare")
    # SQLite answers in a millisecond or two, beside which anything takes long.
    assert whole <= 3 * plain + 0.03


@pytest.mark.parametrize("engine", list(TABLES))
def test_one_query_of_a_kind_whatever_the_number(engine: str, labs: Labs) -> None:
    lab = labs(engine)
    lab.fresh()
    lab.script("CREATE TABLE other (id int)")
    few = look(lab, "CREATE TABLE a (id int);\nCREATE INDEX i ON a (id)")[1].round_trips
    names = [f"CREATE TABLE a{n} (id int);\nCREATE INDEX i{n} ON a{n} (id)" for n in range(40)]
    assert look(lab, ";\n".join(names))[1].round_trips == few
