"""Which operations of a migration have run, as a person and a database say. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from partway.core.operation import Operation
from partway.core.postcondition import Name
from partway.live.own import State
from partway.live.state import Standing
from partway.tools.resuming import CannotResume


def listed(numbers: Iterable[int]) -> str:
    """Numbers as the command takes them."""
    return ",".join(map(str, numbers))


def what_ran(
    operations: Sequence[Operation],
    standing: Standing | None,
    applied: Collection[int] = (),
    pending: Collection[int] = (),
) -> list[bool | None]:
    """Which operations have run; None for those of which nobody knows."""
    ran = [_ran(index, standing, applied, pending) for index in range(len(operations))]
    if standing is not None and standing.point is None and False in ran:
        # What is to be taken away is not there before it is made either.
        for index in range(ran.index(False), len(ran)):
            gone = operations[index].postconditions and not any(
                fact.present for fact in operations[index].postconditions
            )
            if ran[index] and gone and index not in applied:
                ran[index] = None
    return ran


def _ran(
    index: int, standing: Standing | None, applied: Collection[int], pending: Collection[int]
) -> bool | None:
    """What is known of an operation: a person has the last word, then the point where the migration stopped."""
    if index in applied:
        return True
    if index in pending:
        return False
    if standing is None:
        return None
    state = standing.states[index].state
    if standing.point is not None:
        after, before = standing.point
        if index <= after:
            return True
        if index >= before:
            return False
    return {State.APPLIED: True, State.PENDING: False, State.INVALID: False}.get(state)


#: What RENAME TABLE of MySQL, and ALTER TABLE ... RENAME of PostgreSQL, give another name as well.
_LIKE_TABLES = frozenset({"view", "materialized-view", "sequence", "foreign-table"})


def refuse_what_is_called_a_table(operations: Sequence[Operation]) -> None:
    """Raises CannotResume where an operation gives a view or a sequence that the migration made another name as if it
    were a table: nothing would look for it as what it is."""
    made: dict[Name, str] = {}
    for index, one in enumerate(operations):
        if one.kind == "rename-table" and one.postconditions:
            what = made.get(one.postconditions[0].name)
            if what is not None:
                raise CannotResume(
                    f"operation {index} gives the {what.replace('-', ' ')} {one.postconditions[0].name} another name as"
                    " if it were a table, and what a table is looked for by does not show that",
                    "Finish it by hand, or name it as what it is in the migration",
                )
        made.update(
            (fact.name, fact.object)
            for action in one.actions
            if action.kind.startswith("create-")
            for fact in action.postconditions[:1]
            if fact.present and fact.object in _LIKE_TABLES
        )


def refuse_what_is_different(
    operations: Sequence[Operation], standing: Standing | None, ran: Sequence[bool | None]
) -> None:
    """Raises CannotResume where something else has the name of what an operation makes that has not run."""
    if standing is None:
        return
    for index, state in enumerate(standing.states):
        if state.state is State.DIFFERENT and ran[index] is None and standing.point is not None:
            between = range(standing.point.after + 1, standing.point.before)
            raise CannotResume(
                f"the database looks the same before operation {between[0]} and after operation {between[-1]}, and"
                " nobody can tell which of them have run",
                f"Look at what is there, and say so: --assume-applied {listed(between)} or --assume-pending"
                f" {listed(between)}",
                state.query,
            )
        if state.state is State.DIFFERENT and ran[index] is not True:
            one = operations[index]
            shapes = f" (wanted: {state.wanted}; found: {state.found})" if state.wanted else ""
            raise CannotResume(
                f"operation {index}, {one.kind} {one.target}: {state.reason}{shapes}",
                "Change what is there to what is wanted, or take it away, and ask again",
                state.query,
            )
