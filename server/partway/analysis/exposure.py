"""Which operations a repeat runs into.

The section runs up to a commit point, stops, and is run again from its beginning. An operation is exposed when, at
that second time, what it makes is already there: nothing earlier in the section has undone it, and there is a commit
point after which it was done. `DROP ... IF EXISTS` before CREATE, or a helper table made and dropped again, are thus
no finding.
"""

from __future__ import annotations

from bisect import bisect_left

from partway.analysis.history import History
from partway.core.operation import CLEARED, NOT_REACHED_AGAIN, Action, GuardForm, Operation, Repeat
from partway.core.postcondition import Name, Postcondition
from partway.dialects.dialect import Dialect, Version
from partway.rules.case import Exposure, Flow

#: What a second run does to an operation that is in danger of one.
_ENDANGERED = frozenset((Repeat.FAILS, Repeat.CHANGES))
#: Guards of a drop that ask for nothing but whether the thing is there.
_WHATEVER = (GuardForm.IF_EXISTS, GuardForm.OPTION)
_NAMELESS_KINDS = frozenset({"insert", "update", "delete", "copy", "merge"})
_ROWS = frozenset({"insert", "copy"})
_RELATIONS = ("table", "view", "materialized-view", "foreign-table", "sequence")


def exposures(
    operations: tuple[Operation, ...], flow: Flow, history: History, server: Version
) -> dict[int, Exposure]:
    """The exposed operations by index. Empty where the section is kept or lost as one."""
    found: dict[int, Exposure] = {}
    endangered = [
        pair
        for pair in enumerate(operations)
        if pair[1].repeat in _ENDANGERED and pair[0] not in flow.elsewhere
    ]
    for index, operation in endangered:
        if index not in flow.transactional:
            leaves = _leaves(operation, history.dialect, server)
            if leaves and not _cleared(operations, index, history):
                found[index] = Exposure(index, None, leaves)
    if flow.units < 2 or not flow.commit_points:
        return found
    stops = [point.after for point in flow.commit_points]
    for index, operation in endangered:
        if index in found:
            continue
        first: int | None = None
        for action in operation.actions:
            stop = _stop(action, index, history, stops)
            if stop is not None and (first is None or stop < first):
                first = stop
        if first is not None:
            found[index] = Exposure(index, flow.commit_points[first])
    return found


def _leaves(operation: Operation, dialect: Dialect, server: Version) -> str:
    """What a failure of the operation itself leaves behind, outside a transaction."""
    for action in operation.actions:
        row = dialect.row(action.kind, action.traits, server)
        # What a failed DROP INDEX leaves is still there to be dropped when it is run again.
        if row is not None and row.leaves and action.kind != "drop-index":
            return row.leaves
    return ""


def _cleared(operations: tuple[Operation, ...], index: int, history: History) -> bool:
    """Whether the section drops right before what the operation makes, whatever state it is in, and with it what a
    failure has left of it. A drop behind a look may be for what is broken alone."""
    facts = (fact for action in operations[index].actions for fact in action.postconditions)
    made = next((fact for fact in facts if fact.name.name and fact.present), None)
    if made is None or history.of(made).before(index) is not False:
        return False
    if any(CLEARED in action.traits for action in operations[index].actions):
        return True
    for earlier in reversed(operations[:index]):
        for action in earlier.actions:
            if any(
                not fact.present and history.of(fact) is history.of(made) for fact in action.postconditions
            ):
                return action.guard is None or action.guard.form in _WHATEVER
    return False


def _stop(action: Action, index: int, history: History, stops: list[int]) -> int | None:
    """The first commit point (its place in the list) after which a repeat runs into this action; None where none."""
    if action.repeat not in _ENDANGERED or (action.guard is not None and action.guard.covers):
        return None
    first = bisect_left(stops, index)
    if first == len(stops):
        return None
    fact: Postcondition | None = None  # the first with a name
    table: Name | None = None
    for each in action.postconditions:
        if fact is None and each.name.name:
            fact = each
        if table is None:
            table = each.table
        if fact is not None and table is not None:
            break
    if action.kind in _NAMELESS_KINDS:
        if NOT_REACHED_AGAIN in action.traits:
            return None
        schema, _, name = action.target.rpartition(".")
        table = Name(name, schema or None)
    around = history.container(table) if table is not None else None
    if around is not None and around.gone_before(index):
        return None
    if table is not None and history.is_temporary(table):
        return None
    if action.kind in _ROWS and table is not None and history.emptied_before(table, index):
        return None
    if fact is None:
        return None if table is not None and history.remade(action, table, index) else first
    touches = history.of(fact)
    if history.named_in_calls and history.named_in_calls.get(fact.name.name.lower(), index) < index:
        return None  # what a procedure does with it cannot be told: most likely it drops it
    if not touches.only(index):
        if touches.before(index) is (not fact.present):
            return None
        flip = touches.next(index, present=not fact.present)
        if flip is not None and stops[first] >= flip:
            return None
    if around is not None and fact.present and fact.object not in _RELATIONS:
        gone = around.next(index, present=False)
        if gone is not None and stops[first] >= gone:
            return None
    return first
