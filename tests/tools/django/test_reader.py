"""What the reader makes of a migration's text: operations at their places, transactions, SQL in strings, classes."""

from __future__ import annotations

import pytest

from partway.core.migration import Control, Migration, Mode
from partway.core.operation import GuardForm, InTransaction, Operation, Repeat
from tests.tools.django.reading import FIXTURES, brief, down, migration, read_alone, read_in, up

SHOP = FIXTURES


def said(found: Migration, one: Operation) -> str:
    """The text that an operation stands for."""
    return found.source.text[one.statement.start : one.statement.end]


def test_initial_migration_on_postgresql() -> None:
    found = read_in(SHOP, "shop/migrations/0001_initial.py")
    assert found.identity == "shop.0001_initial"
    assert not found.troubles
    assert found.sections[0].transaction.mode is Mode.PER_MIGRATION
    assert up(found) == [
        ("create-table", "shop_categories"),
        ("create-table", "shop_order"),
        ("create-table", "shop_order_categories"),
        ("add-constraint", "shop_categories.shop_categories_parent_id_7f222d2a_fk_shop_categories_id"),
        ("create-index", "shop_categories_name_9b8702d5_like"),
        ("create-index", "shop_categories_parent_id_7f222d2a"),
        ("add-constraint", "shop_order.shop_order_state_total_a2ab4695_uniq"),
        ("add-constraint", "shop_order.shop_order_buyer_id_cffd21d9_fk_auth_user_id"),
        ("create-index", "shop_order_buyer_id_cffd21d9"),
        ("create-index", "shop_total_idx"),
        ("create-index", "shop_order_state_5ffc4c_idx"),
        (
            "add-constraint",
            "shop_order_categories.shop_order_categories_order_id_category_id_b6faa158_uniq",
        ),
        ("add-constraint", "shop_order_categories.shop_order_categories_order_id_57194b5f_fk_shop_order_id"),
        ("add-constraint", "shop_order_categories.shop_order_categorie_category_id_bf2a54cf_fk_shop_cate"),
        ("create-index", "shop_order_categories_order_id_57194b5f"),
        ("create-index", "shop_order_categories_category_id_bf2a54cf"),
    ]


def test_columns_have_the_types_of_the_dialect() -> None:
    def columns(dialect: str) -> dict[str, str]:
        found = read_in(SHOP, "shop/migrations/0001_initial.py", dialect)
        facts = found.sections[0].operations[1].postconditions
        return {fact.name.name: dict(fact.attributes)["type"] for fact in facts if fact.object == "column"}

    assert columns("postgresql") == {
        "id": "uuid",
        "state": "varchar(10)",
        "total": "numeric(9, 2)",
        "count": "integer",
        "buyer_id": "integer",
    }
    assert columns("mysql") == {
        "id": "char(32)",
        "state": "varchar(10)",
        "total": "numeric(9, 2)",
        "count": "integer unsigned",
        "buyer_id": "integer",
    }
    assert columns("sqlite")["total"] == "decimal"


def test_operations_in_the_middle_of_a_project() -> None:
    found = read_in(SHOP, "shop/migrations/0002_more.py")
    section = found.sections[0]
    assert section.transaction.mode is Mode.NONE
    assert section.transaction.opt_out is not None
    start, end = section.transaction.opt_out
    assert found.source.text[start:end] == "atomic = False"
    assert up(found) == [
        ("add-column", "shop_order.note"),
        ("alter-column", "shop_order.note"),
        ("add-column", "shop_order.a"),
        ("add-column", "shop_order.b"),
        ("opaque", "Different"),
        ("opaque", "PurgeCache"),
        ("create-index", "shop_note"),
        ("run-python", "forwards"),
        ("run-python", "forwards"),
        ("add-column", "shop_order.x"),
        ("update", "shop_order"),
        ("create-index", "shop_order_x"),
        ("drop-table", "shop_old"),
        ("drop-table", "shop_older"),
        ("rename-table", "shop_order"),
        ("add-column", "shop_orders.one"),
        ("add-column", "shop_orders.two"),
    ]
    by_target = {one.target: one for one in section.operations}
    assert by_target["shop_order.a"].actions[0].words == "AddColumn"
    guard = by_target["shop_order.b"].actions[0].guard
    assert guard is not None
    assert guard.form is GuardForm.LOOK
    assert by_target["shop_order.b"].repeat is Repeat.SAME
    assert by_target["PurgeCache"].why_opaque == "other.operations.PurgeCache is no operation of Django's"
    assert by_target["shop_note"].in_transaction is InTransaction.REFUSED
    assert said(found, by_target["shop_older"]) == "DROP TABLE shop_older"
    assert said(found, by_target["shop_order.x"]) == "ALTER TABLE shop_order ADD COLUMN x integer"


def test_spans_are_those_of_the_calls() -> None:
    found = read_in(SHOP, "shop/migrations/0001_initial.py")
    for one in found.sections[0].operations:
        assert said(found, one).startswith("migrations.CreateModel(")
        assert said(found, one).endswith(")")


