"""What is true of each operation of a migration in one database, and where it stopped. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from partway.core.operation import Operation
from partway.core.postcondition import Name
from partway.live.failure import FailurePoint, failure_point, fitting, made_otherwise
from partway.live.lasting import Lasting
from partway.live.match import Matcher
from partway.live.own import OperationState, State, own_state
from partway.live.snapshot.model import Snapshot


class Standing(NamedTuple):
    """How a section of a migration stands in a database. `fits` are the numbers of operations that can have run;
    without any, someone has mended by hand, and `point` is None. `otherwise` is how it stands if what it takes away and
    makes again was just so before, where nothing tells that it was not and this takes it for something else."""

    states: tuple[OperationState, ...]
    point: FailurePoint | None
    fits: tuple[int, ...]
    otherwise: Standing | None = None

    @property
    def half_way(self) -> bool | None:
        """Whether some of it is applied and some is not; None where that cannot be told."""
        if self.point is not None:
            done, open_ = self.point
            total = len(self.states)
            if done < 0 and open_ == 0:
                return any(one.state is State.INVALID for one in self.states)
            if done == total - 1:
                return False
            # All that can be seen is there: what stands behind it may have run as well.
            return True if done >= 0 and open_ < total else None
        said = {one.state for one in self.states}
        return (
            bool(said - {State.APPLIED, State.PENDING, State.UNKNOWN})
            or {State.APPLIED, State.PENDING} <= said
        )


def made_by(operations: Iterable[Operation]) -> frozenset[Name]:
    """The names of what these operations make themselves."""
    return frozenset(
        fact.name
        for operation in operations
        for action in operation.actions
        if action.kind.startswith("create-")
        for fact in action.postconditions[:1]
        if fact.present and fact.table is None
    )


def standing(
    operations: tuple[Operation, ...],
    snapshot: Snapshot,
    most: int | None = None,
    before: Lasting | None = None,
    *,
    open_: bool = False,
) -> Standing:
    """How these operations, one section of a migration in order, stand in the database of the snapshot. With `most`, it
    is known that no more of them can have run; `before` is the world in which they ran. Of what they take away and make
    again it is taken that it was something else, unless that world says so, or is still to be asked (`open_`)."""
    matcher = Matcher(snapshot, made_by(operations))
    fits = fitting(operations, matcher)
    if before is not None and len(fits) > 1:
        fits = before.settled(operations, fits, matcher)
    own = [own_state(operation, matcher) for operation in operations]
    found = _standing(operations, own, _at_most(most, fits))
    if open_ or len(fits) < 2 or (before is not None and before.knows_what_is_made_anew(operations)):
        return found
    narrower = made_otherwise(operations, fits, matcher)
    if narrower == fits:
        return found
    supposed = _standing(operations, own, _at_most(most, narrower))
    return _with_the_doubt(supposed, found.fits)._replace(otherwise=found)


def _at_most(most: int | None, fits: tuple[int, ...]) -> tuple[int, ...]:
    if most is not None and fits and fits[-1] > most:
        return (*(one for one in fits if one < most), most)
    return fits


def _standing(
    operations: tuple[Operation, ...], own: list[OperationState], fits: tuple[int, ...]
) -> Standing:
    if not fits and _is_in_the_way(own):
        return Standing(tuple(own), FailurePoint(-1, 0), (0,))
    if not fits:
        return Standing(tuple(own), None, ())
    point = failure_point(fits)
    states = tuple(_placed(index, state, own, fits) for index, state in enumerate(own))
    states = tuple(
        _cleared(operations, index, state, fits[-1]) if index > fits[-1] else state
        for index, state in enumerate(states)
    )
    return Standing(states, point, fits)


def _with_the_doubt(found: Standing, fits: tuple[int, ...]) -> Standing:
    """How it stands, with what these numbers of operations would say instead."""
    unsure = range(fits[0], found.fits[0])
    states = tuple(
        one._replace(reason=f"{one.reason}; if it was just so before, this may not have run")
        if index in unsure
        else one
        for index, one in enumerate(found.states)
    )
    return found._replace(states=states)


def _is_in_the_way(own: list[OperationState]) -> bool:
    """Whether nothing of a migration is there but what something else has made: it stands behind what has not run."""
    states = [one.state for one in own]
    return states[0] is State.PENDING and not {State.APPLIED, State.INVALID, State.UNKNOWN} & set(states)


#: States of an operation of which something is there.
_THERE = frozenset({State.APPLIED, State.INVALID, State.DIFFERENT})


def done(operations: tuple[Operation, ...], stands: Standing) -> tuple[Operation, ...]:
    """The operations that have run, or may have."""
    if stands.point is not None:
        return operations[: stands.point.before]
    return tuple(one for one, state in zip(operations, stands.states, strict=True) if state.state in _THERE)


def changed_since(operations: tuple[Operation, ...], stands: Standing) -> Standing:
    """How a migration stands that is known to have run in full: later ones have changed what it left."""
    total = len(stands.states)
    changed = "done, and changed again by a later migration"
    perhaps = "it runs on a condition alone that cannot be read"
    states = tuple(
        one
        if one.state in (State.APPLIED, State.UNKNOWN)
        else one._replace(
            state=State.UNKNOWN if operation.conditional else State.APPLIED,
            reason=perhaps if operation.conditional else changed,
            wanted="",
            found="",
        )
        for operation, one in zip(operations, stands.states, strict=True)
    )
    return Standing(states, FailurePoint(total - 1, total) if total else stands.point, (total,))


def not_begun(stands: Standing) -> Standing:
    """How a migration stands that is known not to have run: what is as it would leave it was so before."""
    states = tuple(
        one._replace(state=State.PENDING, reason=f"not run yet, though {one.reason}")
        if one.state is State.APPLIED
        else one
        for one in stands.states
    )
    return Standing(states, FailurePoint(-1, 0), (0,))


def _cleared(
    operations: tuple[Operation, ...], index: int, state: OperationState, most: int
) -> OperationState:
    """What is in the way of an operation further on is not, if one before it that has not run takes it away."""
    if state.state is not State.DIFFERENT:
        return state
    facts = operations[index].postconditions
    waiting = [fact for one in operations[most:index] for fact in one.postconditions]
    gone = {fact.name.name.lower() for fact in waiting if not fact.present}
    made = {fact.name.name.lower() for fact in waiting if fact.present}
    names = {fact.name.name.lower() for fact in facts} | {
        fact.table.name.lower() for fact in facts if fact.table is not None
    }
    dropped = {
        fact.name.name.lower()
        for one in operations[most:index]
        for action in one.actions
        if action.kind.startswith("drop-")
        for fact in action.postconditions
    }
    in_the_way = {state.holder.name.lower()} if state.holder is not None else set()
    # Nothing here tells what was in a table that goes, under whichever name it goes.
    goes_along = any(
        action.kind == "drop-table" for one in operations[most:index] for action in one.actions
    ) and any(fact.object == "index" and fact.present for fact in facts)
    if names & (gone | made) or in_the_way & dropped or goes_along:
        reason = "it runs after operations that are not applied, and that change what is there"
        return OperationState(State.PENDING, reason, state.query)
    return state


def _placed(
    index: int, state: OperationState, own: list[OperationState], fits: tuple[int, ...]
) -> OperationState:
    """An operation's state, given where the run can have stopped."""
    least, most = fits[0], fits[-1]
    if index < least:
        if state.state is State.APPLIED:
            return state
        later = next((n for n in range(index + 1, least) if own[n].state is State.APPLIED), None)
        if state.state is State.UNKNOWN:
            why = f"it runs before operation {later}, which is applied" if later is not None else state.reason
            return state._replace(state=State.APPLIED, reason=why)
        return state._replace(
            state=State.APPLIED, reason="done, and changed again by a later operation", wanted="", found=""
        )
    if index >= most:
        if state.state in (State.DIFFERENT, State.INVALID, State.PENDING):
            return state
        if state.state is State.UNKNOWN:
            return state._replace(
                state=State.PENDING, reason="it runs after an operation that is not applied"
            )
        if index == most and state.state is State.APPLIED:
            return state._replace(state=State.PENDING, reason=f"not run yet, though {state.reason}")
        return state._replace(state=State.PENDING, reason="it runs after an operation that is not applied")
    if state.state in (State.DIFFERENT, State.INVALID):
        return state
    if len(fits) < most - least + 1:
        reason = "the database looks the same before it and after what undoes it"
    else:
        reason = state.reason
    return state._replace(state=State.UNKNOWN, reason=reason)
