"""Stops migrations in SQL at every point, resumes them, and compares with an undisturbed run.

`python -m tests.resume.sql.crash [ENGINE ...]` runs them all and prints the report.
"""

from __future__ import annotations

import re
import sys
import time
import traceback
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from partway.analysis import Analysis, analyse
from partway.core.source import SourceFile
from partway.finishing import NOTHING, Assumed, Finish, finish
from partway.live.connect import Limits, connect
from partway.live.url import read_url
from partway.surveyed import Given
from partway.tools.choice import Choice
from partway.tools.history import File
from partway.tools.reading import read
from partway.tools.resuming import CannotResume
from tests.engines.lab import Dump, Lab, SqlError, differences, open_lab
from tests.engines.process import Unavailable
from tests.resume.sql.migrations import Case, cases, split
from tests.resume.sql.stopping import by_error, by_kill
from tests.resume.tally import Tally, Wrong

ENGINES = ("postgresql18", "mariadb", "mysql", "sqlite")
PATH = "/project/db/migrations/20260215093000_case.sql"
BASE = "/project/db/migrations/20260101000000_base.sql"
#: What leaves nothing behind.
_IDLE = re.compile(r"(BEGIN|COMMIT|END|SET|RESET|PRAGMA|PREPARE|DEALLOCATE)\b", re.IGNORECASE)
#: Of so many points, one is reached by ending the session.
_KILLED = 3


def resumed(lab: Lab, text: str, tool: str = "sql", base: str = "", assumed: Assumed = NOTHING) -> Finish:
    """What Partway makes of the migration in the lab's database. Raises CannotResume."""
    session = connect(read_url(lab.url), Limits())

    def given(path: str, text: str) -> Given:
        def reading() -> Analysis:
            choice = Choice(tool, session.dialect, session.server[:3], "none")
            return analyse(read(SourceFile(path, text), choice), ())

        return Given(Path(path).name, File(path, text), tool, {}, reading)

    try:
        return finish(session, "lab", given(PATH, text), [given(BASE, base)] if base else [], assumed)
    finally:
        session.close()


class Run:
    """One migration on one engine, undisturbed: what its first statements leave, for each number of them."""

    def __init__(self, lab: Lab, case: Case) -> None:
        self.lab = lab
        self.case = case
        self.statements = split(case.up, lab.name)
        self.total = len(self.statements)
        self._worlds: dict[int, Dump] = {}

    def world(self, count: int) -> Dump:
        """What so many statements leave."""
        if count not in self._worlds:
            self.fresh(count)
            self._worlds[count] = self.lab.dump()
        return self._worlds[count]

    def fresh(self, count: int) -> None:
        """A database on which the first statements have run."""
        self.lab.fresh()
        if self.case.setup:
            self.lab.script(self.case.setup)
        if count:
            self.lab.execute(*self.statements[:count])

    def stopped(self, count: int, *, kill: bool) -> None:
        """A database on which the migration stopped there."""
        if kill:
            self.fresh(0)
            # A statement may go through all the same, when it is killed too late.
            if by_kill(self.lab, self.statements, count) and self._is_at(count):
                return
        self.fresh(0)
        by_error(self.lab, self.statements, count)

    def _is_at(self, count: int) -> bool:
        """Whether the database is as so many statements leave it; of a half-built index nobody knows."""
        half = "CONCURRENTLY" in self.statements[count]
        return half or count not in self._worlds or self.lab.dump() == self._worlds[count]

    def alike(self, one: int, other: int) -> bool:
        """Whether nothing but what lasts no longer than its session lies between two points, or they look the same."""
        between = self.statements[min(one, other) : max(one, other)]
        return all(map(_IDLE.match, between)) or _plain(self.world(one)) == _plain(self.world(other))

    def points(self, first: int) -> Iterator[int]:
        """Where it can have stopped half way, that is where neither nothing is there nor all, beginning anywhere."""
        inner = [*range(1, self.total)]
        at = first % len(inner)
        for count in (*inner[at:], *inner[:at]):
            if self.world(count) not in (self.world(0), self.world(self.total)):
                yield count


