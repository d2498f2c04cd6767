"""What Django's operations do when they run once more on what they have made: it guards nothing, but not all fails."""

from __future__ import annotations

import pytest

from tests.runners.django.runner import DjangoProject, DjangoRunner, migration
from tests.runners.plugin import Runners

ENGINES = ["postgresql15", "mariadb", "mysql", "sqlite"]

BASE = """
migrations.CreateModel("Team", [
    ("id", models.BigAutoField(primary_key=True)), ("name", models.CharField(max_length=9)),
]),
migrations.CreateModel("Person", [
    ("id", models.BigAutoField(primary_key=True)),
    ("email", models.CharField(max_length=50)),
    ("nick", models.CharField(max_length=50, null=True)),
    ("note", models.IntegerField(null=True)),
    ("age", models.IntegerField(default=1)),
    ("code", models.CharField(max_length=5, unique=True)),
    ("team", models.ForeignKey("app.team", models.CASCADE, null=True)),
    ("teams", models.ManyToManyField("app.team", related_name="+")),
], options={
    "indexes": [models.Index(fields=["age"], name="by_age")],
    "constraints": [
        models.CheckConstraint(condition=Q(age__gt=0), name="positive"),
        models.UniqueConstraint(fields=["nick", "age"], name="nick_age"),
    ],
    "unique_together": {("email", "age")},
}),
migrations.CreateModel("Place", [
    ("id", models.BigAutoField(primary_key=True)), ("town", models.CharField(max_length=9)),
    ("street", models.CharField(max_length=9)),
], options={"index_together": {("town", "street")}}),
"""
ROWS = (
    "INSERT INTO app_team (name) VALUES ('t')",
    "INSERT INTO app_person (email, nick, age, code, team_id) VALUES ('e', 'n', 5, 'c', 1)",
)

