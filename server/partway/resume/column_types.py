"""Which types columns have after how many operations of a migration, as far as its text and the ground tell. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from partway.core.operation import Action, Operation
from partway.core.postcondition import Name, Postcondition, exists
from partway.live.normal.types import normal_types
from partway.live.simulation import Key, World
from partway.resume.ground import Ground

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
        self._now: dict[Key, str | None] = {}
        self._facts: dict[Key, Postcondition] = {}
        for table in ground.values():
            for column, said in table.columns.items():
                if column not in table.unsure:
                    self._is(exists("column", Name(column), table.name), said)
        #: For each world, what is known of each column.
        self.worlds: list[dict[Key, str | None]] = [dict(self._now)]
        for operation in operations:
            for action in operation.actions:
                self._act(action)
            self.worlds.append(dict(self._now))

    def told(self) -> Iterator[tuple[Key, Postcondition, frozenset[int], frozenset[int]]]:
        """Each column that has a type in some worlds and another one in others: the column with the type, the worlds in
        which it has that, and those in which it is known to have another one."""
        for key, fact in self._facts.items():
            types = [world.get(key) for world in self.worlds]
            for type_ in dict.fromkeys(one for one in types if one is not None):
                there = frozenset(n for n, one in enumerate(types) if one == type_)
                other = frozenset(n for n, one in enumerate(types) if one not in (None, type_))
                if other:
                    said = fact._replace(object="column-type", attributes=(("type", type_),))
                    yield key, said, there, other

    def _is(self, fact: Postcondition, said: str | None) -> None:
        key = self._world.key(fact)
        normal = self._normal(said) if said else ""
        self._now[key] = normal if _PLAIN.match(normal) else None
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
                self._now.pop(self._world.key(fact), None)
            elif fact.table is None and not fact.present:
                self._drop(fact.name)

    def _inside(self, table: Name) -> list[Key]:
        own = self._world.table_key(table)[1:]
        space = self._world.dialect.namespaces.get("column", "column")
        return [key for key in self._now if key[0] == space and key[1 : 1 + len(own)] == own]

    def _drop(self, table: Name) -> None:
        for key in self._inside(table):
            del self._now[key]

    def _move(self, old: Postcondition, new: Postcondition) -> None:
        if old.object == "column":
            known = self._now.pop(self._world.key(old), None)
            self._is(new, None)
            self._now[self._world.key(new)] = known
            return
        if old.table is not None:
            return
        moved = [(self._facts[key], self._now.pop(key)) for key in self._inside(old.name)]
        self._drop(new.name)
        for fact, known in moved:
            there = fact._replace(table=new.name)
            self._is(there, None)
            self._now[self._world.key(there)] = known
