"""How a half-run migration is finished: what a database and the tool's books say of it, as a resume migration."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import NamedTuple

from partway import status
from partway.core.migration import Migration
from partway.core.operation import Operation
from partway.core.postcondition import Postcondition
from partway.core.source import SourceFile
from partway.dialects import dialect_named
from partway.dialects.catalog import Block, catalog
from partway.doubts import with_rows_in_mind
from partway.histories import Clerk
from partway.live.own import State
from partway.live.sessions.session import Session
from partway.live.state import Standing
from partway.neighbours import Neighbours
from partway.resume.back import lost, undoing
from partway.resume.ground import NOTHING_KNOWN, Ground, ground
from partway.resume.plan import here, steps
from partway.resume.point import what_ran
from partway.silencing import silenced
from partway.survey import survey
from partway.surveyed import Found as Surveyed
from partway.surveyed import Given
from partway.tools.choice import Choice
from partway.tools.history import Marking, Order, Record, Target, apart, history_of, tracks
from partway.tools.reading import read
from partway.tools.resuming import (
    CannotResume,
    Found,
    LeftOut,
    Request,
    Resumed,
    ResumeWriter,
    Step,
    resume_writer,
)
from partway.tools.resuming_file import undo_script
from partway.tools.tracking import in_words
from partway.verdict import Verdict, judge


class Assumed(NamedTuple):
    """What a person says of operations, by their numbers: that they have run, or have not."""

    applied: frozenset[int] = frozenset()
    pending: frozenset[int] = frozenset()


NOTHING = Assumed()


class Plan(NamedTuple):
    """What to write, what to leave out, and what shows that the migration stopped where it did (see `Request`)."""

    steps: tuple[Step, ...]
    left_out: tuple[LeftOut, ...]
    here: tuple[Postcondition, ...] = ()
    alike_at_end: bool = False


class Finish(NamedTuple):
    """A resume migration, with what it does and how the failed migration is marked as done before it is run. `marking`
    is None where no tool keeps books, or nobody asked; `surveyed` is what the database said."""

    resumed: Resumed
    steps: tuple[Step, ...]
    left_out: tuple[LeftOut, ...]
    marking: Marking | None = None
    surveyed: Surveyed | None = None


def finish(
    session: Session, database: str, given: Given, around: Sequence[Given], assumed: Assumed = NOTHING
) -> Finish:
    """The resume migration for what the session's database shows. `around` are the project's other migrations.
    Raises CannotResume, Unreachable."""
    answer = survey(session, [given, *around], {given.file.path})
    surveyed = next(iter(answer.found), None)
    if surveyed is None or surveyed.analysis is None or surveyed.standing is None:
        raise CannotResume(f"{given.shown} is no migration that can be read")
    analysis, operations = surveyed.analysis, status.operations_of(surveyed.analysis)
    standing = with_rows_in_mind(session, operations, surveyed.standing)
    if standing is not surveyed.standing:
        surveyed = _with_standing(surveyed, standing, operations)
    if not assumed.applied and not assumed.pending:
        _refuse_what_needs_none(surveyed)
    ours = [one for one in (given, *around) if _is_of(one, given)]
    files = {one.file.path: one.file for one in ours}
    clerk = Clerk(session)
    target, order, history = clerk.target(given.settings), Order(), None
    if tracks(given.tool):
        books = clerk.books(given.tool, given.settings, [one.file for one in ours])
        order, history = books.order, books.register.history
    known = ground(operations, standing, surveyed.snapshot or answer.snapshot)
    plan = _planned(given, analysis.migration, operations, standing, assumed, known)
    sentence = status.sentence(status.name_of(given.shown, analysis), operations, standing)
    found = Found(
        _called(database),
        datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        sentence,
        sum(step.ran is True for step in plan.steps) + len(plan.left_out),
    )
    request = Request(
        analysis.migration,
        given.file,
        plan.steps,
        plan.left_out,
        order,
        files,
        target,
        history.table if history is not None else None,
        history,
        found,
        _beside(given, analysis.migration),
        plan.here,
        plan.alike_at_end,
    )
    marking = None
    if history is not None and not _is_recorded(surveyed):
        marking = history_of(given.tool).mark_done(target, history, order, given.file)
    return Finish(_written(given, request), plan.steps, plan.left_out, marking, surveyed)


def _with_standing(surveyed: Surveyed, standing: Standing, operations: tuple[Operation, ...]) -> Surveyed:
    """What there is to say where the migration stands like this."""
    told = surveyed.told
    if told is not None:
        told = told._replace(judged=judge(told.recorded, standing, operations, told.held))
    return surveyed._replace(standing=standing, told=told)


def _is_of(one: Given, given: Given) -> bool:
    """Whether a migration can be of another one's project: of one of whom nothing says so, nobody knows."""
    if one.tool != given.tool:
        return False
    own, other = apart(given.tool, given.settings), apart(one.tool, one.settings)
    return own == other or not own or not other


