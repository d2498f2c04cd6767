"""Names that only earlier migrations tell: of tables, columns and keys, through the files beside the one in hand."""

from __future__ import annotations

from pathlib import Path

from partway.neighbours import Neighbours
from tests.tools.django.reading import down, migration, read_alone, read_in, up, write

FIRST = migration("""
migrations.CreateModel("Team", [
    ("id", models.BigAutoField(primary_key=True)),
    ("name", models.CharField(max_length=5)),
], options={"db_table": "clubs"}),
migrations.CreateModel("Person", [
    ("id", models.AutoField(primary_key=True)),
    ("nick", models.CharField(max_length=5, db_column="nick_name", unique=True)),
    ("team", models.ForeignKey("app.team", models.CASCADE)),
    ("friends", models.ManyToManyField("self")),
], options={"unique_together": {("nick", "team")}}),
""")
TRIED = "app/migrations/0002_tried.py"


def tried(folder: Path, operations: str, dialect: str = "postgresql", *between: str) -> list[tuple[str, str]]:
    """What a migration after the first one does; `between` are operations of one in the middle."""
    files = {"app/migrations/0001_first.py": FIRST, TRIED: migration(operations, "0001_first")}
    if between:
        files["app/migrations/0001_middle.py"] = migration("\n".join(between), "0001_first")
        files[TRIED] = migration(operations, "0001_middle")
    write(folder, files)
    return up(read_in(folder, TRIED, dialect))


def test_tables_and_columns_are_those_of_the_models(tmp_path: Path) -> None:
    assert tried(tmp_path, 'migrations.RemoveField("person", "nick"),') == [
        ("drop-column", "app_person.nick_name")
    ]
    assert tried(tmp_path, 'migrations.AddField("team", "x", models.IntegerField(null=True)),') == [
        ("add-column", "clubs.x")
    ]
    assert tried(tmp_path, 'migrations.RemoveField("person", "friends"),') == [
        ("drop-table", "app_person_friends")
    ]


def test_keys_are_dropped_by_the_names_that_they_have(tmp_path: Path) -> None:
    """Renaming a table or a column leaves them as they were called first."""
    renamed = 'migrations.RenameModel("Person", "Human"),', 'migrations.AlterModelTable("Human", "people"),'
    assert tried(tmp_path, 'migrations.RemoveField("human", "team"),', "postgresql", *renamed)[-2:] == [
        ("drop-constraint", "people.app_person_team_id_85c6dc28_fk_clubs_id"),
        ("drop-column", "people.team_id"),
    ]
    unique = 'migrations.AlterField("human", "nick", models.CharField(max_length=5, db_column="nick_name")),'
    assert ("drop-constraint", "people.app_person_nick_name_key") in tried(
        tmp_path, unique, "postgresql", *renamed
    )
    assert tried(tmp_path, 'migrations.AlterUniqueTogether("human", set()),', "mysql", *renamed)[-1] == (
        "drop-index",
        "app_person_nick_name_team_id_b745b6d1_uniq",
    )


def test_key_whose_type_grows_takes_those_with_it_that_refer_to_it(tmp_path: Path) -> None:
    bigger = 'migrations.AlterField("person", "id", models.BigAutoField(primary_key=True)),'
    altered = [target for kind, target in tried(tmp_path, bigger) if kind == "alter-column"]
    assert altered == [
        "app_person.id",
        "app_person_friends.from_person_id",
        "app_person_friends.to_person_id",
    ]


def test_state_does_not_depend_on_what_comes_later(tmp_path: Path) -> None:
    before = tried(tmp_path, 'migrations.RemoveField("person", "nick"),')
    later = migration('migrations.AlterModelTable("person", "people"),', "0002_tried")
    write(tmp_path, {"app/migrations/0003_later.py": later})
    assert up(read_in(tmp_path, TRIED)) == before
    neighbours = Neighbours(f"{tmp_path}/")
    read_in(tmp_path, "app/migrations/0003_later.py", beside=neighbours)
    assert up(read_in(tmp_path, TRIED, beside=neighbours)) == before


