"""Whether it matters to a resume that a migration may not have made anew what it is taken to have made anew."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
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
    was; and who fills a table and puts it in another one's place does that to have another one."""
    other = standing.otherwise
    if other is None or not other.fits:
        return standing
    taken = range(other.fits[0], standing.fits[0])
    between = [operations[index] for index in taken]
    made = list(_made(between))
    own = {str(fact.name) for fact in made if fact.object == "table"}
    if any(_changes_rows(one) and one.target not in own for one in between):
        return other
    gone = [fact for one in between for fact in taken_away(one)]
    again = [fact for fact in gone if any(_is_same(fact, one) for one in made)]
    return other if any(_may_hold_rows(session, fact) for fact in again) else standing


def _made(operations: Iterable[Operation]) -> Iterator[Postcondition]:
    """What they make, as against what they give another one's name."""
    for one in operations:
        for action in one.actions:
            if action.kind.startswith(("create-", "add-")) and not action.only_says:
                yield from (fact for fact in action.postconditions if fact.present)


def _is_same(fact: Postcondition, other: Postcondition) -> bool:
    return (fact.object, fact.name, fact.table) == (other.object, other.name, other.table)


def _changes_rows(operation: Operation) -> bool:
    """Whether it changes rows, or what nobody can read."""
    return not operation.postconditions and not leaves_nothing(operation)


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
