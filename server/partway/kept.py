"""Migrations of a tool that keeps books, judged together.

What an old migration left may have been changed by later ones. So those that are recorded are run through in their
order, and only what all of them leave together is looked for; and of one that is not recorded only that counts as its
work which none of the others has done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Protocol

from partway.analysis import Analysis
from partway.core.operation import Operation
from partway.histories import Books
from partway.live.lasting import Lasting, Missing
from partway.live.match import Matcher
from partway.live.own import State, leaves_nothing
from partway.live.snapshot.model import Snapshot
from partway.live.state import Standing, changed_since, done, made_by, not_begun, standing
from partway.status import Told
from partway.surveyed import Found, Given
from partway.tools.history import Record
from partway.verdict import Verdict, judge_in_context, judge_recorded

#: Verdicts on what has begun though it is not recorded.
_BEGUN = frozenset({Verdict.HALF_WAY, Verdict.UNRECORDED, Verdict.IN_PROGRESS})


class _Alone(Protocol):
    """Judges a migration by itself; with `most`, no more of its operations can have run."""

    def __call__(
        self, one: Given, books: Books | None, snapshot: Snapshot, most: int | None = None
    ) -> Found: ...


class Kept:
    """Migrations with one history. `operations`, `analysis` and `alone` say of one of them what its way up does, how it
    is read (None where that fails), and how it stands by itself."""

    def __init__(
        self,
        members: Iterable[Given],
        books: Books,
        snapshot: Snapshot,
        operations: Callable[[Given], tuple[Operation, ...]],
        analysis: Callable[[Given], Analysis | None],
        alone: _Alone,
    ) -> None:
        places = {item.path: number for number, item in enumerate(books.order.items)}
        self.members = sorted(members, key=lambda one: places.get(one.file.path, len(places)))
        self.books = books
        self.snapshot = snapshot
        self._operations = operations
        self._analysis = analysis
        self._alone = alone
        self._records = [books.recorded(one.file, around=False) for one in self.members]
        self._ran = [n for n, one in enumerate(self._records) if one.record is Record.RECORDED]
        self._made = made_by(each for one in self.members for each in operations(one))
        self._matcher = Matcher(snapshot, self._made)
        #: What those that are recorded leave together, and those that are shown to have begun.
        self._lasting = Lasting(snapshot.dialect)
        for number in self._ran:
            if analysis(self.members[number]) is None:
                self._lasting.unread(number)
            self._lasting.run(number, operations(self.members[number]))

    @property
    def pending(self) -> bool:
        """Whether any of them is not recorded."""
        return len(self._ran) < len(self.members)

    def found(
        self, elsewhere: Sequence[tuple[Operation, ...]], asked: Callable[[Given], bool] | None
    ) -> list[Found]:
        """What there is to say of each, in order. `elsewhere` is what migrations with other histories did; `asked` says
        for which of them whole answers are wanted, None: for those that are not complete."""
        found = dict(self._pending(elsewhere))
        found.update(self._recorded(asked))
        return [found[number] for number in sorted(found)]

    def _pending(self, elsewhere: Sequence[tuple[Operation, ...]]) -> Iterator[tuple[int, Found]]:
        """Those that are not recorded, by their places."""
        # What others have made is no work of those that have not run.
        around = Lasting(self.snapshot.dialect) if elsewhere else self._lasting
        for operations in elsewhere:
            around.run(-1, operations)
        for number in self._ran if elsewhere else ():
            around.run(number, self._operations(self.members[number]))
        untouched: set[str] = set()
        for number, (one, record) in enumerate(zip(self.members, self._records, strict=True)):
            if record.record is Record.RECORDED:
                continue
            operations = self._operations(one)
            alone = self._alone(one, self.books, self.snapshot)
            if alone.told is not None and alone.told.judged.verdict in _BEGUN:
                # What it makes may be there because one before it made it: there it failed.
                alone = self._alone(one, self.books, self.snapshot, around.most(operations))
            if alone.told is None or alone.standing is None:
                continue
            told, ran_of_it = alone.told, done(operations, alone.standing)
            looks_the_same = _looks_the_same(told, alone.standing, operations)
            after, shown = around, False
            if told.judged.verdict in _BEGUN or looks_the_same:
                after = around.after(len(self.members) + number, ran_of_it)
                shown = self._shows(alone, around, after)
            if looks_the_same and not shown:
                # It can run from its beginning, whether it did so before or not.
                told = told._replace(judged=told.judged._replace(verdict=Verdict.HALF_WAY))
                alone = alone._replace(standing=not_begun(alone.standing))
            judged = judge_in_context(told.judged, told.recorded, alone.analysis, shown, untouched)
            if judged.verdict in (Verdict.PENDING, Verdict.BLOCKED, Verdict.HALF_WAY):
                untouched.add(record.identity)
            if shown:
                self._lasting = self._lasting.after(len(self.members) + number, ran_of_it)
                around = after if elsewhere else self._lasting
            yield number, alone._replace(told=told._replace(judged=judged))

    def _shows(self, alone: Found, around: Lasting, after: Lasting) -> bool:
        """Whether anything is there that is this one's work. An INVALID index shows that it was begun, though nothing
        of it has been done."""
        if alone.standing is not None and any(one.state is State.INVALID for one in alone.standing.states):
            return True
        own = alone.snapshot
        if own is None or own is self.snapshot:
            return after.shows(around, self._matcher)
        return after.shows(around, Matcher(own, self._made))

    def _recorded(self, asked: Callable[[Given], bool] | None) -> Iterator[tuple[int, Found]]:
        """Those that are recorded, by their places."""
        missing = self._missing()
        for number in self._ran:
            one, record = self.members[number], self._records[number]
            told = Told(
                self.books.table, record, judge_recorded(record, missing.get(number)), self.books.held
            )
            looked = told.judged.troubled is not False or (asked is not None and asked(one))
            if looked:
                told = told._replace(recorded=self.books.recorded(one.file))
            analysis = self._analysis(one) if looked else None
            stands = standing(self._operations(one), self.snapshot) if looked else None
            if stands is not None and told.judged.verdict is Verdict.COMPLETE:
                stands = changed_since(self._operations(one), stands)
            yield number, Found(one, analysis, stands, told, len(self._operations(one)))

    def _missing(self) -> dict[int, Missing]:
        """What is not there of what they leave: of each the surest."""
        found: dict[int, Missing] = {}
        for each in self._lasting.missing(self._matcher):
            best = found.get(each.place.migration)
            if best is None or _weight(each) > _weight(best):
                found[each.place.migration] = each
        return found


def _weight(missing: Missing) -> tuple[bool, bool]:
    return missing.certain, missing.state is State.INVALID


def _looks_the_same(told: Told, stands: Standing, operations: Sequence[Operation]) -> bool:
    """Whether the catalog looks as it does before a migration, and as it does after some of it, which took away things
    and made them anew, and changed no rows but in those."""
    unclear = told.judged.verdict is Verdict.UNCLEAR and told.recorded.record is Record.NOT_RECORDED
    if not unclear or len(stands.fits) < 2 or stands.fits[0] > 0:
        return False
    own = {str(name) for name in made_by(operations)}
    return all(
        one.postconditions or leaves_nothing(one) or one.target in own
        for one in operations[: stands.fits[-1]]
    )
