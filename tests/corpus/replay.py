"""Real migrations on a real engine, plain and fixed: `python -m tests.corpus.replay ENGINE FOLDER ...`.

The ways up of a folder, in their order, and then the ways down in the opposite order, are run twice from an empty
database: once as they stand, in the transaction that their tool would open, and once as `--fix` leaves them when no
transaction surrounds them, statement by statement, and where nothing is left to say about a file, each a second time.
After each file the two databases must hold the same schema and data. A file that the engine refuses as it stands (it
wants an extension, or another tool's table) is left out on both sides.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field

from partway.analysis.flow import flow
from partway.core.diagnostic import Group
from partway.core.migration import Migration, Mode
from partway.core.operation import InTransaction, Repeat
from partway.core.source import SourceFile
from partway.dialects import dialect_named
from partway.fixing import mend
from partway.linting import Linted, Selection, lint
from partway.tools.choice import Choice
from partway.tools.reading import read
from tests.corpus.folders import Found, migrations
from tests.engines.lab import Dump, Lab, Session, SqlError, differences, open_lab
from tests.engines.servers import ENGINES


@dataclass
class Turn:
    """One direction of one migration: its statements as they stand and as fixed; `repeatable` says that nothing is left
    to say about the fixed ones, so that they can be run again."""

    name: str
    plain: list[str]
    fixed: list[str]
    alone: bool  # the tool opens no transaction around it
    changed: bool
    repeatable: bool


@dataclass
class Result:
    """What became of a folder's turns."""

    same: int = 0
    fixed: int = 0
    twice: int = 0
    left_out: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


def turns(folder: str, lab: Lab) -> list[Turn]:
    """The ways up in order, then the ways down in the opposite order."""
    found = _chosen(folder, lab)
    downs = [turn for one in found for turn in _turns(one, lab, "down")]
    return [*(turn for one in found for turn in _turns(one, lab, "up")), *reversed(downs)]


def ups(folder: str, lab: Lab) -> Iterator[tuple[str, str, Turn]]:
    """The ways up in order, each with its file and its tool."""
    for found in _chosen(folder, lab):
        for turn in _turns(found, lab, "up"):
            yield found.source.path, found.choice.tool or "sql", turn


def _chosen(folder: str, lab: Lab) -> list[Found]:
    """A folder's migrations for this database, in order."""
    chosen: dict[tuple[str, tuple[object, ...]], Found] = {}
    for found in migrations(folder):
        dialect = found.choice.dialect
        if dialect != lab.dialect and dialect is not None and {dialect, lab.dialect} != {"mysql", "mariadb"}:
            continue
        direction = read(found.source, _choice(found, lab)).sections
        key = (direction[0].name if len(direction) == 1 else "", _version(found.source.path))
        if key not in chosen or dialect is not None:  # one for this database goes before one for all
            chosen[key] = found
    return [found for _, found in sorted(chosen.items(), key=_by_version)]


def _by_version(item: tuple[tuple[str, tuple[object, ...]], Found]) -> tuple[object, ...]:
    return item[0][1]


def _choice(found: Found, lab: Lab) -> Choice:
    version = tuple(int(part) for part in lab.server_version.split("."))
    return found.choice.overridden_by(Choice(dialect=lab.dialect, server=version, transaction="none"))


def _version(path: str) -> tuple[object, ...]:
    """The number that orders a migration: its own name's, or its folder's, and what says that it is another one."""
    name = os.path.basename(path)
    if not re.match(r"[vV]?\d", name):
        name = os.path.basename(os.path.dirname(path))
    stem = re.match(r"[vVuU]?([\d_.\-]*\d)", name)
    return tuple(int(part) for part in re.findall(r"\d+", stem[1])) if stem else (0,)


def _turns(found: Found, lab: Lab, section: str) -> Iterator[Turn]:
    choice = _choice(found, lab)

    def linted(source: SourceFile) -> Linted:
        return lint(source, choice, Selection())

    before = read(found.source, choice)
    if not any(one.name == section and one.steps for one in before.sections):
        return
    mended = mend(found.source, linted, unsafe=False)
    after = read(mended.source, choice)
    left = [one for one in mended.diagnostics if one.group is Group.IDEMPOTENCY]
    dialect = dialect_named(after.dialect)
    whole = any(part.name == section and flow(part, dialect).units < 2 for part in after.sections)
    made = [one for part in after.sections if part.name == section for one in part.operations]
    # A single operation is done or not, and so has no guard.
    repeatable = not left and (not whole or all(one.repeat is Repeat.SAME for one in made))
    operations = [one for part in before.sections if part.name == section for one in part.operations]
    plain = _statements(before, section)
    own = read(found.source, choice._replace(transaction=None))
    usual = any(part.transaction.mode is Mode.NONE for part in own.sections if part.name == section)
    yield Turn(
        f"{section} {os.path.relpath(found.source.path)}",
        plain,
        _statements(after, section),
        usual or any(one.in_transaction is InTransaction.REFUSED for one in operations),
        _statements(after, section) != plain,
        repeatable,
    )


