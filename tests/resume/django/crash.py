"""Stops Django's migrations after every statement, resumes them through Django, and compares with an undisturbed run.

`python -m tests.resume.django.crash [ENGINE ...] [MIGRATION ...]` runs them all and prints the report.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import NamedTuple

from partway.analysis import Analysis, analyse
from partway.core.source import SourceFile
from partway.finishing import Finish, finish
from partway.live.connect import Limits, connect
from partway.live.url import read_url
from partway.neighbours import Neighbours
from partway.surveyed import Given
from partway.tools.choice import Choice
from partway.tools.history import File
from partway.tools.reading import read
from partway.tools.resuming import CannotResume
from tests.engines.lab import open_lab
from tests.engines.process import Unavailable
from tests.resume.django.migrations import MIGRATIONS, Case
from tests.resume.tally import Tally, Wrong
from tests.runners.django.runner import COMMAND, DjangoProject, DjangoRunner
from tests.runners.runner import Fault, Outcome, changed
from tests.runners.worker import Worker

#: On PostgreSQL and SQLite outside a transaction, since nothing is half way otherwise.
ENGINES = ("postgresql18", "mariadb", "sqlite")
BASE, FAILED, LATER = "0001_base.py", "0002_case.py", "0003_later.py"
APP = "app"


class Resume(NamedTuple):
    """What Partway made: the files that come to the project, the name of the resume migration, how the failed one is
    marked as done."""

    files: Mapping[str, str]
    name: str
    marking: tuple[str, ...]
    finish: Finish


def resumed(runner: DjangoRunner, project: DjangoProject, folder: Path) -> Resume:
    """What Partway makes of the failed migration in the runner's database. Raises CannotResume."""
    runner.write(project, folder)
    session = connect(read_url(runner.lab.url), Limits())
    try:
        neighbours = Neighbours(f"{folder}/")

        def given(name: str) -> Given:
            path = str(folder / APP / "migrations" / name)
            text = project.files[name]

            def reading() -> Analysis:
                choice = Choice("django", session.dialect, session.server[:3])
                return analyse(read(SourceFile(path, text), choice, None, neighbours), ())

            return Given(name, File(path, text), "django", {}, reading)

        around = [given(name) for name in project.files if name != FAILED]
        found = finish(session, "lab", given(FAILED), around)
    finally:
        session.close()
    made = found.resumed
    files = {Path(path).name: text for path, text in ((made.path, made.text), *made.beside)}
    return Resume(files, Path(made.path).name, found.marking.command if found.marking else (), found)