def test_text_in_an_editor_takes_the_place_of_the_file(tmp_path: Path) -> None:
    tried(tmp_path, 'migrations.RemoveField("person", "nick"),')
    edited = migration('migrations.RemoveField("person", "team"),', "0001_first")
    neighbours = Neighbours(f"{tmp_path}/")
    assert up(read_in(tmp_path, TRIED, text=edited, beside=neighbours))[-1] == (
        "drop-column",
        "app_person.team_id",
    )
    assert up(read_in(tmp_path, TRIED, beside=neighbours))[-1] == ("drop-column", "app_person.nick_name")


def test_sql_and_functions_rest_on_no_models(tmp_path: Path) -> None:
    """Following all the migrations before takes a hundred times as long as reading these."""
    said = 'migrations.RunSQL("DROP TABLE clubs", state_operations=[migrations.DeleteModel("Team")]),'
    tried(tmp_path, f"{said}\nmigrations.RunPython(fill, atomic=False),")
    neighbours = Neighbours(f"{tmp_path}/")
    assert up(read_in(tmp_path, TRIED, beside=neighbours)) == [
        ("drop-table", "clubs"),
        ("run-python", "fill"),
    ]
    assert not neighbours.relied
    tried(tmp_path, f'{said}\nmigrations.RemoveField("person", "nick"),')
    neighbours = Neighbours(f"{tmp_path}/")
    assert up(read_in(tmp_path, TRIED, beside=neighbours))[-1] == ("drop-column", "app_person.nick_name")
    assert "app/migrations" in neighbours.relied


def test_reading_relies_on_the_folders_of_what_it_depends_on(tmp_path: Path) -> None:
    tried(tmp_path, 'migrations.RemoveField("person", "nick"),')
    neighbours = Neighbours(f"{tmp_path}/")
    read_in(tmp_path, TRIED, beside=neighbours)
    assert "app/migrations" in neighbours.relied
    again = dict(neighbours.relied)
    read_in(tmp_path, TRIED, beside=neighbours)
    assert neighbours.relied == again
    changed = Neighbours(f"{tmp_path}/")
    write(tmp_path, {"app/migrations/0001_first.py": FIRST + "\n# longer\n"})
    assert not changed.holds(again)


def test_branches_are_brought_together(tmp_path: Path) -> None:
    files = {
        "app/migrations/0001_first.py": FIRST,
        "app/migrations/0002_a.py": migration(
            'migrations.AlterModelTable("person", "people"),', "0001_first"
        ),
        "app/migrations/0002_b.py": migration(
            'migrations.CreateModel("More", [("id", models.AutoField(primary_key=True))], options={"db_table": "m"}),',
            "0001_first",
        ),
        "app/migrations/0003_merge.py": migration("", "0002_a", "0002_b"),
        "app/migrations/0004_last.py": migration(
            'migrations.DeleteModel("More"),\nmigrations.RemoveField("person", "nick"),', "0003_merge"
        ),
    }
    write(tmp_path, files)
    assert up(read_in(tmp_path, "app/migrations/0004_last.py")) == [
        ("drop-table", "m"),
        ("drop-column", "people.nick_name"),
    ]


def test_squashed_migration_stands_for_those_that_are_gone(tmp_path: Path) -> None:
    files = {
        "app/migrations/0001_squashed_0005.py": FIRST.replace(
            "    operations", '    replaces = [("app", "0001_first"), ("app", "0005_gone")]\n    operations'
        ),
        TRIED: migration('migrations.RemoveField("team", "name"),', "0005_gone"),
    }
    write(tmp_path, files)
    assert up(read_in(tmp_path, TRIED)) == [("drop-column", "clubs.name")]


