"""Asking a lab's database how a text of SQL stands in it, as the command does."""

from __future__ import annotations

from partway.core.operation import Operation
from partway.dialects import dialect_named
from partway.live.connect import Limits, connect
from partway.live.lasting import Lasting
from partway.live.snapshot.model import Snapshot
from partway.live.snapshot.take import take_snapshot
from partway.live.state import Standing, standing
from partway.live.url import read_url
from partway.sql.reader import read_steps
from tests.engines.lab import Dump, Lab

USUAL = Limits()


def operations(sql: str, dialect: str) -> tuple[Operation, ...]:
    """The operations of a text."""
    reading = read_steps(sql, 0, len(sql), dialect_named(dialect), (), "up")
    return tuple(operation for step in reading.steps for operation in step.operations)


def stand(lab: Lab, sql: str, url: str = "", limits: Limits = USUAL, before: str = "") -> Standing:
    """How the text stands in the lab's database. `before` is what migrations before it did, where that is known."""
    return look(lab, sql, url, limits, before)[0]


def look(
    lab: Lab, sql: str, url: str = "", limits: Limits = USUAL, before: str = ""
) -> tuple[Standing, Snapshot]:
    """How it stands, with the snapshot that says so."""
    session = connect(read_url(url or lab.url), limits)
    try:
        read = operations(sql, session.dialect)
        snapshot = take_snapshot(session, read)
    finally:
        session.close()
    world = Lasting(session.dialect)
    world.run(0, operations(before, session.dialect))
    return standing(read, snapshot, before=world if before else None), snapshot


def states(lab: Lab, sql: str) -> list[str]:
    """The state of each operation."""
    return [str(one.state) for one in stand(lab, sql).states]


def told_apart(lab: Lab, made: str, other: str) -> str:
    """That neither of two statements which make a thing of one name has run, then that the first one has, and that what
    it made is not what the other one would make. Why not."""
    for statement in (made, other):
        stands = stand(lab, statement)
        assert stands.states[0].state == "pending", statement
        assert stands.point == (-1, 0)
    lab.execute(made)
    assert stand(lab, made).states[0].state == "applied"
    (state,) = stand(lab, other).states
    assert state.state == "different"
    assert "sesame" not in repr(state)
    return state.reason


def schema(dump: Dump) -> Dump:
    """A dump without rows and counters: two that are equal hold the same schema."""
    left_out = ("rows", "positions", "header", "variables")
    return {key: value for key, value in dump.items() if key not in left_out and not key.endswith(" rows")}