def test_comments_are_kept_where_they_can_be_suppressions() -> None:
    found = read_in(SHOP, "shop/migrations/0002_more.py")
    assert [one.text for one in found.comments] == ["# partway: ignore[half-done-possible]"]


def test_a_comment_may_call_partway_by_its_name_in_any_case() -> None:
    found = read_alone("# PARTWAY: ignore\n" + migration("migrations.RunSQL('SELECT 1', ''),"), "mysql")
    assert [one.text for one in found.comments] == ["# PARTWAY: ignore"]


@pytest.mark.parametrize("dialect", ["mysql", "mariadb"])
def test_mysql_has_no_transaction_but_for_code(dialect: str) -> None:
    text = migration(
        "migrations.RunPython(f, f),\nmigrations.RunPython(f, f, atomic=False),\nmigrations.RunSQL('SELECT 1', ''),"
    )
    section = read_alone(text, dialect).sections[0]
    assert section.transaction.mode is Mode.NONE
    controls = [(step.control, step.by_tool) for step in section.steps if step.control]
    assert controls == [(Control.BEGIN, True), (Control.COMMIT, True)]


def test_code_in_a_transaction_of_its_own() -> None:
    text = migration(
        "migrations.RunPython(f, f),\nmigrations.RunPython(f, f, atomic=True),", more="    atomic = False\n"
    )
    section = read_alone(text).sections[0]
    assert [bool(step.control) for step in section.steps] == [False, True, False, True]


def test_code_without_a_way_back_has_none() -> None:
    column = 'migrations.AddField("x", "a", models.IntegerField(null=True)),'
    found = read_alone(migration(f"{column}\nmigrations.RunPython(f),"))
    assert not found.sections[1].steps
    found = read_alone(migration(f"{column}\nmigrations.RunPython(f, migrations.RunPython.noop),"))
    assert down(found) == [("drop-column", "app_x.a")]


def test_way_back_is_the_operations_last_one_first() -> None:
    found = read_alone(
        migration("""
migrations.CreateModel("Thing", [("id", models.AutoField(primary_key=True))]),
migrations.AddField("thing", "name", models.CharField(max_length=5)),
migrations.RenameField("thing", "name", "title"),
migrations.AddIndex("thing", models.Index(fields=["title"], name="titled")),
migrations.RunSQL("CREATE VIEW v AS SELECT 1", "DROP VIEW v"),
""")
    )
    assert down(found) == [
        ("drop-view", "v"),
        ("drop-index", "titled"),
        ("rename-column", "app_thing.title"),
        ("drop-column", "app_thing.name"),
        ("drop-table", "app_thing"),
    ]


def test_state_only_operations_are_none() -> None:
    found = read_alone(
        migration("""
migrations.CreateModel("Thing", [("id", models.AutoField(primary_key=True))], options={"managed": False}),
migrations.CreateModel("Proxy", [], options={"proxy": True}, bases=("app.thing",)),
migrations.AddField("thing", "name", models.CharField(max_length=5)),
migrations.AlterModelOptions("thing", {"ordering": ["name"]}),
migrations.AlterModelManagers("thing", []),
migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel("Thing")]),
""")
    )
    assert not up(found)


def test_what_a_run_alone_tells_is_opaque() -> None:
    found = read_alone(migration("*made(),\nmigrations.RunSQL(read('x.sql'), ''),"))
    assert [one.kind for one in found.sections[0].operations] == ["opaque", "opaque"]
    found = read_alone(migration("").replace("operations = [\n\n    ]", "operations = build()"))
    assert brief(found.sections[0].operations) == [("opaque", "build")]


def test_sql_with_values_of_the_driver_and_of_a_run() -> None:
    found = read_alone(
        migration(
            "migrations.RunSQL([('INSERT INTO t (a) VALUES (%s)', [1])], ''),\n"
            'migrations.RunSQL(f"DROP TABLE {settings.TABLE}", ""),\n'
            "migrations.RunSQL('DROP TABLE ' + NAME, ''),\n"
            "migrations.RunSQL('DROP TABLE {condition}{0}'.format('_a', condition=NAME), ''),\n"
            "migrations.RunSQL(DROP.format(made(), extra='{')),\n"
            "migrations.RunSQL(DROP.format(*made())),",
            head='NAME = "known"\nDROP = "DROP TABLE {}"\n\n\n',
        )
    )
    assert up(found) == [
        ("insert", "t"),
        ("drop-table", "?"),
        ("drop-table", "known"),
        ("drop-table", "known_a"),
        ("drop-table", "?"),
        ("opaque", "migrations.RunSQL"),
    ]


def test_concatenated_lists_and_names_of_lists() -> None:
    found = read_alone(
        migration("")
        .replace("operations = [\n\n    ]", "operations = FIRST + [SECOND]")
        .replace(
            "class Migration",
            'FIRST = [migrations.RunSQL("DROP TABLE a")]\nSECOND = migrations.RunSQL("DROP TABLE b")\n'
            "\n\nclass Migration",
        )
    )
    assert up(found) == [("drop-table", "a"), ("drop-table", "b")]