def test_models_of_other_apps(tmp_path: Path) -> None:
    files = {
        "project/settings/base.py": 'AUTH_USER_MODEL = "people.Human"\nSHOP_PLACE_MODEL = "other.Thing"\n',
        "project/people/apps.py": 'class PeopleConfig(AppConfig):\n    name = "project.people"\n',
        "project/people/migrations/0001_first.py": migration(
            'migrations.CreateModel("Human", [("key", models.CharField(max_length=9, primary_key=True))],'
            ' options={"db_table": "humans"}),'
        ),
        "project/labelled/apps.py": 'class Config(AppConfig):\n    name = "project.labelled"\n    label = "other"\n',
        "project/labelled/migrations/0001_first.py": migration(
            "migrations.CreateModel('Thing', [('id', models.UUIDField(primary_key=True))]),"
        ),
        "project/shop/migrations/0001_first.py": migration(
            """
migrations.CreateModel("Sale", [
    ("id", models.AutoField(primary_key=True)),
    ("buyer", models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)),
    ("thing", models.ForeignKey("other.Thing", models.CASCADE)),
    ("kind", models.ForeignKey("contenttypes.ContentType", models.CASCADE)),
    ("far", models.ForeignKey("elsewhere.Far", models.CASCADE)),
    ("place", models.ForeignKey(settings.SHOP_PLACE_MODEL, models.CASCADE)),
]),""",
            more="    dependencies = [migrations.swappable_dependency(settings.AUTH_USER_MODEL),\n"
            "        ('other', '0001_first')]\n",
        ),
    }
    write(tmp_path, files)
    neighbours = Neighbours(f"{tmp_path}/")
    found = read_in(tmp_path, "project/shop/migrations/0001_first.py", beside=neighbours)
    table = found.sections[0].operations[0]
    types = {
        one.name.name: dict(one.attributes).get("type")
        for one in table.postconditions
        if one.object == "column"
    }
    assert types == {
        "id": "integer",
        "buyer_id": "varchar(9)",
        "thing_id": "uuid",
        "kind_id": "integer",
        "far_id": None,
        "place_id": "uuid",
    }
    refers = [
        dict(one.postconditions[0].attributes)["references"]
        for one in found.sections[0].operations
        if one.kind == "add-constraint"
    ]
    assert refers == [
        "humans (key)",
        "other_thing (id)",
        "django_content_type (id)",
        "elsewhere_far (id)",
        "other_thing (id)",
    ]
    assert {"project/settings/base.py", "project/people/migrations"} <= set(neighbours.relied)


def test_text_alone_has_names_by_the_rule() -> None:
    assert up(read_alone(migration('migrations.AddField("Team", "x", models.IntegerField(null=True)),'))) == [
        ("add-column", "app_team.x")
    ]
    assert down(read_alone(migration('migrations.RemoveField("Team", "x"),'))) == []


def test_circles_and_missing_files_end(tmp_path: Path) -> None:
    files = {
        "app/migrations/0001_a.py": migration('migrations.DeleteModel("A"),', "0002_b"),
        "app/migrations/0002_b.py": migration(
            'migrations.DeleteModel("B"),', "0001_a", "0009_missing", "0002_b"
        ),
    }
    write(tmp_path, files)
    assert up(read_in(tmp_path, "app/migrations/0002_b.py")) == [("drop-table", "app_b")]


def test_keys_of_tables_between_models_are_what_the_project_says(tmp_path: Path) -> None:
    def key() -> str | None:
        table = read_in(tmp_path, "app/migrations/0001_first.py").sections[0].operations[2]
        assert table.target == "app_person_friends"
        return dict(table.postconditions[1].attributes).get("type")

    write(tmp_path, {"app/migrations/0001_first.py": FIRST})
    assert key() is None
    write(tmp_path, {"config/settings.py": 'DEFAULT_AUTO_FIELD = "django.db.models.AutoField"\n'})
    assert key() == "integer"
    write(
        tmp_path,
        {"app/apps.py": 'class A(AppConfig):\n    default_auto_field = "django.db.models.BigAutoField"\n'},
    )
    assert key() == "integer"  # AppConfigStub has the default of the settings
    write(tmp_path, {"config/settings.py": 'DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"\n'})
    assert key() == "bigint"
