"""How a project's migrations stand in a database: what its tools' books say of each, set against the catalog."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from partway import status
from partway.analysis import Analysis
from partway.core.operation import Operation
from partway.core.postcondition import Name
from partway.dialects import akin, dialect_named
from partway.histories import Books, Clerk
from partway.kept import Kept
from partway.live.before import made_anew
from partway.live.lasting import Lasting
from partway.live.sessions.session import Session
from partway.live.simulation import World
from partway.live.snapshot.model import Snapshot
from partway.live.snapshot.take import take_snapshot
from partway.live.state import standing
from partway.sql.search_path import declared_path
from partway.status import Told
from partway.surveyed import Found, Given, Survey
from partway.tools.history import Record, apart
from partway.tools.sql.tool import names_database, pop_turn
from partway.unkept import standings
from partway.verdict import judge


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
        stands = standing(operations, snapshot, most, open_=True)
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
        if self.named is None:
            # What lies among them and is never run by itself: helpers, and what a squashed migration stands for.
            ordered = {item.path for item in books.order.items}
            members = [one for one in members if one.file.path in ordered]
        kept = Kept(members, books, snapshot, self._operations, self._analysis, self._alone)
        elsewhere = self._elsewhere(group) if kept.pending else []
        return kept.found(elsewhere, self._asked if self.named is not None else None)

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
