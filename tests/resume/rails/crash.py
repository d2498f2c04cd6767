"""Stops Rails migrations after each statement that is kept, resumes them, and compares with an undisturbed run.

`python -m tests.resume.rails.crash [ENGINE ...]` runs them all and prints the report.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from partway.analysis import Analysis, analyse
from partway.core.source import SourceFile
from partway.finishing import Finish, finish
from partway.live.connect import Limits, connect
from partway.live.url import read_url
from partway.surveyed import Given
from partway.tools.choice import Choice
from partway.tools.history import File
from partway.tools.reading import read
from partway.tools.resuming import CannotResume
from tests.engines.lab import Dump, open_lab
from tests.engines.process import Unavailable
from tests.resume.rails.bodies import Case
from tests.resume.rails.migrations import BASE, CASES
from tests.resume.tally import Tally, Wrong
from tests.runners.rails.runner import COMMAND, RailsProject, RailsRunner
from tests.runners.runner import Fault, changed
from tests.runners.worker import Worker

ENGINES = ("postgresql18", "mariadb", "sqlite")
BASE_FILE, NAME, LATER = "20240101000000_base.rb", "20240102000000_case.rb", "20240103000000_later.rb"
#: A migration that follows, and has nothing to do with the one that fails.
FOLLOWING = """\
class Later < ActiveRecord::Migration[6.1]
  def change
    add_column :users, :later, :string
    add_index :users, :later
  end
end
"""
#: What refuses because nothing is half way.
_NOTHING = "nothing to resume"


def text_of(case: Case, version: str = "6.1") -> str:
    """The migration's file: without a transaction, since nothing is half way otherwise."""
    head = f"class Case < ActiveRecord::Migration[{version}]\n  disable_ddl_transaction!\n\n"
    return f"{head}{case.body}end\n"


class Undisturbed(NamedTuple):
    """An undisturbed run: the dump before it and after it, and what schema:dump says."""

    before: Dump
    after: Dump
    schema: str


