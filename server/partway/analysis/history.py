"""What each operation of a section makes come and go, found by the thing."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from functools import cached_property
from typing import NamedTuple

from partway.core.operation import CONDITIONAL, EVERY_ROW, Action, Operation
from partway.core.postcondition import Name, Postcondition
from partway.dialects.dialect import Dialect

_STRING = re.compile(r"'([^']*)'")


class Touches:
    """The operations that make one thing come or go, by their places in the section. Both lists are in order."""

    __slots__ = ("gone", "made")

    def __init__(self) -> None:
        self.made: list[int] = []
        self.gone: list[int] = []

    def of(self, *, present: bool) -> list[int]:
        """The places that leave the thing there, or gone."""
        return self.made if present else self.gone

    def before(self, index: int) -> bool | None:
        """Whether the thing is there when this place is reached; None where nothing above says so."""
        made, gone = bisect_left(self.made, index), bisect_left(self.gone, index)
        if not made and not gone:
            return None
        return (self.made[made - 1] if made else -1) >= (self.gone[gone - 1] if gone else -1)

    def next(self, index: int, *, present: bool) -> int | None:
        """The first place behind this one that leaves the thing there, or gone."""
        places = self.of(present=present)
        at = bisect_right(places, index)
        return places[at] if at < len(places) else None

    def only(self, index: int) -> bool:
        """Whether nothing but this place touches the thing."""
        made, gone = self.made, self.gone
        return (not gone and made == [index]) or (not made and gone == [index])

    def gone_after(self, index: int) -> list[int]:
        """The places behind this one that make it go."""
        return self.gone[bisect_right(self.gone, index) :]

    def gone_before(self, index: int) -> bool:
        """Whether something above makes it go."""
        return bool(self.gone) and self.gone[0] < index

    def made_before(self, index: int) -> bool:
        """Whether something above makes it."""
        return bool(self.made) and self.made[0] < index


_UNTOUCHED = Touches()


class _Index(NamedTuple):
    """Who makes a thing come or go, by the thing's key; the keys of the tables that are made for this session only;
    what calls of procedures name in strings, in lower case, with the place of the first call that does."""

    touches: dict[tuple[str, ...], Touches]
    temporary: set[tuple[str, ...]]
    called: dict[str, int]


class History:
    """What each operation does to each thing, found by the thing."""

    def __init__(self, operations: tuple[Operation, ...], dialect: Dialect, text: str) -> None:
        self.operations = operations
        self.dialect = dialect
        self._text = text
        self._table = dialect.namespaces.get("table", "table")
        self._names: dict[Name, tuple[str, str]] = {}
        self._containers: dict[Name, Touches] = {}
        # What is done to what the operations' own facts are about, by identity: they live as long as this does.
        self._of: dict[int, Touches] = {}

    @cached_property
    def _index(self) -> _Index:
        """What the whole section holds, found in one walk when first asked for."""
        found = _Index({}, set(), {})
        all_touches, of, key_of = found.touches, self._of, self.key
        for index, operation in enumerate(self.operations):
            only_said = _only_said(operation)
            if operation.kind == "call":
                for name in _STRING.findall(self._text, *operation.span):
                    found.called.setdefault(name.lower(), index)
            for action in operation.actions:
                facts = action.postconditions
                if "temporary" in action.traits and action.kind == "create-table" and facts:
                    found.temporary.add(key_of(facts[0]))
                for fact in facts:
                    if fact.name.name and (not only_said or fact not in only_said):
                        key = key_of(fact)
                        touches = all_touches.get(key)
                        if touches is None:
                            touches = all_touches[key] = Touches()
                        of[id(fact)] = touches
                        (touches.made if fact.present else touches.gone).append(index)
        return found

    @property
    def named_in_calls(self) -> dict[str, int]:
        """What calls of procedures name in strings, in lower case, with the place of the first call that does."""
        return self._index.called

    def key(self, fact: Postcondition) -> tuple[str, ...]:
        """The thing a fact is about, the same for every spelling of its name."""
        kind, name, _, table, _ = fact
        dialect = self.dialect
        space = dialect.namespaces.get(kind, kind)
        if table is None or (kind == "index" and not dialect.indexes_in_table):
            return (space, *self._named(name))
        own = name.name.lower() if kind == "column" else dialect.key(name.name)
        return (space, *self._named(table), own)

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
            self.of(fact).next(index, present=True) is not None
            for fact in operation.postconditions
            if not fact.present and fact.name.name
        )

    def is_temporary(self, table: Name) -> bool:
        """Whether the section makes this table for its own session only, so that a repeat finds none."""
        temporary = self._index.temporary
        return bool(temporary) and (self._table, *self._named(table)) in temporary

    def remade(self, action: Action, table: Name, index: int) -> bool:
        """Whether the section drops before this, from the same table, what an engine would call this nameless thing:
        its names begin with the table's."""
        space = self.dialect.namespaces.get("constraint", "constraint")
        inside = (space, *self._named(table))
        begin = f"{inside[-1]}_"
        return "unnamed" in action.traits and any(
            key[:-1] == inside and key[-1].startswith(begin) and touches.gone_before(index)
            for key, touches in self._index.touches.items()
        )

    @cached_property
    def _emptied(self) -> dict[tuple[str, ...], int]:
        """The first place that leaves a table without rows, whatever was in it, by the table."""
        found: dict[tuple[str, ...], int] = {}
        for index, operation in enumerate(self.operations):
            for action in operation.actions:
                empties = action.kind == "truncate" or EVERY_ROW in action.traits
                if empties and action.guard is None and CONDITIONAL not in action.traits:
                    schema, _, name = action.target.rpartition(".")
                    found.setdefault(self._named(Name(name, schema or None)), index)
        return found

    def emptied_before(self, table: Name, index: int) -> bool:
        """Whether the section takes all rows of the table away before this place, so that a repeat finds none of what
        it inserts there."""
        return self._emptied.get(self._named(table), index) < index

    def of(self, fact: Postcondition) -> Touches:
        """What is done to the thing that a fact is about."""
        index = self._index
        return self._of.get(id(fact)) or index.touches.get(self.key(fact), _UNTOUCHED)

    def container(self, table: Name) -> Touches:
        """What is done to a table as a whole."""
        found = self._containers.get(table)
        if found is None:
            key = (self._table, *self._named(table))
            found = self._containers[table] = self._index.touches.get(key, _UNTOUCHED)
        return found


def _only_said(operation: Operation) -> tuple[Postcondition, ...]:
    """The facts that make nothing come or go: ALTER COLUMN ... SET says what a column is like."""
    said = [action.postconditions for action in operation.actions if action.only_says]
    return tuple(fact for facts in said for fact in facts) if said else ()  # nearly always nothing