# What the second run does on PostgreSQL, MariaDB, MySQL and SQLite.
SECOND_RUN = {
    'CreateModel("Extra", [("id", models.BigAutoField(primary_key=True))])': "fails fails fails fails",
    'DeleteModel("Person")': "fails fails fails fails",
    'RenameModel("Team", "Club")': "fails fails fails fails",
    'AlterModelTable("Person", "people")': "fails fails fails fails",
    'AlterModelTableComment("Person", "x")': "same same same same",
    'AlterUniqueTogether("Person", {("email", "nick")})': "fails fails fails fails",
    'AlterUniqueTogether("Person", set())': "fails fails fails fails",
    'AlterModelOptions("Person", {"ordering": ["age"]})': "same same same same",
    'AddField("Person", "x", models.IntegerField(null=True))': "fails fails fails fails",
    'AddField("Person", "x", models.ForeignKey("app.team", models.CASCADE, null=True, related_name="+"))': (
        "fails fails fails fails"
    ),
    'AddField("Person", "x", models.ManyToManyField("app.team", related_name="+"))': "fails fails fails fails",
    'RemoveField("Person", "teams")': "fails fails fails fails",
    'RenameField("Person", "email", "mail")': "fails fails fails fails",
    'AddIndex("Person", models.Index(fields=["email"], name="by_email"))': "fails fails fails fails",
    'RenameIndex("Person", new_name="aged", old_name="by_age")': "fails fails fails fails",
    # Django finds the index by its columns, and leaves alone what has its new name already.
    'RenameIndex("Place", new_name="by_town", old_fields=("town", "street"))': "same same same same",
    # PostgreSQL and MariaDB are told IF EXISTS here.
    'RemoveIndex("Person", "by_age")': "same fails fails fails",
    'RemoveConstraint("Person", "positive")': "fails same fails same",
    # SQLite makes the table anew from what Django remembers, whatever it is now.
    'AddField("Person", "x", models.IntegerField(default=3))': "fails fails fails same",
    'AddField("Person", "x", models.CharField(max_length=5, null=True, unique=True))': "fails fails fails same",
    'RemoveField("Person", "note")': "fails fails fails fails",
    'RemoveField("Person", "team")': "fails fails fails same",
    'AlterField("Person", "note", models.IntegerField(null=True, db_index=True))': "fails fails fails same",
    'AlterField("Person", "email", models.CharField(max_length=50, unique=True))': "fails fails fails same",
    'AddConstraint("Person", models.CheckConstraint(condition=Q(age__lt=200), name="young"))': (
        "fails fails fails same"
    ),
    'AddConstraint("Person", models.UniqueConstraint(fields=["email"], name="uq"))': "fails fails fails same",
    'RemoveConstraint("Person", "nick_age")': "fails fails fails same",
    # MariaDB and MySQL have no indexes with a condition, and Django makes none there.
    'AddConstraint("Person", models.UniqueConstraint(fields=["email"], condition=Q(age=1), name="uq"))': (
        "fails same same fails"
    ),
    # Changes to what is there already.
    'AlterField("Person", "email", models.CharField(max_length=80))': "same same same same",
    'AlterField("Person", "email", models.CharField(max_length=50, null=True))': "same same same same",
    'AlterField("Person", "note", models.IntegerField(default=0))': "same same same same",
    'AlterField("Person", "code", models.CharField(max_length=5))': "same same same same",
    'AlterField("Person", "team", models.ForeignKey("app.team", models.CASCADE))': "same same same same",
    'AlterField("Person", "email", models.CharField(max_length=50, db_column="mail"))': "fails fails fails fails",
    'AlterField("Person", "age", models.IntegerField(db_default=4))': "same same same same",
    # Code and SQL.
    'RunSQL("CREATE TABLE x (id integer)")': "fails fails fails fails",
    'RunPython(lambda apps, editor: apps.get_model("app", "team").objects.create(name="x"))': (
        "changes changes changes changes"
    ),
    'RunPython(lambda apps, editor: apps.get_model("app", "team").objects.get_or_create(name="x"))': (
        "same same same same"
    ),
    'SeparateDatabaseAndState(database_operations=[migrations.RunSQL("CREATE TABLE x (id integer)")])': (
        "fails fails fails fails"
    ),
    'SeparateDatabaseAndState(state_operations=[migrations.DeleteModel("Person")])': "same same same same",
}


def loaded(runners: Runners, engine: str, operation: str, more: str = "") -> DjangoRunner:
    """Django with the first tables and their rows made, and this operation done."""
    django = runners.django(engine)
    files = {
        "0001_base.py": migration(BASE),
        "0002_tried.py": migration(f"migrations.{operation},{more}", "0001_base"),
    }
    django.load(DjangoProject(files=files))
    done = django.up("0001_base.py")
    assert done.ok, done.error
    django.lab.execute(*ROWS)
    done = django.up("0002_tried.py")
    assert done.ok, done.error
    return django


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("operation", SECOND_RUN)
def test_second_run(runners: Runners, engine: str, operation: str) -> None:
    repeated = loaded(runners, engine, operation).again("0002_tried.py")
    assert repeated.verdict == SECOND_RUN[operation].split()[ENGINES.index(engine)], repeated


def test_second_add_field_on_sqlite_forgets_the_values(runners: Runners) -> None:
    """The table is made anew with the field's default in every row, and nothing is said."""
    django = loaded(runners, "sqlite", 'AddField("Person", "x", models.IntegerField(default=3))')
    django.lab.execute("UPDATE app_person SET x = 7")
    repeated = django.again("0002_tried.py")
    assert repeated.verdict == "changes"
    assert django.lab.rows("SELECT x FROM app_person") == [(3,)]


@pytest.mark.parametrize(
    "operation", ['RunSQL("SELECT 1")', "RunPython(lambda apps, editor: None)", 'RunSQL(["SELECT 1"])']
)
def test_code_without_a_way_back_is_irreversible(runners: Runners, operation: str) -> None:
    django = loaded(runners, "sqlite", operation)
    down = django.down("0002_tried.py")
    assert "IrreversibleError" in down.error
    assert down.recorded
