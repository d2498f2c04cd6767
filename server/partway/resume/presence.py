"""Which things are there after how many operations of a migration, as far as its text tells. Pure.

A world is what so many operations leave. Before the first operation that touches a thing it was otherwise, or else that
operation would have failed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from types import MappingProxyType

from partway.core.operation import Action
from partway.core.postcondition import Name, Postcondition, absent, exists
from partway.live.entries import Key
from partway.live.following import may_be_called
from partway.live.mentions import goes_with, may_go_with, mentions, replaced
from partway.live.routines import others_of_name
from partway.live.simulation import HALF_SAID, World
from partway.live.wanted import TYPES
from partway.resume.ground import Ground, Table
from partway.resume.origins import Origins
from partway.resume.told import Told
from partway.resume.worlds import NO_WORLDS, Worlds, before, between

#: What columns, indexes, triggers, attributes and constraints are in: with the old one of a name, that goes as well.
_HOLDERS = frozenset({"table", "view", "materialized-view", "foreign-table"}) | TYPES


def _is_known(table: Table | None, fact: Postcondition | None) -> bool:
    """Whether it is known of a column if a table had it before the migration."""
    if table is None or fact is None or fact.object != "column":
        return False
    return fact.name.name.lower() not in table.unsure


class Presence:
    """What operations make come and go, one after the other."""

    def __init__(self, world: World, ground: Ground = MappingProxyType({})) -> None:
        self._world = world
        self._ground = ground
        #: The tables of the ground, by what they are called now.
        self._grounded: dict[Key, Table] = dict(ground)
        #: Tables of which the migration does not say all columns: LIKE another one, or from a query.
        self._half_said: set[Key] = set()
        self._count = 0
        #: What `worlds` has found since the last operation.
        self._found: dict[Key, tuple[Worlds, Worlds]] = {}
        #: What became of a thing: from which world on it is there, is not, or may be (None).
        self._changes: dict[Key, list[tuple[int, bool | None]]] = {}
        #: Whether it was there before the first operation that touches it.
        self._before: dict[Key, bool | None] = {}
        self._facts: dict[Key, Postcondition] = {}
        self._inside: dict[Key, set[Key]] = {}
        #: An index goes by its own name, and is looked for in its table: the keys with the table, by those without.
        self._placed: dict[Key, set[Key]] = {}
        #: When a table went away that was there before the migration, with what nobody told.
        self._lost: dict[Key, int] = {}
        self._origins = Origins(world, self.key)
        for key, table in ground.items():
            self._seed(exists("table", table.name))
            for column in table.columns:
                if column not in table.unsure:
                    fact = exists("column", Name(column), table.name)
                    self._seed(fact)
                    self._inside.setdefault(key, set()).add(world.key(fact))

    def _seed(self, fact: Postcondition) -> None:
        """Something that is known to have been there before."""
        key = self._world.key(fact)
        self._facts[key] = fact
        self._before[key] = True
        self._changes[key] = [(0, True)]

    def columns(self) -> Iterator[tuple[Key, Postcondition, int]]:
        """The columns of tables that were there before, in all the places where they were to be found, and when each
        came or went first."""
        for key, fact in self._facts.items():
            if fact.object == "column" and (when := [at for at, _ in self._changes.get(key, ()) if at]):
                yield key, fact, when[0] - 1

    def key(self, fact: Postcondition) -> Key:
        """The thing that a fact is about; for an index with the table that it is looked for in."""
        key = self._world.key(fact)
        return (*key, *self._world.table_key(fact.table)) if self._is_placed(fact) and fact.table else key

    def _is_placed(self, fact: Postcondition) -> bool:
        named = fact.object == "index" and fact.table is not None and bool(fact.name.name)
        return named and not self._world.dialect.indexes_in_table

    def knows(self, key: Key) -> bool:
        """Whether anything is known of a thing."""
        return key in self._changes

    def worlds(self, key: Key) -> tuple[Worlds, Worlds]:
        """The worlds in which the thing is there, and those of which that is not known."""
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = self._worlds(key)
        return found

    def _worlds(self, key: Key) -> tuple[Worlds, Worlds]:
        changes = self._changes.get(key, [])
        start = changes[0][0] if changes else 0
        now = self._before.get(key)
        there = unknown = NO_WORLDS
        since = 0
        for when, then in (*changes, (self._count + 1, None)):
            if now is None:
                unknown |= between(since, when)
            elif now:
                there |= between(since, when)
            since, now = when, then
        doubtful = before(self._lost_before(key, start)) | self._unplaced(key, start)
        homed = ~self._homeless(key)
        return there & ~doubtful & homed, (unknown | doubtful) & homed

    def _unplaced(self, key: Key, start: int) -> Worlds:
        """For an index in its table: the worlds before it was told of in which there is one of its name somewhere."""
        fact = self._facts.get(key)
        if fact is None or not self._is_placed(fact) or key == self._world.key(fact) or self._before.get(key):
            return NO_WORLDS
        there, unknown = self.worlds(self._world.key(fact))
        return (there | unknown) & before(start)

    def _homeless(self, key: Key) -> Worlds:
        """The worlds in which what the thing is in is not there."""
        fact = self._facts.get(key)
        if fact is None or fact.table is None:
            return NO_WORLDS
        for owner in ("table", "type", "domain"):
            own = self._world.key(exists(owner, fact.table))
            if own in self._changes and own != key:
                there, unknown = self.worlds(own)
                return before(self._count + 1) & ~there & ~unknown
        return NO_WORLDS

    def _lost_before(self, key: Key, first: int) -> int:
        """Until which world a table was there that may have held the thing."""
        fact = self._facts.get(key)
        if fact is None or fact.table is None:
            return 0
        owner = self._world.table_key(fact.table)
        lost = self._lost.get(owner, 0)
        known = self._ground.get(owner)
        if _is_known(known, fact) or self._origins.lacked(fact):
            return 0
        return lost if lost <= first else 0

    def run(self, operation: Sequence[Told]) -> None:
        """One more operation."""
        self._count += 1
        self._found.clear()
        for action, facts in operation:
            self._act(action, facts)

    def _act(self, action: Action, facts: Sequence[Postcondition]) -> None:
        moves = (
            len(facts) == 2
            and not facts[0].present
            and facts[1].present
            and action.kind.startswith(("rename-", "set-schema"))
        )
        if moves and facts[0].table is None:
            self._move(facts[0], facts[1])
        elif moves and facts[0].object == "column" and facts[0].table is not None:
            self._rename_column(facts[0].table, facts[0].name.name, facts[1].name.name)
        if action.kind == "create-table" and facts:
            self._made(action, facts[0].name)
        for fact in facts:
            self._fact(action, fact, moves=moves)

    def _made(self, action: Action, table: Name) -> None:
        """A table that the migration makes."""
        key = self._world.table_key(table)
        said = any(fact.object == "column" for fact in action.postconditions)
        if said and not action.traits & HALF_SAID:
            self._half_said.discard(key)
            return
        self._half_said.add(key)
        for each in self._ever_in(table):
            self._set(each, there=None)

    def _fact(self, action: Action, fact: Postcondition, *, moves: bool) -> None:
        key = self._world.key(fact)
        index = dict(fact.attributes).get("index", "") if "using-index" in action.traits else ""
        if index and index != fact.name.name and fact.table is not None:
            # The index is called like the constraint from then on.
            own = absent("index", Name(index, fact.table.schema), fact.table)
            self._set(self._world.key(own), there=False)
        if fact.object == "identity" and fact.table is not None:
            # It has a sequence, which is called like one that may have been there before.
            sequence = Name(f"{fact.table.name}_{fact.name.name}_seq", fact.table.schema)
            self._set(self._world.key(exists("sequence", sequence)), there=None)
        self._namesakes(key, there=fact.present)
        if fact.table is not None:
            self._origins.told(action, fact)
        elif fact.object in _HOLDERS and not moves:
            self._origins.came_or_went(fact.name)
        if fact.table is not None:
            self._inside.setdefault(self._world.table_key(fact.table), set()).add(key)
            if fact.object == "column" and not fact.present and not moves:
                self._column_gone(fact.table, fact.name.name)
        elif not fact.present and not moves:
            self._gone(key, fact)
        if not fact.present:
            self._nameless_gone(key, fact, sure=action.guard is None)
        self._facts[key] = fact
        self._set(key, there=fact.present)
        if self._is_placed(fact):
            placed = self.key(fact)
            self._placed.setdefault(key, set()).add(placed)
            self._facts[placed] = fact
            self._set(placed, there=fact.present)

    def _namesakes(self, key: Key, *, there: bool) -> None:
        """Of routines that are named without their arguments, and of those that are named with them."""
        others = others_of_name(key, self._changes)
        for other in others:
            by_name = len(other) < len(key)
            # With one that comes there is one of the name; with the name all of them go.
            self._set(other, there=there if by_name is there else None)
        if others and key not in self._changes:
            # What became of those before is all that is known of it.
            self._before[key] = None
            told = (
                (when, then if then is (len(other) > len(key)) else None)
                for other in others
                for when, then in self._changes[other]
                if when < self._count
            )
            self._changes[key] = sorted(told, key=lambda one: one[0])

    def _gone(self, key: Key, fact: Postcondition) -> None:
        """What was in a thing is gone with it; of what depended on it, nobody knows."""
        table = self._world.table_key(fact.name)
        if key not in self._changes or key in self._grounded:
            self._lost.setdefault(table, self._count)
        self._grounded.pop(key, None)
        for each in self._inside.get(table, ()):
            self._set(each, there=False)
        name = self._world.dialect.key(fact.name.name)
        for each, known in list(self._facts.items()):
            refers = dict(known.attributes).get("references", "").partition(" (")[0].rpartition(".")[2]
            of_schema = fact.object == "schema" and self._schema(known) == name
            if goes_with(known, fact):
                self._set(each, there=False)
            if self._now(each) and (of_schema or (refers and self._world.dialect.key(refers) == name)):
                self._set(each, there=None)

    def _schema(self, fact: Postcondition) -> str:
        return self._world.dialect.key((fact.table or fact.name).schema or "")

    def _column_gone(self, table: Name, column: str) -> None:
        """Indexes and constraints of a column may go with it, or stay with one column less."""
        self._origins.narrowed(table)
        for each in self._within(table):
            known = self._facts.get(each)
            if known is not None and may_go_with(known, column):
                self._set(each, there=None)

    def _rename_column(self, table: Name, old: str, new: str) -> None:
        for each in self._within(table):
            known = self._facts.get(each)
            if known is not None and known.object != "column" and mentions(known, old):
                said = tuple((name, replaced(value, old, new)) for name, value in known.attributes)
                self._facts[each] = known._replace(attributes=said)

    def _nameless_gone(self, key: Key, fact: Postcondition, *, sure: bool) -> None:
        """A name goes that an operation of the migration may have given to what it made without one."""
        made = [one for one, known in self._facts.items() if may_be_called(self._world, known, fact)]
        if key in self._changes or not any(map(self._now, made)):
            return
        self._before[key] = None
        self._changes[key] = [(self._count - 1, True if sure else None)]
        for one in made:
            self._set(one, there=None)

    def _within(self, table: Name) -> Iterable[Key]:
        found = self._inside.get(self._world.table_key(table), set())
        return [*found, *(placed for key in found for placed in self._placed.get(key, ()))]

    def _ever_in(self, table: Name) -> list[Key]:
        """What was told of that is or was in a table of this name."""
        own = self._world.table_key(table)
        return [
            key
            for key, fact in self._facts.items()
            if key in self._changes and fact.table is not None and self._world.table_key(fact.table) == own
        ]

    def _move(self, old: Postcondition, new: Postcondition) -> None:
        """What is in a thing goes with it to its new name."""
        old_key, new_key = self._world.table_key(old.name), self._world.table_key(new.name)
        told_of = self._world.key(old) in self._changes
        if old.object in _HOLDERS:
            self._origins.moved(old.name, new.name)
        grounded = self._grounded.pop(old_key, None)
        half_said = old_key in self._half_said
        if not told_of or grounded is not None or half_said:
            if not half_said:
                self._lost.setdefault(old_key, self._count)
            for key in self._ever_in(new.name):
                # What was told of another one of that name; of columns it is known which this one has.
                self._set(key, there=False if _is_known(grounded, self._facts.get(key)) else None)
        if grounded is not None:
            self._grounded[new_key] = grounded
        self._half_said.discard(old_key)
        self._half_said.discard(new_key)
        if half_said:
            self._half_said.add(new_key)
        for key, fact in list(self._facts.items()):
            if goes_with(fact, old):
                self._set(key, there=None)
        for key in list(self._inside.get(old_key, ())):
            here = len(old_key)
            fact = self._facts[key]._replace(table=new.name)
            if key[1:here] != old_key[1:]:
                # An index keeps its name, and is found in the other table.
                if self._is_placed(fact) and self._now(key):
                    placed = self.key(fact)
                    for other in self._placed.get(key, ()):
                        self._set(other, there=False)
                    self._placed.setdefault(key, set()).add(placed)
                    self._facts[placed] = fact
                    self._set(placed, there=True)
                self._inside.setdefault(new_key, set()).add(key)
                continue
            moved = (key[0], *new_key[1:], *key[here:])
            self._facts[moved] = fact
            if self._now(key):
                self._set(moved, there=True)
            self._set(key, there=False)
            self._inside.setdefault(new_key, set()).add(moved)
        self._inside.pop(old_key, None)

    def _now(self, key: Key) -> bool:
        changes = self._changes.get(key, [])
        return bool(changes) and changes[-1][1] is True

    def _set(self, key: Key, *, there: bool | None) -> None:
        if there is not True:
            for placed in self._placed.get(key, ()):
                self._set(placed, there=there)
        changes = self._changes.setdefault(key, [])
        if key not in self._before:
            self._before[key] = None if there is None else not there
        if not changes or changes[-1][1] is not there:
            if changes and changes[-1][0] == self._count:
                changes[-1] = (self._count, there)
            else:
                changes.append((self._count, there))
