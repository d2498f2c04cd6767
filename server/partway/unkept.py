"""Migrations of which no tool keeps books: which of them have run, as far as the catalog shows. Pure.

Nobody has written down which have run, but they run in their order. What the last one lacks of which anything is there
is missing, and of one before it what no later one touches; of those after it, only the next may have begun unseen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from partway.core.operation import Operation
from partway.core.postcondition import Name, Postcondition, absent
from partway.live.entries import Key
from partway.live.lasting import Lasting, is_named_after
from partway.live.match import Matcher
from partway.live.own import State
from partway.live.snapshot.model import Snapshot
from partway.live.state import Standing, changed_since, done, made_by, not_begun, standing

#: A migration's operations, and how it stands judged by itself.
Stood = tuple[tuple[Operation, ...], Standing]


def standings(migrations: Sequence[Stood], snapshot: Snapshot) -> list[Standing | None]:
    """How each of these stands, in the order in which they run, given the others; None where that cannot be said of its
    operations one by one, and nothing says that it is half way."""
    return _Series(migrations, snapshot).standings()


class _Series:
    def __init__(self, migrations: Sequence[Stood], snapshot: Snapshot) -> None:
        self.migrations = migrations
        self.snapshot = snapshot
        self.matcher = Matcher(snapshot, made_by(each for operations, _ in migrations for each in operations))
        world = Lasting(snapshot.dialect)
        self.key, self.table_key = world.world.key, world.world.table_key
        self.made: set[int] = set()  # those of which something is there that none before them makes
        self.touched: dict[Key, int] = {}  # the last that makes or changes each thing, or takes it away
        self.gone: dict[Key, int] = {}  # the last that takes it away
        for number, (operations, _) in enumerate(migrations):
            world.run(number, operations)
            for fact in _facts(operations):
                self.touched[self.key(fact)] = number
                if not fact.present:
                    self.gone[self.key(fact)] = number
            if world.made(self.matcher):
                self.made.add(number)
        self.known = world.world.entries
        self.last = self._last()

    def _before(self, last: int) -> Lasting:
        """The world in which a migration ran: what those before it left."""
        world = Lasting(self.snapshot.dialect)
        for number, (operations, _) in enumerate(self.migrations[:last]):
            world.run(number, operations)
        return world

    def _last(self) -> int:
        """The last of which anything is there; -1 where that is none."""
        last = max(self.made, default=-1)
        troubled = last >= 0 and self._stopped(last)
        before = self._before(last + 1)
        for number, (operations, stands) in enumerate(self.migrations[last + 1 :], last + 1):
            # It may have done no more than take away what others had made.
            if not troubled and before.after(number, done(operations, stands)).shows(before, self.matcher):
                last, troubled = number, self._stopped(number)
                before.run(number, operations)
        return last

    def _stopped(self, number: int) -> bool:
        """Whether one has begun and not ended, so that none after it has run. What stands as no failure leaves it, and
        lacks what a later one takes away, is not so."""
        operations, stands = self.migrations[number]
        if not stands.half_way or stands.point is not None:
            return bool(stands.half_way)
        states = zip(operations, stands.states, strict=True)
        return self._left(number, (one for one, each in states if each.state is not State.APPLIED))

    def standings(self) -> list[Standing | None]:
        found: list[Standing | None] = []
        waiting = False  # one of those after the last has operations that have not run
        for number, (operations, stands) in enumerate(self.migrations):
            waiting = waiting or (
                number > self.last and any(one.state is State.PENDING for one in stands.states)
            )
            if number < self.last:
                found.append(
                    stands if self._stays(number, operations, stands) else changed_since(operations, stands)
                )
            elif number == self.last:
                before = self._before(number)
                found.append(standing(operations, self.snapshot, before.most(operations), before))
            elif number == self.last + 1 and stands.half_way is None:
                found.append(stands)
            else:
                kept = not_begun(stands) if waiting else stands
                found.append(kept if kept.half_way is False else None)
        return found

    def _stays(self, number: int, operations: tuple[Operation, ...], stands: Standing) -> bool:
        """Whether one before the last stands as it does by itself, and not as it does since a later one ran."""
        if stands.half_way is None or stands.half_way is not (number in self.made):
            return False  # it has begun and is not half way, or looks half way though nothing of it is there
        if stands.half_way and stands.point is not None and stands.point.before == len(operations):
            return False  # what it may lack shows nowhere
        states = zip(operations, stands.states, strict=True)
        return self._left(number, (one for one, each in states if each.state is not State.APPLIED))

    def _left(self, number: int, operations: Iterable[Operation]) -> bool:
        """Whether no later migration touches what these operations of one leave."""
        return all(
            self.touched[self.key(fact)] <= number
            # What has no name goes by one that the engine gave it.
            and (bool(fact.name.name) or self.key(fact) in self.known)
            and (
                fact.table is None
                or (
                    not self._went_with_another(fact.table, number)
                    and max(self.gone.get(self.table_key(fact.table), -1), self._type_gone(fact.table))
                    <= number
                )
            )
            for fact in _facts(operations)
        )

    def _went_with_another(self, table: Name, number: int) -> bool:
        """Whether a table that no migration makes went when a later one took another one away: as a partition does."""
        own = self.table_key(table)
        return own not in self.touched and any(
            last > number and is_named_after(own, key) for key, last in self.gone.items()
        )

    def _type_gone(self, name: Name) -> int:
        """The last that takes a type of this name away, which an enum's values and a type's attributes are in."""
        return self.gone.get(self.key(absent("type", name)), -1)


def _facts(operations: Iterable[Operation]) -> Iterator[Postcondition]:
    """What operations leave behind, one after the other."""
    return (fact for operation in operations for fact in operation.postconditions)