class Point(NamedTuple):
    """A place where a migration stops, and in how many ways its resume is looked at."""

    run: Run
    at: int
    kill: bool
    exact: bool
    thorough: bool

    def problems(self, found: Finish) -> Iterator[str]:
        """What the resume does that it must not."""
        run, text, wanted = self.run, found.resumed.text, self.run.world(self.run.total)
        problem = ends_as(run.lab, text, wanted)
        if problem:
            yield f"not as an undisturbed run: {problem}"
            return
        problem = ends_as(run.lab, text, wanted, may_fail=True)
        if problem:
            yield f"run again: {problem}"
        if run.case.down:
            yield from self._down()
        run.fresh(run.total)
        problem = ends_as(run.lab, text, wanted, may_fail=True)
        if problem:
            yield f"where the original went through: {problem}"
        yield from self._elsewhere(found, text)
        problem = _wrong_point(found, run, self.at) if self.exact else ""
        if problem:
            yield problem

    def _elsewhere(self, found: Finish, text: str) -> Iterator[str]:
        """On databases where the migration stopped at another point. What was said of this one need not hold there:
        what ran that shows nowhere, and on SQLite all of it."""
        left_out = found.left_out or "-- Not repeated" in text
        if self.run.lab.dialect == "sqlite" or left_out or any(step.blind for step in found.steps):
            return
        others = [count for count in range(self.run.total) if count != self.at]
        for other in others if self.thorough else others[self.at % len(others) :][:1]:
            self.run.world(self.run.total)
            self.run.fresh(other)
            problem = ends_as(self.run.lab, text, self.run.world(self.run.total))
            if problem and not any(said in problem for said in ON_PURPOSE):
                yield f"on a database that stopped after {other}: {problem}"

    def _down(self) -> Iterator[str]:
        """The author's way down leads where it leads after an undisturbed run."""
        run = self.run
        down = split(run.case.down, run.lab.name)
        ends: list[Dump | str] = []
        for undisturbed in (False, True):
            if undisturbed:
                run.fresh(run.total)
            try:
                run.lab.execute(*down)
                ends.append(run.lab.dump())
            except SqlError as error:
                ends.append(str(error))
        if ends[0] != ends[1] or isinstance(ends[1], str):
            yield f"the way down ends otherwise: {[end for end in ends if isinstance(end, str)]}"

    def later(self) -> Iterator[str]:
        """Where the tool keeps books, and a later migration has run that undid things, the resume does nothing."""
        run, lab = self.run, self.run.lab
        books = [
            "CREATE TABLE schema_migrations (version varchar(128) PRIMARY KEY)",
            "INSERT INTO schema_migrations VALUES ('20260101000000')",
        ]
        base, text = (f"-- migrate:up\n{up}\n-- migrate:down\n" for up in (run.case.setup, run.case.up))
        run.fresh(self.at)
        lab.execute(*books)
        try:
            found = resumed(lab, text, "dbmate", base)
        except CannotResume as refusal:
            if not refusal.reason.startswith("nothing to resume"):
                yield f"refused where the tool keeps books: {refusal.reason}"
            return
        lab.execute("INSERT INTO schema_migrations VALUES ('20260215093000')")
        run.fresh(run.total)
        lab.execute(*books, "INSERT INTO schema_migrations VALUES ('20260215093000')")
        wanted = lab.dump()
        run.fresh(self.at)
        lab.execute(*books, "INSERT INTO schema_migrations VALUES ('20260215093000')")
        problem = ends_as(lab, found.resumed.text, wanted)
        if problem:
            yield f"through a tool that keeps books: {problem}\n{found.resumed.text}"
        for count in range(run.total + 1) if self.thorough else (self.at,):
            run.fresh(count)
            lab.execute(*books, "INSERT INTO schema_migrations VALUES ('20260215093000'), ('20260301000000')")
            problem = ends_as(lab, found.resumed.text, lab.dump(), may_fail=True)
            if problem:
                yield f"where a later one went back to {count}: {problem}\n{found.resumed.text}"