def test_default_of_a_moment_is_dropped_again() -> None:
    field = "models.IntegerField(default=5), preserve_default=False"
    found = read_alone(migration(f'migrations.AddField("x", "a", {field}),'))
    assert up(found) == [("add-column", "app_x.a"), ("alter-column", "app_x.a")]


def test_fields_of_other_packages_have_columns_without_a_type() -> None:
    found = read_alone(
        migration(
            'migrations.AddField("x", "money", money.MoneyField(null=True)),\n'
            'migrations.AddField("x", "tags", taggit.managers.TaggableManager(to="taggit.Tag")),\n'
            'migrations.AddField("x", "owner", fancy.FancyForeignKey(on_delete=models.CASCADE, to="app.x")),',
            head="import fancy\nimport money\nimport taggit.managers\n\n\n",
        )
    )
    (column, owner, *_) = (one for one in found.sections[0].operations if one.kind == "add-column")
    assert column.target == "app_x.money"
    assert dict(column.postconditions[0].attributes) == {"nullable": "yes"}
    assert owner.target == "app_x.owner_id"


def test_a_key_to_a_field_that_settings_name() -> None:
    """Nobody knows what its type is, or to which column it refers."""
    found = read_alone(
        migration(
            "migrations.CreateModel(name='a', fields=[('id', models.BigAutoField(primary_key=True)),"
            " ('code', models.CharField(max_length=9, unique=True))]),"
            "migrations.CreateModel(name='b', fields=[('id', models.BigAutoField(primary_key=True)),"
            " ('a', models.ForeignKey('app.a', models.CASCADE, to_field=settings.KEY))]),"
        )
    )
    facts = [fact for one in found.sections[0].operations for fact in one.postconditions]
    (column,) = [fact for fact in facts if fact.name.name == "a_id"]
    assert dict(column.attributes) == {"nullable": "no"}
    assert not [fact for fact in facts if "references" in dict(fact.attributes) and fact.present]


def test_names_as_the_database_cuts_them() -> None:
    name = "taggit_taggeditem_content_type_id_object_id_tag_id_4bb97a8e_uniq"
    text = migration(
        "migrations.CreateModel(name='a', fields=[('id', models.BigAutoField(primary_key=True))]),"
        f"migrations.AddConstraint('a', models.UniqueConstraint(fields=['id'], name='{name}')),"
    )
    for dialect, length in (("postgresql", 63), ("sqlite", 64)):
        facts = [
            fact
            for one in read_alone(text, dialect).sections[0].operations
            for fact in one.postconditions
            if fact.name.name.startswith("taggit")
        ]
        assert [fact.name.name for fact in facts] == [name[:length]]


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ('connection.vendor == "mysql"', ["mysql", "mariadb"]),
        ("connection.vendor != 'sqlite'", ["postgresql", "mysql", "mariadb"]),
        ('not connection.vendor == "postgresql"', ["mysql", "mariadb", "sqlite"]),
        ("connection.vendor in ('mysql', 'sqlite')", ["mysql", "mariadb", "sqlite"]),
        ("'sqlite3' in db_engine", ["sqlite"]),
        ("'postgres' in settings.DATABASES['default']['ENGINE']", ["postgresql"]),
        ("'mysql' not in db_engine", ["postgresql", "sqlite"]),
        ('connection.vendor == "mysql" and not connection.mysql_is_mariadb', ["mysql", "mariadb"]),
        ('settings.NEW_TABLES and connection.vendor == "sqlite"', ["sqlite"]),
        ('connection.vendor == "sqlite" or connection.vendor == "mysql"', ["mysql", "mariadb", "sqlite"]),
        ('settings.X or connection.vendor == "sqlite"', ["postgresql", "mysql", "mariadb", "sqlite"]),
        ("settings.NEW_TABLES", ["postgresql", "mysql", "mariadb", "sqlite"]),
    ],
)
def test_branches_about_the_database(condition: str, holds: list[str]) -> None:
    text = migration("").replace(
        "    operations = [\n\n    ]",
        f"    if {condition}:\n        operations = [migrations.RunSQL('DROP TABLE one')]\n"
        "    else:\n        operations = [migrations.RunSQL('DROP TABLE other')]",
    )
    for dialect in ("postgresql", "mysql", "mariadb", "sqlite"):
        assert up(read_alone(text, dialect)) == [("drop-table", "one" if dialect in holds else "other")]


def test_values_that_the_database_decides() -> None:
    text = migration("migrations.RunSQL('DROP TABLE a' if connection.vendor == 'mysql' else 'DROP TABLE b'),")
    assert up(read_alone(text, "mysql")) == [("drop-table", "a")]
    assert up(read_alone(text, "sqlite")) == [("drop-table", "b")]
