"""What is said to leave all rows as they are when it runs once more does so with the real Django."""

from __future__ import annotations

import pytest

from tests.runners.django.runner import DjangoProject, DjangoRunner, migration
from tests.runners.django.test_second_run import BASE
from tests.runners.plugin import Runners
from tests.tools.django.settled_cases import HEAD, HELPED, NOTHING, SETTLED, function

_PERSON = "INSERT INTO app_person (email, nick, age, code, team_id, note) VALUES "
ROWS = (
    "INSERT INTO app_team (name) VALUES ('t')",
    f"{_PERSON} ('e', 'n', 5, 'c', 1, 4)",
    f"{_PERSON} ('e', NULL, 6, 'a', NULL, NULL)",
    f"{_PERSON} ('long', NULL, 1, 'b', NULL, 7)",
)


def rows(django: DjangoRunner) -> list[list[tuple[object, ...]]]:
    """All rows of all tables."""
    tables = ("app_person", "app_team", "app_place")
    return [django.lab.rows(f"SELECT * FROM {table} ORDER BY id") for table in tables]


@pytest.mark.parametrize("engine", ["mariadb", "sqlite"])
@pytest.mark.parametrize("name", [*SETTLED, *HELPED, *NOTHING])
def test_a_second_run_leaves_all_rows_as_they_are(runners: Runners, engine: str, name: str) -> None:
    django = runners.django(engine)
    base = BASE.replace('models.UniqueConstraint(fields=["nick", "age"], name="nick_age"),', "").replace(
        '"unique_together": {("email", "age")},', ""
    )
    managers = '"objects", models.Manager()), ("people", models.Manager()'
    base = base.replace('options={\n    "indexes"', f'managers=[({managers})], options={{\n    "indexes"')
    head, lines = HELPED[name] if name in HELPED else ("", {**SETTLED, **NOTHING}[name])
    tried = migration(
        "migrations.RunPython(run)", "0001_base", more=function(lines, HEAD + head), atomic=False
    )
    django.load(DjangoProject(files={"0001_base.py": migration(base), "0002_tried.py": tried}))
    done = django.up("0001_base.py")
    assert done.ok, done.error
    django.lab.execute(*ROWS)
    before = rows(django)
    done = django.up("0002_tried.py")
    assert done.ok, done.error
    after = rows(django)
    assert (after == before) is (name in NOTHING)
    assert django.again("0002_tried.py").outcome.ok
    assert rows(django) == after