def crash(
    lab: Lab, case: Case, number: int, *, most: int | None = None, kills: bool = True, known: bool = True
) -> Tally:
    """Every point of one migration, or as many as are told. `number` chooses which, and how each is reached: without
    `kills` always by an error. Unless it is `known` what was there before, no earlier migration tells: then the point
    that status names may be another one that looks the same."""
    tally = Tally()
    tally.migrations = 1
    run = Run(lab, case)
    for place, count in enumerate(islice(run.points(number), most)):
        tally.points += 1
        kill = kills and (number + count) % _KILLED == 0
        # A half-built index may be left of what is killed.
        exact = known and (not kill or "CONCURRENTLY" not in run.statements[count])
        point = Point(run, count, kill, exact, most is None)
        how = "killed" if kill else "failed"
        where = f"{lab.name} '{case.name}' {how} after {count} of {run.total}"
        try:
            run.stopped(count, kill=point.kill)
            found = resumed(lab, case.up, base=case.setup if known else "")
            problems = [f"{problem}\n{found.resumed.text}" for problem in point.problems(found)]
            if place == 0 and known:
                problems += point.later()
        except CannotResume as refusal:
            if not refusal.reason.startswith("nothing to resume") or run.alike(count, run.total):
                tally.refused[f"{case.name} after {count}: {refusal.reason}"] += 1
                continue
            problems = [refusal.reason]
        except Exception:  # noqa: BLE001 - the report tells of everything
            problems = [traceback.format_exc()]
        tally.wrong += [Wrong(where, problem) for problem in problems]
        tally.recovered += not problems
    return tally


def _plain(world: Dump) -> str:
    """A world without the quotes that SQLite puts around a table's name in its indexes when the table is renamed."""
    return re.sub(r'"(\w+)"', r"\1", repr(world))


def _wrong_point(found: Finish, run: Run, count: int) -> str:
    """What is wrong with the point that status names; statements and operations are the same in number. What changes
    nothing, such as a guarded drop of what is not there, can count as run or not."""
    point = found.surveyed.standing.point if found.surveyed and found.surveyed.standing else None
    if point is None:
        return "no point is named"
    alike = [at for at in range(run.total + 1) if run.alike(at, count)]
    return "" if any(point.after < at <= point.before for at in alike) else f"the named point is {point}"


#: With this a resume migration fails on purpose, where it can stand behind no condition.
ON_PURPOSE = ("has got further here than this was written for", "the migration has not stopped here")


def ends_as(lab: Lab, text: str, wanted: Dump, *, may_fail: bool = False) -> str:
    """Run a text; what is otherwise afterwards, empty for nothing."""
    try:
        lab.execute(*split(text, lab.name))
    except SqlError as error:
        # On SQLite all of it is one transaction, so that whatever makes it fail leaves what was there.
        on_purpose = lab.dialect == "sqlite" or any(said in str(error) for said in ON_PURPOSE)
        if not may_fail or not on_purpose:
            return str(error)
    dump = lab.dump()
    return ", ".join(differences(wanted, dump)) if dump != wanted else ""


def main(names: Sequence[str]) -> int:
    """The report; 1 when anything is wrong."""
    wrong = 0
    only = [name for name in names if name not in ENGINES and not name.startswith("postgresql")]
    for engine in [name for name in names if name not in only] or ENGINES:
        try:
            lab = open_lab(engine)
        except Unavailable as error:
            print(f"{engine:<24} not available: {error}")
            continue
        tally = Tally()
        try:
            for number, case in enumerate(cases(engine)):
                if not only or any(part in case.name for part in only):
                    began = time.monotonic()
                    one = crash(lab, case, number)
                    tally.add(one)
                    print(
                        f"{time.monotonic() - began:5.1f}s {one.line(case.name)}", file=sys.stderr, flush=True
                    )
                    for refused in one.refused:
                        print(f"    refused {refused}", file=sys.stderr, flush=True)
                    for each in one.wrong:
                        said = (
                            each.what.partition("\n")[0] if "Traceback" not in each.what else each.what[-300:]
                        )
                        print(f"    {each.where}: {said}", file=sys.stderr, flush=True)
        finally:
            lab.close()
        print(tally.line(engine))
        print("\n".join(tally.reasons()), flush=True)
        wrong += len(tally.wrong)
    return min(wrong, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
