"""Migrations of Rails, Django and Alembic, run by the tools themselves: pending before, applied after."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, Protocol

import pytest

from partway.core.operation import Operation
from partway.live.connect import connect
from partway.live.snapshot.take import take_snapshot
from partway.live.state import Standing, standing
from partway.live.url import read_url
from tests.engines.lab import Lab
from tests.runners.alembic import revisions
from tests.runners.alembic import test_statements as alembic
from tests.runners.django import projects
from tests.runners.django import test_statements as django
from tests.runners.plugin import Runners
from tests.runners.rails import cases
from tests.runners.rails import test_statements as rails

ENGINES = ("postgresql15", "mariadb", "sqlite")


class Run(NamedTuple):
    """How one migration stood before and after the tool ran it."""

    name: str
    operations: tuple[Operation, ...]
    before: Standing
    after: Standing


class Tool(Protocol):
    """Runs a tool's migrations one by one."""

    __name__: str

    def __call__(self, runners: Runners, engine: str, folder: Path, /) -> Iterator[Run]: ...


def stand(lab: Lab, operations: tuple[Operation, ...]) -> Standing:
    """How the operations stand in the lab's database."""
    session = connect(read_url(lab.url))
    try:
        return standing(operations, take_snapshot(session, operations))
    finally:
        session.close()


def _rails(runners: Runners, engine: str, _folder: Path) -> Iterator[Run]:
    for name, case in cases.CASES.items():
        if engine not in case.engines:
            continue
        runner = runners.rails(engine)
        rails.prepare(runner, case)
        read = tuple(rails.read_case(case, runner.lab.dialect))
        before = stand(runner.lab, read)
        if runner.up("20240102000000_case.rb").ok:
            yield Run(name, read, before, stand(runner.lab, read))


def _alembic(runners: Runners, engine: str, folder: Path) -> Iterator[Run]:
    for name, case in revisions.CASES.items():
        if engine not in case.engines:
            continue
        project, runner = case.project(), runners.alembic(engine)
        runner.load(project)
        if not runner.up("r1_base.py").ok:
            continue
        read = alembic.said(folder, project, "r2_case.py", engine).sections[0].operations
        before = stand(runner.lab, read)
        if runner.up("r2_case.py").ok:
            yield Run(name, read, before, stand(runner.lab, read))


def _django(runners: Runners, engine: str, folder: Path) -> Iterator[Run]:
    for name, project in projects.PROJECTS.items():
        if name in projects.FOR_POSTGRESQL and django.dialect(engine) != "postgresql":
            continue
        runner = runners.django(engine)
        runner.load(project)
        (folder / name).mkdir()
        written = django.written(folder / name, project)
        for file in sorted(project.files):
            migration = django.said(written, f"{project.app}/migrations/{file}", engine)
            read = migration.sections[0].operations if migration.sections else ()
            before = stand(runner.lab, read)
            if not runner.up(file).ok:
                break
            yield Run(f"{name}/{file}", read, before, stand(runner.lab, read))


#: What may be true of an operation before and after a whole run: it was there already, or nothing tells.
_RIGHT = frozenset(
    {
        ("pending", "applied"),
        ("applied", "applied"),
        ("unknown", "unknown"),
        ("unknown", "applied"),
        ("pending", "unknown"),
    }
)
#: Where a reader says otherwise than what the tool makes of this engine, or leaves out what tells.
KNOWN = {
    "rails sqlite": {
        "key by default",
        "key with a name",
        "key with actions",
        "change_table",
    },  # INTEGER, not bigint
    "alembic mariadb": {"create_table", "alter_column"},  # the type uuid; a comment that another call drops
    "django postgresql15": {"postgresql/0019_step.py"},  # an operator class
    "django mariadb": {"fields/0009_step.py"},  # a default that Django drops at once
}
#: At least so many operations of a tool are told of on an engine.
_SEEN = {"rails": 120, "alembic": 35, "django": 300}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("tool", [_rails, _alembic, _django], ids=lambda tool: tool.__name__.strip("_"))
def test_run_by_the_tool_itself(tool: Tool, engine: str, runners: Runners, tmp_path: Path) -> None:
    name = tool.__name__.strip("_")
    wrong, seen = [], 0
    for run in tool(runners, engine, tmp_path):
        if run.name in KNOWN.get(f"{name} {engine}", ()):
            continue
        for operation, before, after in zip(run.operations, run.before.states, run.after.states, strict=True):
            states = str(before.state), str(after.state)
            seen += states == ("pending", "applied")
            if states not in _RIGHT:
                wrong.append(f"{run.name}: {operation.kind} {operation.target}: {states} {before} {after}")
    assert not wrong, "\n".join(wrong)
    assert seen >= _SEEN[name]
