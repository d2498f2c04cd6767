"""Stops migrations in SQL at every point, resumes them, and compares with an undisturbed run.

`python -m tests.resume.sql.crash [ENGINE ...]` runs them all and prints the report.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from partway.analysis import Analysis, analyse
from partway.core.source import SourceFile
from partway.dialects import dialect_named
from partway.finishing import Finish, finish
from partway.live.connect import Limits, connect
from partway.live.url import read_url
from partway.sql.reader import read_steps
from partway.survey import Given
from partway.tools.choice import Choice
from partway.tools.history import File
from partway.tools.reading import read
from partway.tools.resuming import CannotResume
from tests.engines.lab import Dump, Lab, SqlError, differences, open_lab
from tests.engines.process import Unavailable
from tests.live.migrations import Migration
from tests.resume.sql.migrations import BY_ENGINE
from tests.resume.tally import Tally, Wrong

PATH = "/project/migrations/20260215_case.sql"


def resumed(lab: Lab, migration: Migration) -> Finish:
    """What Partway makes of the migration in the lab's database. Raises CannotResume."""
    text = migration.sql + ";\n"
    session = connect(read_url(lab.url), Limits())
    try:

        def reading() -> Analysis:
            choice = Choice("sql", session.dialect, session.server[:3], "none")
            return analyse(read(SourceFile(PATH, text), choice), ())

        given = Given(Path(PATH).name, File(PATH, text), "sql", {}, reading)
        return finish(session, "lab", given, [])
    finally:
        session.close()


def run(lab: Lab, text: str) -> None:
    """Run a text statement by statement, stopping at the first error."""
    steps = read_steps(text, 0, len(text), dialect_named(lab.dialect), (), "up").steps
    lab.execute(*(text[step.span.start : step.span.end] for step in steps))


def prepared(lab: Lab, migration: Migration, count: int) -> None:
    """A database on which the first operations have run."""
    lab.fresh()
    if migration.setup:
        lab.script(migration.setup)
    lab.execute(*migration.statements[:count])


def crash(lab: Lab, migration: Migration, name: str) -> Tally:
    """Every point of one migration."""
    tally = Tally()
    tally.migrations = 1
    total = len(migration.statements)
    worlds: list[Dump] = []
    for count in range(total + 1):
        prepared(lab, migration, count)
        worlds.append(lab.dump())
    for count in range(1, total):
        if worlds[count] == worlds[0] or worlds[count] == worlds[total]:
            continue  # nothing is there, or all
        tally.points += 1
        where = f"{lab.name} {name} stopped after {count}"
        prepared(lab, migration, count)
        try:
            found = resumed(lab, migration)
        except CannotResume as refusal:
            tally.refused[f"{refusal.reason}"] += 1
            continue
        problems = list(_problems(lab, migration, found, worlds, count))
        tally.wrong += [Wrong(where, f"{problem}\n{found.resumed.text}") for problem in problems]
        tally.recovered += not problems
    return tally


def _problems(
    lab: Lab, migration: Migration, found: Finish, worlds: Sequence[Dump], count: int
) -> Iterator[str]:
    """What the resume does that it must not."""
    text, total = found.resumed.text, len(migration.statements)
    problem = _ends_as(lab, text, worlds[total])
    if problem:
        yield f"not as an undisturbed run: {problem}"
        return
    for what in ("run again", "where the original went through"):
        if what != "run again":
            prepared(lab, migration, total)
        problem = _ends_as(lab, text, worlds[total], may_fail=True)
        if problem:
            yield f"{what}: {problem}"
    if lab.dialect == "sqlite" or found.left_out or any(step.joined for step in found.steps):
        return
    for other in range(1, total):
        if other != count:
            prepared(lab, migration, other)
            problem = _ends_as(lab, text, worlds[total])
            if problem:
                yield f"on a database that stopped after {other}: {problem}"


#: With this a resume migration fails on purpose, where it can stand behind no condition.
_ON_PURPOSE = ("record this migration as done without running it", "the migration has not stopped here")


def _ends_as(lab: Lab, text: str, wanted: Dump, *, may_fail: bool = False) -> str:
    """Run a text; what is otherwise afterwards, empty for nothing."""
    try:
        run(lab, text)
    except SqlError as error:
        if not may_fail or not str(error).endswith(_ON_PURPOSE):
            return str(error)
    dump = lab.dump()
    return ", ".join(differences(wanted, dump)) if dump != wanted else ""


def main(names: Sequence[str]) -> int:
    """The report; 1 when anything is wrong."""
    wrong = 0
    for engine in names or tuple(BY_ENGINE):
        try:
            lab = open_lab(engine)
        except Unavailable as error:
            print(f"{engine:<24} not available: {error}")
            continue
        tally = Tally()
        try:
            for number, migration in enumerate(BY_ENGINE[engine]):
                tally.add(crash(lab, migration, f"#{number}"))
        finally:
            lab.close()
        print(tally.line(engine))
        print("\n".join(tally.reasons()), flush=True)
        wrong += len(tally.wrong)
    return min(wrong, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
