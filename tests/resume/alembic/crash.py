"""Stops Alembic's revisions behind every statement, resumes them, and compares with an undisturbed run.

`python -m tests.resume.alembic.crash [ENGINE ...] [--case NAME]` runs them all and prints the report.
"""

from __future__ import annotations

import argparse
import io
import json
import re
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from partway.cli.main import main as partway
from tests.engines.lab import Dump, Lab, open_lab
from tests.engines.process import Unavailable
from tests.resume.alembic.case import BASE_FILE, ENGINES, FAILED_FILE, LATER_FILE, Case
from tests.resume.alembic.migrations import CASES
from tests.resume.tally import Tally, Wrong
from tests.runners.alembic.runner import COMMAND, AlembicProject, AlembicRunner
from tests.runners.runner import Outcome, changed
from tests.runners.worker import Worker

#: How a run is stopped, in turn from point to point.
HOWS = ("raise", "kill", "raise", "session")
_ENDING = {
    "postgresql": "SELECT pg_terminate_backend(pg_backend_pid())",
    "mariadb": "KILL CONNECTION_ID()",
    "mysql": "KILL CONNECTION_ID()",
}


class Refused(Exception):
    """Partway writes no resume, and says why."""


class Half(NamedTuple):
    """A revision stopped half way: the outcome of the run, and the files of its project."""

    outcome: Outcome
    project: AlembicProject


class Named(NamedTuple):
    """What status says of a point: the operations around it, None for none; and of each operation whether it is
    applied, and the call that it comes from."""

    point: tuple[int, int] | None
    operations: list[tuple[bool, str]]

    def is_right(self, alike: Iterable[int]) -> bool:
        """Whether it is one of these. A call with several statements may send them in another order each time, for
        SQLAlchemy keeps a table's indexes and keys in sets: there it is enough that so many are applied."""
        if self.point is not None:
            return any(self.point[0] < at <= self.point[1] for at in alike)
        done = sum(applied for applied, _ in self.operations)
        first = next(at for at, (applied, _) in enumerate(self.operations) if not applied)
        calls = {call for applied, call in self.operations[first:] if applied}
        return done in alike and calls == {self.operations[first][1]}


class Stopper:
    """Stops one case's revision on one engine, and resumes it."""

    def __init__(self, runner: AlembicRunner, case: Case) -> None:
        self.runner = runner
        self.case = case
        self.engine = runner.lab.name

    def load(self, project: AlembicProject, keep_database: bool = False) -> None:
        """The project in its folder, for the tool and for Partway."""
        self.runner.load(project, keep_database)
        (self.runner.folder / ".git").mkdir(exist_ok=True)

    def undisturbed(self) -> tuple[int, Dump, Dump]:
        """A run without a failure: the number of statements, what is there behind it, and what its way down leaves."""
        runner = self.runner
        self.load(self.case.project(self.engine))
        must(runner.up(BASE_FILE))
        self.empty = runner.dump()
        self.wish(None)
        must(runner.up(FAILED_FILE))
        count = int((runner.folder / "count").read_text())
        whole = runner.dump()
        must(runner.down(FAILED_FILE))
        return count, whole, runner.dump()

    def stopped(self, after: int, how: str = "raise", later: str | None = None) -> Half:
        """A database on which the revision stopped behind so many statements."""
        runner = self.runner
        project = self.case.project(self.engine, later)
        self.load(project)
        must(runner.up(BASE_FILE))
        ending = _ENDING.get(runner.lab.dialect)
        self.wish({"after": after, "how": "raise" if how == "session" and not ending else how, "sql": ending})
        outcome = runner.up(FAILED_FILE)
        self.wish(None)
        return Half(outcome, project)

    def wish(self, stop: dict[str, object] | None) -> None:
        """Say where the next run is to stop."""
        for name in ("count", "stop"):
            (self.runner.folder / name).unlink(missing_ok=True)
        if stop is not None:
            (self.runner.folder / "stop").write_text(json.dumps(stop))

    def resumed(self, project: AlembicProject, *more: str) -> AlembicProject:
        """The project with the resume that Partway writes from the database. Raises Refused."""
        versions = self.runner.folder / "versions"
        said, error = io.StringIO(), io.StringIO()
        with redirect_stdout(said), redirect_stderr(error):
            arguments = ["resume", str(versions / FAILED_FILE), "--database", self.runner.lab.url, *more]
            code = partway(arguments)
        if code:
            raise Refused(error.getvalue().strip())
        files = {path.name: path.read_text() for path in versions.glob("*.py")}
        return replace(project, files=files)

    def named(self) -> Named:
        """The point that `partway status` names."""
        versions, said = self.runner.folder / "versions", io.StringIO()
        with redirect_stdout(said), redirect_stderr(io.StringIO()):
            partway(
                ["status", str(versions / FAILED_FILE), "--database", self.runner.lab.url, "--format", "json"]
            )
        (found,) = json.loads(said.getvalue())
        point, operations = found["failure_point"], found["operations"]
        return Named(
            (point["after"], point["before"]) if point is not None else None,
            [(one["state"] == "applied", str(one["range"])) for one in operations if one["section"] == "up"],
        )

    def finished(self, project: AlembicProject) -> Outcome:
        """Mark the failed revision as done, and run the tool."""
        self.load(project, keep_database=True)
        self.runner.mark(FAILED_FILE, applied=True)
        return self.runner.migrate()


