"""Where a migration stopped: the prefixes of its operations that what is in the database can be the end of. Pure.

Operations run in order and stop at the first failure. So for each number of operations that may have run, what they
leave behind is worked out, and what those after them would have found; the prefixes for which all of that is true of
the snapshot are where it can have stopped.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from typing import NamedTuple

from partway.core.operation import Operation
from partway.dialects import dialect_named
from partway.live.before import Needed, made_anew, needed, remade
from partway.live.entries import Entry, Key
from partway.live.match import Holds, Matcher
from partway.live.mentions import of_triggers, subject
from partway.live.own import State, leaves_nothing, own_state
from partway.live.simulation import World

#: So many of the things that were made last are looked at before all of them.
_NEWEST = 8
_FITS = frozenset({Holds.YES, Holds.LIKELY, Holds.UNKNOWN})
_NOT_YET = frozenset({Holds.NO, Holds.INVALID, Holds.UNKNOWN})
#: Of what only says what a thing is like: it is there, and not so yet.
_NOT_SO = frozenset({Holds.DIFFERENT, Holds.INVALID, Holds.LIKELY, Holds.UNKNOWN})


class FailurePoint(NamedTuple):
    """The last operation that is known to be applied (-1: none) and the first that is known not to be (or their
    number). What lies between shows nowhere in the catalog, or leaves it as it was."""

    after: int
    before: int


def fitting(operations: tuple[Operation, ...], matcher: Matcher) -> tuple[int, ...]:
    """How many operations can have run, every number that the snapshot fits; none when it fits no prefix.

    First it is taken that each operation had something to do; where nothing fits then, that as few as possible of those
    that only say what a thing is like say what was so before (REVOKE ... FROM PUBLIC); and then, that guarded ones may
    have had nothing to do, and that the one which failed did so because it found what it did not expect.
    """
    prefixes = _Prefixes(operations, matcher)
    for look in (prefixes.fitting, prefixes.nearly_fitting, prefixes.loosely_fitting):
        found = look()
        if found:
            return _without_idle(tuple(prefixes.best_supported(found)), operations)
    return ()


def made_otherwise(
    operations: tuple[Operation, ...], fits: tuple[int, ...], matcher: Matcher
) -> tuple[int, ...]:
    """Of these prefixes, where nobody knows what was there before, those that are left if what is taken away and made
    again was something else: why else would it be made again."""
    prefixes = _Prefixes(operations, matcher)
    world = World(prefixes.dialect)
    if not made_anew(world, operations).things:
        return fits  # nearly always, and thousands of changes of rows leave as many prefixes
    worlds: dict[int, World] = {}
    for count in range(fits[-1] + 1):
        if count:
            world.apply(operations[count - 1])
        made = remade(world, operations[count:]) if count in fits else ()
        if count in fits and not any(matcher.match(one, full=True).holds is Holds.YES for one in made):
            worlds[count] = world.copy()
    return tuple(prefixes.best_supported(worlds, otherwise=True)) or fits


def _without_idle(fits: tuple[int, ...], operations: tuple[Operation, ...]) -> tuple[int, ...]:
    """The prefixes, without those that end in the middle of what leaves nothing behind: that goes with what follows
    it, or at the end with what stands before."""
    idle = [leaves_nothing(operation) for operation in operations]
    total = tail = len(operations)
    while tail and idle[tail - 1]:
        tail -= 1
    if tail == 0:
        return fits
    kept = set(fits)
    for count in fits:
        within = count > 0 and idle[count - 1] and count - 1 in fits
        if (tail <= count < total and total in fits) or (count <= tail and within):
            kept.discard(count)
    return tuple(sorted(kept))


def failure_point(fits: tuple[int, ...]) -> FailurePoint | None:
    """The point that these prefixes leave."""
    return FailurePoint(fits[0] - 1, fits[-1]) if fits else None


class _Prefixes:
    def __init__(self, operations: tuple[Operation, ...], matcher: Matcher) -> None:
        self.operations = operations
        self.matcher = matcher
        self.dialect = dialect_named(matcher.snapshot.dialect)
        #: Operations whose name is taken by something else: a run that gets there fails.
        self.stuck = {
            index for index, one in enumerate(operations) if own_state(one, matcher).state is State.DIFFERENT
        }
        #: Whether the snapshot has what a world has, by identity: most of it is the same in the next world.
        self._said: dict[tuple[int, bool], tuple[Entry, bool]] = {}

    def fitting(self) -> dict[int, World]:
        """The prefixes that the snapshot can be the end of, by how many operations they have, each with its world."""
        return self._worlds(lambda world, count: self._fits(world, count, strict=True))

    def nearly_fitting(self) -> dict[int, World]:
        """Those that can be so if some of the operations that have not run, the fewest, only say what is so already."""
        idle = {
            count: len(self._so_already(world, count))
            for count, world in self._worlds(
                lambda world, count: self._fits(world, count, strict=True, weak=False)
            ).items()
        }
        fewest = min(idle.values(), default=0)
        return self._worlds(lambda _, count: idle.get(count) == fewest)

    def loosely_fitting(self) -> dict[int, World]:
        """Those that can be so if operations need not have had anything to do."""
        return self._worlds(lambda world, count: self._fits(world, count, strict=False))

    def _worlds(self, fits: Callable[[World, int], bool]) -> dict[int, World]:
        found: dict[int, World] = {}
        world, kept = World(self.dialect), None
        for count in range(len(self.operations) + 1):
            if count:
                operation = self.operations[count - 1]
                world.apply(operation)
                kept = None if operation.postconditions else kept
            if fits(world, count):
                kept = kept or world.copy()
                found[count] = kept
        return found

    def _so_already(self, world: World, count: int) -> set[int]:
        """The operations behind so many that only say what is so already."""
        return {
            one.by
            for one in needed(world, self.operations, count)
            if one.weak and not self._before(one, strict=True, failed=False)
        }

    def _fits(self, world: World, count: int, *, strict: bool, weak: bool = True) -> bool:
        """Whether the snapshot can be what so many operations left. What would be the first to be wrong is asked first:
        what the last of them left, and what the next ones need. Without `weak`, those that only say what a thing is
        like need nothing."""
        newest = islice(reversed(world.entries.values()), _NEWEST)
        return (
            all(self._after(entry, strict=strict) for entry in newest)
            and all(
                self._before(one, strict=strict, failed=one.by == count)
                for one in needed(world, self.operations, count)
                if weak or not one.weak
            )
            and all(self._after(entry, strict=strict) for entry in world.entries.values())
            and not (strict and not self._closed(world))
        )

    def _after(self, entry: Entry, *, strict: bool) -> bool:
        known = self._said.get((id(entry), strict))
        if known is None:
            # With the entry, so that no other one gets its identity.
            holds = self.matcher.match(entry.fact, entry.full, exact=strict).holds
            known = self._said[id(entry), strict] = entry, holds in _FITS
        return known[1]

    def _closed(self, world: World) -> bool:
        """Whether the tables that were made have just the columns that they were given."""
        for key, columns in world.closed.items():
            entry = world.entries.get(key)
            if entry is None or not entry.fact.present:
                continue
            there = self.matcher.columns(entry.fact.name)
            if there is not None and {one.lower() for one in there} != {one.lower() for one in columns}:
                return False
        return True

    def _before(self, one: Needed, *, strict: bool, failed: bool) -> bool:
        if one.soft and not strict:
            return True
        holds = self.matcher.match(one.fact, not one.weak).holds
        if one.weak:
            return holds in _NOT_SO if one.fact.present else holds in _NOT_YET
        if holds in _NOT_YET:
            return True
        # The operation that failed may have failed because the name was taken by something else.
        return failed and not strict and one.by in self.stuck

    def best_supported(self, found: dict[int, World], *, otherwise: bool = False) -> list[int]:
        """Of the prefixes that fit, without those that leave open what a longer one says and is true. `otherwise`: what
        is taken away and made again was something else."""
        kept = list(found)
        for count, world in found.items():
            said = set(world.entries) | {world.key(one.fact) for one in needed(world, self.operations, count)}
            lost = set() if otherwise else made_anew(world, self.operations[count:]).things
            for longer, more in found.items():
                if longer > count and count in kept and self._says_more(more, said, lost):
                    kept.remove(count)
        return kept

    def _says_more(self, world: World, said: set[Key], lost: set[Key]) -> bool:
        """Whether a world says more than `said`, and all of that is true. What is in tables that are `lost` and made
        again may have been in the old ones."""
        more = [
            entry
            for key, entry in world.entries.items()
            if key not in said
            and entry.fact.present
            and not of_triggers(entry.fact)  # one of those of which others speak, or all of them
            and not (entry.fact.table is not None and world.table_key(entry.fact.table) in lost)
            and not ((of := subject(entry.fact)) is not None and world.key(of) in lost)
        ]
        return bool(more) and all(self.matcher.match(one.fact, one.full).holds is Holds.YES for one in more)
