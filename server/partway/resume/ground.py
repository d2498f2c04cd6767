"""What the tables of a migration were like before it, as far as a database shows it in which it has stopped. Pure.

A migration's text says what it does to a table, and not what else is in it. Where it is known how many of its
operations have run, the columns that are there now, taken back through what those did, are those from before it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from partway.core.operation import Action, Operation
from partway.core.postcondition import Name, Postcondition
from partway.dialects import dialect_named
from partway.live.entries import Key
from partway.live.match import Matcher
from partway.live.simulation import World
from partway.live.snapshot.model import Snapshot
from partway.live.state import Standing, made_by
from partway.live.wanted import RELATIONS

#: What may change a table in ways that its text does not tell, or adds columns that it does not name.
_UNTOLD = frozenset({"opaque", "call", "execute", "do", "merge-into"})
_HIDDEN_COLUMNS = ("versioning", "period", "-type")
#: What gives a column to one table, or takes it, which others may get or lose with it.
_SPREADING = frozenset({"column", "attribute"})


class Table(NamedTuple):
    """A table before the migration: its name, and the types of its columns by their names; None for a type that the
    migration has changed since. `unsure` are names of columns of which nothing is known."""

    name: Name
    columns: Mapping[str, str | None]
    unsure: frozenset[str]


#: The tables that are known, by their keys.
Ground = Mapping[Key, Table]
NOTHING_KNOWN: Ground = MappingProxyType({})


def ground(operations: Sequence[Operation], standing: Standing | None, snapshot: Snapshot) -> Ground:
    """The tables that these operations name, as they were before the first of them; empty where it is not known how
    many have run."""
    if standing is None or standing.point is None or not standing.fits:
        return {}
    if any(one.kind in _UNTOLD for one in operations[: standing.fits[-1]]):
        return {}
    matcher = Matcher(snapshot, made_by(operations))
    found = [_Back(operations, count, matcher).tables() for count in standing.fits]
    return {key: table for key, table in found[0].items() if all(other.get(key) == table for other in found)}


class _Back:
    """The tables that are there after some operations, taken back to before the first."""

    def __init__(self, operations: Sequence[Operation], count: int, matcher: Matcher) -> None:
        self.operations = operations
        self.matcher = matcher
        self.world = World(dialect_named(matcher.snapshot.dialect))
        #: What tables were called before, by what they are called now; None for one that the migration made.
        self.origin: dict[Key, Name | None] = {}
        #: The same of columns, by what their table is called now.
        self.columns: dict[Key, dict[str, str | None]] = {}
        self.retyped: dict[Key, set[str]] = {}
        self.odd: set[Key] = set()
        #: By column, the tables that were given one of its name, or lost it.
        self.touched: dict[str, set[Key]] = {}
        for operation in operations[:count]:
            for action in operation.actions:
                self._act(action)
        #: The same of columns that are given or taken later on.
        self.later = [
            (fact.name.name.lower(), {self.world.table_key(fact.table)})
            for operation in operations[count:]
            for action in operation.actions
            for fact in action.postconditions
            if fact.object in _SPREADING
            and fact.table is not None
            and action.kind != "create-table"
            and not action.only_says
        ]

    def tables(self) -> dict[Key, Table]:
        """The tables, by the keys that they had before."""
        named = {
            self.world.table_key(name): name
            for operation in self.operations
            for fact in operation.postconditions
            for name in ([fact.table] if fact.table is not None else [])
            + ([fact.name] if fact.object in RELATIONS and fact.object != "index" else [])
        }
        found: dict[Key, Table] = {}
        for key, name in named.items():
            before = self.origin.get(key, name)
            owner = self.matcher.snapshot.named("table", name, name in self.matcher.made)
            if before is None or owner is None or owner.object != "table" or key in self.odd:
                continue
            origin, retyped = self.columns.get(key, {}), self.retyped.get(key, set())
            columns: dict[str, str | None] = {}
            for thing in self.matcher.snapshot.inside(owner.name, "column"):
                now = thing.name.name.lower()
                was = origin.get(now, now)
                if was is not None:
                    columns[was] = None if now in retyped else thing.attributes.get("type")
            spread = {column for column, keys in (*self.touched.items(), *self.later) if keys - {key}}
            unsure = frozenset(spread) if self.world.dialect.columns_spread else frozenset()
            found[self.world.table_key(before)] = Table(before, columns, unsure)
        return found

    def _act(self, action: Action) -> None:
        facts = action.postconditions
        if "temporary" in action.traits:
            return
        moves = (
            len(facts) >= 2
            and action.kind.startswith(("rename-", "set-schema"))
            and not facts[0].present
            and facts[1].present
        )
        if moves and facts[0].table is None and facts[0].object in RELATIONS:
            self._move(facts[0].name, facts[1].name)
            return
        if moves and facts[0].object == "column" and facts[0].table is not None:
            self._rename_column(facts[0].table, facts[0].name.name.lower(), facts[1].name.name.lower())
            return
        for fact in facts:
            self._fact(action, fact)

    def _fact(self, action: Action, fact: Postcondition) -> None:
        if fact.table is None:
            if fact.object in RELATIONS and fact.object != "index" and not action.only_says:
                key = self.world.table_key(fact.name)
                self.origin[key] = None
                self.columns.pop(key, None)
            if any(word in action.kind for word in _HIDDEN_COLUMNS):
                self.odd.add(self.world.table_key(fact.name))
            return
        key = self.world.table_key(fact.table)
        if any(word in action.kind for word in _HIDDEN_COLUMNS):
            self.odd.add(key)
        if fact.object not in _SPREADING:
            return
        name = fact.name.name.lower()
        if action.only_says:
            self.retyped.setdefault(key, set()).add(name)
        elif action.kind != "create-table":
            self.columns.setdefault(key, {})[name] = None
        if action.kind != "create-table":
            self.touched.setdefault(name, set()).add(key)

    def _move(self, old: Name, new: Name) -> None:
        old_key, new_key = self.world.table_key(old), self.world.table_key(new)
        self.origin[new_key] = self.origin.get(old_key, old)
        self.origin[old_key] = None
        self.columns[new_key] = self.columns.pop(old_key, {})
        self.retyped[new_key] = self.retyped.pop(old_key, set())
        if old_key in self.odd:
            self.odd.add(new_key)
        for keys in self.touched.values():
            if old_key in keys:
                keys.discard(old_key)
                keys.add(new_key)

    def _rename_column(self, table: Name, old: str, new: str) -> None:
        key = self.world.table_key(table)
        columns = self.columns.setdefault(key, {})
        columns[new] = columns.get(old, old)
        columns[old] = None
        retyped = self.retyped.setdefault(key, set())
        if old in retyped:
            retyped.discard(old)
            retyped.add(new)
        for name in (old, new):
            self.touched.setdefault(name, set()).add(key)