def must(outcome: Outcome) -> None:
    """A run that has to go through."""
    assert outcome.ok, outcome


def resume_file(project: AlembicProject) -> str:
    """The name of the resume's file."""
    known = {BASE_FILE, FAILED_FILE, LATER_FILE}
    (name,) = [name for name in project.files if name not in known]
    return name


def code_of(text: str) -> str:
    """A revision's text without its docstring, which says when it was made."""
    return re.sub(r'\A""".*?"""', "", text, flags=re.DOTALL)


class Crash:
    """All points of one case on one engine."""

    def __init__(self, runner: AlembicRunner, name: str, case: Case) -> None:
        self.runner = runner
        self.name = name
        self.case = case
        self.stopper = Stopper(runner, case)
        self.tally = Tally()
        self.texts: dict[str, AlembicProject] = {}
        #: By the number of statements that have run: what is there, and the point that status named.
        self.worlds: dict[int, Dump] = {}
        self.named: dict[int, Named] = {}

    def run(self, points: Iterable[int] | None = None) -> Tally:
        """Every point, or those behind these numbers of statements."""
        self.tally.migrations = 1
        count, self.whole, self.before = self.stopper.undisturbed()
        wanted = (
            range(1, count) if points is None else sorted({max(1, min(each, count - 1)) for each in points})
        )
        for number, after in enumerate(wanted):
            self._point(after, HOWS[number % len(HOWS)])
        self._points_named(count)
        for project in self.texts.values():
            self._elsewhere(project)
        if count > 1 and not self.case.refused:
            self._with_later(count - 1)
        return self.tally

    def _point(self, after: int, how: str) -> None:
        runner, where = self.runner, f"{self.runner.lab.name} {self.name}, {how} behind statement {after}"
        half = self.stopper.stopped(after, how)
        if half.outcome.ok or half.outcome.recorded:
            self._wrong(where, f"it did not stop: {half.outcome}")
            return
        left = changed(self.whole, runner.dump())
        if not left:
            return  # all is there
        self.tally.points += 1
        self.worlds[after] = runner.dump()
        self.named[after] = self.stopper.named()
        try:
            project = self.stopper.resumed(half.project)
        except Refused as refusal:
            self._refused(where, str(refusal))
            return
        name = resume_file(project)
        outcome = self.stopper.finished(project)
        if not outcome.ok or name not in runner.history():
            self._wrong(where, f"the resume failed: {outcome.error}\n{project.files[name]}")
            return
        if difference := changed(self.whole, runner.dump()):
            self._wrong(where, f"{difference}\n{project.files[name]}")
            return
        again = runner.again(name)
        if again.verdict != "same":
            self._wrong(where, f"the second run {again}")
            return
        self.tally.recovered += 1
        code = code_of(project.files[name])
        if code not in self.texts:
            self.texts[code] = project
            self._back(where, name)

    def _points_named(self, count: int) -> None:
        """Status names the points, where operations are statements; two that look the same are not told apart."""
        worlds = {0: self.stopper.empty, **self.worlds, count: self.whole}
        for after, named in self.named.items():
            alike = [at for at, world in worlds.items() if at == after or not changed(world, worlds[after])]
            if len(named.operations) == count and not named.is_right(alike):
                where = f"{self.runner.lab.name} {self.name}"
                self._wrong(where, f"stopped behind {after}, said to be {named.point}")

    def _refused(self, where: str, why: str) -> None:
        """A refusal is right where nothing is left to resume, and the tool simply runs again."""
        if "nothing to resume" in why and self.runner.up(FAILED_FILE).ok:
            if changed(self.whole, self.runner.dump()):
                self._wrong(where, f"{why}, but running it again gives something else")
                return
            self.tally.recovered += 1
            return
        self.tally.refused[why.splitlines()[0].partition("refused: ")[2] or why] += 1
        if not self.case.refused or self.case.refused not in why:
            self._wrong(where, why)

    def _back(self, where: str, name: str) -> None:
        """Going back below the original undoes the whole."""
        for each in (name, FAILED_FILE):
            outcome = self.runner.down(each)
            if not outcome.ok:
                self._wrong(where, f"going back: {outcome.error}")
                return
        if difference := changed(self.before, self.runner.dump()):
            self._wrong(where, f"going back: {difference}")

    def _elsewhere(self, project: AlembicProject) -> None:
        """A database that is new, on which the original goes through before the resume."""
        where = f"{self.runner.lab.name} {self.name}, where the original went through"
        self.stopper.load(project)
        outcome = self.runner.migrate()
        if not outcome.ok:
            self._wrong(where, f"{outcome.error}\n{project.files[resume_file(project)]}")
        elif difference := changed(self.whole, self.runner.dump()):
            self._wrong(where, f"{difference}\n{project.files[resume_file(project)]}")

    def _with_later(self, after: int) -> None:
        """A revision behind the failed one, which undoes all: before it the resume runs, and behind it no more."""
        runner, case, stopper = self.runner, self.case, self.stopper
        where = f"{runner.lab.name} {self.name}, with a later revision"
        later = replace(case, up=case.down, down="pass")
        half = stopper.stopped(after, later=case.down)
        stopper.load(with_head(half.project, later), keep_database=True)
        try:
            project = stopper.resumed(with_head(half.project, later))
        except Refused:
            return  # told of at its point
        outcome = stopper.finished(project)
        if not outcome.ok or LATER_FILE not in runner.history():
            self._wrong(where, f"{outcome.error} {runner.history()}")
        elif difference := changed(self.before, runner.dump()):
            self._wrong(where, f"{difference}")
        stopper.load(with_head(case.project(stopper.engine, case.down), later))
        must(runner.migrate())
        before = runner.dump()
        stopper.load(project, keep_database=True)
        outcome = runner.migrate()
        if not outcome.ok or (difference := changed(before, runner.dump())):
            self._wrong(
                where, f"it was not left alone where the later one has run: {outcome.error} {difference}"
            )

    def _wrong(self, where: str, what: str) -> None:
        self.tally.wrong.append(Wrong(where, what))


