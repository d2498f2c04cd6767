"""What is said of calls that send several statements, of rows and concurrent indexes; what their fixes leave."""

from __future__ import annotations

import pytest

from partway.core.operation import InTransaction
from partway.core.source import SourceFile
from partway.fixing import mend
from partway.linting import Linted, Selection, lint
from partway.tools.choice import Choice
from partway.tools.reading import read
from tests.rules.test_program_findings import PATHS, alembic, rails, said


def test_records_that_are_changed_once_more() -> None:
    """What a second run does is known here, and said."""
    text = rails("User.update_all('size = size + 1')\nadd_column :users, :code, :string", method="up")
    assert not said("rails", "mysql", text, "data-change-between-commits")
    [finding] = said("rails", "mysql", text, "compounding-update")
    assert "running it again changes the data once more" in finding.message


def test_a_reference_is_guarded_together_with_the_index_that_it_builds() -> None:
    """The option alone would pass over the INVALID index that a failure leaves; and it is given once."""
    line = "add_reference :cards, :store, index: { algorithm: :concurrently }"
    text = rails(f"{line}\nadd_column :cards, :a, :text", "[8.1]", head="  disable_ddl_transaction!\n\n")

    def judged(source: SourceFile) -> Linted:
        return lint(source, Choice("rails", "postgresql"), Selection())

    mended = mend(SourceFile(PATHS["rails"], text), judged, unsafe=False)
    assert mended.applied == 2
    name = ":index_cards_on_store_id"
    assert (
        f"    up_only do\n      remove_index :cards, name: {name}, algorithm: :concurrently"
        f" if index_exists?(:cards, name: {name}, valid: false)\n    end\n    {line}, if_not_exists: true\n"
    ) in mended.source.text
    assert not [one for one in mended.diagnostics if one.fix is not None]


def test_a_call_that_sends_several_statements_is_not_helped_by_a_file_of_its_own() -> None:
    """The column is kept where its foreign key fails, however alone the call stands."""
    text = alembic(
        'op.add_column("users", sa.Column("role_id", sa.Integer, sa.ForeignKey("roles.id", name=fk)))'
    )
    found = said("alembic", "mysql", text, "unguarded-add")
    assert [one.help for one in found] == [
        "Look at the database before each of the statements that it sends: alone in a file it can stop as well"
    ]


def test_a_call_that_no_transaction_takes_is_not_helped_by_one() -> None:
    line = "add_reference :cards, :store, index: { algorithm: :concurrently }"
    text = rails(line, "[6.0]", head="  disable_ddl_transaction!\n\n")
    (column,) = said("rails", "postgresql", text, "unguarded-add")
    assert column.help.startswith("Look at the database before each of the statements that it sends")


def test_an_index_that_is_dropped_before_it_is_built() -> None:
    """What a failure has left goes with it; a drop behind a look may be for the broken one alone."""
    body = """\
with op.get_context().autocommit_block():
    op.drop_index("by_a", table_name="t", {}postgresql_concurrently=True)
    op.create_index("by_a", "t", ["a"], postgresql_concurrently=True)
"""
    text = alembic(body.format("if_exists=True, "))
    assert not said("alembic", "postgresql", text, "unguarded-create")
    looks = "remove_index :t, name: :by_a if index_exists?(:t, :a, name: :by_a, valid: false)\n"
    line = "add_index :t, :a, name: :by_a, algorithm: :concurrently\nadd_column :t, :b, :text"
    text = rails(looks + line, "[8.0]", "up", head="  disable_ddl_transaction!\n\n")
    assert len(said("rails", "postgresql", text, "unguarded-create")) == 1


def test_a_condition_that_chooses_between_two_ways_is_no_guard() -> None:
    """After the first way the other one runs, and finds the table there; nothing is passed over."""
    text = rails(
        'if table_exists?("saved")\n  rename_table "saved", "things"\nelse\n  create_table "things"\nend\n'
        "add_column :things, :a, :text",
        method="up",
    )
    assert not said("rails", "mysql", text, "incomplete-guard")
    assert len(said("rails", "mysql", text, "unguarded-create")) == 1


def test_rows_that_are_filled_batch_for_batch() -> None:
    block = "with op.get_context().autocommit_block():\n    op.execute('{}')\n    op.drop_column('t', 'c')\n"
    some = "UPDATE t SET a = {} WHERE id IN (SELECT id FROM t WHERE {} IS NULL LIMIT 500)"
    for value, empty, count in (("b", "a", 0), ("a + 1", "b", 1)):
        text = alembic(block.format(some.format(value, empty)))
        assert len(said("alembic", "postgresql", text, "compounding-update")) == count


