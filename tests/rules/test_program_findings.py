"""What is said of migrations that are programs, and what is not: shapes from public projects, in few lines."""

from __future__ import annotations

import pytest

from partway.core.diagnostic import Diagnostic
from partway.core.source import SourceFile
from partway.linting import Selection, lint
from partway.tools.choice import Choice
from tests.files import Files

PATHS = {
    "rails": "db/migrate/20240101000000_change.rb",
    "django": "shop/migrations/0002_change.py",
    "alembic": "alembic/versions/4f2e_change.py",
}


def said(
    tool: str, dialect: str, text: str, rule: str = "", files: dict[str, str] | None = None
) -> list[Diagnostic]:
    """What the default rules, or one of them, say of a migration."""
    selection = Selection((rule,)) if rule else Selection()
    source = SourceFile(PATHS[tool], text)
    return lint(source, Choice(tool, dialect), selection, beside=Files(files or {})).diagnostics


def rails(lines: str, version: str = "[7.2]", method: str = "change", head: str = "") -> str:
    """A Rails migration whose one method is these lines."""
    body = "".join(f"    {line}\n" for line in lines.splitlines())
    return f"class Change < ActiveRecord::Migration{version}\n{head}  def {method}\n{body}  end\nend\n"


def alembic(lines: str) -> str:
    """An Alembic revision whose way up is these lines."""
    body = "".join(f"    {line}\n" for line in lines.splitlines())
    head = 'import sqlalchemy as sa\nfrom alembic import op\n\nrevision = "4f2e"\ndown_revision = None\n\n\n'
    return f"{head}def upgrade():\n{body}"


# Options --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "inside", ["t.references :store, index: true", "t.string :code, index: true", "t.index :a"]
)
@pytest.mark.parametrize("dialect", ["postgresql", "mysql", "sqlite"])
def test_indexes_take_over_the_option_of_their_table(inside: str, dialect: str) -> None:
    text = rails(f"create_table :cards, if_not_exists: true do |t|\n  {inside}\nend")
    assert not said("rails", dialect, text, "ineffective-guard")


def test_an_option_that_change_table_does_not_take() -> None:
    text = rails("change_table :cards do |t|\n  t.string :code, if_not_exists: true\nend")
    assert len(said("rails", "postgresql", text, "ineffective-guard")) == 1


@pytest.mark.parametrize("version", ["[4.2]", ""])
def test_old_migrations_are_run_by_a_newer_rails(version: str) -> None:
    text = rails("drop_table :cards, if_exists: true", version, "up")
    assert not said("rails", "postgresql", text, "ineffective-guard")


@pytest.mark.parametrize(
    ("files", "count"),
    [
        ({}, 1),
        ({"Gemfile": "gem 'rails', '~> 7.1.2'\n"}, 0),
        ({"Gemfile": "gem 'rails', '~> 6.1.6'\n"}, 1),
        ({"Gemfile": "gem 'rails', '~> 6.1.6'\n", "Gemfile.lock": "    rails (7.1.3)\n"}, 0),
    ],
)
def test_the_gemfile_says_which_rails_it_is(files: dict[str, str], count: int) -> None:
    text = rails("remove_check_constraint :cards, name: 'a', if_exists: true", "[6.1]", "up")
    assert len(said("rails", "mysql", text, "ineffective-guard", files)) == count


@pytest.mark.parametrize(("newest", "count"), [("[5.2]", 1), ("[7.2]", 0)])
def test_the_newest_migration_says_at_least_which_rails_it_is(newest: str, count: int) -> None:
    beside = {"db/migrate/20250101000000_newest.rb": rails("drop_table :a", newest)}
    text = rails("create_table :cards, if_not_exists: true", "[5.2]")
    assert len(said("rails", "mysql", text, "ineffective-guard", beside)) == count


@pytest.mark.parametrize(("gemfile", "count"), [("4.2.11", 2), ("5.0.7", 2), ("5.1.0", 0), ("8.0.2", 0)])
def test_a_migration_of_no_version_is_history_for_a_rails_that_refuses_it(gemfile: str, count: int) -> None:
    text = rails("add_column :cards, :code, :string\nadd_column :cards, :name, :string", "", "up")
    files = {"Gemfile.lock": f"    rails ({gemfile})\n"}
    assert len(said("rails", "mysql", text, "unguarded-add", files)) == count