def with_head(project: AlembicProject, case: Case) -> AlembicProject:
    """The project, its later revision with the constants that its way up uses."""
    text = project.files[LATER_FILE]
    of = case.text()
    top = of[of.index("from typing") : of.index("# revision identifiers")]
    head = of[of.index("depends_on") : of.index("def upgrade")]
    text = re.sub(r"from typing.*?(?=# revision identifiers)", lambda _: top, text, flags=re.DOTALL)
    text = re.sub(r"depends_on.*?(?=def upgrade)", lambda _: head, text, flags=re.DOTALL)
    return replace(project, files={**project.files, LATER_FILE: text})


def started(engines: Iterable[str]) -> Iterator[AlembicRunner]:
    """A runner on each engine that can be had."""
    with tempfile.TemporaryDirectory() as folder:
        worker = Worker(COMMAND, Path(folder))
        try:
            for engine in engines:
                lab = _opened(engine)
                if lab is None:
                    continue
                try:
                    yield AlembicRunner(lab, worker)
                finally:
                    lab.close()
        finally:
            worker.close()


def _opened(engine: str) -> Lab | None:
    try:
        return open_lab(engine)
    except Unavailable as error:
        sys.stderr.write(f"{engine} is not available: {error}\n")
        return None


def main() -> int:
    """Run them all; 1 where anything was wrong."""
    parser = argparse.ArgumentParser()
    parser.add_argument("engines", nargs="*", default=[*ENGINES, "mysql"])
    parser.add_argument("--case", action="append", default=[])
    options = parser.parse_args()
    total = Tally()
    for runner in started(options.engines):
        tally, begun = Tally(), time.monotonic()
        family = "mariadb" if runner.lab.name == "mysql" else runner.lab.name
        for name, case in CASES.items():
            if family not in case.engines or (options.case and name not in options.case):
                continue
            found = Crash(runner, name, case).run()
            tally.add(found)
            print(found.line(name), flush=True)
            for line in found.reasons():
                print(line, flush=True)
        runner.close()
        print(
            f"{tally.line(f'alembic on {runner.lab.name}')} in {time.monotonic() - begun:.0f} s", flush=True
        )
        total.add(tally)
    print(total.line("alembic"))
    return 1 if total.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
