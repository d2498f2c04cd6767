"""What the catalog says of one operation by itself, whatever stands around it in its migration. Pure."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import NamedTuple

from partway.core.operation import Operation
from partway.core.postcondition import Name, Postcondition
from partway.dialects import dialect_named
from partway.live.before import REPLACING
from partway.live.entries import Entry, Key
from partway.live.match import Holds, Match, Matcher
from partway.live.queries import query
from partway.live.simulation import World
from partway.live.wanted import rebuilt_concurrently


class State(StrEnum):
    """What is true of an operation. Public: part of the JSON of `status`."""

    APPLIED = "applied"
    PENDING = "pending"
    DIFFERENT = "different"  # something has that name but is not what the operation makes
    INVALID = "invalid"  # left broken: an INVALID index, a NOT VALID constraint
    UNKNOWN = "unknown"


class OperationState(NamedTuple):
    """The state of one operation, why, and the query with which a person can see it (empty where there is none).
    `wanted` and `found` are both shapes of what is different; `holder` is the table that is in the way, with what is in
    it."""

    state: State
    reason: str
    query: str = ""
    wanted: str = ""
    found: str = ""
    holder: Name | None = None


#: Kinds of operations that leave nothing behind but in their own session.
_IDLE = frozenset(
    """set prepare deallocate use lock-table unlock-tables lock-instance unlock-instance begin commit rollback savepoint
    release rollback-to discard flush notify checkpoint handler checksum-table analyze vacuum check-table
    do pragma""".split()  # noqa: SIM905 - a list of words
)
#: What makes some of them last all the same.
_LASTING = frozenset(
    """global password default-role user-version application-id journal-mode auto-vacuum encoding
    page-size""".split()  # noqa: SIM905 - a list of words
)


def leaves_nothing(operation: Operation) -> bool:
    """Whether an operation leaves nothing behind but in its own session."""
    return operation.kind in _IDLE and not any(action.traits & _LASTING for action in operation.actions)


def own_state(operation: Operation, matcher: Matcher) -> OperationState:
    """What the catalog says of one operation, whatever stands around it."""
    world = World(dialect_named(matcher.snapshot.dialect))
    world.apply(operation)
    if world.temporary:
        return OperationState(State.UNKNOWN, "what is temporary is seen by its own session alone")
    entries = list(world.entries.values())
    if not entries:
        left = _left_by_rebuild(operation, matcher)
        return (
            OperationState(State.INVALID, left) if left else OperationState(State.UNKNOWN, _unseen(operation))
        )
    exchanged = _exchanged(operation, world)
    entries = [entry for key, entry in world.entries.items() if key not in exchanged] or entries
    # What is guarded may have been so before: whether the operation has run, the rest of it tells.
    guarded = {
        world.key(fact)
        for action in operation.actions
        if action.guard is not None
        for fact in action.postconditions
    }
    entries = [entry for entry in entries if world.key(entry.fact) not in guarded] or entries
    matches = [(entry, matcher.match(entry.fact, entry.full)) for entry in entries]
    shown = query(entries[0].fact, matcher.snapshot.dialect)
    state, match = _together(operation, matches)
    if state is State.DIFFERENT and not match.taken and _replaces(operation):
        state = State.PENDING  # it takes away what is there
    return OperationState(state, match.reason, shown, match.wanted, match.found, match.holder)


def _exchanged(operation: Operation, world: World) -> set[Key]:
    """What has the same names before an operation of renames and after it: RENAME TABLE a TO b, c TO a."""
    if not operation.kind.startswith("rename-"):
        return set()
    first: dict[Key, Postcondition] = {}
    for fact in operation.postconditions:
        first.setdefault(world.key(fact), fact)
    # What is taken away first was there; what is made first was not.
    return {key for key, entry in world.entries.items() if first[key].present != entry.fact.present}


def _together(operation: Operation, matches: list[tuple[Entry, Match]]) -> tuple[State, Match]:
    """The state that an operation's facts make, with the match that says why."""
    defining = [(entry, match) for entry, match in matches if entry.full]
    told = defining or matches
    holds = [match.holds for _, match in told]
    first = told[0][1]

    def one(*wanted: Holds) -> Match:
        return next(match for _, match in told if match.holds in wanted)

    if not defining:
        if Holds.NO in holds:
            return State.PENDING, one(Holds.NO)
        if Holds.DIFFERENT in holds or Holds.INVALID in holds:
            return State.PENDING, one(Holds.DIFFERENT, Holds.INVALID)
    elif operation.kind.startswith("create-") and holds[0] is Holds.NO:
        return State.PENDING, first
    if Holds.DIFFERENT in holds:
        return State.DIFFERENT, one(Holds.DIFFERENT)
    if Holds.INVALID in holds:
        return State.INVALID, one(Holds.INVALID)
    good = {Holds.YES, Holds.LIKELY}
    if Holds.NO in holds and any(match.homeless for _, match in told):
        return State.PENDING, one(Holds.NO)
    if Holds.NO in holds and good & set(holds):
        if all(action.guard is not None for action in operation.actions) and (
            len(operation.actions) > 1 or operation.kind.startswith("drop-")
        ):
            return State.PENDING, one(Holds.NO)
        if operation.kind in ("grant", "revoke"):
            return State.PENDING, one(Holds.NO)  # some of it may have been so before
        return _mixed(told)
    if Holds.NO in holds:
        return State.PENDING, one(Holds.NO)
    if Holds.LIKELY in holds or Holds.UNKNOWN in holds:
        return State.UNKNOWN, one(Holds.LIKELY, Holds.UNKNOWN)
    # What it is called now says more than that the old name is gone.
    new = next((match for entry, match in told if entry.fact.present), first)
    return State.APPLIED, new if operation.kind.startswith("rename-") else first


