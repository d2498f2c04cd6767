"""The migrations that are stopped after each of their statements, each behind a base with rows in it."""

# ruff: noqa: E501 # operations are as long as Django writes them
from __future__ import annotations

from typing import Any, NamedTuple

from tests.runners.django.runner import migration
from tests.runners.django.test_resumable import BASE as PEOPLE
from tests.runners.django.test_resumable import BEFORE, TRIED
from tests.status.migrations import DJANGO, DJANGO_BASE


class Case(NamedTuple):
    """A migration: what was there before with its rows, and what a later migration does."""

    base: str
    text: str
    rows: tuple[str, ...] = ()
    later: str = ""
    more: dict[str, Any] = {}  # noqa: RUF012 # never changed
    dialects: tuple[str, ...] = ("postgresql", "mariadb", "mysql", "sqlite")

    def runs_on(self, dialect: str) -> bool:
        """Whether Django can run it there."""
        return dialect in self.dialects


USERS = (
    "INSERT INTO app_user (name, age) VALUES ('a', 1), ('b', NULL)",
    "INSERT INTO app_post (title) VALUES ('t')",
    "INSERT INTO app_old (label) VALUES ('x')",
)
PERSONS = (
    "INSERT INTO app_team (name, motto) VALUES ('red', 'on'), ('blue', NULL)",
    "INSERT INTO app_person (email, nick, note, age, team_id) VALUES ('a', 'x', NULL, 3, NULL)",
)


def _case(
    base: str, operations: str, rows: tuple[str, ...] = (), *, later: str, more: str = "", **kwargs: Any
) -> Case:
    return Case(
        migration(base),
        migration(operations, "0001_base", atomic=False, more=more),
        rows,
        migration(later, "0002_case", atomic=False),
        **kwargs,
    )


