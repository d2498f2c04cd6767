"""What Partway says a migration sends to the database, held against what Django really sends."""

from __future__ import annotations

import re
from difflib import unified_diff
from pathlib import Path

import pytest

from partway.core.migration import Migration
from partway.core.operation import Operation, Repeat
from partway.core.source import SourceFile
from partway.neighbours import Neighbours
from partway.tools.choice import Choice
from partway.tools.reading import read
from tests.runners.django.projects import FOR_POSTGRESQL, PROJECTS
from tests.runners.django.runner import DjangoProject, DjangoRunner, migration
from tests.runners.django.test_second_run import BASE, SECOND_RUN
from tests.runners.plugin import Runners

ENGINES = ["postgresql18", "postgresql15", "mariadb", "mysql", "sqlite"]
# Django's own questions and books.
_ASKED = re.compile(
    r"\s*(?:SELECT|PRAGMA|BEGIN|COMMIT|SHOW|SAVEPOINT|RELEASE|SET\s+foreign_key"
    r'|(?:INSERT INTO|DELETE FROM|CREATE TABLE) ["`](?:django_migrations|django_content_type|auth_permission))',
    re.IGNORECASE,
)


def dialect(engine: str) -> str:
    """The dialect that an engine of the tests speaks."""
    return engine.rstrip("0123456789")


def sent(statements: tuple[str, ...], engine: str) -> list[tuple[str, str]]:
    """Kind and target of each statement, as the SQL reader reads it."""
    text = ";\n".join(one for one in statements if not _ASKED.match(one))
    found = read(SourceFile("sent.sql", text), Choice(tool="sql", dialect=dialect(engine)))
    return [_known(one) for one in found.sections[0].operations]


def _known(one: Operation) -> tuple[str, str]:
    return one.kind, one.target


def _same(here: tuple[str, str], there: tuple[str, str]) -> bool:
    """Whether one is the other with a name that nobody can tell: MySQL's numbers for conditions."""
    if here[0] != there[0] or not here[1].endswith("?") or not there[1].startswith(here[1][:-1]):
        return False
    return "_chk_" in there[1] or "__unnamed" in there[1]


def said(folder: Path, path: str, engine: str) -> Migration:
    """What Partway reads in a migration of this project."""
    text = (folder / path).read_text(encoding="utf-8")
    choice = Choice(tool="django", dialect=dialect(engine))
    return read(SourceFile(path, text), choice, None, Neighbours(f"{folder}/"))


def written(folder: Path, project: DjangoProject) -> Path:
    """The project's files, where Partway can read them."""
    for app, files in {**project.other_apps, project.app: project.files}.items():
        (folder / app / "migrations").mkdir(parents=True)
        for name, text in files.items():
            (folder / app / "migrations" / name).write_text(text, encoding="utf-8")
    return folder


def differing(
    found: Migration, section: int, statements: tuple[str, ...], engine: str, title: str
) -> list[str]:
    """The difference between what is said of a direction and what was sent."""
    operations = found.sections[section].operations if section < len(found.sections) else ()
    here = [_known(one) for one in operations if one.kind != "run-python"]
    there = sent(statements, engine)
    for at, (one, other) in enumerate(zip(here, there, strict=False)):
        here[at] = other if _same(one, other) else one
    if here == there or ("RenameModel" in found.source.text and sorted(here) == sorted(there)):
        return []  # which of the models that refer to a renamed one comes first is a matter of Django's sets
    really, read_as = ([" ".join(one) for one in each] for each in (there, here))
    return ["\n".join(unified_diff(really, read_as, f"{title}: sent", "said", lineterm=""))]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", PROJECTS)
def test_operations_are_the_statements_that_django_sends(
    runners: Runners, tmp_path: Path, engine: str, name: str
) -> None:
    """On the way up, and on the way back from each migration."""
    if name in FOR_POSTGRESQL and dialect(engine) != "postgresql":
        return
    project = PROJECTS[name]
    django: DjangoRunner = runners.django(engine)
    django.load(project)
    folder = written(tmp_path, project)
    wrong: list[str] = []
    for file in sorted(project.files):
        found = said(folder, f"{project.app}/migrations/{file}", engine)
        done = django.up(file)
        assert done.ok, f"{file}: {done.error}"
        if file == "0001_before.py":
            continue
        wrong += differing(found, 0, done.statements, engine, f"{file} up")
        # On MySQL the way back leaves indexes for foreign keys, which a next way up would find.
        if file != "0001_base.py" and (name != "options" or dialect(engine) in ("postgresql", "sqlite")):
            down = django.down(file)
            if "IrreversibleError" in down.error:
                assert not found.sections[1].steps
                continue
            assert down.ok, f"{file}: {down.error}"
            wrong += differing(found, 1, down.statements, engine, f"{file} down")
            again = django.up(file)
            assert again.ok, again.error
    assert not wrong, "\n\n".join(wrong)


@pytest.mark.parametrize("engine", ["postgresql15", "mariadb", "mysql", "sqlite"])
@pytest.mark.parametrize("operation", [one for one in SECOND_RUN if "RunPython" not in one])
def test_repeat_is_what_the_second_run_does(tmp_path: Path, engine: str, operation: str) -> None:
    """The table that the real tool has filled in."""
    files = {
        "0001_base.py": migration(BASE),
        "0002_tried.py": migration(f"migrations.{operation},", "0001_base"),
    }
    folder = written(tmp_path, DjangoProject(files=files))
    operations = said(folder, "app/migrations/0002_tried.py", engine).sections[0].operations
    repeats = {one.repeat for one in operations}
    found = next((one for one in (Repeat.FAILS, Repeat.CHANGES) if one in repeats), Repeat.SAME)
    index = ["postgresql15", "mariadb", "mysql", "sqlite"].index(engine)
    assert found.value == SECOND_RUN[operation].split()[index], [
        (one.kind, one.target, one.repeat) for one in operations
    ]
