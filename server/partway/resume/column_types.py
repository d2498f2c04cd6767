"""Which types columns have after how many operations of a migration, as far as its text and the ground tell. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from partway.core.operation import Action, Operation
from partway.core.postcondition import Name, Postcondition, exists
from partway.live.entries import Key
from partway.live.normal.types import normal_types
from partway.live.simulation import World
from partway.resume.ground import Ground
from partway.resume.worlds import NO_WORLDS, Worlds, between

#: The types of which a catalog's spelling is known, as their normal form begins. What a server makes of others hangs on
#: its settings, and on types of people's own.
_PLAIN = re.compile(
    r"(smallint|mediumint|integer|int|bigint|numeric|decimal|real|double precision|double|float|boolean|date|uuid"
    r"|jsonb|bytea|tinytext|text|mediumtext|blob|character varying|varchar|character|char"
    r"|timestamp|timestamp with(out)? time zone|datetime)(\([\d,]+\))?( unsigned)?\Z"
)


class ColumnTypes:
    """The types that columns have in each world."""

    def __init__(self, operations: Sequence[Operation], world: World, ground: Ground) -> None:
        self._world = world
        self._normal = normal_types(world.dialect.name).normal_type
        self._count = 0
        self._now: dict[Key, str | None] = {}
        #: What became of each column: from which world on it has which type, None for one that is not known, or gone.
        self._changes: dict[Key, list[tuple[int, str | None]]] = {}
        self._facts: dict[Key, Postcondition] = {}
        for table in ground.values():
            for column, said in table.columns.items():
                if column not in table.unsure:
                    self._is(exists("column", Name(column), table.name), said)
        for operation in operations:
            self._count += 1
            for action in operation.actions:
                self._act(action)

    def told(self) -> Iterator[tuple[Key, Postcondition, Worlds, Worlds]]:
        """Each column that has a type in some worlds and another one in others: the column with the type, the worlds in
        which it has that, and those in which it is known to have another one."""
        for key, fact in self._facts.items():
            held = self._held(key)
            known = NO_WORLDS
            for worlds in held.values():
                known |= worlds
            for type_, there in held.items():
                if other := known & ~there:
                    said = fact._replace(object="column-type", attributes=(("type", type_),))
                    yield key, said, there, other

    def _held(self, key: Key) -> dict[str, Worlds]:
        """The worlds in which a column has a type, by type."""
        changes = self._changes[key]
        ends = (*(when for when, _ in changes[1:]), self._count + 1)
        found: dict[str, Worlds] = {}
        for (since, type_), end in zip(changes, ends, strict=True):
            if type_ is not None:
                found[type_] = found.get(type_, NO_WORLDS) | between(since, end)
        return found

    def _put(self, key: Key, type_: str | None) -> None:
        self._now[key] = type_
        self._changes.setdefault(key, []).append((self._count, type_))

    def _take(self, key: Key) -> str | None:
        if key not in self._now:
            return None
        self._changes[key].append((self._count, None))
        return self._now.pop(key)

    def _is(self, fact: Postcondition, said: str | None) -> None:
        key = self._world.key(fact)
        normal = self._normal(said) if said else ""
        self._put(key, normal if _PLAIN.match(normal) else None)
        self._facts[key] = exists("column", fact.name, fact.table)

    def _act(self, action: Action) -> None:
        facts = action.postconditions
        if "temporary" in action.traits:
            return
        if action.kind.startswith(("rename-", "set-schema")) and len(facts) >= 2:
            self._move(facts[0], facts[1])
            return
        for fact in facts:
            said = dict(fact.attributes).get("type")
            if (
                fact.object == "column"
                and fact.present
                and (said or not action.only_says or not fact.attributes)
            ):
                # Behind IF NOT EXISTS it may have been there, as something else.
                self._is(fact, said if action.guard is None else None)
            elif fact.object == "column" and not fact.present:
                self._take(self._world.key(fact))
            elif fact.table is None and not fact.present:
                self._drop(fact.name)

    def _inside(self, table: Name) -> list[Key]:
        own = self._world.table_key(table)[1:]
        space = self._world.dialect.namespaces.get("column", "column")
        return [key for key in self._now if key[0] == space and key[1 : 1 + len(own)] == own]

    def _drop(self, table: Name) -> None:
        for key in self._inside(table):
            self._take(key)

    def _move(self, old: Postcondition, new: Postcondition) -> None:
        if old.object == "column":
            known = self._take(self._world.key(old))
            self._is(new, None)
            self._put(self._world.key(new), known)
            return
        if old.table is not None:
            return
        moved = [(self._facts[key], self._take(key)) for key in self._inside(old.name)]
        self._drop(new.name)
        for fact, known in moved:
            there = fact._replace(table=new.name)
            self._is(there, None)
            self._put(self._world.key(there), known)
