"""What a resume migration has to do, from what the migration does and what a database shows of it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import NamedTuple

from partway.core.operation import Operation, Repeat
from partway.core.postcondition import Name, Postcondition
from partway.dialects.dialect import Dialect
from partway.live.own import leaves_nothing
from partway.live.state import Standing
from partway.resume.evidence import Evidence, loses_rows
from partway.resume.ground import NOTHING_KNOWN, Ground
from partway.resume.point import (
    listed,
    refuse_what_is_called_a_table,
    refuse_what_is_different,
    what_ran,
)
from partway.resume.sessions import lasting, session_unit
from partway.tools.resuming import CannotResume, Formula, LeftOut, Step, Whole

#: Transaction control, which a resume migration has its own way with.
_CONTROL = frozenset({"begin", "commit", "rollback", "savepoint", "release", "rollback-to"})
#: Changes of rows: what ran of them shows nowhere.
_DATA = frozenset(
    {"insert", "update", "delete", "merge", "copy", "truncate", "select", "execute", "call", "do"}
)
#: How a table is made that has rows from its beginning.
_FILLED = frozenset({"as-select", "virtual"})
#: Every operation has a world and facts of its own: time and memory grow with the square of their number. So many take
#: about a quarter of a minute and 400 MB; migrations that people write have a few hundred at the most.
_MOST = 10_000


def steps(
    operations: Sequence[Operation],
    dialect: Dialect,
    visible: Callable[[Postcondition], bool],
    standing: Standing | None,
    applied: Collection[int] = (),
    pending: Collection[int] = (),
    wholes: Sequence[Whole] = (),
    text: str = "",
    known: Ground = NOTHING_KNOWN,
) -> tuple[tuple[Step, ...], tuple[LeftOut, ...]]:
    """What to write, and what to leave out. `visible` says which facts the migration's language can ask the catalog
    about. `applied` and `pending` are operations of which a person says whether they ran. Without a `standing` no
    database was asked. With `wholes` there is a step for each of those. `text` is the migration's. `known` is
    what its tables were like before it. Raises CannotResume."""
    if len(operations) > _MOST:
        raise CannotResume(
            f"the migration has {len(operations):,} operations, and what shows that each of them has run is worked out"
            f" for {_MOST:,} at the most",
            "Take what has run out of a copy of it, and run the rest by hand",
        )
    ran = what_ran(operations, standing, applied, pending)
    refuse_what_is_called_a_table(operations)
    refuse_what_is_different(operations, standing, ran)
    if wholes:
        units = _units(wholes, ran)
        operations = [one for whole in wholes for one in whole.operations]
    else:
        units = [_Unit(index, index, index, one) for index, one in enumerate(ran)]
    evidence = Evidence(operations, dialect, visible, known)
    again = _again(ran, evidence) if standing is not None and not wholes else frozenset[int]()
    planned = _Planned(operations, evidence, asked=standing is not None, said=pending, again=again)
    while units:
        session = 1 if wholes else len(session_unit(operations, units[0].at, text))
        several, units = units[:session], units[session:]
        if len(several) == 1:
            planned.add(several[0])
        else:
            planned.add_session(several)
    return tuple(planned.steps), tuple(planned.left_out)


def here(
    operations: Sequence[Operation],
    dialect: Dialect,
    visible: Callable[[Postcondition], bool],
    ran: Sequence[bool | None],
    known: Ground = NOTHING_KNOWN,
) -> tuple[tuple[Postcondition, ...], bool]:
    """What shows that the migration stopped where it did; nothing where it is not known, or mended by hand since. And
    whether the same shows where all of it has run, and what is left would do something there."""
    evidence = Evidence(operations, dialect, visible, known)
    least, most = ran.count(True), len(ran) - ran.count(False)
    if not all(ran[:least]) or any(one is not False for one in ran[most:]):
        return (), False
    facts, left = evidence.here(range(least, most + 1))
    return facts, len(ran) in left and not evidence.comes_round(most, len(ran))


def _again(ran: Sequence[bool | None], evidence: Evidence) -> frozenset[int]:
    """The operations that can simply run again where the database looks the same before them and after all of them."""
    unsure = [index for index, one in enumerate(ran) if one is None]
    whole = bool(unsure) and unsure == [*range(unsure[0], unsure[-1] + 1)]
    return frozenset(unsure if whole and evidence.comes_round(unsure[0], unsure[-1] + 1) else ())


class _Unit(NamedTuple):
    """What a step is made for: the operations from `first` to `at`, which show together that they have run. `number`
    is what people call it by, `ran` what is known of it."""

    first: int
    at: int
    number: int
    ran: bool | None


def _units(wholes: Sequence[Whole], ran: Sequence[bool | None]) -> list[_Unit]:
    found: list[_Unit] = []
    first = 0
    for whole in wholes:
        parts = ran[whole.first : whole.last + 1]
        known = True if all(parts) else False if False in parts else None
        found.append(_Unit(first, first + whole.telling, whole.first, known))
        first += len(whole.operations)
    return found


class _Planned:
    """A plan that grows, step by step."""

    def __init__(
        self,
        operations: Sequence[Operation],
        evidence: Evidence,
        *,
        asked: bool,
        said: Collection[int],
        again: Collection[int] = (),
    ) -> None:
        self.operations = operations
        self.evidence = evidence
        self.asked = asked
        #: Of which a person says that they have not run.
        self.said = said
        #: Which can run again where nobody knows of them.
        self.again = again
        self.steps: list[Step] = []
        self.left_out: list[LeftOut] = []
        #: What was added last, where it made a step.
        self.before: _Unit | None = None

    def add(self, unit: _Unit) -> None:
        """One more. Raises CannotResume."""
        operation, ran = self.operations[unit.at], unit.ran
        count = len(self.steps)
        if operation.kind in _CONTROL:
            pass
        elif leaves_nothing(operation):
            # It has to hold for what is left as well: `PRAGMA foreign_keys = OFF` keeps rows from going with a table
            # that is made anew.
            self._write(unit, ())
        else:
            self._add(unit, operation, ran)
        self.before = unit if len(self.steps) > count else None

    def _add(self, unit: _Unit, operation: Operation, ran: bool | None) -> None:
        opaque = operation.kind == "opaque"
        unless = self.evidence.ran(unit.at, unit.first) if not opaque else None
        if unless is None and not opaque and (operation.repeat is not Repeat.SAME or loses_rows(operation)):
            unless = self.evidence.ran(unit.at, unit.first, typed=True)
        if unless is None and not opaque and operation.repeat is not Repeat.SAME:
            unless = self.evidence.again(unit.at, unit.first)
        fills = self._first_to_fill(unit.at)
        if unless is not None:
            self._write(unit, unless)
        elif fills is not None:
            self._write(unit, self._until_next(unit), empty=fills)
        elif ran is True and operation.repeat is Repeat.SAME and self._may_repeat(unit, operation):
            self._write(unit, self._until_next(unit))  # for databases on which it has not run
        elif ran is True:
            self.left_out.append(LeftOut(unit.number, operation, self._why(operation)))
        elif opaque:
            self._opaque(unit)
        elif operation.repeat is Repeat.SAME:
            until = self._until_next(unit)
            if not until and loses_rows(operation):
                self._refuse_to_lose(unit, operation)
            self._write(unit, until)
        elif ran is None:
            self._undecided(unit)
        else:
            self._once(unit)

    def _may_repeat(self, unit: _Unit, operation: Operation) -> bool:
        """Whether it may run again where it has run: rows may have been changed since, or made anew."""
        harmless = operation.kind not in _DATA and not loses_rows(operation)
        return harmless or bool(self._until_next(unit))

    def _refuse_to_lose(self, unit: _Unit, operation: Operation) -> None:
        raise CannotResume(
            f"operation {unit.number}, {operation.kind} {operation.target}, takes away rows, and nothing in the catalog"
            " would keep it from doing that again to what is made in its place",
            "Finish the migration by hand",
        )

    def add_session(self, units: Sequence[_Unit]) -> None:
        """Operations that work with a temporary table, which run all in one session or not at all. Raises
        CannotResume."""
        ran = {unit.ran for unit in units}
        first, numbers = units[0], [unit.number for unit in units]
        fills = self._session_fills(range(first.at, units[-1].at + 1))
        if fills is not None:
            until = self._until_next(units[-1])
            for unit in units:
                whole = unit if len(ran) == 1 else unit._replace(ran=None)
                self._write(whole, until if unit is first else (), joined=unit is not first, empty=fills)
            self.before = units[-1]
            return
        if ran == {True}:
            why = "it worked with a temporary table of its session"
            self.left_out += [LeftOut(unit.number, self.operations[unit.at], why) for unit in units]
            self.before = None
            return
        if ran != {False}:
            raise CannotResume(
                f"operations {numbers[0]} to {numbers[-1]} work with the temporary table"
                f" {self.operations[first.at].target}, which is gone with its session; whether they ran shows nowhere",
                f"Look at the rows, and say so: --assume-applied {listed(numbers)} or --assume-pending"
                f" {listed(numbers)}",
            )
        self._once(first, self._until_next(units[-1]))
        for unit in units[1:]:
            self._write(unit, (), joined=True, blind=True)
        self.before = units[-1]

    def _write(
        self,
        unit: _Unit,
        unless: Formula,
        *,
        joined: bool = False,
        empty: Name | None = None,
        blind: bool = False,
    ) -> None:
        blind = blind and unit.number not in self.said
        again = unit.number in self.again
        step = Step(unit.number, self.operations[unit.at], unless, joined, empty, unit.ran, blind, again)
        self.steps.append(step)

    def _first_to_fill(self, index: int) -> Name | None:
        """The table that an INSERT is the first to fill, where the migration itself makes it: rows in it show that the
        INSERT has run, for an engine inserts all of them or none."""
        operation = self.operations[index]
        if operation.kind != "insert" or operation.repeat is Repeat.SAME:
            return None
        made: Name | None = None
        for earlier in self.operations[:index]:
            if earlier.kind == "opaque" or (earlier.kind in _DATA and earlier.target == operation.target):
                return None
            for fact in (fact for one in earlier.actions if not one.only_says for fact in one.postconditions):
                if fact.object == "table" and str(fact.name) == operation.target:
                    empty = earlier.kind == "create-table" and fact.present
                    # What a virtual table shows may be another table's rows.
                    filled = any(action.traits & _FILLED for action in earlier.actions)
                    made = fact.name if empty and not filled else None
        return made

    def _session_fills(self, unit: range) -> Name | None:
        """The table of the migration's own that a session with a temporary table fills, where it does nothing else that
        lasts: rows in it show that the session went so far."""
        stays = lasting(self.operations, unit)
        return self._first_to_fill(stays[0]) if len(stays) == 1 else None

    def _until_next(self, unit: _Unit) -> Formula:
        """For what may run again: until the next operation has run that shows."""
        for later in range(unit.at + 1, len(self.operations)):
            found = self.evidence.ran(later, unit.first, unit.at)
            if found is not None:
                return found
        return ()

    def _once(self, unit: _Unit, until: Formula | None = None) -> None:
        """What has not run, must not run twice, and shows nowhere: with the operation before it, if that is to run as
        well, else before the next one that shows."""
        before = self.steps[-1] if self.before is not None else None
        if before is not None and before.ran is False and (before.unless or before.joined):
            self._write(unit, (), joined=True, blind=True)
            return
        unless = self._until_next(unit) if until is None else until
        operation = self.operations[unit.at]
        if not unless and loses_rows(operation):
            self._refuse_to_lose(unit, operation)
        self._write(unit, unless, blind=True)

    def _opaque(self, unit: _Unit) -> None:
        operation, index = self.operations[unit.at], unit.number
        if unit.ran is None or not self.asked:
            why = operation.why_opaque or "it could not be read"
            raise CannotResume(
                f"operation {index} cannot be read ({why}), so nobody can tell whether it ran",
                f"Look whether it ran, and say so: --assume-applied {index} or --assume-pending {index}",
                undecided=index,
            )
        self._once(unit)

    def _undecided(self, unit: _Unit) -> None:
        operation, index = self.operations[unit.at], unit.number
        raise CannotResume(
            f"whether operation {index}, {operation.kind} {operation.target}, ran shows nowhere in the catalog, and a"
            " second run of it would change something",
            f"Look at the rows, and say so: --assume-applied {index} or --assume-pending {index}",
            undecided=index,
        )

    def _why(self, operation: Operation) -> str:
        if operation.kind == "opaque":
            return "it cannot be read"
        if operation.kind in _DATA:
            return "it changes rows, and no catalog shows whether it ran"
        return "nothing in the catalog tells it from what runs later"