def _statements(migration: Migration, section: str) -> list[str]:
    text = migration.source.text
    steps = [step for part in migration.sections if part.name == section for step in part.steps]
    return [text[step.span.start : step.span.end] for step in steps]


def _run_plain(lab: Lab, turn: Turn) -> str:
    """Run it as it stands; the error's text where the engine refuses it."""
    with lab.connect() as session:
        try:
            _send(session, turn.plain if turn.alone else ["BEGIN", *turn.plain, "COMMIT"])
        except SqlError as error:
            return str(error).splitlines()[0]
    return ""


def _send(session: Session, statements: list[str]) -> None:
    for statement in statements:
        session.run(statement)


def _run_fixed(lab: Lab, turn: Turn, result: Result) -> str:
    # What the engine takes in a transaction alone.
    needs_one = any(re.match(r"LOCK\s+TABLE", statement, re.IGNORECASE) for statement in turn.fixed)
    fixed = ["BEGIN", *turn.fixed, "COMMIT"] if needs_one and not turn.alone else turn.fixed
    try:
        with lab.connect() as session:
            _send(session, fixed)
    except SqlError as error:
        return f"fixed fails: {error}"
    if turn.repeatable:
        try:
            with lab.connect() as session:
                _send(session, fixed)
        except SqlError as error:
            return f"fixed fails when run again: {error}"
        result.twice += 1
    return ""


def replay(folder: str, lab: Lab) -> Result:
    """Run a folder's migrations both ways and compare after each."""
    every = turns(folder, lab)
    lab.fresh()
    result = Result()
    dumps: list[Dump] = []
    refused: set[int] = set()
    for number, turn in enumerate(every):
        error = _run_plain(lab, turn)
        if error:
            refused.add(number)
            result.left_out.append(f"{turn.name}: {error}")
        dumps.append(lab.dump())
    lab.fresh()
    spoilt: set[str] = set()  # sections of the dump that differ since an earlier file
    for number, turn in enumerate(every):
        if number in refused:
            _run_plain(lab, turn)
            continue
        wrong = _run_fixed(lab, turn, result)
        after = lab.dump()
        different = [one for one in _differ(dumps[number], after) if one not in spoilt]
        if not wrong and not different:
            result.same += 1
            result.fixed += turn.changed
            continue
        result.failures.append(f"{turn.name}: {wrong or 'differs in'} {different}")
        spoilt.update(different)
        if len(result.failures) > 20:
            break
    return result


def _differ(plain: Dump, fixed: Dump) -> list[str]:
    found = differences(plain, fixed)
    if not found:
        return []
    return [
        one
        for one in found
        if (
            _counts(plain) != _counts(fixed)
            if one == "rows"
            else _timeless(plain[one]) != _timeless(fixed[one])
        )
    ]


def _timeless(section: object) -> str:
    """A dump's section without moments: a view can hold the one at which it was made."""
    return re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d:[\d.]+", "", json.dumps(section, sort_keys=True, default=str))


def _counts(dump: Dump) -> dict[str, int]:
    """How many rows each table has: dates and random values are others in each run."""
    rows = dump.get("rows")
    return {name: len(one or ()) for name, one in rows.items()} if isinstance(rows, dict) else {}


def main() -> int:
    """Print a line for each folder; exit 1 when a fixed file did something else than the plain one."""
    if len(sys.argv) < 3 or sys.argv[1] not in ENGINES:
        print(f"python -m tests.corpus.replay {'|'.join(ENGINES)} FOLDER ...", file=sys.stderr)
        return 2
    lab = open_lab(sys.argv[1])
    failed = False
    try:
        for folder in sys.argv[2:]:
            result = replay(folder, lab)
            print(
                f"{lab.name} {os.path.basename(folder.rstrip('/'))}: {result.same} files the same,"
                f" {result.fixed} of them changed by fixes, {result.twice} run twice, {len(result.left_out)} left out,"
                f" {len(result.failures)} failures",
                flush=True,
            )
            for line in (*(f"left out: {one}" for one in result.left_out), *result.failures):
                print(f"    {line}")
            failed = failed or bool(result.failures)
    finally:
        lab.close()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