def undo(session: Session, database: str, given: Given, assumed: Assumed = NOTHING) -> Finish:
    """A script of SQL that takes back what has run of a migration, whatever its tool: no tool knows of it, for nothing
    is recorded. Raises CannotResume, Unreachable."""
    surveyed = next(iter(survey(session, [given], {given.file.path}).found), None)
    if surveyed is None or surveyed.analysis is None or surveyed.standing is None:
        raise CannotResume(f"{given.shown} is no migration that can be read")
    if _is_recorded(surveyed):
        raise CannotResume("it is recorded as applied", "Let the tool itself go back")
    operations, standing = status.operations_of(surveyed.analysis), surveyed.standing
    if standing.half_way is False and standing.point is not None and standing.point.before == 0:
        raise CannotResume("nothing of it is there: there is nothing to undo")
    ran = what_ran(operations, standing, assumed.applied, assumed.pending)
    broken = [one.state is State.INVALID for one in standing.states]
    ran = [None if left else known for known, left in zip(ran, broken, strict=True)]
    migration = surveyed.analysis.migration
    statements = undoing(operations, ran, dialect_named(session.dialect))
    text = "".join(f"{one};\n" for one in statements)
    choice = Choice("sql", session.dialect, migration.server, "none")
    back = read(SourceFile("back.sql", text), choice)
    way = tuple(one for section in back.sections for one in section.operations)
    writer = resume_writer("sql")
    # Without a condition in SQL it is right for this very state, which is known.
    pending = range(len(way)) if catalog(session.dialect).block is Block.NONE else ()
    dialect, visible = dialect_named(session.dialect), partial(writer.visible, session.dialect)
    planned = steps(way, dialect, visible, None, (), pending)
    point = here(way, dialect, visible, [False] * len(way))[0] if pending else ()
    sentence = status.sentence(status.name_of(given.shown, surveyed.analysis), operations, standing)
    found = Found(_called(database), datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"), sentence, len(way))
    where = Target(session.dialect)
    request = Request(back, given.file, *planned, Order(), {}, where, found=found, here=point)
    return Finish(undo_script(request, lost(operations, ran)), *planned, None, surveyed)


def finish_unasked(given: Given, around: Sequence[Given], dialect: str, assumed: Assumed = NOTHING) -> Finish:
    """The resume migration without a database: guarded from the first operation, or as a person says. Raises
    CannotResume."""
    analysis = given.read()
    if analysis is None:
        raise CannotResume(f"{given.shown} is no migration that can be read")
    ours = [one for one in (given, *around) if _is_of(one, given)]
    target, order, table = Target(dialect, given.settings), Order(), None
    if tracks(given.tool):
        module = history_of(given.tool)
        order, table = module.order([one.file for one in ours], given.settings), module.table(target)
    plan = _planned(given, analysis.migration, status.operations_of(analysis), None, assumed)
    files = {one.file.path: one.file for one in ours}
    request = Request(
        analysis.migration,
        given.file,
        plan.steps,
        plan.left_out,
        order,
        files,
        target,
        table,
        beside=_beside(given, analysis.migration),
        here=plan.here,
    )
    return Finish(_written(given, request), plan.steps, plan.left_out)


def _called(database: str) -> str:
    """What a database is called in a file that others will read: one of SQLite by its file's name, since where that
    lies says something of one machine alone."""
    return database.replace("\\", "/").rpartition("/")[2] if database.startswith("sqlite:") else database


def _beside(given: Given, migration: Migration) -> Neighbours:
    """The project's other files: the migration's own path is from the project's top."""
    return Neighbours(given.file.path.removesuffix(migration.source.path))


def _planned(
    given: Given,
    migration: Migration,
    operations: tuple[Operation, ...],
    standing: Standing | None,
    assumed: Assumed,
    known: Ground = NOTHING_KNOWN,
) -> Plan:
    writer, dialect = _writer(given), migration.dialect
    wholes = getattr(writer, "wholes", None)
    visible = partial(writer.visible, dialect)
    said = _within(assumed.applied, operations), _within(assumed.pending, operations)
    planned = steps(
        operations,
        dialect_named(dialect),
        visible,
        standing,
        *said,
        wholes(migration) if wholes is not None else (),
        migration.source.text,
        known,
    )
    ran = what_ran(operations, standing, *said)
    if wholes is not None:
        return Plan(*planned)
    point, alike = here(operations, dialect_named(dialect), visible, ran, known)
    return Plan(*planned, point, alike and not assumed.pending)


def _written(given: Given, request: Request) -> Resumed:
    resumed = _writer(given).resume(request)
    text = silenced(resumed.path, resumed.text, request.migration, given.settings)
    return resumed._replace(text=text)


def _within(numbers: Collection[int], operations: tuple[Operation, ...]) -> Collection[int]:
    for number in numbers:
        if not 0 <= number < len(operations):
            raise CannotResume(f"there is no operation {number}: they go from 0 to {len(operations) - 1}")
    return numbers


def _writer(given: Given) -> ResumeWriter:
    try:
        return resume_writer(given.tool)
    except KeyError:
        raise CannotResume(f"Partway writes no resume migrations for {given.tool}") from None


def _is_recorded(surveyed: Surveyed) -> bool:
    return surveyed.told is not None and surveyed.told.recorded.record is Record.RECORDED


def _refuse_what_needs_none(surveyed: Surveyed) -> None:
    """Where there is nothing to resume, or something else to be done first."""
    told, standing = surveyed.told, surveyed.standing
    if told is None:
        point = standing.point if standing is not None else None
        if standing is None or standing.half_way is not False or point is None:
            return
        if point.before == 0:
            raise CannotResume("nothing to resume: nothing of it is there", "Run the migration")
        raise CannotResume("nothing to resume: all of it is there")
    words, verdict = told.judged.words, told.judged.verdict
    if verdict is Verdict.IN_PROGRESS:
        raise CannotResume(words, "Wait until that session has ended, and ask again")
    if verdict is Verdict.COMPLETE:
        raise CannotResume(f"nothing to resume: {words}")
    if verdict is Verdict.PENDING:
        raise CannotResume(f"nothing to resume: {words}", "Run the tool")
    if verdict is Verdict.BLOCKED:
        raise CannotResume(f"nothing to resume: {words}", "Clear the record, and run the tool")
    if verdict is Verdict.UNRECORDED:
        raise CannotResume(f"nothing to resume: {words}", "Mark it as done")
    if told.recorded.later:
        raise CannotResume(
            f"{words}; {in_words(told.recorded.later)} came after it and has run, and may have taken away what the"
            " resume would bring back",
            "Finish it by hand",
        )