# Conditions -----------------------------------------------------------------------------------------------------------

_TABLE_AND_INDEX = (
    "tables = sa.inspect(op.get_bind()).get_table_names()\n"
    'if "cards" not in tables:\n'
    '    op.create_table("cards", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("code", sa.String(9)))\n'
    '    op.create_index("by_code", "cards", ["code"])\n'
    '    op.create_index("by_id", "cards", ["id"])\n'
)


def test_a_condition_about_the_table_passes_over_its_indexes_once_it_is_there() -> None:
    [finding] = said("alembic", "mysql", alembic(_TABLE_AND_INDEX), "incomplete-guard")
    assert "If the migration stops after op.create_table cards, the next run passes over" in finding.message
    assert "fails" not in finding.message


def test_a_condition_about_the_column_passes_over_its_index() -> None:
    text = rails(
        "unless column_exists?(:cards, :shop_id)\n  add_reference :cards, :shop, index: true\nend",
        method="up",
    )
    [finding] = said("rails", "mysql", text, "incomplete-guard")
    assert "the next run passes over add_reference index_cards_on_shop_id" in finding.message


def test_a_condition_about_something_else_holds_nothing() -> None:
    text = rails(
        "add_column :cards, :code, :string unless table_exists?(:shops)\nadd_column :a, :b, :string",
        method="up",
    )
    [finding] = said("rails", "mysql", text, "incomplete-guard")
    assert "running it again fails: the column already exists" in finding.message


@pytest.mark.parametrize(
    "condition",
    [
        "unless has_column?(:cards, :code)",
        'unless Shared.column_there?("cards", "code")',
        "if column_missing?(:cards, :code)",
    ],
)
def test_a_condition_of_the_projects_own_is_believed(condition: str) -> None:
    text = rails(
        f"add_column :cards, :code, :string {condition}\nadd_index :cards, :code, if_not_exists: true",
        method="up",
    )
    assert not said("rails", "mysql", text, "unguarded-add")


def test_a_condition_about_something_that_the_database_does_not_hold() -> None:
    text = rails(
        "add_column :cards, :code, :string if Rails.env.production?\nadd_index :cards, :code", method="up"
    )
    assert len(said("rails", "mysql", text, "unguarded-add")) == 1


# Data -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "count"),
    [
        ('Card.where("kind = \'\'").update_all("kind = NULL")', 0),
        ("Card.update_all(\"kind = 'a', size = 2\")", 0),
        ("Card.where(kind: 1).update_all(size: 2)", 0),
        ("Card.where(kind: nil).find_each { |card| card.update(kind: card.name) }", 0),
        ("Card.find_each { |card| card.update_column(:kind, 'a') }", 0),
        ("Card.find_each { |card| Card.reset_counters(card.id, :moves) }", 0),
        ("Card.where(kind: nil).each { |card| card.kind = card.name; card.save! }", 0),
        ("Card.where(size: 1).each { |card| card.kind = card.name; card.save! }", 1),
        ('Card.update_all(["kind = ?, size = ?", false, 2])', 0),
        ('Card.update_all(["size = size + ?", 2])', 1),
        ('Card.where(kind: 1).update_all("size = size + 1")', 1),
        ("Card.find_each do |card|\n  card.update_attribute(:kind, card.name) if card.kind.nil?\nend", 0),
        ("Card.find_each do |card|\n  card.update_attribute(:kind, card.name) if card.size.nil?\nend", 1),
        ('Card.where(kind: 1).update_all("size = width")', 0),
        ('Card.update_all("cards.size = cards.width, kind = upper(name)")', 0),
        ('Card.where(kind: 1).limit(5).update_all("size = width")', 1),
        ('Card.update_all("size = #{column}")', 1),
        ('Card.where(size: 1).update_all(kind: "a", updated_at: Time.zone.now)', 0),
        ('Card.where(size: 1).update_all(kind: "a", seen_at: Time.zone.now)', 1),
        ("Card.update_all(made_at: DateTime.civil(2012, 1, 1))", 0),
        ("Card.update_all(made_on: Date.new(2012, 1, day))", 1),
        ("Card.update_all(made_at: DateTime.now)", 1),
        ("Card.find_each { |card| card.update!(kinds: []) }", 0),
        ("Card.find_each { |card| card.update!(kinds: ['a', card.name]) }", 1),
        ("Card.find_each { |card| card.update(kind: SecureRandom.uuid) }", 1),
        ('Card.find_each { |card| card.update(kind: "a#{card.id}") }', 1),
    ],
)
def test_records_that_are_changed_once(change: str, count: int) -> None:
    text = rails(
        f"{change}\nadd_column :cards, :code, :string",
        method="up",
        head="  class Card < ActiveRecord::Base; end\n",
    )
    assert len(said("rails", "mysql", text, "data-change-between-commits")) == count


