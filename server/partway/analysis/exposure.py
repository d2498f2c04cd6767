"""Which operations a repeat runs into.

The section runs up to a commit point, stops, and is run again from its beginning. An operation is exposed when, at
that second time, what it makes is already there: nothing earlier in the section has undone it, and there is a commit
point after which it was done. `DROP ... IF EXISTS` before CREATE, or a helper table made and dropped again, are thus
no finding.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cached_property
from typing import NamedTuple

from partway.core.operation import Action, Operation, Repeat
from partway.core.postcondition import Name, Postcondition
from partway.dialects.dialect import Dialect, Version
from partway.rules.case import Exposure, Flow

_NAMELESS_KINDS = frozenset({"insert", "update", "delete", "copy", "merge"})
_STRING = re.compile(r"'([^']*)'")
_RELATIONS = ("table", "view", "materialized-view", "foreign-table", "sequence")


class Touch(NamedTuple):
    """An operation that makes a thing present or absent."""

    place: int
    present: bool


class History:
    """What each operation does to each thing, found by the thing."""

    def __init__(self, operations: tuple[Operation, ...], dialect: Dialect, text: str) -> None:
        self.operations = operations
        self.dialect = dialect
        self._text = text
        self._table = dialect.namespaces.get("table", "table")
        self._names: dict[Name, tuple[str, str]] = {}

    @cached_property
    def touches(self) -> dict[tuple[str, ...], list[Touch]]:
        """Who makes a thing come or go, by the thing's key, in order."""
        found: dict[tuple[str, ...], list[Touch]] = {}
        for index, operation in enumerate(self.operations):
            facts = operation.postconditions
            only_said = _only_said(operation)
            for fact in facts:
                if fact.name.name and fact not in only_said:
                    found.setdefault(self.key(fact), []).append(Touch(index, fact.present))
        return found

    @cached_property
    def temporary(self) -> frozenset[tuple[str, ...]]:
        """The keys of the tables that are made for this session only."""
        return frozenset(
            self.key(fact)
            for operation in self.operations
            for action in operation.actions
            if action.kind == "create-table" and "temporary" in action.traits
            for fact in action.postconditions[:1]
        )

    @cached_property
    def named_in_calls(self) -> dict[str, int]:
        """What calls of procedures name in strings, in lower case, with the place of the first call that does."""
        found: dict[str, int] = {}
        for index, operation in enumerate(self.operations):
            if operation.kind == "call":
                for name in _STRING.findall(self._text, *operation.span):
                    found.setdefault(name.lower(), index)
        return found

    def key(self, fact: Postcondition) -> tuple[str, ...]:
        """The thing a fact is about, the same for every spelling of its name."""
        dialect = self.dialect
        space = dialect.namespaces.get(fact.object, fact.object)
        own = dialect.key(fact.name.name).lower() if fact.object == "column" else dialect.key(fact.name.name)
        in_table = fact.table is not None and (fact.object != "index" or dialect.indexes_in_table)
        table = self._named(fact.table) if in_table and fact.table is not None else ()
        return (space, *table, own) if in_table else (space, *self._named(fact.name))

    def _named(self, name: Name) -> tuple[str, ...]:
        found = self._names.get(name)
        if found is None:
            schema = name.schema or self.dialect.default_schema
            found = self._names[name] = (self.dialect.key(schema), self.dialect.key(name.name))
        return found

    def reused(self, operation: Operation, index: int) -> bool:
        """Whether a name that the operation drops or renames away means something else later in the section, so that
        a guard by name would, on a repeat, look at the wrong thing."""
        return any(
            touch.place > index and touch.present
            for fact in operation.postconditions
            if not fact.present and fact.name.name
            for touch in self.touches.get(self.key(fact), ())
        )

    def is_temporary(self, table: Name) -> bool:
        """Whether the section makes this table for its own session only, so that a repeat finds none."""
        return (self._table, *self._named(table)) in self.temporary

    def remade(self, action: Action, table: Name, index: int) -> bool:
        """Whether the section drops before this, from the same table, what an engine would call this nameless thing:
        its names begin with the table's."""
        space = self.dialect.namespaces.get("constraint", "constraint")
        inside = (space, *self._named(table))
        begin = f"{inside[-1]}_"
        return "unnamed" in action.traits and any(
            key[:-1] == inside and key[-1].startswith(begin) and _emptied_before(touches, index)
            for key, touches in self.touches.items()
        )

    def container(self, table: Name) -> list[Touch]:
        """What is done to a table as a whole."""
        return self.touches.get((self._table, *self._named(table)), [])