class Crash:
    """One migration on one engine."""

    def __init__(self, runner: RailsRunner, name: str, case: Case) -> None:
        self.runner = runner
        self.name = name
        self.text = text_of(case)
        self.tally = Tally()
        self._seen: set[str] = set()
        self._everywhere = False  # whether each resume is run on databases that stopped at other points, too

    def files(self, more: Mapping[str, str] = MappingProxyType({})) -> dict[str, str]:
        """The project's files."""
        return {BASE_FILE: BASE, NAME: self.text, **more}

    def load(self, more: Mapping[str, str] = MappingProxyType({}), *, keep: bool = False) -> None:
        """The project in a new process, on a fresh database or on what is there."""
        self.runner.load(RailsProject(files=self.files(more)), keep_database=keep)

    def run(self, points: Sequence[int] | None = None) -> Tally:
        """Stop at these points, at all if it is not said."""
        self.tally.migrations = 1
        self._everywhere = points is None
        undisturbed = self._undisturbed()
        count = 0
        while True:
            count += 1
            if points is not None and count not in points:
                if count > max(points):
                    break
                continue
            if not self._stopped(count):
                break
            self._point(count, undisturbed)
        return self.tally

    def _undisturbed(self) -> Undisturbed:
        self.load()
        outcome = self.runner.up(BASE_FILE)
        assert outcome.ok, outcome.error
        before = self.runner.dump()
        outcome = self.runner.up(NAME)
        assert outcome.ok, f"{self.name}: {outcome.error}"
        return Undisturbed(before, self.runner.dump(), self.runner.schema_file())

    def _stopped(self, count: int) -> bool:
        """A database on which the migration has stopped after so many statements; False where it has fewer."""
        self.load()
        assert self.runner.up(BASE_FILE).ok
        fault = Fault(count, "kill" if count % 3 == 0 else "raise", "statement")
        outcome = self.runner.up(NAME, fault)
        if not outcome.ok and not _stopped_by_us(outcome.error):
            raise AssertionError(f"{self.name} at {count}: {outcome.error}")
        return not outcome.ok and not outcome.recorded

    def _point(self, count: int, undisturbed: Undisturbed) -> None:
        where = f"{self.runner.lab.name} {self.name} stopped after {count}"
        try:
            found = resumed(self.runner, self.files())
        except CannotResume as refusal:
            if not refusal.reason.startswith(_NOTHING):
                self.tally.points += 1
                self.tally.refused[f"{self.runner.lab.name} {self.name} {count}: {refusal.reason}"] += 1
            return
        self.tally.points += 1
        problems = list(self._problems(found, undisturbed, count))
        self.tally.wrong += [Wrong(where, f"{problem}\n{found.resumed.text}") for problem in problems]
        self.tally.recovered += not problems

    def _problems(self, found: Finish, undisturbed: Undisturbed, count: int) -> Iterator[str]:
        """What the resume does that it must not."""
        runner = self.runner
        name = Path(found.resumed.path).name
        resume = {name: found.resumed.text}
        if found.marking is None or not found.marking.sql:
            yield "it says no way to mark the migration as done"
            return
        runner.lab.execute(*found.marking.sql)
        self.load(resume, keep=True)
        outcome = runner.migrate()
        if not outcome.ok or name not in runner.history():
            yield f"it fails: {outcome.error}"
            return
        differences = changed(undisturbed.after, runner.dump())
        if differences:
            yield f"not as an undisturbed run: {differences}"
            return
        if runner.schema_file() != undisturbed.schema:
            yield "schema:dump says something else"
        repeat = runner.again(name)
        if repeat.verdict != "same":
            yield f"run again: {repeat.verdict} {repeat.outcome.error} {repeat.differences}"
        comment = found.resumed.text.partition("class Finish")[2]
        if comment in self._seen:
            return
        self._seen.add(comment)
        yield from self._rolled_back(name, undisturbed)
        yield from self._elsewhere(name, resume, undisturbed)
        if self._everywhere and not found.left_out and not any(step.joined for step in found.steps):
            yield from self._at_other_points(found, resume, undisturbed, count)

    def _at_other_points(
        self, found: Finish, resume: dict[str, str], undisturbed: Undisturbed, count: int
    ) -> Iterator[str]:
        """On databases that stopped elsewhere: what is committed runs on all of them."""
        other = 0
        while self._stopped(other := other + 1):
            if other == count or found.marking is None:
                continue
            self.runner.lab.execute(*found.marking.sql)
            self.load(resume, keep=True)
            outcome = self.runner.migrate()
            differences = changed(undisturbed.after, self.runner.dump())
            if not outcome.ok or differences:
                yield f"on a database that stopped after {other}: {outcome.error} {differences}"

    def _rolled_back(self, name: str, undisturbed: Undisturbed) -> Iterator[str]:
        """Back over the resume and the original, where the original has a way back."""
        if "IrreversibleMigration" in self.text:
            return
        for each in (name, NAME):
            outcome = self.runner.down(each)
            if not outcome.ok:
                yield f"rolling back {each}: {outcome.error}"
                return
        difference = changed(schema_only(undisturbed.before), schema_only(self.runner.dump()))
        if difference and difference != self._usual_way_back(undisturbed):
            yield f"rolled back, it is not as before: {difference}"

    def _usual_way_back(self, undisturbed: Undisturbed) -> Sequence[str]:
        """What Rails itself does not take back, of an undisturbed run."""
        self.load()
        assert self.runner.up(BASE_FILE).ok
        assert self.runner.up(NAME).ok
        assert self.runner.down(NAME).ok
        return changed(schema_only(undisturbed.before), schema_only(self.runner.dump()))

    def _elsewhere(self, name: str, resume: dict[str, str], undisturbed: Undisturbed) -> Iterator[str]:
        """On an empty database, on one where the original went through, and where a later one has run."""
        runner = self.runner
        self.load(resume)
        outcome = runner.migrate()
        differences = changed(undisturbed.after, runner.dump())
        if not outcome.ok or differences:
            yield f"from an empty database: {outcome.error} {differences}"
            return
        self.load({**resume, LATER: FOLLOWING}, keep=True)
        assert runner.migrate().ok
        with_later = runner.dump()
        self.load({LATER: FOLLOWING})
        assert runner.migrate().ok
        differences = changed(runner.dump(), with_later)
        if differences:
            yield f"a following migration makes something else: {differences}"
        later = {LATER: removing(undisturbed)}
        self.load(later)
        outcome = runner.migrate()
        assert outcome.ok, f"{outcome.error}\n{later[LATER]}"
        before = runner.dump()
        self.load({**resume, **later}, keep=True)
        outcome = runner.up(name)
        differences = changed(before, runner.dump())
        if not outcome.ok or differences:
            yield f"after a later migration: {outcome.error} {differences}"