#: More operations on the people, with what the migration defines besides.
MORE: dict[str, str] = {
    "many to many renamed": """
migrations.RenameField("person", "teams", "groups"),
migrations.AddField("team", "size", models.IntegerField(default=1)),""",
    "model with many to many renamed": """
migrations.RenameModel("Person", "Human"),
migrations.RenameModel("Team", "Club"),
migrations.AddField("club", "size", models.IntegerField(null=True, db_index=True)),""",
    "foreign key renamed": """
migrations.RenameField("person", "team", "club"),
migrations.AddField("person", "size", models.IntegerField(null=True)),""",
    "key retyped": """
migrations.AlterField("team", "id", models.AutoField(primary_key=True)),
migrations.AddField("team", "size", models.IntegerField(null=True)),""",
    "column renamed": """
migrations.AlterField("person", "nick", models.CharField(max_length=50, null=True, db_column="nick_name", db_index=True)),
migrations.AlterField("person", "team", models.ForeignKey("app.team", models.CASCADE, null=True, db_column="club_id")),
migrations.AddField("team", "size", models.IntegerField(null=True)),""",
    "sets exchanged": """
migrations.AlterUniqueTogether("person", {("email", "nick"), ("nick", "age")}),
migrations.AlterIndexTogether("person", {("email", "note"), ("note", "age")}),
migrations.AlterIndexTogether("person", {("email", "note")}),
migrations.AlterUniqueTogether("person", {("email", "age"), ("nick", "age")}),""",
    "table renamed": """
migrations.AlterModelTable("person", "the people"),
migrations.AddIndex("person", models.Index(fields=["note"], name="noted")),
migrations.AlterModelTable("person", None),
migrations.RenameIndex("person", new_name="by_note", old_name="noted"),""",
    "inheritance": """
migrations.CreateModel("Boss", [
    ("person_ptr", models.OneToOneField("app.person", models.CASCADE, auto_created=True, parent_link=True, primary_key=True, serialize=False)),
    ("title", models.CharField(max_length=9, db_index=True)),
], bases=("app.person",)),
migrations.CreateModel("Minister", [
    ("boss_ptr", models.OneToOneField("app.boss", models.CASCADE, auto_created=True, parent_link=True, primary_key=True, serialize=False)),
    ("friends", models.ManyToManyField("app.person", related_name="+")),
], bases=("app.boss",)),
migrations.AddField("boss", "rank", models.IntegerField(default=0)),""",
    "deferred and changed": """
migrations.CreateModel("Extra", [
    ("id", models.BigAutoField(primary_key=True)),
    ("team", models.ForeignKey("app.team", models.CASCADE, related_name="+")),
    ("person", models.ForeignKey("app.person", models.CASCADE, related_name="+")),
    ("word", models.CharField(max_length=5, db_index=True)),
    ("code", models.CharField(max_length=5, db_index=True)),
], options={"unique_together": {("code", "word")}}),
migrations.RenameField("extra", "word", "said"),
migrations.RemoveField("extra", "person"),
migrations.RenameModel("Extra", "Further"),
migrations.AddField("further", "size", models.IntegerField(db_index=True, default=3)),
migrations.AlterModelTable("further", "furthest"),
migrations.AddField("person", "further", models.ForeignKey("app.further", models.CASCADE, null=True)),""",
    "made and unmade": """
migrations.AddField("person", "extra", models.IntegerField(null=True, db_index=True)),
migrations.AddField("person", "more", models.ForeignKey("app.team", models.CASCADE, null=True, related_name="+")),
migrations.RemoveField("person", "extra"),
migrations.CreateModel("Extra", [("id", models.BigAutoField(primary_key=True)), ("team", models.ForeignKey("app.team", models.CASCADE))]),
migrations.RenameField("person", "more", "other"),
migrations.DeleteModel("Extra"),
migrations.AddField("person", "extra", models.TextField(default="x")),""",
    "code between": """
migrations.AddField("person", "name", models.CharField(max_length=50, null=True)),
migrations.RunPython(fill, migrations.RunPython.noop),
migrations.AlterField("person", "name", models.CharField(max_length=50, default="-")),
migrations.RemoveField("person", "nick"),""",
    "code with its own transaction": """
migrations.CreateModel("Extra", [("id", models.BigAutoField(primary_key=True)), ("word", models.CharField(max_length=5))]),
migrations.RunPython(add, migrations.RunPython.noop, atomic=True),
migrations.AddIndex("extra", models.Index(fields=["word"], name="by_word")),""",
    "statements": """
migrations.RunSQL([
    "CREATE TABLE plain_one (id integer NOT NULL)",
    ("INSERT INTO plain_one (id) VALUES (%s)", [7]),
    "CREATE TABLE plain_two (id integer NOT NULL)",
], ["DROP TABLE plain_two", "DROP TABLE plain_one"]),
migrations.AddField("person", "size", models.IntegerField(null=True)),
migrations.RunSQL("CREATE INDEX plain_index ON plain_two (id)", migrations.RunSQL.noop),
migrations.RunSQL("CREATE VIEW plain_view AS SELECT id FROM plain_one", "DROP VIEW plain_view"),""",
    "script": """
migrations.RunSQL("CREATE TABLE plain_one (id integer NOT NULL); CREATE TABLE plain_two (id integer NOT NULL); CREATE INDEX plain_index ON plain_two (id);", "DROP TABLE plain_two; DROP TABLE plain_one"),
migrations.AddField("person", "size", models.IntegerField(null=True)),""",
    "apart from the state": """
migrations.SeparateDatabaseAndState(
    database_operations=[
        migrations.RunSQL("CREATE TABLE plain (id integer NOT NULL PRIMARY KEY)", "DROP TABLE plain"),
        migrations.AddField("team", "size", models.IntegerField(default=4, db_index=True)),
    ],
    state_operations=[
        migrations.CreateModel("Plain", [("id", models.IntegerField(primary_key=True))], options={"db_table": "plain"}),
        migrations.AddField("team", "size", models.IntegerField(default=4, db_index=True)),
    ],
),
migrations.AddField("plain", "person", models.ForeignKey("app.person", models.CASCADE, null=True)),
migrations.AlterModelOptions("plain", {"ordering": ["id"]}),
migrations.AddField("person", "more", models.IntegerField(null=True)),""",
    "ordered": """
migrations.AlterOrderWithRespectTo("person", "team"),
migrations.AddField("person", "size", models.IntegerField(null=True)),
migrations.AlterOrderWithRespectTo("person", None),
migrations.AlterModelManagers("person", []),""",
    "became a key": """
migrations.AddField("person", "code", models.BigIntegerField(null=True)),
migrations.AlterField("person", "code", models.ForeignKey("app.team", models.CASCADE, null=True, related_name="+", db_column="code")),
migrations.AlterField("person", "team", models.BigIntegerField(null=True, db_column="team_id")),
migrations.RenameField("person", "team", "squad"),""",
    "checks": """
migrations.AlterField("person", "note", models.PositiveIntegerField(null=True, unique=True)),
migrations.AddConstraint("person", models.UniqueConstraint(fields=["nick"], condition=Q(age__gt=3), name="partly")),
migrations.AlterField("person", "age", models.PositiveIntegerField(default=1, db_index=True)),
migrations.RemoveConstraint("person", "positive"),
migrations.AddConstraint("person", models.CheckConstraint(condition=Q(age__gt=1), name="positive")),""",
    "many to many altered": """
migrations.AddField("person", "others", models.ManyToManyField("app.person")),
migrations.AlterField("person", "teams", models.ManyToManyField("app.team", related_name="+", db_table="memberships")),
migrations.RemoveField("person", "others"),""",
}
#: What needs PostgreSQL.
OF_POSTGRESQL: dict[str, str] = {
    "concurrently": """
postgres.AddIndexConcurrently("person", models.Index(fields=["note"], name="noted")),
postgres.RemoveIndexConcurrently("person", "by_age"),
postgres.AddIndexConcurrently("person", models.Index(fields=["nick"], name="nicked")),""",
    "not valid at first": """
migrations.AddField("person", "size", models.IntegerField(null=True)),
postgres.AddConstraintNotValid("person", models.CheckConstraint(condition=Q(age__lt=200), name="young")),
postgres.ValidateConstraint("person", "young"),
postgres.CreateCollation("german", "C"),""",
    "comments": """
migrations.AddField("person", "size", models.IntegerField(null=True, db_comment="of feet")),
migrations.AlterModelTableComment("person", "all of them"),
migrations.CreateModel("Extra", [("id", models.BigAutoField(primary_key=True)), ("a", models.IntegerField(db_comment="b"))], options={"db_table_comment": "more"}),
migrations.AlterField("person", "note", models.BigIntegerField(null=True, db_comment="to self")),""",
}
_DEFINED = """
def fill(apps, schema_editor):
    for person in apps.get_model("app", "Person").objects.all():
        person.name = person.nick
        person.save()


def add(apps, schema_editor):
    extra = apps.get_model("app", "Extra")
    extra.objects.create(word="a")
    extra.objects.create(word="b")
"""


def _cases() -> dict[str, Case]:
    drops_post = 'migrations.DeleteModel("Post"),'
    found = {
        name: _case(DJANGO_BASE, "\n".join(lines), USERS, later=drops_post) for name, lines in DJANGO.items()
    }
    for name, operations in TRIED.items():
        base = PEOPLE + BEFORE.get(name, "")
        found[f"people, {name}"] = _case(
            base, operations, PERSONS, later='migrations.RemoveField("team", "motto"),'
        )
    for name, operations in MORE.items():
        person = "human" if "Human" in operations else "person"
        later = f'migrations.AddField("{person}", "last", models.IntegerField(null=True)),'
        found[name] = _case(PEOPLE, operations, PERSONS, later=later, more=_DEFINED)
    for name, operations in OF_POSTGRESQL.items():
        later = 'migrations.RemoveField("person", "note"),'
        found[name] = _case(PEOPLE, operations, PERSONS, later=later, dialects=("postgresql",))
    return found


MIGRATIONS: dict[str, Case] = _cases()