def test_what_a_call_does_is_not_said_to_depend_on_the_data() -> None:
    found = said("rails", "mysql", rails("revert AddAge\nrevert AddName"), "half-done-possible")
    assert [one.message.rpartition(", and ")[2] for one in found] == [
        "this file does not tell whether it can be run again"
    ]
    text = rails("User.update_all('a = b')\nRole.update_all('a = b')\n", method="up")
    for one in said("rails", "mysql", text, "half-done-possible"):
        assert one.message.endswith("whether it can be run again depends on the data")


def test_constants_given_to_records_that_nobody_can_tell() -> None:
    lines = "Card.all.each do |card|\n  card.%s.each { |one| one.update_column(:privacy, %s) }\nend\n"
    head = "  class Card < ActiveRecord::Base; end\n"
    twice = lines % ("things", '"private"') + lines % ("others", "1")
    assert not said("rails", "mysql", rails(twice, method="up", head=head), "half-done-possible")
    other = lines % ("things", "card.name") + lines % ("others", "1")
    assert said("rails", "mysql", rails(other, method="up", head=head), "half-done-possible")


def test_an_index_that_django_puts_off_is_no_concurrent_one() -> None:
    text = (
        "from django.contrib.postgres.operations import AddIndexConcurrently\n"
        "from django.db import migrations, models\n\n\nclass Migration(migrations.Migration):\n"
        "    atomic = False\n    dependencies = []\n    operations = [\n"
        '        migrations.AddField("order", "a", models.IntegerField(db_index=True, null=True)),\n'
        '        AddIndexConcurrently("order", models.Index(fields=["b"], name="by_b")),\n    ]\n'
    )
    migration = read(SourceFile(PATHS["django"], text), Choice("django", "postgresql"))
    assert [one.in_transaction for one in migration.sections[0].operations] == [
        InTransaction.ROLLS_BACK,
        InTransaction.REFUSED,
        InTransaction.ROLLS_BACK,
    ]


def test_rows_that_are_changed_beside_a_call_of_code() -> None:
    """Of code that is not read nobody knows that it changes the schema."""
    text = rails(
        "user = User.first\nuser.update!(details: details)\nCommands::Send.new.call(user)", method="up"
    )
    assert not said("rails", "mysql", text, "data-change-between-commits")


def test_a_key_of_the_table_may_refuse_rows_that_are_inserted_again() -> None:
    rows = "execute \"INSERT INTO roles (id, name) VALUES (1, 'admin')\"\nadd_column :users, :age, :integer"
    (found,) = said("rails", "mysql", rails(rows, method="up"), "repeated-insert")
    assert "adds the same rows once more, unless a key refuses them." in found.message


def test_the_key_of_a_table_that_a_revision_makes_may_refuse_its_rows() -> None:
    lines = """\
kinds = op.create_table("kinds", sa.Column("{0}", {1}, {2}), sa.Column("name", sa.String(20)))
op.bulk_insert(kinds, [{{"name": "a"}}])
op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True))
"""
    keyed = alembic(lines.format("code", "sa.String(20)", "primary_key=True"))
    counted = alembic(lines.format("id", "sa.Integer()", "primary_key=True"))
    (found,) = said("alembic", "mysql", keyed, "repeated-insert")
    assert "adds the same rows once more, unless a key refuses them." in found.message
    (found,) = said("alembic", "mysql", counted, "repeated-insert")
    assert "adds the same rows once more." in found.message
    sql = keyed.replace(
        'op.bulk_insert(kinds, [{"name": "a"}])', 'op.execute("INSERT INTO kinds SELECT * FROM old")'
    )
    (found,) = said("alembic", "mysql", sql, "repeated-insert")
    assert "adds the same rows once more, unless a key refuses them." in found.message


@pytest.mark.parametrize(
    ("first", "count"),
    [
        ("Role.delete_all", 0),
        ("Role.destroy_all", 0),
        ("execute 'DELETE FROM roles'", 0),
        ("execute 'TRUNCATE roles'", 0),
        ("truncate :roles", 0),
        ("Role.where(old: true).delete_all", 1),
        ("Role.delete_all if old?", 1),
        ("execute 'DELETE FROM roles WHERE id < 9'", 1),
        ("execute 'DELETE FROM others'", 1),
        ("Other.delete_all", 1),
    ],
)
def test_rows_for_a_table_that_is_emptied_before(first: str, count: int) -> None:
    text = rails(f"{first}\nRole.create!(name: 'a')\nRole.update_all(old: true)", method="up")
    assert len(said("rails", "mysql", text, "repeated-insert")) == count