@pytest.mark.parametrize(
    ("condition", "count"),
    [
        ("Site::roles[:admin].blank?", 0),
        ("Site.kinds(1).empty?", 0),
        ("Role.first.nil? && ready?", 0),
        ("User.first.name.nil?", 1),
        ("!Site.roles.blank?", 1),
        ("name.blank?", 1),
        ("user.Role.blank?", 1),
    ],
)
def test_rows_for_what_a_class_has_none_of(condition: str, count: int) -> None:
    """Once they are there, the condition says so."""
    text = rails(
        f"if {condition}\n  Role.create! name: 'Admin'\nend\nadd_column :cards, :a, :text", method="up"
    )
    assert len(said("rails", "mysql", text, "repeated-insert")) == count


@pytest.mark.parametrize(
    ("body", "dialect", "count"),
    [
        ('if schema_editor.connection.vendor == "sqlite":\n        work()', "mysql", 0),
        (
            '"""Why."""\n    # more\n    if schema_editor.connection.vendor == "mysql":\n        work()',
            "mysql",
            1,
        ),
        ('if schema_editor.connection.vendor != "postgresql":\n        return\n    work()', "mysql", 0),
        ('if schema_editor.connection.vendor != "mysql":\n        return\n    work()', "mariadb", 1),
        (
            'if schema_editor.connection.vendor not in ("postgresql", "sqlite"):\n        return\n    work()',
            "mysql",
            0,
        ),
        (
            'if schema_editor.connection.vendor == "sqlite":\n        work()\n    else:\n        work()',
            "mysql",
            1,
        ),
        ('if schema_editor.connection.vendor == "sqlite":\n        work()\n    work()', "mysql", 1),
        ("work()", "mysql", 1),
    ],
)
def test_functions_for_another_database(body: str, dialect: str, count: int) -> None:
    text = f"from django.db import migrations, models\n\n\ndef run(apps, schema_editor):\n    {body}\n\n\n"
    text += "class Migration(migrations.Migration):\n    operations = [\n        migrations.RunPython(run),\n"
    text += '        migrations.CreateModel("Card", [("id", models.AutoField(primary_key=True))]),\n    ]\n'
    assert len(said("django", dialect, text, "data-change-between-commits")) == count


# Words ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("to", "count"), [("orgs", 0), ("orgs, column: :org_id", 0), ("teams", 1), ("orgs, column: :other_id", 1)]
)
def test_a_foreign_key_may_be_validated_by_its_tables(to: str, count: int) -> None:
    added = "add_foreign_key :users, :orgs, validate: false"
    text = rails(f"{added}\nvalidate_foreign_key :users, :{to}")
    assert len(said("rails", "postgresql", text, "never-validated-constraint")) == count


def test_no_transaction_is_advised_for_a_file_with_what_it_refuses() -> None:
    index = "add_index :cards, :a, algorithm: :concurrently"
    text = rails(f"add_timestamps :cards\n{index}", "[6.0]", head="  disable_ddl_transaction!\n\n")
    (column,) = said("rails", "postgresql", text, "unguarded-add")
    assert column.help == (
        "Move it into a migration of its own, which can run in a transaction: "
        "PostgreSQL rolls this back when the migration fails"
    )


def test_a_method_that_is_called_twice_is_at_fault_once() -> None:
    text = (
        "class Change < ActiveRecord::Migration[7.2]\n  class Card < ActiveRecord::Base; end\n\n"
        "  def up\n    fill(1)\n    fill(2)\n    add_column :cards, :code, :string\n  end\n\n"
        "  def fill(size)\n    Card.where(kind: size).find_each { |card| card.update(number: rand) }\n  end\nend\n"
    )
    assert len(said("rails", "mysql", text, "data-change-between-commits")) == 1