class Crash:
    """One migration on one engine."""

    def __init__(self, runner: DjangoRunner, case: Case, name: str, folder: Path) -> None:
        self.runner = runner
        self.case = case
        self.name = name
        self.folder = folder
        self.tally = Tally()
        self.tally.migrations = 1
        self.plain = DjangoProject(files={BASE: case.base, FAILED: case.text}, **case.more)

    def run(self, points: Sequence[int] = (), *, elsewhere: bool = True) -> Tally:
        """Every point, or those after so many statements; `elsewhere`: and once what the resume does on databases where
        nothing failed."""
        self._undisturbed()
        checked = not elsewhere
        for point in points or count(1):
            self._base()
            how = Fault(point, "kill" if point % 3 == 0 else "raise", "statement")
            stopped = self.runner.up(FAILED, how)
            if stopped.ok:
                break
            if "the test stops" not in stopped.error and "Died" not in stopped.error:
                self._wrong(point, f"not stopped: {stopped.error}")
                break
            if changed(self.before, self.runner.dump()):
                checked = self._point(point, whole=not checked) or checked
        return self.tally

    def _undisturbed(self) -> None:
        self._base()
        self.before = self.runner.dump()
        done = self.runner.up(FAILED)
        assert done.ok, (self.name, done.error)
        self.after = self.runner.dump()
        back = self.runner.down(FAILED)
        self.back = self.runner.dump() if back.ok else None

    def _base(self, project: DjangoProject | None = None) -> None:
        """A database with what was there before, and rows in it."""
        self.runner.load(project or self.plain)
        done = self.runner.up(BASE)
        assert done.ok, (self.name, done.error)
        self.runner.lab.execute(*self.case.rows)

    def _point(self, point: int, *, whole: bool) -> bool:
        """One point; whether a resume migration was made."""
        self.tally.points += 1
        try:
            found = self._resumed(self.plain)
        except CannotResume as refusal:
            self._refused(point, refusal)
            return False
        problems = list(self._problems(found))
        if whole and not problems:
            problems += self._elsewhere(found, point)
        for problem in problems:
            self._wrong(point, problem)
        self.tally.recovered += not problems
        return True

    def _resumed(self, project: DjangoProject) -> Resume:
        with tempfile.TemporaryDirectory(dir=self.folder) as folder:
            return resumed(self.runner, project, Path(folder))

    def _refused(self, point: int, refusal: CannotResume) -> None:
        """Where there is nothing to resume, what is said to do instead has to be right."""
        if not refusal.reason.startswith("nothing to resume"):
            self.tally.refused[refusal.reason] += 1
            return
        if "Run the tool" in refusal.advice:
            self.runner.load(self.plain, keep_database=True)
            done = self.runner.up(FAILED)
            problems = list(self._same("run once more", done))
        else:
            problems = list(self._same(refusal.reason, None))
        for problem in problems:
            self._wrong(point, problem)
        self.tally.recovered += not problems

    def _problems(self, found: Resume) -> Iterator[str]:
        """What the resume does here that it must not."""
        project = self._with(found)
        self.runner.load(self.plain, keep_database=True)
        error, _ = self.runner.manage(*found.marking[2:])
        if error:
            yield f"marking it as done: {error}"
            return
        self.runner.load(project, keep_database=True)
        problems = list(self._same("not as an undisturbed run", self.runner.migrate()))
        if problems:
            yield from problems
            return
        self.runner.mark(found.name, applied=False)
        yield from self._same("run again", self.runner.migrate())
        if self.back is not None:
            done = self.runner.down(FAILED)
            if not done.ok:
                yield f"rolled back: {done.error}"
            elif lines := changed(self.back, self.runner.dump()):
                yield f"rolled back: {lines}"

    def _elsewhere(self, found: Resume, point: int) -> Iterator[str]:
        """What the resume does on other databases that it must not."""
        project = self._with(found)
        self._base()
        assert self.runner.up(FAILED).ok
        self.runner.load(project, keep_database=True)
        yield from self._same("where the original went through", self.runner.migrate())
        self._base(project)
        yield from self._same("from an empty database", self.runner.migrate())
        error, _ = self.runner.manage("sqlmigrate", APP, Path(found.name).stem)
        if error:
            yield f"sqlmigrate: {error}"
        yield from self._with_a_later_one(point)

    def _with_a_later_one(self, point: int) -> Iterator[str]:
        """Where a migration that removes something follows the failed one already."""
        files = {**self.plain.files, LATER: self.case.later}
        plain = DjangoProject(files=files, **self.case.more)
        self._base(plain)
        done = self.runner.migrate()
        assert done.ok, (self.name, done.error)
        wanted = self.runner.dump()
        self._base(plain)
        assert not self.runner.up(FAILED, Fault(point, "raise", "statement")).ok
        found = self._resumed(plain)
        project = DjangoProject(files={**files, **found.files}, **self.case.more)
        self.runner.load(plain, keep_database=True)
        self.runner.manage(*found.marking[2:])
        self.runner.load(project, keep_database=True)
        self.runner.manage("migrate", APP, Path(found.name).stem, "--skip-checks")
        yield from self._same("with a later one, resumed", self.runner.migrate(), wanted)
        self._base(plain)
        self.runner.migrate()
        self.runner.load(project, keep_database=True)
        yield from self._same("where a later one ran", self.runner.migrate(), wanted)
        self._base(project)
        yield from self._same("with a later one, from an empty database", self.runner.migrate(), wanted)

    def _with(self, found: Resume) -> DjangoProject:
        return DjangoProject(files={**self.plain.files, **found.files}, **self.case.more)

    def _same(self, where: str, done: Outcome | None, wanted: object = None) -> Iterator[str]:
        if done is not None and not done.ok:
            yield f"{where}: {done.error}"
        elif lines := changed(wanted or self.after, self.runner.dump()):  # type: ignore[arg-type]  # `wanted` is a dump where it is not None
            yield f"{where}: {lines}"

    def _wrong(self, point: int, what: str) -> None:
        self.tally.wrong.append(Wrong(f"{self.runner.lab.name} {self.name} stopped after {point}", what))


def main(words: Sequence[str]) -> int:
    """The report; 1 when anything is wrong."""
    wrong = 0
    names = [word for word in words if word in MIGRATIONS] or list(MIGRATIONS)
    with tempfile.TemporaryDirectory() as folder:
        worker = Worker(COMMAND, Path(folder))
        for engine in [word for word in words if word not in MIGRATIONS] or ENGINES:
            try:
                lab = open_lab(engine)
            except Unavailable as error:
                print(f"{engine:<24} not available: {error}")
                continue
            tally = Tally()
            runner = DjangoRunner(lab, worker)
            try:
                for name in names:
                    if MIGRATIONS[name].runs_on(lab.dialect):
                        found = Crash(runner, MIGRATIONS[name], name, Path(folder)).run()
                        print(found.line(f"  {name}"), *found.reasons(), sep="\n", flush=True)
                        tally.add(found)
            finally:
                runner.close()
                lab.close()
            print(tally.line(f"django {engine}"))
            wrong += len(tally.wrong)
        worker.close()
    return min(wrong, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
