"""How a project's migrations stand in a database: what its tools' books say of each, set against the catalog.

What an old migration left may have been changed by later ones. So those that are recorded are run through in their
order, and only what all of them leave together is looked for; and of one that is not recorded only that counts as its
work which none of the others has done.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from partway import status
from partway.analysis import Analysis
from partway.core.operation import Operation
from partway.core.postcondition import Name
from partway.dialects import akin, dialect_named
from partway.histories import Books, Clerk
from partway.live.before import made_anew
from partway.live.lasting import Lasting, Missing
from partway.live.match import Matcher
from partway.live.own import State, leaves_nothing
from partway.live.sessions.session import Session
from partway.live.simulation import World
from partway.live.snapshot.model import Snapshot
from partway.live.snapshot.take import take_snapshot
from partway.live.state import Standing, changed_since, done, made_by, not_begun, standing
from partway.sql.search_path import declared_path
from partway.status import Told
from partway.tools.history import File, Record, apart
from partway.tools.sql.tool import names_database, pop_turn
from partway.unkept import standings
from partway.verdict import Verdict, judge, judge_in_context, judge_recorded


class Given(NamedTuple):
    """A migration's file in hand: its path as it is shown, its text under its full path, the tool, what the project's
    files tell the tool, how it is read (None: it is no migration after all, or could not be read), and the database
    that it is said to be for (None: any)."""

    shown: str
    file: File
    tool: str
    settings: Mapping[str, str]
    read: Callable[[], Analysis | None]
    dialect: str | None = None


class Found(NamedTuple):
    """What there is to say of one migration. `analysis` and `standing` are None where the books and what all migrations
    leave together say enough; `told` is None where its tool keeps no books. `total` is the number of operations."""

    given: Given
    analysis: Analysis | None
    standing: Standing | None
    told: Told | None
    total: int
    #: What the database said of it, where it was looked at by itself.
    snapshot: Snapshot | None = None

    @property
    def troubled(self) -> bool | None:
        """Whether somebody has to do something; None where that cannot be told."""
        if self.told is not None:
            return self.told.judged.troubled
        return self.standing.half_way if self.standing is not None else None


class Survey(NamedTuple):
    """Migrations in the order of their tools, those of a tool together; what keeps a tool from running any of them; and
    the snapshot that says so."""

    found: tuple[Found, ...]
    troubles: tuple[str, ...]
    snapshot: Snapshot

    def documents(self, database: str) -> list[dict[str, Any]]:
        """What the JSON of `status` says: a whole document for each migration whose operations were looked at, a short
        one for the others."""
        return [_document(one, self.snapshot, database) for one in self.found]


def survey(session: Session, given: Sequence[Given], named: Collection[str] | None = None) -> Survey:
    """How these migrations stand; with `named` only those of these paths are answered for, and the others are read only
    where the answer hangs on them. Raises Unreachable."""
    return _Surveying(session, given, named).survey()


class _Group(NamedTuple):
    """Migrations with one history: their tool, its table (None where it keeps none), and which of the tool's projects
    here they are of."""

    tool: str
    table: Name | None
    apart: str = ""


class _Surveying:
    def __init__(self, session: Session, given: Sequence[Given], named: Collection[str] | None) -> None:
        self.session = session
        self.named = named
        self.clerk = Clerk(session)
        self.groups: dict[_Group, list[Given]] = {}
        # Some projects carry the same migrations for several databases.
        own = [one for one in given if one.dialect and akin(one.dialect, session.dialect)]
        here = {one.tool for one in own}
        here |= {one.tool for one in given if one.dialect is None and "pop.folder" in one.settings}
        named_here = {pop_turn(one.file.path) for one in own if names_database(_base(one))} - {None}
        for one in given:
            other = one.dialect is not None and not akin(one.dialect, session.dialect)
            replaced = pop_turn(one.file.path) in named_here and not names_database(_base(one))
            if ((other and one.tool in here) or replaced) and not self._asked_by_name(one):
                continue
            table = self.clerk.table(one.tool, one.settings)
            group = _Group(one.tool, table, apart(one.tool, one.settings))
            self.groups.setdefault(group, []).append(one)
        self._join()
        self._read: dict[str, Analysis | None] = {}
        self._known: dict[_Group, Books] = {}
        self._own: dict[str, Snapshot] = {}

    def _join(self) -> None:
        """Put migrations of which nobody says whose they are to the only others that they can belong to."""
        for group in [one for one in self.groups if not one.apart]:
            others = [one for one in self.groups if one[:2] == group[:2] and one.apart]
            if len(others) == 1:
                self.groups[others[0]] += self.groups.pop(group)

    def survey(self) -> Survey:
        books = {key: self._books(key, members) for key, members in self.groups.items()}
        asked = {key: [one for one in members if self._asked(one)] for key, members in self.groups.items()}
        troubles = [said for key, one in books.items() if one and asked[key] for said in one.order.troubles]
        if self.named is not None:
            snapshot = self._snapshot([one for members in asked.values() for one in members])
            found = [self._alone(one, books[key], snapshot) for key, ones in asked.items() for one in ones]
            if not any(one.told and one.troubled is not False for one in found):
                return Survey(tuple(found), tuple(troubles), snapshot)
        needed = [one for key, ones in self.groups.items() if asked[key] for one in ones]
        snapshot = self._snapshot(needed)
        found = []
        for key, members in self.groups.items():
            kept = books[key]
            if asked[key]:
                all_ = self._kept(key, kept, snapshot) if kept else self._unkept(members, snapshot)
                found += [one for one in all_ if self._asked(one.given)]
        return Survey(tuple(found), tuple(troubles), snapshot)

    def _asked(self, one: Given) -> bool:
        return self.named is None or one.file.path in self.named

    def _asked_by_name(self, one: Given) -> bool:
        return self.named is not None and one.file.path in self.named

    def _books(self, group: _Group, members: list[Given]) -> Books | None:
        if group.table is None or not any(map(self._asked, members)):
            return None
        return self._read_books(group)

    def _read_books(self, group: _Group) -> Books:
        if group not in self._known:
            members = self.groups[group]
            settings = next(
                (one.settings for one in members if apart(one.tool, one.settings)), members[0].settings
            )
            self._known[group] = self.clerk.books(group.tool, settings, [one.file for one in members])
        return self._known[group]

    def _elsewhere(self, group: _Group) -> list[tuple[Operation, ...]]:
        """What migrations of other groups did that are recorded in books of their own, in their order."""
        found = []
        for other, members in self.groups.items():
            if other == group or other.table is None:
                continue
            books = self._read_books(other)
            files = {one.file.path: one for one in members}
            found += [
                self._operations(files[item.path])
                for item in books.order.items
                if item.path in files
                and books.recorded(files[item.path].file, around=False).record is Record.RECORDED
            ]
        return found

    def _analysis(self, one: Given) -> Analysis | None:
        if one.file.path not in self._read:
            self._read[one.file.path] = one.read()
        return self._read[one.file.path]

    def _operations(self, one: Given) -> tuple[Operation, ...]:
        analysis = self._analysis(one)
        return status.operations_of(analysis) if analysis is not None else ()

    def _snapshot(self, members: Iterable[Given]) -> Snapshot:
        return take_snapshot(self.session, [each for one in members for each in self._operations(one)])

    def _alone(self, one: Given, books: Books | None, snapshot: Snapshot, most: int | None = None) -> Found:
        """A migration judged by itself; with `most`, no more of its operations can have run."""
        operations = self._operations(one)
        snapshot = self._placed(one, operations) or snapshot
        stands = standing(operations, snapshot, most)
        exchanged = any(each.kind.startswith("rename-") for each in operations)
        anew = made_anew(World(dialect_named(snapshot.dialect)), operations).things
        if len(stands.fits) > 1 and (exchanged or anew):
            # Names that were exchanged look as they did before, and so may what is dropped and made again: what those
            # before it left tells them apart.
            stands = standing(operations, snapshot, most, self._before(one, books))
        if books is None:
            return Found(one, self._analysis(one), stands, None, len(operations), snapshot)
        recorded = books.recorded(one.file)
        judged = judge(recorded, stands, operations, books.held)
        told = Told(books.table, recorded, judged, books.held)
        return Found(one, self._analysis(one), stands, told, len(operations), snapshot)

    def _before(self, one: Given, books: Books | None) -> Lasting:
        """What the migrations of its tool left that ran before this one."""
        members = next(members for members in self.groups.values() if one in members)
        if books is not None:
            places = {item.path: number for number, item in enumerate(books.order.items)}
            ran = [
                each
                for each in members
                if books.recorded(each.file, around=False).record is Record.RECORDED
                and each.file.path in places
            ]
            ran.sort(key=lambda each: places[each.file.path])
        else:
            here = _by_number(one.file.path)
            ran = [
                each for each in members if _by_number(each.file.path) < here and not self._only_back(each)
            ]
            ran.sort(key=lambda each: _by_number(each.file.path))
        lasting = Lasting(self.session.dialect)
        for number, each in enumerate(ran):
            lasting.run(number, self._operations(each))
        return lasting

    def _placed(self, one: Given, operations: tuple[Operation, ...]) -> Snapshot | None:
        """A snapshot for a migration that sets its own search path; None for one that does not."""
        path = declared_path(one.file.text, operations)
        if not path:
            return None
        if one.file.path not in self._own:
            self.session.look_in(path)
            try:
                self._own[one.file.path] = take_snapshot(self.session, operations)
            finally:
                self.session.look_in(())
        return self._own[one.file.path]

    def _kept(self, group: _Group, books: Books, snapshot: Snapshot) -> list[Found]:
        """The migrations of a tool that keeps books, judged together."""
        members = self.groups[group]
        places = {item.path: number for number, item in enumerate(books.order.items)}
        if self.named is None:
            # What lies among them and is never run by itself: helpers, and what a squashed migration stands for.
            members = [one for one in members if one.file.path in places]
        members = sorted(members, key=lambda one: places.get(one.file.path, len(places)))
        records = [books.recorded(one.file, around=False) for one in members]
        lasting = Lasting(snapshot.dialect)
        ran = [n for n, record in enumerate(records) if record.record is Record.RECORDED]
        for number in ran:
            if self._analysis(members[number]) is None:
                lasting.unread(number)
            lasting.run(number, self._operations(members[number]))
        elsewhere = self._elsewhere(group) if len(ran) < len(members) else []
        # What others have made is no work of those that have not run.
        around = Lasting(snapshot.dialect) if elsewhere else lasting
        for operations in elsewhere:
            around.run(-1, operations)
        for number in ran if elsewhere else ():
            around.run(number, self._operations(members[number]))
        made = made_by(each for one in members for each in self._operations(one))
        matcher = Matcher(snapshot, made)
        found: dict[int, Found] = {}
        untouched: set[str] = set()
        for number, (one, record) in enumerate(zip(members, records, strict=True)):
            if record.record is Record.RECORDED:
                continue
            alone = self._alone(one, books, snapshot)
            operations = self._operations(one)
            if alone.told is not None and alone.told.judged.verdict in _BEGUN:
                # What it makes may be there because one before it made it: there it failed.
                alone = self._alone(one, books, snapshot, around.most(operations))
            if alone.told is None or alone.standing is None:
                continue
            told, ran_of_it = alone.told, done(operations, alone.standing)
            looks_the_same = _looks_the_same(told, alone.standing, operations)
            after, shown = around, False
            if told.judged.verdict in _BEGUN or looks_the_same:
                # An INVALID index shows that it was begun, though nothing of it has been done.
                broken = any(state.state is State.INVALID for state in alone.standing.states)
                own = alone.snapshot or snapshot
                after = around.after(len(members) + number, ran_of_it)
                shown = broken or after.shows(around, matcher if own is snapshot else Matcher(own, made))
            if looks_the_same and not shown:
                # It can run from its beginning, whether it did so before or not.
                told = told._replace(judged=told.judged._replace(verdict=Verdict.HALF_WAY))
                alone = alone._replace(standing=not_begun(alone.standing))
            judged = judge_in_context(told.judged, told.recorded, alone.analysis, shown, untouched)
            if judged.verdict in (Verdict.PENDING, Verdict.BLOCKED, Verdict.HALF_WAY):
                untouched.add(record.identity)
            if shown:
                lasting = lasting.after(len(members) + number, ran_of_it)
                around = after if elsewhere else lasting
            found[number] = alone._replace(told=told._replace(judged=judged))
        missing: dict[int, Missing] = {}
        for each in lasting.missing(matcher):
            best = missing.get(each.place.migration)
            if best is None or (each.certain, each.state is State.INVALID) > (
                best.certain,
                best.state is State.INVALID,
            ):
                missing[each.place.migration] = each
        for number in ran:
            one = members[number]
            told = Told(
                books.table, records[number], judge_recorded(records[number], missing.get(number)), books.held
            )
            looked = told.judged.troubled is not False or (self.named is not None and self._asked(one))
            if looked:
                told = told._replace(recorded=books.recorded(one.file))
            analysis = self._analysis(one) if looked else None
            stands = standing(self._operations(one), snapshot) if looked else None
            if stands is not None and told.judged.verdict is Verdict.COMPLETE:
                stands = changed_since(self._operations(one), stands)
            found[number] = Found(one, analysis, stands, told, len(self._operations(one)))
        return [found[number] for number in sorted(found)]

    def _only_back(self, one: Given) -> bool:
        """Whether a file holds nothing but another one's way down."""
        analysis = self._analysis(one)
        sections = [each.section.name for each in analysis.sections] if analysis is not None else []
        return bool(sections) and "up" not in sections

    def _unkept(self, members: list[Given], snapshot: Snapshot) -> list[Found]:
        """The migrations of no tool, by the numbers in their names."""
        if self.named is None:
            members = [one for one in members if not self._only_back(one)]
        members = sorted(members, key=lambda one: _by_number(one.file.path))
        alone = [self._alone(one, None, snapshot) for one in members]
        if self.named is not None:
            return alone
        stood = [(self._operations(one.given), one.standing) for one in alone if one.standing is not None]
        return [
            one._replace(standing=stands)
            for one, stands in zip(alone, standings(stood, snapshot), strict=True)
        ]