def test_what_nobody_knows_is_not_named() -> None:
    text = rails(
        "add_column model.table_name, :code, :string\nadd_index model.table_name, :code", method="up"
    )
    column, index = said("rails", "mysql", text, "unguarded-add") + said(
        "rails", "mysql", text, "unguarded-create"
    )
    assert column.message.startswith("add_column code is kept")
    assert index.message.startswith("add_index is kept")


def test_a_call_of_rubys_is_cited_without_its_arguments() -> None:
    text = rails(
        "add_column :a, :b, :text\nadd_index :a, :b, algorithm: :concurrently",
        head="  disable_ddl_transaction!\n\n",
    )
    [finding] = said("rails", "postgresql", text, "mixed-transactional-statements")
    assert "because of add_index on line 6" in finding.message


def test_the_help_for_an_index_that_a_failure_leaves_invalid() -> None:
    text = rails("add_index :a, :b, algorithm: :concurrently", head="  disable_ddl_transaction!\n\n")
    [finding] = said("rails", "postgresql", text, "unguarded-create")
    assert finding.help.startswith("Drop the index first if it is INVALID, and ")


def test_the_end_of_a_transaction_is_named() -> None:
    block = "Card.transaction do\n  Card.create!(kind: 1)\n  Card.create!(kind: 2)\nend"
    text = rails(
        f"{block}\nadd_column :cards, :code, :string",
        method="up",
        head="  class Card < ActiveRecord::Base; end\n",
    )
    messages = [finding.message for finding in said("rails", "mysql", text, "repeated-insert")]
    assert messages
    assert all(message.endswith("The end of the transaction on line 7 keeps it.") for message in messages)


def test_sql_is_cited_with_what_it_sets() -> None:
    lines = 'with op.get_context().autocommit_block():\n    op.execute(sa.text("SET lock_timeout = 20"))'
    [finding] = said("alembic", "postgresql", alembic(lines), "session-setting-left-behind")
    assert finding.message.startswith("SET lock_timeout = 20 outlives this migration")


def test_an_opt_out_may_be_for_a_database_that_nobody_names() -> None:
    text = rails("add_column :a, :b, :text", head="  disable_ddl_transaction!\n\n")
    assert said("rails", "postgresql", text, "needless-transaction-opt-out")
    source = SourceFile(PATHS["rails"], text)
    unnamed = lint(source, Choice("rails"), Selection(("needless-transaction-opt-out",)), beside=Files({}))
    assert not unnamed.diagnostics


def test_one_call_that_sends_several_statements_is_no_two_operations() -> None:
    text = "from django.db import migrations, models\n\n\nclass Migration(migrations.Migration):\n    operations = [\n"
    text += '        migrations.CreateModel("Card", [("id", models.AutoField(primary_key=True)),'
    text += ' ("code", models.CharField(max_length=9)), ("shop", models.ForeignKey("self", models.CASCADE))]),\n    ]\n'
    [finding] = said("django", "mysql", text, "half-done-possible")
    assert " statements, " in finding.message


# Rows that a condition of a revision chooses --------------------------------------------------------------------------

COPIES = """bind = op.get_bind()
new = sa.table("cards", sa.column("id"), sa.column("code"))
op.add_column("cards", sa.Column("size", sa.Integer))
for row in bind.execute(sa.text("SELECT id, code FROM sheets")):
{condition}    bind.execute(new.update().where(new.c.id == row.id).values(code=transform(row.code)))
op.drop_table("sheets")"""


@pytest.mark.parametrize(
    ("condition", "findings"),
    [
        ("", 1),
        ("    if is_there(row.id):\n        continue\n", 0),
        ("    if not row.code:\n        continue\n", 0),
    ],
)
def test_rows_that_a_condition_chooses_may_be_those_not_done_yet(condition: str, findings: int) -> None:
    text = alembic(COPIES.replace("{condition}", condition))
    assert len(said("alembic", "mysql", text, "data-change-between-commits")) == findings


def test_what_a_helper_takes_away_first_can_be_made_again() -> None:
    head = "from app.migrating import drop_fk\n"
    keys = "\n".join(
        f'op.create_foreign_key("{name}_fk", "{name}", "users", ["a"], ["id"])'
        for name in ("cards", "sheets")
    )
    text = head + alembic(f'drop_fk("cards", ["a"])\n{keys}')
    assert [
        one.message.partition(" is kept")[0] for one in said("alembic", "mysql", text, "unguarded-add")
    ] == ["op.create_foreign_key sheets.sheets_fk"]
