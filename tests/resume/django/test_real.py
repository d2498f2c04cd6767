"""Failures that are no test's doing, and Django's own checks once they have been mended and resumed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.resume.django.crash import APP, BASE, FAILED, Resume, resumed
from tests.runners.django.runner import DjangoProject, DjangoRunner, migration
from tests.runners.plugin import Runners
from tests.runners.runner import Fault

_ID = '("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))'
TABLES = f"""
migrations.CreateModel("Team", [{_ID}, ("name", models.CharField(max_length=9))]),
migrations.CreateModel("Person", [
    {_ID},
    ("name", models.CharField(max_length=9, null=True)),
    ("team_id", models.BigIntegerField(null=True)),
    ("share", models.IntegerField(default=1)),
]),
"""
#: A migration that fails on these rows, and what mends them.
FAILING = {
    "foreign key": (
        """
migrations.AddField("person", "rank", models.IntegerField(default=0, db_index=True)),
migrations.RenameField("person", "team_id", "team"),
migrations.AlterField("person", "team", models.ForeignKey("app.team", models.CASCADE, null=True)),
""",
        "INSERT INTO app_person (name, team_id, share) VALUES ('a', 77, 1)",
        "DELETE FROM app_person WHERE name = 'a'",
    ),
    "duplicates": (
        """
migrations.AddField("team", "size", models.IntegerField(default=1)),
migrations.AddConstraint("person", models.UniqueConstraint(fields=["name"], name="one_of_a_name")),
migrations.CreateModel("Role", [
    ("id", models.BigAutoField(primary_key=True)),
    ("person", models.ForeignKey("app.person", models.CASCADE)),
]),
""",
        "INSERT INTO app_person (name, share) VALUES ('a', 1), ('a', 2)",
        "DELETE FROM app_person WHERE share = 2",
    ),
    "null": (
        """
migrations.AddField("team", "size", models.IntegerField(null=True, db_index=True)),
migrations.AlterField("person", "name", models.CharField(max_length=9, db_index=True)),
""",
        "INSERT INTO app_person (name, share) VALUES (NULL, 1)",
        "DELETE FROM app_person WHERE name IS NULL",
    ),
}


def project(operations: str, **more: Any) -> DjangoProject:
    """The tables, and a migration with these operations outside a transaction."""
    files = {BASE: migration(TABLES), FAILED: migration(operations, "0001_base", atomic=False)}
    return DjangoProject(files=files, **more)


def finished(django: DjangoRunner, plain: DjangoProject, folder: Path) -> Resume:
    """Make the resume migration, mark the failed one as done, and run the resume."""
    found = resumed(django, plain, folder)
    django.load(plain, keep_database=True)
    error, _ = django.manage(*found.marking[2:])
    assert not error
    files = {**plain.files, **found.files}
    django.load(DjangoProject(files=files, models=plain.models), keep_database=True)
    done = django.migrate()
    assert done.ok, done.error
    return found


@pytest.mark.parametrize("engine", ["postgresql18", "mariadb", "sqlite"])
@pytest.mark.parametrize("name", FAILING)
def test_mended_rows(runners: Runners, tmp_path: Path, engine: str, name: str) -> None:
    operations, rows, mending = FAILING[name]
    plain = project(operations)
    django = runners.django(engine)
    if engine == "sqlite" and name == "foreign key":
        return  # SQLite checks keys at the end, and the migration is whole
    django.load(plain)
    done = django.up(FAILED)
    assert done.ok, done.error
    wanted = django.schema()
    django.load(plain)
    assert django.up(BASE).ok
    django.lab.execute(rows)
    assert not django.up(FAILED).ok
    django.lab.execute(mending)
    finished(django, plain, tmp_path)
    assert django.schema() == wanted


INVALID = {
    "operations": """
postgres.AddIndexConcurrently("team", models.Index(fields=["name"], name="by_name")),
postgres.AddIndexConcurrently("person", models.Index(100 / F("share"), name="by_part")),
postgres.AddIndexConcurrently("person", models.Index(fields=["name"], name="person_by_name")),
""",
    "statements": """
migrations.RunSQL("CREATE INDEX CONCURRENTLY by_name ON app_team (name)"),
migrations.RunSQL([
    "CREATE INDEX CONCURRENTLY by_part ON app_person ((100 / share))",
    "CREATE INDEX CONCURRENTLY person_by_name ON app_person (name)",
]),
""",
}


@pytest.mark.parametrize("operations", INVALID.values(), ids=INVALID)
def test_an_index_left_invalid(runners: Runners, tmp_path: Path, operations: str) -> None:
    plain = project(operations)
    django = runners.django("postgresql18")
    django.load(plain)
    assert django.up(FAILED).ok
    wanted = django.schema()
    django.load(plain)
    assert django.up(BASE).ok
    django.lab.execute("INSERT INTO app_person (name, share) VALUES ('a', 0)")
    assert "division by zero" in django.up(FAILED).error
    assert "INVALID" in django.schema()["index app_person.by_part"]
    django.lab.execute("UPDATE app_person SET share = 1")
    healthy = django.lab.rows("SELECT 'by_name'::regclass::oid")
    finished(django, plain, tmp_path)
    assert django.schema() == wanted
    assert django.lab.rows("SELECT 'by_name'::regclass::oid") == healthy


MODELS = """
from django.db import models


class Team(models.Model):
    name = models.CharField(max_length=9)
    people = models.ManyToManyField("Person", related_name="+")


class Person(models.Model):
    name = models.CharField(max_length=9, null=True)
    team = models.ForeignKey(Team, models.CASCADE, null=True)
    share = models.IntegerField(default=1, db_index=True)
"""
MODELLED = """
migrations.AlterField("person", "share", models.IntegerField(default=1, db_index=True)),
migrations.RemoveField("person", "team_id"),
migrations.AddField("person", "team", models.ForeignKey("app.team", models.CASCADE, null=True)),
migrations.AddField("team", "people", models.ManyToManyField("app.person", related_name="+")),
"""


@pytest.mark.parametrize("engine", ["postgresql18", "mariadb", "sqlite"])
def test_django_goes_on_as_if_nothing_had_happened(runners: Runners, tmp_path: Path, engine: str) -> None:
    plain = project(MODELLED, models=MODELS)
    django = runners.django(engine)
    django.load(plain)
    assert django.up(BASE).ok
    empty = django.schema()
    assert not django.up(FAILED, Fault(2, "raise", "statement")).ok
    found = finished(django, plain, tmp_path)
    for words in (
        ("makemigrations", "--check", "--dry-run"),
        ("migrate", "--check"),
        ("sqlmigrate", APP, found.name[:-3]),
    ):
        error, out = django.manage(*words)
        assert not error, (words, error, out)
    last = migration('migrations.AddField("team", "size", models.IntegerField(null=True)),', found.name[:-3])
    files = {**plain.files, **found.files, "0004_last.py": last}
    django.load(DjangoProject(files=files, models=MODELS), keep_database=True)
    done = django.migrate()
    assert done.ok, done.error
    assert django.down(FAILED).ok
    assert django.schema() == empty
    error, out = django.manage("squashmigrations", APP, "0001", "0004", "--no-input")
    assert not error, out
    error, out = django.manage("migrate", APP, "zero")
    assert not error, out
    squashed = next((django._folder / APP / "migrations").glob("*squashed*")).read_text()
    assert "Finish" not in squashed
