"""Django puts off a part of a migration's SQL to its end: what is lost of it when the migration fails on the way."""

from __future__ import annotations

import pytest

from tests.runners.django.runner import DjangoProject, DjangoRunner, migration
from tests.runners.plugin import Runners

ENGINES = ["postgresql15", "mariadb", "mysql", "sqlite"]

BASE = """
migrations.CreateModel("Team", [("id", models.BigAutoField(primary_key=True))]),
migrations.CreateModel("Plain", [("id", models.BigAutoField(primary_key=True))]),
"""

MANY = """
migrations.CreateModel("Person", [
    ("id", models.BigAutoField(primary_key=True)),
    ("team", models.ForeignKey("app.team", models.CASCADE)),
    ("email", models.CharField(max_length=50, unique=True)),
    ("nick", models.CharField(max_length=50, db_index=True)),
    ("age", models.IntegerField()),
    ("teams", models.ManyToManyField("app.team", related_name="+")),
], options={
    "indexes": [models.Index(fields=["age"], name="meta_age")],
    "constraints": [models.UniqueConstraint(fields=["age", "nick"], name="meta_unique")],
    "unique_together": {("email", "age")},
}),
migrations.AddField("plain", "code", models.CharField(max_length=9, default="x", db_index=True)),
migrations.AddField("plain", "team", models.ForeignKey("app.team", models.CASCADE, null=True)),
migrations.AddIndex("person", models.Index(fields=["email"], name="added")),
migrations.AddConstraint("person", models.UniqueConstraint(fields=["email", "nick"], name="added_unique")),
"""

FAILURE = 'migrations.RunSQL("SELECT 1 FROM nothing_of_that_name"),\n'


# What a failure after the last operation leaves out of the undisturbed run's schema, names without their table.
LOST_EVERYWHERE = {
    "index meta_age",
    "index app_person_nick_bc4a2a49",
    "index app_person_email_age_79789f17_uniq",
    "index app_person_teams_person_id_team_id_aa550a16_uniq",
    "index app_plain_code_d8fdb8e1",
    "constraint app_person_team_id_85c6dc28_fk_app_team_id",
    "constraint app_person_teams_person_id_9ea22bb3_fk_app_person_id",
    "constraint app_person_teams_team_id_09b8df31_fk_app_team_id",
}
# PostgreSQL indexes the column of a key in a statement of its own, and text columns twice.
LOST_ON_POSTGRESQL = LOST_EVERYWHERE | {
    "index app_person_email_cc3b4917_like",
    "index app_person_nick_bc4a2a49_like",
    "index app_plain_code_d8fdb8e1_like",
    "index app_person_team_id_85c6dc28",
    "index app_person_teams_person_id_9ea22bb3",
    "index app_person_teams_team_id_09b8df31",
    "index app_plain_team_id_958cfe84",
    "constraint app_person_email_age_79789f17_uniq",
    "constraint app_person_teams_person_id_team_id_aa550a16_uniq",
}
# MariaDB and MySQL make the index with the key, by its name.
LOST_ON_MYSQL = LOST_EVERYWHERE | {
    "index app_person_team_id_85c6dc28_fk_app_team_id",
    "index app_person_teams_team_id_09b8df31_fk_app_team_id",
}


def loaded(runners: Runners, engine: str, operations: str, atomic: bool) -> DjangoRunner:
    """Django with the first tables made, and these operations pending."""
    django = runners.django(engine)
    files = {
        "0001_base.py": migration(BASE),
        "0002_many.py": migration(operations, "0001_base", atomic=atomic),
    }
    django.load(DjangoProject(files=files))
    done = django.up("0001_base.py")
    assert done.ok, done.error
    return django


def lost(runners: Runners, engine: str, operations: str) -> set[str]:
    """What a non-atomic migration that fails after these operations lacks, as against one that ends with them."""
    django = loaded(runners, engine, operations, atomic=False)
    done = django.up("0002_many.py")
    assert done.ok, done.error
    complete = django.schema()
    django = loaded(runners, engine, operations + FAILURE, atomic=False)
    failed = django.up("0002_many.py")
    assert not failed.ok
    assert not failed.recorded
    missing = set(complete) - set(django.schema())
    return {f"{key.partition(' ')[0]} {key.partition('.')[2]}" for key in missing}


@pytest.mark.parametrize("engine", ["postgresql15", "sqlite"])
def test_atomic_migration_leaves_nothing(runners: Runners, engine: str) -> None:
    django = loaded(runners, engine, MANY + FAILURE, atomic=True)
    before = django.schema()
    assert not django.up("0002_many.py").ok
    assert django.schema() == before


@pytest.mark.parametrize(
    ("engine", "expected"),
    [("postgresql15", LOST_ON_POSTGRESQL), ("mariadb", LOST_ON_MYSQL), ("mysql", LOST_ON_MYSQL)],
)
def test_deferred_sql_is_lost(runners: Runners, engine: str, expected: set[str]) -> None:
    """Keys of CreateModel, indexes of fields, unique_together and Meta.indexes go.

    What stands in CREATE TABLE (also Meta.constraints), the key of AddField, AddIndex and AddConstraint stay.
    """
    assert lost(runners, engine, MANY) == expected


def test_sqlite_runs_what_was_deferred_when_it_makes_a_table_anew(runners: Runners) -> None:
    create_model = MANY.partition('migrations.AddField("plain", "code"')[0]
    assert lost(runners, "sqlite", create_model) == {
        "index meta_age",
        "index app_person_nick_bc4a2a49",
        "index app_person_team_id_85c6dc28",
        "index app_person_email_age_79789f17_uniq",
        "index app_person_teams_person_id_team_id_aa550a16_uniq",
        "index app_person_teams_person_id_9ea22bb3",
        "index app_person_teams_team_id_09b8df31",
    }
    assert lost(runners, "sqlite", MANY) == set()


def test_sqlite_leaves_a_half_made_table_that_is_in_the_way(runners: Runners) -> None:
    """Where the copy of the rows fails in a migration that is not atomic; the next attempt meets the leftover."""
    operations = 'migrations.AlterField("plain", "note", models.IntegerField()),'
    with_null = BASE + 'migrations.AddField("plain", "note", models.IntegerField(null=True)),'
    django = runners.django("sqlite")
    files = {"0001_base.py": migration(with_null)}
    files |= {"0002_note.py": migration(operations, "0001_base", atomic=False)}
    django.load(DjangoProject(files=files))
    assert django.up("0001_base.py").ok
    django.lab.execute("INSERT INTO app_plain DEFAULT VALUES")
    assert "NOT NULL constraint failed" in django.up("0002_note.py").error
    assert "table new__app_plain" in django.schema()
    django.lab.execute("UPDATE app_plain SET note = 1")
    assert "already exists" in django.up("0002_note.py").error
    django.lab.execute("DROP TABLE new__app_plain")
    assert django.up("0002_note.py").ok
