"""Migrations of Rails, Django and Alembic, stopped by the real tool after every call: the named point is where."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.runners.alembic.runner import AlembicProject, revision
from tests.runners.django.runner import DjangoProject
from tests.runners.django.runner import migration as django_migration
from tests.runners.plugin import Runners
from tests.runners.rails.runner import RailsProject
from tests.runners.rails.runner import migration as rails_migration
from tests.runners.runner import Fault, Project, Runner
from tests.status.conftest import Said, Status
from tests.status.migrations import (
    ALEMBIC,
    ALEMBIC_BASE,
    DJANGO,
    DJANGO_BASE,
    NOT_ON_SQLITE,
    RAILS,
    RAILS_BASE,
)

#: On PostgreSQL and SQLite outside a transaction, since nothing is half way otherwise.
ENGINES = ("mariadb", "postgresql18", "sqlite")
#: What the fault is called.
FAULT = "the test stops the migration here"
#: What shows nowhere in the catalog.
_HIDDEN = ("update", "insert", "delete", "opaque")


def rails(calls: Sequence[str]) -> tuple[RailsProject, str]:
    """A project of the base and one migration with these calls."""
    base, base_text = rails_migration("1_base", RAILS_BASE)
    name, text = rails_migration("2_case", "\n".join(calls))
    text = text.replace("  def up", "  disable_ddl_transaction!\n  def up")
    return RailsProject(files={base: base_text, name: text}), name


def django(calls: Sequence[str]) -> tuple[DjangoProject, str]:
    """The same for Django."""
    base, text = (
        django_migration(DJANGO_BASE),
        django_migration("\n".join(calls), "0001_base", atomic=False),
    )
    return DjangoProject(files={"0001_base.py": base, "0002_case.py": text}), "0002_case.py"


def alembic(calls: Sequence[str]) -> tuple[AlembicProject, str]:
    """The same for Alembic."""
    files = {
        "r1_base.py": revision("r1", None, ALEMBIC_BASE),
        "r2_case.py": revision("r2", "r1", "\n".join(calls)),
    }
    env = AlembicProject().env_text().replace('prefix="sql', 'isolation_level="AUTOCOMMIT", prefix="sql')
    return AlembicProject(files=files, env=env), "r2_case.py"


MAKING = {"rails": (rails, RAILS), "django": (django, DJANGO), "alembic": (alembic, ALEMBIC)}
CASES = [
    pytest.param(tool, name, engine, id=f"{tool}-{name}-{engine}")
    for tool, (_, cases) in MAKING.items()
    for name in cases
    for engine in ENGINES
    if not (tool == "alembic" and engine == "sqlite" and name in NOT_ON_SQLITE)
]


@pytest.mark.parametrize(("tool", "case", "engine"), CASES)
def test_stopped_after_each_call(
    tool: str, case: str, engine: str, runners: Runners, status: Status, tmp_path: Path
) -> None:
    make, cases = MAKING[tool]
    calls = cases[case]
    project, name = make(calls)
    runner: Runner[Any] = getattr(runners, tool)(engine)
    folder = _written(runner, project, tmp_path)
    base = next(iter(project.files))
    lines = _lines(project.files[name], calls)
    for count in range(len(calls)):
        runner.load(project)
        assert runner.up(base).ok
        if count:
            outcome = runner.up(name, Fault(after=count))
            assert FAULT in outcome.error, outcome
        assert runner.history() == [base]
        said = status(folder, runner.lab.url)
        _check(said, Path(base).stem, Path(name).stem, lines, count)
    runner.load(project)
    assert runner.up(base).ok
    outcome = runner.up(name)
    assert outcome.ok, outcome
    said = status(folder, runner.lab.url)
    assert said.code == 0, said.documents
    assert set(said.verdicts().values()) == {"complete"}


def _written(runner: Runner[Any], project: Project, folder: Path) -> Path:
    (folder / ".git").mkdir()
    runner.write(project, folder)
    return folder


def _lines(text: str, calls: Sequence[str]) -> list[int]:
    """The line of each call, from 1."""
    written = [line.strip() for line in text.splitlines()]
    return [written.index(call) + 1 for call in calls]


def _check(said: Said, base: str, name: str, lines: list[int], count: int) -> None:
    """That the point is before the first operation of the call with this number."""
    verdicts = said.verdicts()
    assert verdicts[base] == "complete", said.of(base)["sentence"]
    found = said.of(name)
    operations = [one for one in found["operations"] if one["section"] == "up"]
    calls = [
        max(n for n, line in enumerate(lines) if line <= one["range"]["start"]["line"]) for one in operations
    ]
    first = next(index for index, call in enumerate(calls) if call >= count)
    while first and operations[first - 1]["kind"].startswith("set"):
        first -= 1  # a setting of the session goes with what follows it
    point, why = found["failure_point"], f"stopped after {count}: {found['sentence']}"
    if count == 0:
        assert verdicts[name] == "pending", why
        assert said.code == 0
        return
    assert point is not None, why
    assert point["after"] < first <= point["before"], f"{why} {point} {first}"
    open_ = operations[point["after"] + 1 : point["before"]]
    assert all(one["kind"] in _HIDDEN for one in open_), f"{why} {point} {first}"
    assert verdicts[name] == "half-way", why
    assert said.code == 1