def _replaces(operation: Operation) -> bool:
    """Whether an operation takes away what has the name of what it makes: OR REPLACE, or a drop before it."""
    if any(action.guard is not None and action.guard.form in REPLACING for action in operation.actions):
        return True
    dropped = {fact.name.name.lower() for fact in operation.postconditions if not fact.present}
    made = {fact.name.name.lower() for fact in operation.postconditions if fact.present}
    return bool(dropped & made) and operation.kind.partition("-")[0] != "rename"


_REBUILT = re.compile(r"_ccnew\d*\Z")


def _left_by_rebuild(operation: Operation, matcher: Matcher) -> str:
    """What a failed REINDEX CONCURRENTLY left, in words; empty where it left nothing."""
    for name in rebuilt_concurrently(operation):
        table = matcher.snapshot.named("table", name)
        for thing in matcher.snapshot.things:
            own = thing.name.name.rpartition("_ccnew")[0] == name.name or (
                table is not None and thing.table == table.name
            )
            if (
                thing.object == "index"
                and own
                and _REBUILT.search(thing.name.name)
                and thing.attributes.get("valid") == "no"
            ):
                return f"index {thing.name} is left INVALID by a rebuild that failed"
    return ""


def _mixed(told: list[tuple[Entry, Match]]) -> tuple[State, Match]:
    """An engine does all of an operation or nothing: where only part of it is true, something else did that."""
    there = [match.reason for _, match in told if match.holds is not Holds.NO]
    missing = [match.reason for _, match in told if match.holds is Holds.NO]
    reason = f"{there[0]}, but {missing[0]}"
    return State.DIFFERENT, Match(Holds.DIFFERENT, reason, found="; ".join(there[:3] + missing[:3]))


def _unseen(operation: Operation) -> str:
    if operation.kind == "opaque":
        return operation.why_opaque or "it could not be read"
    if operation.kind in ("insert", "update", "delete", "merge", "copy", "truncate", "select", "execute"):
        return "a change of rows shows nowhere in the catalog"
    if leaves_nothing(operation):
        return "it leaves nothing behind"
    return f"what {operation.kind} does is not asked of the catalog"