def _only_said(operation: Operation) -> tuple[Postcondition, ...]:
    """The facts that make nothing come or go: ALTER COLUMN ... SET says what a column is like."""
    return tuple(
        fact
        for action in operation.actions
        if action.kind.startswith(("alter-", "validate-"))
        for fact in action.postconditions
    )


def exposures(
    operations: tuple[Operation, ...], flow: Flow, history: History, server: Version
) -> dict[int, Exposure]:
    """The exposed operations by index. Empty where the section is kept or lost as one."""
    found: dict[int, Exposure] = {}
    for index, operation in enumerate(operations):
        leaves = _leaves(operation, index, flow, history.dialect, server)
        if leaves and operation.repeat in (Repeat.FAILS, Repeat.CHANGES):
            found[index] = Exposure(index, None, leaves)
    if flow.units < 2 or not flow.commit_points:
        return found
    stops = [point.after for point in flow.commit_points]
    for index, operation in enumerate(operations):
        if index in found or operation.repeat in (Repeat.SAME, Repeat.UNKNOWN):
            continue
        at = min(
            (
                stop
                for action in operation.actions
                if (stop := _stop(action, index, history, stops)) is not None
            ),
            default=None,
        )
        if at is not None:
            found[index] = Exposure(index, flow.commit_points[at])
    return found


def _leaves(operation: Operation, index: int, flow: Flow, dialect: Dialect, server: Version) -> str:
    """What a failure of the operation itself leaves behind, outside a transaction."""
    if index in flow.transactional:
        return ""
    for action in operation.actions:
        if action.kind == "drop-index":
            continue  # what is left is still there to be dropped when it is run again
        row = dialect.row(action.kind, action.traits, server)
        if row is not None and row.leaves:
            return row.leaves
    return ""


def _stop(action: Action, index: int, history: History, stops: list[int]) -> int | None:
    """The first commit point (its place in the list) after which a repeat runs into this action; None where none."""
    if action.repeat in (Repeat.SAME, Repeat.UNKNOWN) or (action.guard is not None and action.guard.covers):
        return None
    first = bisect_left(stops, index)
    if first == len(stops):
        return None
    facts = [fact for fact in action.postconditions if fact.name.name]
    table = next((fact.table for fact in action.postconditions if fact.table is not None), None)
    if action.kind in _NAMELESS_KINDS:
        schema, _, name = action.target.rpartition(".")
        table = Name(name, schema or None)
    if table is not None and (
        history.is_temporary(table) or _emptied_before(history.container(table), index)
    ):
        return None
    if not facts:
        return None if table is not None and history.remade(action, table, index) else first
    fact = facts[0]
    touches = history.touches.get(history.key(fact), [])
    if history.named_in_calls.get(fact.name.name.lower(), index) < index:
        return None  # what a procedure does with it cannot be told: most likely it drops it
    before = [touch for touch in touches if touch.place < index]
    if before and before[-1].present != fact.present:
        return None
    flips = [touch.place for touch in touches if touch.place > index and touch.present != fact.present]
    if table is not None and fact.present and fact.object not in _RELATIONS:
        flips += [
            touch.place for touch in history.container(table) if touch.place > index and not touch.present
        ]
    if flips and stops[first] >= min(flips):
        return None
    return first


def _emptied_before(touches: list[Touch], index: int) -> bool:
    """Whether the table was dropped earlier in the section, so that the repeat finds it fresh."""
    return any(not touch.present for touch in touches if touch.place < index)
