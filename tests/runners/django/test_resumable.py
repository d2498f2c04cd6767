"""Fixed migrations through Django itself: they make what plain ones make, finish what a failure left, and go back."""

from __future__ import annotations

from pathlib import Path

import pytest

from partway.core.edit import Applicability
from partway.core.source import SourceFile
from partway.fixing import mend
from partway.linting import Selection, lint
from partway.neighbours import Neighbours
from partway.tools.choice import Choice
from tests.runners.django.runner import DjangoProject, DjangoRunner, migration
from tests.runners.django.test_statements import dialect, written
from tests.runners.plugin import Runners
from tests.runners.runner import Fault

ENGINES = ["postgresql15", "mariadb", "mysql"]
BASE = """
migrations.CreateModel("Team", [
    ("id", models.BigAutoField(primary_key=True)),
    ("name", models.CharField(max_length=9)),
    ("motto", models.CharField(max_length=90, null=True)),
]),
migrations.CreateModel("Person", [
    ("id", models.BigAutoField(primary_key=True)),
    ("email", models.CharField(max_length=50)),
    ("nick", models.CharField(max_length=50, null=True)),
    ("note", models.IntegerField(null=True)),
    ("age", models.IntegerField(default=1)),
    ("team", models.ForeignKey("app.team", models.CASCADE, null=True)),
    ("teams", models.ManyToManyField("app.team", related_name="+")),
], options={
    "indexes": [models.Index(fields=["age"], name="by_age")],
    "constraints": [models.CheckConstraint(condition=Q(age__gt=0), name="positive")],
    "unique_together": {("email", "age")},
}),
"""
#: One operation each, and one migration of many.
TRIED = {
    "create": """migrations.CreateModel("Extra", [
    ("id", models.BigAutoField(primary_key=True)),
    ("code", models.CharField(max_length=5, unique=True)),
    ("team", models.ForeignKey("app.team", models.CASCADE)),
    ("word", models.CharField(max_length=5, db_index=True)),
    ("people", models.ManyToManyField("app.person")),
], options={"unique_together": {("code", "word")}, "indexes": [models.Index(fields=["code"], name="meta")]}),""",
    "add fields": """
migrations.AddField("person", "a", models.IntegerField(default=3, db_index=True)),
migrations.AddField("person", "b", models.ForeignKey("app.team", models.CASCADE, null=True, related_name="+")),
migrations.AddField("person", "c", models.ManyToManyField("app.team", related_name="+")),
migrations.AddField("person", "d", models.CharField(max_length=5, null=True, default="x", unique=True)),""",
    "remove": """
migrations.RemoveField("person", "teams"),
migrations.RemoveField("person", "team"),
migrations.RemoveConstraint("person", "positive"),
migrations.RemoveIndex("person", "by_age"),
migrations.RemoveField("person", "note"),""",
    "rename": """
migrations.RenameField("person", "nick", "nickname"),
migrations.RenameIndex("person", new_name="aged", old_name="by_age"),
migrations.AlterModelTable("team", "clubs"),""",
    "keys": """
migrations.AddIndex("person", models.Index(fields=["note"], name="noted")),
migrations.AddConstraint("person", models.CheckConstraint(condition=Q(age__lt=200), name="young")),
migrations.AddConstraint("person", models.UniqueConstraint(fields=["nick", "age"], name="nick_age")),
migrations.AlterUniqueTogether("person", {("email", "nick")}),""",
    "alter": """
migrations.AlterField("person", "note", models.IntegerField(default=0, db_index=True)),
migrations.AlterField("person", "nick", models.CharField(max_length=60, unique=True)),
migrations.AlterField("person", "team", models.ForeignKey("app.team", models.SET_NULL, null=True, db_index=False)),
migrations.AlterField("team", "motto", models.CharField(max_length=80, default="", db_index=True)),""",
    "delete": """
migrations.DeleteModel("Extra"),
migrations.AddField("team", "more", models.IntegerField(null=True)),""",
    "remove, then delete": """
migrations.RemoveField("extra", "team"),
migrations.AlterUniqueTogether("extra", set()),
migrations.RemoveIndex("extra", "by_code"),
migrations.RemoveField("extra", "people"),
migrations.DeleteModel("Extra"),
migrations.AddField("team", "more", models.IntegerField(null=True)),""",
    "remove, then rename": """
migrations.RemoveField("extra", "team"),
migrations.RemoveIndex("extra", "by_code"),
migrations.AlterModelTable("extra", "further"),
migrations.AddField("team", "more", models.IntegerField(null=True)),""",
    "index together": """
migrations.AlterIndexTogether("person", {("email", "nick")}),
migrations.AddField("team", "more", models.IntegerField(null=True)),""",
    "many": """
migrations.CreateModel("Extra", [
    ("id", models.BigAutoField(primary_key=True)),
    ("team", models.ForeignKey("app.team", models.CASCADE)),
]),
migrations.AddField("extra", "word", models.CharField(max_length=5, db_index=True)),
migrations.AddIndex("extra", models.Index(fields=["word", "team"], name="word_team")),
migrations.AlterModelOptions("extra", {"ordering": ["word"]}),
migrations.AddField("extra", "people", models.ManyToManyField("app.person")),
migrations.SeparateDatabaseAndState(
    database_operations=[migrations.AddField("team", "code", models.IntegerField(null=True, db_index=True))],
    state_operations=[migrations.AddField("team", "code", models.IntegerField(null=True, db_index=True))],
),""",
}
_EXTRA = """migrations.CreateModel("Extra", [
    ("id", models.BigAutoField(primary_key=True)),
    ("team", models.ForeignKey("app.team", models.CASCADE)),
    ("code", models.IntegerField()),
    ("word", models.CharField(max_length=5)),
    ("people", models.ManyToManyField("app.person")),
], options={
    "unique_together": {("code", "word")}, "indexes": [models.Index(fields=["code"], name="by_code")],
}),"""
BEFORE = {
    "remove, then delete": _EXTRA,
    "remove, then rename": _EXTRA.replace('    ("people", models.ManyToManyField("app.person")),\n', ""),
    "delete": 'migrations.CreateModel("Extra", [("id", models.BigAutoField(primary_key=True))]),',
}


