"""What the engines print of their own things (`CREATE INDEX ...`), read by the reader that reads migrations: so both
come in the same words."""

from __future__ import annotations

from partway.core.postcondition import Postcondition
from partway.dialects import dialect_named
from partway.sql.reader import read_steps


def facts(sql: str, dialect: str) -> tuple[Postcondition, ...]:
    """The postconditions of a statement; none where it cannot be read."""
    reading = read_steps(sql, 0, len(sql), dialect_named(dialect), (), "up")
    return tuple(
        fact for step in reading.steps for operation in step.operations for fact in operation.postconditions
    )


def attributes(sql: str, dialect: str, object_: str) -> dict[str, str | None]:
    """What a statement says of the first thing of this kind that it makes."""
    for fact in facts(sql, dialect):
        if fact.object == object_:
            return dict(fact.attributes)
    return {}