def _base(one: Given) -> str:
    return os.path.basename(one.file.path)


def _by_number(path: str) -> tuple[tuple[int, str], ...]:
    """By the numbers in a path, as people count: 10 comes after 9."""
    parts = re.split(r"([0-9]+)", path)
    return tuple((int(part), "") if part.isdigit() else (-1, part) for part in parts if part)


#: Verdicts on what has begun though it is not recorded.
_BEGUN = frozenset({Verdict.HALF_WAY, Verdict.UNRECORDED, Verdict.IN_PROGRESS})


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


def _document(one: Found, snapshot: Snapshot, database: str) -> dict[str, Any]:
    if one.analysis is not None and one.standing is not None:
        return status.document(one.given.shown, one.analysis, one.standing, snapshot, database, one.told)
    told = one.told
    words = told.judged.words if told is not None else "nothing of it is seen to be half way"
    return {
        "path": one.given.shown,
        "tool": one.given.tool,
        "dialect": snapshot.dialect,
        "identity": (told.recorded.identity if told is not None else "") or None,
        "database": database,
        "half_way": one.troubled if told is not None else False,
        "sentence": f"{status.stem(one.given.shown)}: {words}",
        "failure_point": None,
        # To list what came before and after each of thousands would be millions of names.
        "history": status.history(told) | {"later": None, "earlier": None} if told is not None else None,
        "operations": None,
        "operation_count": one.total,
        "not_read": dict(snapshot.unseen),
        "hidden": snapshot.hidden or None,
        "locked": [],
    }
