"""Projects that use each of Django's operations, in many forms, to hold what is said of them against what they do."""

from __future__ import annotations

from tests.runners.django.runner import DjangoProject, migration

_BASE = """
migrations.CreateModel("Team", [
    ("id", models.BigAutoField(primary_key=True)),
    ("name", models.CharField(max_length=9, unique=True)),
    ("slug", models.SlugField()),
    ("parent", models.ForeignKey("self", models.CASCADE, null=True)),
], options={"db_table_comment": "teams"}),
migrations.CreateModel("Person", [
    ("id", models.AutoField(primary_key=True)),
    ("email", models.EmailField(db_index=True)),
    ("nick", models.CharField(max_length=50, null=True, db_column="nick_name")),
    ("note", models.TextField(blank=True)),
    ("age", models.PositiveIntegerField(default=1)),
    ("data", models.JSONField(default=dict)),
    ("when", models.DateTimeField(auto_now_add=True)),
    ("amount", models.DecimalField(max_digits=9, decimal_places=2, db_default=0)),
    ("code", models.UUIDField(unique=True)),
    ("flag", models.BooleanField(default=False, db_comment="a flag")),
    ("team", models.ForeignKey("app.team", models.CASCADE, null=True)),
    ("card", models.OneToOneField("Team", models.CASCADE, related_name="+")),
    ("teams", models.ManyToManyField("app.team", related_name="+")),
    ("friends", models.ManyToManyField("self")),
    ("named", models.ManyToManyField("app.team", related_name="+", db_table="person_named")),
], options={
    "indexes": [
        models.Index(fields=["age"], name="by_age"),
        models.Index(fields=["age", "-code"], name="by_both"),
        models.Index(F("age").desc(), name="by_expression"),
        models.Index(fields=["code"], name="partly", condition=Q(age__gt=3)),
    ],
    "unique_together": {("email", "age")},
}),
migrations.AddField("team", "boss", models.ForeignKey("app.Person", models.SET_NULL, null=True, db_constraint=False)),
"""
_CONSTRAINED = """
migrations.CreateModel("Room", [
    ("id", models.BigAutoField(primary_key=True)),
    ("number", models.IntegerField()),
    ("floor", models.PositiveSmallIntegerField()),
], options={
    "constraints": [
        models.CheckConstraint(condition=Q(number__gt=0), name="positive"),
        models.UniqueConstraint(fields=["number", "floor"], name="number_floor"),
        models.UniqueConstraint(fields=["number"], condition=Q(floor=1), name="ground"),
        models.UniqueConstraint(fields=["floor"], include=["number"], name="including"),
        models.UniqueConstraint(F("number") + 1, name="expressed"),
    ],
}),
migrations.CreateModel("Plain", [("id", models.BigAutoField(primary_key=True))], options={"managed": False}),
migrations.CreateModel("Proxy", [], options={"proxy": True}, bases=("app.room",)),
migrations.AddField("plain", "x", models.IntegerField(null=True)),
"""
_OF_POSTGRESQL = frozenset(
    (
        "CreateExtension", "UnaccentExtension", "AddIndexConcurrently", "RemoveIndexConcurrently", "CreateCollation",
        "RemoveCollation", "AddConstraintNotValid", "ValidateConstraint",
    )
)  # fmt: skip
_MORE = "from django.contrib.postgres import constraints, fields, indexes, search\n"
_DEFERRED = "models.Deferrable.DEFERRED"
_LONG_COLUMN = "another_very_long_column_name_that_goes_on_and_on_until"
_LONG = "AVeryLongModelNameThatGoesOnAndOnUntilNobody"


def _single(base: str, operations: str, more: str = "") -> dict[str, str]:
    return {"0001_base.py": migration(base), "0002_tried.py": migration(operations, "0001_base", more=more)}


def _many(base: str, operations: list[str]) -> DjangoProject:
    """Each operation is a migration of its own, after the one before."""
    files = {"0001_base.py": migration(base, more=_MORE)}
    before = "0001_base"
    for number, operation in enumerate(operations, 2):
        name = f"{number:04}_step"
        known = "postgres" if operation.partition("(")[0] in _OF_POSTGRESQL else "migrations"
        files[f"{name}.py"] = migration(
            f"{known}.{operation},", before, atomic="Concurrently" not in operation, more=_MORE
        )
        before = name
    return DjangoProject(files=files)


