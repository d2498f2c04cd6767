"""What a series of migrations leaves behind, later ones overriding earlier ones, and which of them it is from. Pure.

A single migration is not enough to judge an old one by: a column that it added may have been dropped since.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import NamedTuple

from partway.core.operation import Operation, Repeat
from partway.core.postcondition import SAYINGS, Name, Postcondition, exists
from partway.dialects import dialect_named
from partway.live.before import REPLACING, made_anew
from partway.live.entries import Entries, Entry, Group, Key
from partway.live.match import Holds, Matcher
from partway.live.own import State
from partway.live.simulation import World
from partway.sql.table_said import SAID_OF_TABLES

#: What a fact can be found to be that ought to hold.
_WRONG = {Holds.NO: State.PENDING, Holds.DIFFERENT: State.DIFFERENT, Holds.INVALID: State.INVALID}


class Place(NamedTuple):
    """An operation: the migration's number in the series, and the operation's own within it."""

    migration: int
    operation: int


class Missing(NamedTuple):
    """Something that a migration of the series ought to have left and that is not so. `doubt` says why that may be all
    right nevertheless; empty where it is not."""

    place: Place
    state: State
    reason: str
    doubt: str = ""

    @property
    def certain(self) -> bool:
        """Whether something is wrong."""
        return not self.doubt


#: What can have something in it.
_OWNERS = ("table", "type", "domain")
#: Why what is missing may be all right.
_UNREAD_SINCE = "what runs after it cannot all be read, and may have changed that"
_UNREAD_BEFORE = "what made that table could not be read, and may have taken it away again"


def is_named_after(own: Key, other: Key) -> bool:
    """Whether a table is called like another one with something added, as functions that make partitions call them."""
    return own[:-1] == other[:-1] and own[-1].startswith(f"{other[-1]}_")


class _Owned(Entries):
    """Entries that remember in which operation they were last set."""

    def __init__(self, groups_of: Callable[[Postcondition], Collection[Group]]) -> None:
        super().__init__(groups_of)
        self.now = Place(-1, -1)
        self.by: dict[Key, Place] = {}
        #: What was set by the migration that ran last, each with what was known of it before.
        self.log: list[tuple[Key, Entry | None]] = []

    def __setitem__(self, key: Key, entry: Entry) -> None:
        self.by[key] = self.now
        self.log.append((key, self.get(key)))
        super().__setitem__(key, entry)


class Lasting:
    """The world after the migrations that were run in it so far."""

    def __init__(self, dialect: str) -> None:
        self.world = World(dialect_named(dialect))
        self._owned = self.world.entries = _Owned(self.world.groups_of)
        self._unread = Place(-1, -1)
        #: Operations of which only a run tells whether they run at all.
        self._conditional: set[Place] = set()

    def run(self, migration: int, operations: Iterable[Operation]) -> None:
        """Run operations of the migration with this number; the numbers rise."""
        self._owned.log.clear()
        for index, operation in enumerate(operations):
            place = self._owned.now = Place(migration, index)
            if operation.kind == "opaque":
                self._unread = place
                continue
            if operation.conditional:
                self._conditional.add(place)
            if not self._needless(operation):
                self.world.apply(operation)

    def unread(self, migration: int) -> None:
        """A migration could not be read at all."""
        self._unread = Place(migration, 0)

    def missing(self, matcher: Matcher) -> list[Missing]:
        """What ought to be there after all of it, and is not, in the order of the series. Of a table that is not there
        nothing more is said."""
        found = []
        gone = [key for key, entry in self.world.entries.items() if not entry.fact.present]
        for key, entry in self.world.entries.items():
            if entry.fact.object in SAYINGS or entry.fact.object == "privilege":
                continue  # comments, owners and privileges are changed by hand as well
            match = matcher.match(entry.fact, entry.full)
            essential = self._essential(entry.fact)
            if match.holds in _WRONG and essential != entry.fact:
                match = matcher.match(essential, entry.full)
            if match.holds in _WRONG and not (
                entry.fact.table is not None and self._gone(entry.fact.table, matcher)
            ):
                state, place = _WRONG[match.holds], self._owned.by[key]
                if state is State.INVALID:
                    found.append(Missing(place, state, match.reason))
                elif place in self._conditional:
                    continue
                elif match.homeless and entry.fact.table is not None and self._strange(entry.fact.table):
                    if not self._went_with_another(entry.fact.table, place, gone):
                        found.append(Missing(place, state, match.reason, _UNREAD_BEFORE))
                else:
                    doubt = "" if place > self._unread else _UNREAD_SINCE
                    found.append(Missing(place, state, match.reason, doubt))
        return sorted(found, key=lambda one: one.place)

    def after(self, migration: int, operations: Iterable[Operation]) -> Lasting:
        """Another world, in which these operations have run as well."""
        other = Lasting(self.world.dialect.name)
        for key, entry in self.world.entries.items():
            other._owned.now = self._owned.by[key]
            other.world.entries[key] = entry
        other.world.closed = {key: list(columns) for key, columns in self.world.closed.items()}
        other.world.temporary = set(self.world.temporary)
        other._unread = self._unread
        other._conditional = set(self._conditional)
        other.run(migration, operations)
        return other

    def most(self, operations: Sequence[Operation]) -> int:
        """How many of these operations can have run in this world: none behind one that fails, since what it makes is
        there already."""
        world = self.after(-1, ())
        for number, operation in enumerate(operations):
            if world._refuses(operation):
                return number
            world.run(-1, (operation,))
        return len(operations)

    def settled(
        self, operations: Sequence[Operation], fits: Sequence[int], matcher: Matcher
    ) -> tuple[int, ...]:
        """Which of these numbers of operations can have run, as far as one can tell by the columns of their tables, and
        by what is made anew: all of them, unless these are just as some leave them in this world, and as the others do
        not."""
        tables = {
            self.world.table_key(name)
            for one in operations
            for fact in one.postconditions
            for name in (fact.table or fact.name,)
        }
        said = {count: self.after(-1, operations[:count])._looks(tables, matcher) for count in fits}
        so = tuple(count for count in fits if said[count])
        fits = so if so and None not in said.values() else tuple(fits)
        anew = made_anew(self.world, operations)
        worlds = {count: self.after(-1, operations[:count]) for count in fits}
        so = tuple(count for count in fits if worlds[count]._has(anew.things, matcher)) or fits
        if not anew.things or not anew.there <= self.world.entries.keys():
            return so  # of what was there before, nothing is known
        return tuple(
            count
            for count in so
            if not any(worlds[more].shows(worlds[count], matcher) for more in so if more > count)
        )

    def knows_what_is_made_anew(self, operations: Sequence[Operation]) -> bool:
        """Whether it is known what these operations take away and make again."""
        return made_anew(self.world, operations).there <= self.world.entries.keys()

    def _has(self, keys: Collection[Key], matcher: Matcher) -> bool:
        """Whether nothing speaks against these things, and what is in them, being as they are in this world."""
        world = self.world
        return not any(
            matcher.match(entry.fact, entry.full).holds in _WRONG
            for key, entry in world.entries.items()
            if key in keys
            or any(
                world.key(exists(owner, entry.fact.table)) in keys for owner in _OWNERS if entry.fact.table
            )
        )

    def _looks(self, tables: Collection[Key], matcher: Matcher) -> bool | None:
        """Whether these tables have the columns that they have in this world; None where it knows those of none."""
        known = False
        for key, columns in self.world.closed.items():
            entry = self.world.entries.get(key)
            if key not in tables or entry is None or not entry.fact.present:
                continue
            there = matcher.columns(entry.fact.name)
            if there is None or {one.lower() for one in there} != {one.lower() for one in columns}:
                return False
            known = True
        if not known:
            return None
        for entry in self.world.entries.values():
            fact = entry.fact
            if (
                fact.object == "column"
                and fact.table is not None
                and self.world.table_key(fact.table) in tables
            ):
                said = tuple(pair for pair in fact.attributes if pair[0] in ("type", "nullable"))
                known = (
                    known and matcher.match(fact._replace(attributes=said), entry.full).holds not in _WRONG
                )
        return known

    def _refuses(self, operation: Operation) -> bool:
        """Whether an operation fails here, since something that it makes is there already."""
        for action in operation.actions:
            fact = action.postconditions[0] if action.postconditions else None
            if (
                fact is not None
                and fact.present
                and fact.name.name
                and not action.only_says
                and action.kind.startswith(("create-", "add-"))
                and action.repeat is Repeat.FAILS
                and action.guard is None
            ):
                known = self.world.entries.get(self.world.key(fact))
                if known is not None and known.fact.present:
                    return True
        return False

    def shows(self, before: Lasting, matcher: Matcher) -> bool:
        """Whether something in the database speaks for this world and not for the one before: a thing that is there
        only in this one, or something of the other that is not so and need not be here."""
        own, others = self.world.entries, before.world.entries
        for key, entry in own.items():
            known = others.get(key)
            if known != entry and self._so(entry, matcher):
                if known is None and entry.fact.present:
                    return True
                if known is not None and not self._so(known, matcher):
                    return True
        return any(
            key not in own and matcher.match(entry.fact, entry.full).holds in _WRONG
            for key, entry in others.items()
        )

    def made(self, matcher: Matcher) -> bool:
        """Whether something is there that the migration which ran last made, and none before it."""
        for key, known in self._owned.log:
            entry = self.world.entries.get(key)
            fresh = known is None or not known.fact.present
            if entry is not None and entry.fact.object == "access":
                continue  # anybody has it by ALTER DEFAULT PRIVILEGES, or by none
            if fresh and entry is not None and entry.fact.present and self._so(entry, matcher):
                return True
        return False

    def _so(self, entry: Entry, matcher: Matcher) -> bool:
        holds = matcher.match(entry.fact, entry.full).holds
        return holds in (Holds.YES, Holds.LIKELY) or (holds is Holds.INVALID and entry.fact.present)

    def _gone(self, table: Name, matcher: Matcher) -> bool:
        """Whether a table that ought to be there is not."""
        known = self.world.entries.get(self.world.table_key(table))
        return known is not None and known.fact.present and matcher.match(known.fact).holds is Holds.NO

    def _strange(self, table: Name) -> bool:
        """Whether no migration that could be read says anything of a table itself."""
        return self.world.table_key(table) not in self.world.entries

    def _went_with_another(self, table: Name, since: Place, gone: Iterable[Key]) -> bool:
        """Whether a table went when another one of those that are gone did: a partition that a function makes."""
        own = self.world.table_key(table)
        return any(is_named_after(own, key) and self._owned.by[key] > since for key in gone)

    def _needless(self, operation: Operation) -> bool:
        """Whether a guard keeps an operation from doing anything, since what it makes is there already."""
        for action in operation.actions:
            guard, facts = action.guard, action.postconditions
            if guard is None or not guard.covers or guard.form in REPLACING or not facts:
                return False
            known = self.world.entries.get(self.world.key(facts[0]))
            if not facts[0].present or known is None or not known.fact.present:
                return False
        return bool(operation.actions)

    def _essential(self, fact: Postcondition) -> Postcondition:
        """A fact with what it takes for a thing to be the one that was made. Defaults and counters of columns come and
        go: SQLite's tables are made anew without them, and their indexes without the order and collation of columns."""
        if (
            fact.object == "index"
            and self.world.dialect.types_are_hints
            and dict(fact.attributes).get("columns")
        ):
            return fact._replace(attributes=tuple(pair for pair in fact.attributes if pair[0] != "keys"))
        if fact.object == "table":
            # Partitions without names are added as rows come; options are changed by hand, or with the server.
            left = tuple(
                one for one in fact.attributes if one[0] != "partitions" and one[0] not in SAID_OF_TABLES
            )
            return fact._replace(attributes=left)
        if fact.object != "column":
            return fact
        kept = ("nullable",) if self.world.dialect.types_are_hints else ("type", "nullable")
        return fact._replace(attributes=tuple(pair for pair in fact.attributes if pair[0] in kept))