def project(name: str, operations: str) -> DjangoProject:
    """The tables that are there, and these operations in a migration without a transaction."""
    files = {
        "0001_base.py": migration(BASE + BEFORE.get(name, "")),
        "0002_tried.py": migration(operations, "0001_base", atomic=False),
    }
    return DjangoProject(files=files)


def fixed(folder: Path, plain: DjangoProject, engine: str) -> DjangoProject:
    """The project with every safe fix applied to its second migration; a second application changes nothing."""
    path = "app/migrations/0002_tried.py"
    written(folder, plain)
    choice = Choice(tool="django", dialect=dialect(engine))
    neighbours = Neighbours(f"{folder}/")
    mended = mend(
        SourceFile(path, plain.files["0002_tried.py"]),
        lambda one: lint(one, choice, Selection(), beside=neighbours),
        unsafe=False,
    )
    left = [
        one
        for one in mended.diagnostics
        if one.rule.startswith("unguarded") or (one.fix and one.fix.applicability is Applicability.SAFE)
    ]
    assert not left, left
    assert not mended.refused
    assert "Resumable" in mended.source.text
    return DjangoProject(files={**plain.files, "0002_tried.py": mended.source.text})


def loaded(runners: Runners, engine: str, what: DjangoProject) -> DjangoRunner:
    """Django with the base there."""
    django = runners.django(engine)
    django.load(what)
    done = django.up("0001_base.py")
    assert done.ok, done.error
    return django


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", TRIED)
def test_fixed_migration_finishes_what_was_left(
    runners: Runners, tmp_path: Path, engine: str, name: str
) -> None:
    plain = project(name, TRIED[name])
    django = loaded(runners, engine, plain)
    done = django.up("0002_tried.py")
    assert done.ok, done.error
    wanted = django.schema()
    down = django.down("0002_tried.py")
    assert down.ok, down.error
    before = django.schema()

    mended = fixed(tmp_path, plain, engine)
    django = loaded(runners, engine, mended)
    done = django.up("0002_tried.py")
    assert done.ok, done.error
    assert django.schema() == wanted
    assert django.again("0002_tried.py").verdict == "same"
    down = django.down("0002_tried.py")
    assert down.ok, down.error
    assert django.schema() == before

    for after in range(1, TRIED[name].count("migrations.") + 1):
        django = loaded(runners, engine, mended)
        stopped = django.up("0002_tried.py", Fault(after))
        if stopped.ok:
            break
        done = django.up("0002_tried.py")
        assert done.ok, (after, done.error)
        assert django.schema() == wanted, after


CONCURRENT = """
postgres.AddIndexConcurrently("person", models.Index(fields=["note"], name="noted")),
postgres.AddIndexConcurrently("person", models.Index(fields=["nick"], name="nicked")),
"""


def test_fixed_concurrent_index_replaces_an_invalid_one_alone(runners: Runners, tmp_path: Path) -> None:
    plain = project("concurrent", CONCURRENT)
    django = loaded(runners, "postgresql15", plain)
    assert django.up("0002_tried.py").ok
    wanted = django.schema()

    mended = fixed(tmp_path, plain, "postgresql15")
    django = loaded(runners, "postgresql15", mended)
    django.lab.execute("INSERT INTO app_person (email, age, note) VALUES ('a', 1, 1), ('b', 1, 1)")
    with pytest.raises(Exception, match="could not create unique index"):
        django.lab.execute("CREATE UNIQUE INDEX CONCURRENTLY noted ON app_person (note)")
    assert "INVALID" in django.schema()["index app_person.noted"]
    done = django.up("0002_tried.py")
    assert done.ok, done.error
    assert django.schema() == wanted
    before = django.lab.rows("SELECT 'noted'::regclass::oid")
    assert django.again("0002_tried.py").verdict == "same"
    assert django.lab.rows("SELECT 'noted'::regclass::oid") == before
    assert django.down("0002_tried.py").ok