def test_what_an_error_alone_would_clear_away_is_not_counted() -> None:
    body = """\
op.create_table("saved", sa.Column("id", sa.Integer(), primary_key=True))
try:
    op.execute("INSERT INTO saved SELECT id FROM users")
except Exception:
    op.drop_table("saved")
    {}
op.drop_table("users")
"""
    (found,) = said("alembic", "mysql", alembic(body.format("raise")), "half-done-possible")
    assert found.message.startswith("3 operations")
    (found,) = said("alembic", "mysql", alembic(body.format("pass")), "half-done-possible")
    assert found.message.startswith("4 operations")


def test_an_operation_that_asks_whether_the_index_is_valid_hides_nothing() -> None:
    """As the fix writes it."""
    text = (
        "from django.contrib.postgres.operations import AddIndexConcurrently\n"
        "from django.db import migrations, models\n\n\nclass Migration(migrations.Migration):\n"
        "    atomic = False\n    dependencies = []\n    operations = [\n"
        '        AddIndexConcurrently("order", models.Index(fields=["a"], name="by_a")),\n    ]\n'
    )

    def judged(source: SourceFile) -> Linted:
        return lint(source, Choice("django", "postgresql"), Selection())

    mended = mend(SourceFile(PATHS["django"], text), judged, unsafe=False)
    assert "indisvalid" in mended.source.text
    assert not mended.diagnostics


def test_a_folder_of_migrations_may_have_another_name() -> None:
    """MIGRATION_MODULES may say so; the app around it is named by it all the same."""
    text = (
        "from django.db import migrations, models\n\n\nclass Migration(migrations.Migration):\n    dependencies = []\n"
        '    operations = [migrations.AddField("order", "a", models.IntegerField(null=True))]\n'
    )
    migration = read(SourceFile("shop/db_migrations/0002_a.py", text), Choice("django", "postgresql"))
    assert migration.sections[0].operations[0].target == "shop_order.a"


@pytest.mark.parametrize(
    ("line", "count"),
    [
        ('Card.create(name: "a")', 1),
        ('Card.create(name: "a") unless Card.find_by_name("a")', 0),
        ('Card.create(name: "a") unless Card.where(name: "a").exists?', 0),
        ('card = Card.find_by(name: "a") || Card.create(name: "a")', 0),
        ('card = Card.find_by(name: "a")\nif !card\n  Card.create(name: "a")\nend', 0),
        ('card = Store.find_by(name: "a")\nif card\n  Card.create(name: "a")\nend', 1),
        ('Card.create(name: "a") if Store.exists?', 1),
    ],
)
def test_records_that_are_made_where_they_are_missing(line: str, count: int) -> None:
    head = "  class Card < ActiveRecord::Base; end\n  class Store < ActiveRecord::Base; end\n"
    text = rails(f"{line}\nadd_column :cards, :code, :string", method="up", head=head)
    assert len(said("rails", "mysql", text, "repeated-insert")) == count


def fixes(text: str, rule: str, dialect: str = "postgresql") -> list[str]:
    """What the fixes of one rule write into a Rails migration."""
    found = said("rails", dialect, text, rule)
    return ["".join(edit.text for edit in one.fix.edits) for one in found if one.fix is not None]


@pytest.mark.parametrize(
    ("above", "words"),
    [
        ("ActiveRecord::Migration[8.1]", "if index_exists?(:cards, name: :index_cards_on_store_id, valid: false)"),
        ("ActiveRecord::Migration[8.0]", "if select_value(<<~SQL)"),
        ("ActiveRecord::Migration[7.1]", "if select_value(<<~SQL)"),
        ("Shop::Migration", "if select_value(<<~SQL)"),
    ],
)  # fmt: skip
def test_an_index_is_asked_for_by_its_name_where_rails_has_the_look_up(above: str, words: str) -> None:
    """`index_exists?` wants the columns before Rails 8.1, and what a project's own class is run by nobody says."""
    line = "add_index :cards, :store_id, algorithm: :concurrently\nadd_column :cards, :a, :text"
    text = rails(line, method="up", head="  disable_ddl_transaction!\n\n")
    (written,) = fixes(text.replace("ActiveRecord::Migration[7.2]", above), "unguarded-create")
    assert words in written