PROJECTS: dict[str, DjangoProject] = {
    "models": DjangoProject(files=_single(_BASE, _CONSTRAINED)),
    "fields": _many(
        _BASE,
        [
            'AddField("person", "a", models.IntegerField(null=True))',
            'AddField("person", "b", models.IntegerField(default=3))',
            'AddField("person", "c", models.CharField(max_length=5, null=True, unique=True))',
            'AddField("person", "d", models.CharField(max_length=5, blank=True, default="", db_index=True))',
            'AddField("person", "e", models.ForeignKey("app.team", models.CASCADE, null=True, related_name="+"))',
            'AddField("person", "f", models.ManyToManyField("app.team", related_name="+"))',
            'AddField("person", "g", models.TextField(default="x"))',
            'AddField("person", "h", models.TextField(blank=True))',
            'AddField("person", "i", models.PositiveIntegerField(null=True))',
            'AddField("person", "j", models.DateTimeField(auto_now=True))',
            'AddField("person", "k", models.IntegerField(db_default=4))',
            'AddField("person", "l", models.SlugField(null=True, db_comment="slug"))',
            'AddField("person", "m", models.OneToOneField("app.team", models.CASCADE, null=True, related_name="+"))',
            'AddField("person", "n", models.JSONField(null=True))',
            'AddField("person", "o", models.BinaryField(default=b"x"))',
            'AddField("person", "p", models.DurationField(null=True))',
            'AddField("person", "q", models.GenericIPAddressField(null=True, db_index=True))',
            'AddField("person", "r", models.FileField(upload_to="x", null=True))',
            'RemoveField("person", "a")',
            'RemoveField("person", "c")',
            'RemoveField("person", "d")',
            'RemoveField("person", "e")',
            'RemoveField("person", "f")',
            'RemoveField("person", "i")',
            'RemoveField("person", "m")',
            'RemoveField("person", "friends")',
            'RemoveField("person", "team")',
        ],
    ),
    "alterations": _many(
        _BASE,
        [
            'AlterField("person", "nick", models.CharField(max_length=80, null=True, db_column="nick_name"))',
            'AlterField("person", "nick", models.CharField(max_length=80, default="", db_column="nick_name"))',
            'AlterField("person", "nick", models.CharField("x", max_length=80, default="", db_column="nick_name"))',
            'AlterField("person", "nick", models.CharField(max_length=80, default="y", db_column="nick_name"))',
            'AlterField("person", "nick", models.CharField(max_length=80, db_index=True, db_column="nick_name"))',
            'AlterField("person", "nick", models.CharField(max_length=80, unique=True, db_column="nick_name"))',
            'AlterField("person", "nick", models.CharField(max_length=80, db_column="nick_name"))',
            'AlterField("person", "nick", models.TextField(db_column="nick_name"))',
            'AlterField("person", "nick", models.CharField(max_length=70))',
            'AlterField("person", "email", models.EmailField())',
            'AlterField("person", "email", models.EmailField(null=True))',
            'AlterField("person", "email", models.EmailField(default=""))',
            'AlterField("person", "age", models.IntegerField(default=1))',
            'AlterField("person", "age", models.PositiveSmallIntegerField(default=1))',
            'AlterField("person", "age", models.PositiveSmallIntegerField(db_default=5))',
            'AlterField("person", "age", models.PositiveSmallIntegerField())',
            'AlterField("person", "amount", models.DecimalField(max_digits=12, decimal_places=3, db_default=0))',
            'AlterField("person", "code", models.UUIDField())',
            'AlterField("person", "team", models.ForeignKey("app.team", models.CASCADE))',
            'AlterField("person", "team", models.ForeignKey("app.team", models.CASCADE, db_index=False))',
            'AlterField("person", "team", models.ForeignKey("app.team", models.CASCADE, db_constraint=False))',
            'AlterField("person", "team", models.ForeignKey("app.team", models.SET_NULL, null=True))',
            'AlterField("person", "team", models.OneToOneField("app.team", models.SET_NULL, null=True))',
            'AlterField("person", "team", models.ForeignKey("app.person", models.SET_NULL, null=True))',
            'AlterField("person", "team", models.IntegerField(null=True))',
            'AlterField("person", "team", models.ForeignKey("app.person", models.SET_NULL, null=True))',
            'AlterField("person", "flag", models.BooleanField(default=True, db_comment="another"))',
            'AlterField("team", "slug", models.SlugField(unique=True))',
            'AlterField("team", "slug", models.CharField(max_length=50))',
            'AlterField("team", "name", models.CharField(max_length=20, unique=True))',
        ],
    ),
    "keys": _many(
        _BASE,
        [
            'AlterField("person", "id", models.BigAutoField(primary_key=True))',
            'AlterField("team", "id", models.AutoField(primary_key=True))',
            'AlterField("team", "id", models.IntegerField(primary_key=True))',
            'AlterField("team", "id", models.BigAutoField(primary_key=True))',
            'AlterField("person", "teams", models.ManyToManyField("app.team", blank=True, related_name="+"))',
            'AlterField("person", "friends", models.ManyToManyField("self", symmetrical=False))',
        ],
    ),
    "names": _many(
        _BASE,
        [
            'RenameField("person", "flag", "mark")',
            'RenameField("person", "note", "text")',
            'RenameField("person", "team", "club")',
            'RenameField("person", "friends", "mates")',
            'RenameModel("Team", "Club")',
            'RenameModel("Person", "Human")',
            'AlterModelTable("Human", "humans")',
            'AlterModelTable("Human", None)',
            'AlterField("human", "email", models.EmailField(unique=True))',
            'AlterField("human", "club", models.ForeignKey("app.club", models.CASCADE))',
            'RemoveField("human", "club")',
            'RemoveField("club", "boss")',
            'DeleteModel("Human")',
        ],
    ),
    "index_together": _many(
        """migrations.CreateModel("Place", [
    ("id", models.BigAutoField(primary_key=True)), ("town", models.CharField(max_length=9)),
    ("street", models.CharField(max_length=9)),
], options={"index_together": {("town", "street")}}),""",
        [
            'RenameIndex("Place", new_name="by_town", old_fields=("town", "street"))',
            'RemoveIndex("Place", "by_town")',
        ],
    ),
    "options": _many(
        _BASE,
        [
            'AlterUniqueTogether("Person", {("email", "nick")})',
            'AlterUniqueTogether("Person", {("email", "nick"), ("team", "age")})',
            'AlterUniqueTogether("Person", {("team", "age")})',
            'AlterUniqueTogether("Person", set())',
            'AlterIndexTogether("Person", {("email", "nick")})',
            'AlterIndexTogether("Person", set())',
            'AlterOrderWithRespectTo("Person", "team")',
            'AlterOrderWithRespectTo("Person", None)',
            'AlterModelTableComment("Person", "x")',
            'AlterModelManagers("Person", [])',
            'AlterModelOptions("person", {"ordering": ["age"]})',
            'AddIndex("Person", models.Index(fields=["email", "age"], name="added"))',
            'RenameIndex("Person", new_name="renamed", old_name="added")',
            'RemoveIndex("Person", "renamed")',
            'AddIndex("Person", models.Index(F("age") + 1, name="expressed"))',
            'RemoveIndex("Person", "expressed")',
            'AddIndex("Person", models.Index(fields=["card"], name="on_card"))',
            'AddConstraint("Person", models.CheckConstraint(condition=Q(age__lt=200), name="young"))',
            'AddConstraint("Person", models.UniqueConstraint(fields=["nick", "age"], name="nick_age"))',
            'AddConstraint("Person", models.UniqueConstraint(fields=["email"], condition=Q(age=1), name="uq"))',
            'AddConstraint("Person", models.UniqueConstraint(fields=["flag"], include=["age"], name="inc"))',
            'AddConstraint("Person", models.UniqueConstraint(F("age") + 1, name="expr"))',
            f'AddConstraint("Person", models.UniqueConstraint(fields=["when"], deferrable={_DEFERRED}, name="l"))',
            'AddConstraint("Person", models.UniqueConstraint(fields=["amount"], nulls_distinct=False, name="nulls"))',
            'AlterConstraint("Person", "young", models.CheckConstraint(condition=Q(age__lt=200), name="young"))',
            'RemoveConstraint("Person", "young")',
            'RemoveConstraint("Person", "nick_age")',
            'RemoveConstraint("Person", "uq")',
            'RemoveConstraint("Person", "inc")',
            'RemoveConstraint("Person", "expr")',
            'RemoveConstraint("Person", "l")',
            'RemoveConstraint("Person", "nulls")',
        ],
    ),
    "together": DjangoProject(
        files=_single(
            _BASE,
            """
migrations.CreateModel("Extra", [
    ("id", models.BigAutoField(primary_key=True)),
    ("person", models.ForeignKey("app.person", models.CASCADE)),
    ("word", models.CharField(max_length=9, db_index=True)),
]),
migrations.AddField("extra", "team", models.ForeignKey("app.team", models.CASCADE, null=True)),
migrations.RenameField("extra", "word", "said"),
migrations.RenameModel("Extra", "Further"),
migrations.AlterField("further", "said", models.CharField(max_length=19, db_index=True)),
migrations.AddIndex("further", models.Index(fields=["said", "-team"], name="said_team")),
migrations.SeparateDatabaseAndState(
    database_operations=[migrations.RunSQL("CREATE TABLE x (id integer)")],
    state_operations=[
        migrations.CreateModel("X", [("id", models.IntegerField(primary_key=True))], options={"db_table": "x"}),
    ],
),
migrations.AddField("x", "more", models.IntegerField(null=True)),
migrations.RunSQL(["INSERT INTO x (id) VALUES (1)", ("INSERT INTO x (id) VALUES (%s)", [2])], migrations.RunSQL.noop),
migrations.RunSQL(migrations.RunSQL.noop),
migrations.RunPython(migrations.RunPython.noop),
migrations.DeleteModel("Further"),
""",
        )
    ),
    "long names": _many(
        f"""
migrations.CreateModel("{_LONG}", [
    ("id", models.BigAutoField(primary_key=True)),
    ("a_very_long_column_name_that_goes_on_and_on_until_nobody", models.CharField(max_length=9, unique=True)),
    ("{_LONG_COLUMN}", models.CharField(max_length=9, db_index=True)),
    ("parent", models.ForeignKey("self", models.CASCADE, null=True)),
    ("others", models.ManyToManyField("self")),
]),
""",
        [
            f'AlterUniqueTogether("{_LONG}", {{("{_LONG_COLUMN}", "parent")}})',
        ],
    ),
    "apps": DjangoProject(
        files={
            "0001_before.py": migration("").replace(
                "[]",
                "[('other','0002_more'), ('contenttypes','0002_remove_content_type_name'), ('auth','0001_initial')]",
            ),
            "0002_base.py": (
                "from django.conf import settings\n"
                "from django.db import migrations, models\n\n"
                "class Migration(migrations.Migration):\n"
                '    dependencies = [("app", "0001_before"), ("other", "0002_more"),\n'
                "        migrations.swappable_dependency(settings.AUTH_USER_MODEL),\n"
                '        ("contenttypes", "0002_remove_content_type_name")]\n'
                "    operations = [\n"
                '        migrations.CreateModel("Note", [\n'
                '            ("id", models.BigAutoField(primary_key=True)),\n'
                '            ("thing", models.ForeignKey("other.Gadget", models.CASCADE)),\n'
                '            ("user", models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)),\n'
                '            ("kind", models.ForeignKey("contenttypes.ContentType", models.CASCADE)),\n'
                '            ("things", models.ManyToManyField("other.gadget", related_name="+")),\n'
                '            ("users", models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")),\n'
                "        ]),\n"
                "    ]\n"
            ),
        },
        other_apps={
            "other": {
                "0001_first.py": migration(
                    'migrations.CreateModel("Thing", [("code", models.CharField(max_length=9, primary_key=True))]),'
                ),
                "0002_more.py": migration('migrations.RenameModel("Thing", "Gadget"),', "0001_first").replace(
                    "('app', ", "('other', "
                ),
            }
        },
        installed=("django.contrib.contenttypes", "django.contrib.auth"),
    ),
    "postgresql": _many(
        """
migrations.CreateModel("Doc", [
    ("id", models.BigAutoField(primary_key=True)),
    ("tags", fields.ArrayField(base_field=models.CharField(max_length=9), default=list)),
    ("extra", fields.ArrayField(models.IntegerField(), size=3, null=True)),
    ("found", search.SearchVectorField(null=True)),
    ("period", fields.DateTimeRangeField(null=True)),
    ("number", models.IntegerField(db_index=True)),
    ("title", models.CharField(max_length=9, unique=True)),
    ("named", models.CharField(max_length=9, null=True)),
], options={
    "indexes": [
        indexes.GinIndex(fields=["tags"], name="by_tags"),
        indexes.BrinIndex(fields=["number"], name="by_number"),
        indexes.GinIndex(fields=["found"], name="by_found", fastupdate=False),
        models.Index(fields=["title"], name="by_title", opclasses=["varchar_pattern_ops"]),
    ],
    "constraints": [constraints.ExclusionConstraint(name="apart", expressions=[("period", "&&")])],
}),
""",
        [
            'CreateExtension("pg_trgm")',
            "UnaccentExtension()",
            'AddIndexConcurrently("doc", models.Index(fields=["number"], name="later"))',
            'RemoveIndexConcurrently("doc", "later")',
            'CreateCollation("german", "C")',
            'RemoveCollation("german", "C")',
            'AddConstraintNotValid("doc", models.CheckConstraint(condition=Q(number__gt=0), name="some"))',
            'ValidateConstraint("doc", "some")',
            'AddConstraint("doc", constraints.ExclusionConstraint(name="more", expressions=[("period", "=")]))',
            'RemoveConstraint("doc", "more")',
            'AddIndex("doc", indexes.GistIndex(fields=["period"], name="gist"))',
            'AddIndex("doc", indexes.HashIndex(fields=["title"], name="hash"))',
            'AlterField("doc", "tags", fields.ArrayField(base_field=models.CharField(max_length=20), default=list))',
            'AlterField("doc", "extra", fields.ArrayField(models.BigIntegerField(), null=True))',
            'AlterField("doc", "title", models.TextField(unique=True))',
            'RemoveIndex("doc", "hash")',
            'RemoveField("doc", "period")',
            'AddConstraint("doc", models.UniqueConstraint(fields=["named"], name="o", opclasses=["text_pattern_ops"]))',
        ],
    ),
}
#: Projects for PostgreSQL alone.
FOR_POSTGRESQL = frozenset(("postgresql",))
