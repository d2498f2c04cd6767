"""What in a catalog shows that an operation of a migration has run. Pure.

A migration can have stopped before each of its operations, so a database that it ran on is in one of a few worlds: what
the first none, one, two, ... of them leave. Later operations undo what earlier ones made (create a temporary table,
copy, drop, rename), so that the name which an operation makes is often no sign of it by itself. What each world shows
is worked out here, and then, for an operation, a formula is looked for that holds in every world after it and in none
before.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import cached_property, reduce
from itertools import combinations
from operator import and_
from typing import NamedTuple

from partway.core.operation import Operation
from partway.core.postcondition import Postcondition
from partway.dialects.dialect import Dialect
from partway.live.entries import Key
from partway.live.simulation import World
from partway.resume.column_types import ColumnTypes
from partway.resume.ground import NOTHING_KNOWN, Ground
from partway.resume.presence import Presence
from partway.resume.told import told as told_by
from partway.resume.worlds import NO_WORLDS, Worlds, before, between, first, last, numbers, these
from partway.tools.resuming import Formula

#: What of a fact's attributes tells one thing of a name from another, or says that it is whole.
_TELLING = frozenset({"kind", "arguments", "valid", "privilege", "schema", "on", "account"})
#: What tells one thing without a name from another.
_SHAPE = frozenset({"columns", "references", "unique"})
#: So many facts are combined at most: the search is over all pairs.
_MOST = 60


class _Sign(NamedTuple):
    """A fact that the catalog can be asked about, the worlds in which it holds, and those in which it may, by their
    numbers. `by` is the operation that tells of it first; where that one is guarded, `before` are the worlds before it,
    of which only its guard knows. `aside` is what no operation tells of."""

    fact: Postcondition
    by: int
    holds: Worlds
    may: Worlds
    before: Worlds = NO_WORLDS
    aside: bool = False

    def may_hold(self, asker: int) -> Worlds:
        """Where it may hold, asked for the sake of one operation: a guarded one has nothing to do where what it leaves
        is there already, which says nothing of any other one."""
        return self.may if asker == self.by else self.may | self.before


class Evidence:
    """The worlds that a migration's operations, in order, can have left behind.

    `visible` says whether the catalog can be asked about a fact at all. `ground` is what the tables were like before
    the first operation, where that is known.
    """

    def __init__(
        self,
        operations: Sequence[Operation],
        dialect: Dialect,
        visible: Callable[[Postcondition], bool],
        ground: Ground = NOTHING_KNOWN,
    ) -> None:
        self.operations = operations
        self.visible = visible
        self._ground = ground
        self._world = World(dialect)
        self._dialect = dialect

    def ran(
        self, index: int, first: int | None = None, asker: int | None = None, *, typed: bool = False
    ) -> Formula | None:
        """What holds in every world in which more than `index` operations have run, and in no other one, of those in
        which at least `first` have (`index` if it is not said: when an operation's turn comes, those before it have
        run); None where no such formula is found. `asker` is the operation for whose sake it is asked, if another.
        With `typed` the types of columns count as well."""
        worlds = between(index if first is None else first, self._end)
        return self._covering(index, worlds, index if asker is None else asker, typed=typed)

    @property
    def _end(self) -> int:
        """One more than the number of the last world."""
        return len(self.operations) + 1

    def _covering(self, index: int, worlds: Worlds, asker: int, *, typed: bool = False) -> Formula | None:
        wanted = worlds & ~before(index + 1)
        signs = self._nearest(index, typed=typed)
        found: list[tuple[Postcondition, ...]] = []
        left = wanted
        while left:
            best = self._best(asker, signs, wanted, worlds, left)
            if best is None:
                return None
            found.append(tuple(sign.fact for sign in best))
            left &= ~_together(sign.holds for sign in best)
        return tuple(found)

    def _nearest(self, index: int, *, typed: bool) -> list[_Sign]:
        """The signs of the operations around this one."""
        found = self._types.nearest(index) if typed else []
        for signs in (self._told, self._aside):
            if len(found) < _MOST:
                found = [*found, *signs.nearest(index)]
        return found[:_MOST]

    def here(self, worlds: Collection[int]) -> tuple[tuple[Postcondition, ...], frozenset[int]]:
        """Facts that hold together in these worlds and in as few others as can be told from them, and those others; the
        types of columns where names do not tell enough."""
        found: list[Postcondition] = []
        meant = these(worlds)
        left = before(self._end) & ~meant
        for signs in (self._signs, self._types.all()):
            fitting = [sign for sign in signs if not meant & ~sign.holds]
            while left and fitting:
                best = min(
                    fitting, key=lambda sign: ((left & sign.may_hold(-1)).bit_count(), not sign.fact.present)
                )
                if not left & ~best.may_hold(-1):
                    break
                left &= best.may_hold(-1)
                found.append(best.fact)
            if not left:
                break
        return tuple(found), frozenset(numbers(left))

    def again(self, index: int, first: int | None = None) -> Formula | None:
        """The same, where worlds after the operation may look like the one before it: there it runs again, which leads
        to where it led before as long as what has run since has changed no more than definitions. None where something
        else ran, or the operation shows nothing at all. With `first` it runs together with those from there on."""
        first = index if first is None else first
        alike = NO_WORLDS
        for world in range(first, index + 1):
            like_it = between(index + 1, self._end) & ~self._known_to_differ(world)
            if not all(self._same_names(world, one) for one in numbers(like_it)):
                return None
            alike |= like_it
        if alike >> (index + 1) & 1 or not alike or not self._repeatable(first, last(alike)):
            return None
        return self._covering(index, between(first, self._end) & ~alike, index)

    def comes_round(self, first: int, end: int) -> bool:
        """Whether these operations can all run in the world before them and in the one after them, and lead to the
        same: they take away whatever they make before they make it."""
        gone: set[Key] = set()
        for one in self.operations[first:end]:
            for fact in one.postconditions:
                key = self._world.key(fact)
                if not fact.present:
                    gone.add(key)
                elif key not in gone and (
                    fact.table is None or self._world.table_key(fact.table) not in gone
                ):
                    return False
        renamed = any(one.kind == "rename-table" for one in self.operations[first:end])
        return not renamed and self._repeatable(first, end)

    def _repeatable(self, first: int, end: int) -> bool:
        """Whether the operations from `first` up to `end`, without it, can all run again, one after the other, where
        the first may: they define things, and take away no rows but what they have made themselves."""
        made: set[Key] = set()
        for one in self.operations[first:end]:
            lost = {self._world.key(fact) for fact in taken_away(one)}
            if not (_is_definition(one) or one.kind == "rename-table") or not lost <= made:
                return False
            made.update(self._world.key(fact) for fact in one.postconditions if fact.present)
        return not (self._dialect.indexes_in_table and _numbers_by_a_new_key(self.operations[first:end]))

    def _same_names(self, world: int, later: int) -> bool:
        """Whether every table that is renamed between two worlds is called in the later one what it was in the first:
        two that have changed places look the same as well."""
        origins: dict[Key, Key] = {}
        for one in self.operations[world:later]:
            if one.kind == "rename-table":
                old, new = (self._world.table_key(fact.name) for fact in one.postconditions[:2])
                origins[new] = origins.pop(old, old)
        return all(now == then for now, then in origins.items())

    def _known_to_differ(self, world: int) -> Worlds:
        """The worlds that something which is known tells from this one."""
        found = NO_WORLDS
        for sign in self._signs:
            if sign.holds >> world & 1:
                found |= ~sign.may
            if not sign.may >> world & 1:
                found |= sign.holds
        return found

    def _best(
        self,
        asker: int,
        signs: list[_Sign],
        wanted: Worlds,
        worlds: Worlds,
        left: Worlds,
    ) -> tuple[_Sign, ...] | None:
        """The signs, one or two together, that hold in most of what is left and in nothing but what is wanted."""
        for number in (1, 2):
            best: tuple[_Sign, ...] | None = None
            most = 0
            for each in combinations(signs, number):
                covers = (_together(sign.holds for sign in each) & left).bit_count()
                if covers <= most:
                    continue
                if not _together(sign.may_hold(asker) for sign in each) & worlds & ~wanted:
                    best, most = each, covers
            if best is not None:
                return best
        return None

    @cached_property
    def _presence(self) -> Presence:
        """What is there in each world."""
        present = Presence(self._world, self._ground)
        for operation in told_by(self.operations, self._world):
            present.run(operation)
        return present

    @cached_property
    def _signs(self) -> list[_Sign]:
        """Every fact that any operation tells, and its opposite, with the worlds in which it holds."""
        told: dict[Key, tuple[Postcondition, int, bool, bool]] = {}
        every = told_by(self.operations, self._world)
        for index, operation in enumerate(every):
            for action, facts in operation:
                for fact in facts:
                    key = self._presence.key(fact)
                    guarded = action.guard is not None or action.may_be_so
                    if key not in told:
                        # What one of several actions leaves says nothing of the others where it may have been so.
                        told[key] = (fact, index, guarded, len(operation) == 1)
                    elif fact.present and not told[key][0].present:
                        told[key] = (fact, *told[key][1:])
        present = self._presence
        found: list[_Sign] = []
        worlds = before(self._end)
        for key, (fact, index, guarded, alone) in told.items():
            telling = _TELLING if fact.name.name else _TELLING | _SHAPE
            asked = fact._replace(attributes=tuple(pair for pair in fact.attributes if pair[0] in telling))
            if not self.visible(asked):
                continue
            there, unknown = present.worlds(key)
            gone = worlds & ~there & ~unknown
            only_guarded = before(index + 1) if guarded else NO_WORLDS
            for fact, holds, other in ((asked, there, gone), (asked, gone, there)):
                if holds and (other or unknown):
                    said = fact._replace(present=holds is there)
                    may = holds | unknown if alone else holds | unknown | only_guarded
                    found.append(_Sign(said, index, holds, may, only_guarded))
        for key, fact, index in present.columns():
            if key not in told and self.visible(fact):
                there, unknown = present.worlds(key)
                found += _both(fact, index, worlds, there, unknown)
        return found

    @cached_property
    def _told(self) -> _Signs:
        """Of these, what operations tell."""
        return _Signs([sign for sign in self._signs if not sign.aside])

    @cached_property
    def _aside(self) -> _Signs:
        """The others."""
        return _Signs([sign for sign in self._signs if sign.aside])

    @cached_property
    def _types(self) -> _Signs:
        """The same of columns by their types."""
        found: list[_Sign] = []
        worlds = before(self._end)
        for key, fact, of_type, other in ColumnTypes(self.operations, self._world, self._ground).told():
            if not self.visible(fact):
                continue
            there, unknown = self._presence.worlds(key) if self._presence.knows(key) else (worlds, NO_WORLDS)
            untold = worlds & ~of_type & ~other
            unsure = (unknown & of_type) | (untold & (there | unknown))
            found += _both(fact, max(0, first(of_type) - 1), worlds, of_type & there, unsure)
        return _Signs(found)


class _Signs:
    """Signs, found by the operations that tell of them."""

    def __init__(self, signs: list[_Sign]) -> None:
        self._signs = sorted(signs, key=lambda sign: sign.by)
        self._by = [sign.by for sign in self._signs]

    def all(self) -> Sequence[_Sign]:
        """All of them, by their operations."""
        return self._signs

    def nearest(self, index: int) -> list[_Sign]:
        """The signs of the operations nearest to one, its own first; at least as many as are combined."""
        at = bisect_left(self._by, index)
        start = bisect_left(self._by, self._by[max(0, at - _MOST)]) if at else 0
        around = self._signs[start : bisect_right(self._by, index) + _MOST]
        return sorted(around, key=lambda sign: abs(sign.by - index))[:_MOST]


def _together(sets: Iterable[Worlds]) -> Worlds:
    """The worlds that are in each of these sets."""
    return reduce(and_, sets)


def _both(fact: Postcondition, by: int, worlds: Worlds, there: Worlds, unknown: Worlds) -> Iterator[_Sign]:
    """A fact that no operation tells of, and its opposite."""
    gone = worlds & ~there & ~unknown
    for holds, other in ((there, gone), (gone, there)):
        if holds and other:
            yield _Sign(fact._replace(present=holds is there), by, holds, holds | unknown, aside=True)


#: How the kinds begin of what defines things, and changes no rows.
_DEFINING = (
    *("create-", "drop-", "add-", "alter-", "comment", "attach-", "detach-", "validate-"),
    *("rename-index", "rename-constraint"),
)
#: What holds rows, or is as hard to get back.
_HOLDING = frozenset({"table", "column", "schema", "sequence", "database", "tablespace", "partition"})


def loses_rows(operation: Operation) -> bool:
    """Whether an operation takes away what may hold rows."""
    return bool(taken_away(operation))


def taken_away(operation: Operation) -> list[Postcondition]:
    """What an operation takes away that may hold rows."""
    return [
        fact
        for action in operation.actions
        if not action.kind.startswith(("rename-", "set-schema"))
        for fact in action.postconditions
        if fact.object in _HOLDING and not fact.present
    ]


def _numbers_by_a_new_key(operations: Sequence[Operation]) -> bool:
    """Whether a primary key goes, and a column that numbers itself gets one: MySQL keeps that one's key."""
    goes = False
    for action in (action for one in operations for action in one.actions):
        for fact in action.postconditions:
            goes = goes or (not fact.present and ("kind", "primary key") in fact.attributes)
            if goes and fact.present and ("identity", "yes") in fact.attributes:
                return True
    return False


def _is_definition(operation: Operation) -> bool:
    fills = operation.kind == "create-table" and any("as-select" in one.traits for one in operation.actions)
    return operation.kind.startswith(_DEFINING) and not fills