def test_no_option_is_offered_where_rails_may_be_older_than_it() -> None:
    lines = "drop_table :cards\ndrop_table :stores"
    (first, _) = fixes(rails(lines, method="up"), "unguarded-drop", "mysql")
    assert first == ", if_exists: true"
    (first, _) = fixes(rails(lines, "", method="up"), "unguarded-drop", "mysql")
    assert first == " if table_exists?(:cards)"


INDEX = 'op.create_index("by_code", "cards", ["code"], postgresql_concurrently=True)'


def test_a_commit_for_what_is_refused_in_a_transaction() -> None:
    """Left to the tool's transaction it would be refused: the tool has another way out."""
    rule = "embedded-transaction-control"
    (found,) = said("alembic", "postgresql", alembic(f'op.execute("COMMIT")\n{INDEX}'), rule)
    way = "with op.get_context().autocommit_block():"
    assert found.help.endswith(f"What is refused in one: put it into an autocommit_block(): {way}")
    assert not said("alembic", "postgresql", alembic(f"{way}\n    {INDEX}"), rule)
    assert not said(
        "alembic", "postgresql", alembic(f"{way}\n    {INDEX}"), "statement-refused-in-transaction"
    )
    (found,) = said(
        "rails", "postgresql", rails('execute "COMMIT"\nadd_index :a, :b, algorithm: :concurrently'), rule
    )
    assert "disable_ddl_transaction!" in found.help
    (found,) = said(
        "alembic", "postgresql", alembic(f'{INDEX}\nop.execute("COMMIT")\nop.drop_table("cards")'), rule
    )
    assert found.help == "Leave the transaction to the tool, or split the migration here"


@pytest.mark.parametrize(
    ("insert", "keyed"),
    [
        ("INSERT INTO notes (id, code) SELECT id, code FROM cards", True),
        ("INSERT INTO notes (`code`, `id`) VALUES ('a', 1)", True),
        ("INSERT INTO notes SELECT id, code FROM cards", True),
        ("INSERT INTO notes (code) SELECT code FROM cards", False),
        ("INSERT INTO notes (code, card_id) SELECT code, id FROM cards", False),
    ],
)
def test_rows_that_bring_the_number_that_the_table_would_count(insert: str, keyed: bool) -> None:
    """The key of the table that the migration makes refuses them then."""
    text = rails(
        f"create_table(:notes) {{ |t| t.text :code }}\nexecute {insert!r}\nremove_column :cards, :code",
        method="up",
    )
    (found,) = said("rails", "mysql", text, "repeated-insert")
    assert ("unless a key refuses them" in found.message) is keyed
    assert (found.fix is not None) is keyed


@pytest.mark.parametrize(
    ("index", "row", "keyed"),
    [
        ("add_index :notes, :code, unique: true", "code: 'a'", True),
        ("add_index :notes, :code", "code: 'a'", False),
        ("add_index :cards, :code, unique: true", "code: 'a'", False),
        ("add_column :notes, :size, :integer", "id: 3, code: 'a'", True),
        ("add_column :notes, :size, :integer", "card_id: 3, code: 'a'", False),
    ],
)
def test_rows_of_a_model_with_a_key_of_their_own(index: str, row: str, keyed: bool) -> None:
    """A unique index is made apart from the table, as a rule."""
    text = rails(
        f"create_table(:notes) {{ |t| t.text :code }}\n{index}\nNote.create!({row})\nadd_column :a, :b, :text"
    )
    found = said("rails", "mysql", text.replace("def change", "def up"), "repeated-insert")
    assert [("unless a key refuses them" in one.message) for one in found] == [keyed]


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("given", []),
        ("**given", [", if_not_exists: true"]),
        ("unique: true", [", if_not_exists: true"]),
    ],
)
def test_an_option_behind_a_variable_that_holds_the_others(given: str, wanted: list[str]) -> None:
    """Ruby refuses it there: the call would have one argument too many."""
    lines = f"given = {{ unique: true }}\nadd_index :cards, :code, {given}\nadd_column :cards, :a, :text"
    (found, *_) = said("rails", "mysql", rails(lines, method="up"), "unguarded-create")
    assert [edit.text for edit in (found.fix.edits if found.fix is not None else ())] == wanted