def resumed(runner: RailsRunner, files: dict[str, str]) -> Finish:
    """What Partway makes of the migration in the runner's database. Raises CannotResume."""
    session = connect(read_url(runner.lab.url), Limits())
    try:

        def given(name: str) -> Given:
            path = f"db/migrate/{name}"

            def reading() -> Analysis:
                choice = Choice("rails", session.dialect, session.server[:3])
                return analyse(read(SourceFile(path, files[name]), choice), ())

            return Given(path, File(path, files[name]), "rails", {}, reading)

        return finish(session, "lab", given(NAME), [given(name) for name in files if name != NAME])
    finally:
        session.close()


def _stopped_by_us(error: str) -> bool:
    """Whether this is what comes of the fault; one right behind a COMMIT makes Rails roll back what is over."""
    return "the test stops" in error or error.startswith("Died") or "no transaction is active" in error


def schema_only(dump: Dump) -> Dump:
    """A dump without rows, which no way back brings again."""
    return {section: content for section, content in dump.items() if not section.endswith("rows")}


def removing(undisturbed: Undisturbed) -> str:
    """A later migration that removes what the first lines of a difference show that this one has made."""
    made = [line.lstrip(" ") for line in undisturbed.schema.splitlines()]
    tables = [line.split('"')[1] for line in made if line.startswith("create_table ")]
    new = [table for table in tables if table not in ("users", "posts", "old_things")]
    lines = [f'    drop_table "{table}", force: :cascade' for table in new if table not in _referred(made)]
    if not lines:
        lines = ['    drop_table "posts", force: :cascade']
    return "\n".join(["class Later < ActiveRecord::Migration[6.1]", "  def up", *lines, "  end", "end", ""])


def _referred(made: Sequence[str]) -> set[str]:
    return {line.split('"')[3] for line in made if line.startswith("add_foreign_key ")}


def main(names: Sequence[str]) -> int:
    """The report; 1 when anything is wrong."""
    engines = [name for name in names if name in ENGINES] or ENGINES
    chosen = [name for name in names if name not in ENGINES] or list(CASES)
    wrong = 0
    with tempfile.TemporaryDirectory(prefix="partway-rails-") as folder:
        worker = Worker(COMMAND, Path(folder))
        for engine in engines:
            try:
                lab = open_lab(engine)
            except Unavailable as error:
                print(f"{engine:<24} not available: {error}")
                continue
            runner = RailsRunner(lab, worker)
            tally = Tally()
            try:
                for name in chosen:
                    if engine in CASES[name].engines:
                        tally.add(Crash(runner, name, CASES[name]).run())
                        print(tally.line(f"{engine} .. {name}"), file=sys.stderr, flush=True)
            finally:
                runner.close()
                lab.close()
            print(tally.line(engine))
            print("\n".join(tally.reasons()), flush=True)
            wrong += len(tally.wrong)
        worker.close()
    return min(wrong, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
