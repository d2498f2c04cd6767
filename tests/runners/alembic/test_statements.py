"""What Partway says a revision sends to the database, held against what Alembic really sends."""

from __future__ import annotations

import re
from itertools import groupby
from pathlib import Path

import pytest

from partway.core.migration import Migration
from partway.core.operation import Operation
from partway.core.source import SourceFile
from partway.neighbours import Neighbours
from partway.tools.choice import Choice
from partway.tools.reading import read
from tests.runners.alembic.revisions import CASES
from tests.runners.alembic.runner import AlembicProject
from tests.runners.plugin import Runners

# Alembic's own books, SQLAlchemy's questions, and what the driver does by itself.
_OWN = re.compile(
    r"\s*(?:SELECT|PRAGMA|BEGIN|COMMIT|ROLLBACK|SHOW|SAVEPOINT|RELEASE|DESCRIBE)\b|.*\balembic_version\b",
    re.IGNORECASE,
)
_BOUND = re.compile(r"%\(\w+\)s(?:::\w+)?|%s|\?")


def dialect(engine: str) -> str:
    """The dialect that an engine of the tests speaks."""
    return engine.rstrip("0123456789")


def sent(statements: tuple[str, ...], engine: str) -> list[tuple[str, ...]]:
    """What the statements that Alembic sent are, as the SQL reader reads them."""
    text = ";\n".join(_BOUND.sub("NULL", one) for one in statements if not _OWN.match(one))
    found = read(SourceFile("sent.sql", text), Choice(tool="sql", dialect=dialect(engine)))
    return [_told(one) for one in found.sections[0].operations]


def _told(one: Operation) -> tuple[str, ...]:
    """An operation's kind and target, and what it leaves behind, without the quotes that one of both writes."""
    facts = [re.sub(r"[\"`()\s]", "", str(fact)) for fact in one.postconditions]
    return (one.kind, one.target, *facts)


def _settled(told: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """The indexes and constraints of one table in the order of their names: SQLAlchemy keeps them in sets, so that each
    run has an order of its own."""
    found: list[tuple[str, ...]] = []
    for loose, group in groupby(told, key=lambda each: each[0] in ("create-index", "add-constraint")):
        members = list(group)
        found += sorted(members) if loose else members
    return found


def said(
    folder: Path, project: AlembicProject, name: str, engine: str, server: tuple[int, ...] = ()
) -> Migration:
    """What Partway reads in a revision of this project."""
    (folder / "versions").mkdir(exist_ok=True)
    (folder / "env.py").write_text(project.env_text(), encoding="utf-8")
    choice = Choice(tool="alembic", dialect=dialect(engine), server=server)
    source = SourceFile(f"versions/{name}", project.files[name])
    return read(source, choice, None, Neighbours(f"{folder}/"))


@pytest.mark.parametrize(
    ("name", "engine"), [(name, engine) for name in CASES for engine in CASES[name].engines]
)
def test_operations_are_the_statements_that_alembic_sends(
    runners: Runners, tmp_path: Path, name: str, engine: str
) -> None:
    case = CASES[name]
    project = case.project()
    alembic = runners.alembic(engine)
    alembic.load(project)
    assert alembic.up("r1_base.py").ok
    server = tuple(int(part) for part in alembic.lab.version.split(".") if part.isdigit())
    migration = said(tmp_path, project, "r2_case.py", engine, server)
    for section in migration.sections:
        up = section.name == "up"
        done = alembic.up("r2_case.py") if up else alembic.down("r2_case.py")
        assert done.ok, done.error
        assert _settled([_told(one) for one in section.operations]) == _settled(sent(done.statements, engine))
