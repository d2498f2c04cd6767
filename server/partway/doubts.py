"""Whether it matters to a resume that a migration may not have made anew what it is taken to have made anew."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from partway.core.operation import Operation
from partway.core.postcondition import Name, Postcondition
from partway.dialects.questions import quoted
from partway.live.own import leaves_nothing
from partway.live.sessions.session import Session
from partway.live.state import Standing
from partway.live.unreachable import Unreachable
from partway.resume.evidence import taken_away


def with_rows_in_mind(session: Session, operations: Sequence[Operation], standing: Standing) -> Standing:
    """How the migration stands, as far as its resume may build on it. Where something is taken for made anew only since
    nothing tells what it was before, this holds unless it would cost rows: those that the old table or column still
    has, or changes of rows that are then taken to have run. An index that was not made anew is as good as one that
    was."""
    other = standing.otherwise
    if other is None or not other.fits:
        return standing
    taken = range(other.fits[0], standing.fits[0])
    if any(not operations[index].postconditions and not leaves_nothing(operations[index]) for index in taken):
        return other
    gone = [fact for index in taken for fact in taken_away(operations[index])]
    return other if any(_may_hold_rows(session, fact) for fact in gone) else standing


def _may_hold_rows(session: Session, fact: Postcondition) -> bool:
    """Whether a table holds rows, or a column values; where that cannot be seen, it may."""
    if fact.object == "table":
        return _is_there(session, fact.name)
    if fact.object == "column" and fact.table is not None:
        return _is_there(session, fact.table, fact.name)
    return True


def _is_there(session: Session, table: Name, column: Name | None = None) -> bool:
    where = f" WHERE {quoted(session.dialect, column)} IS NOT NULL" if column is not None else ""
    query = f"SELECT 1 FROM {quoted(session.dialect, table)}{where} LIMIT 1"  # noqa: S608 - quoted names
    try:
        return bool(session.ask(query))
    except Unreachable:
        with suppress(Unreachable):
            session.again()
        return True
