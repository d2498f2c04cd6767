"""What Rails's migrations are read as, without a database: directions, loops, branches, guards, versions."""

from __future__ import annotations

import pytest

from partway.core.migration import Control, Mode
from partway.core.operation import GuardForm, Operation, Repeat
from tests.tools.rails.helper import FIXTURES, Files, body, down, read_text, said, up

EVERYDAY, BY_HAND = FIXTURES


def _guard(operation: Operation) -> tuple[GuardForm, bool] | None:
    guard = operation.actions[0].guard
    return (guard.form, guard.covers) if guard is not None else None


def test_everyday_up_on_postgresql() -> None:
    migration = read_text(EVERYDAY.read_text())
    assert said(list(migration.sections[0].operations)) == [
        "create-table line_items",
        "create-index index_line_items_on_order_id",
        "create-index index_line_items_on_owner",
        "create-index index_line_items_on_name",
        "create-index by_name_and_price",
        "comment line_items",
        "add-column orders.locked_at",
        "create-index index_orders_on_locked_at",
        "add-column invoices.locked_at",
        "create-index index_invoices_on_locked_at",
        "add-column customers.phone",
        "rename-column customers.mail",
        "drop-column customers.fax",
        "update customers",
        "update shop_orders",
        "rename-table old_things",
        "add-constraint orders.total_positive",
    ]
    assert migration.sections[0].transaction.mode is Mode.PER_MIGRATION


def test_everyday_down_is_what_rails_makes_of_it() -> None:
    """The calls turned round, the last first; what asks whether it is done is passed over."""
    migration = read_text(EVERYDAY.read_text())
    assert said(list(migration.sections[1].operations)) == [
        "drop-constraint orders.total_positive",
        "rename-table new_things",
        "delete customers",
        "add-column customers.fax",
        "rename-column customers.email",
        "drop-column customers.phone",
        "drop-index index_invoices_on_locked_at",
        "drop-index index_orders_on_locked_at",
        "drop-table line_items",
    ]


def test_indexes_are_inside_the_table_on_mysql() -> None:
    first = read_text(EVERYDAY.read_text(), "mysql").sections[0].operations[0]
    made = [fact.name.name for fact in first.postconditions if fact.object == "index"]
    assert made == [
        "index_line_items_on_order_id",
        "index_line_items_on_owner",
        "index_line_items_on_name",
        "by_name_and_price",
    ]


def test_bulk_changes_are_one_statement_on_mysql() -> None:
    kinds = [
        [action.kind for action in operation.actions]
        for operation in read_text(EVERYDAY.read_text(), "mysql").sections[0].operations
        if operation.target == "customers" and operation.kind == "alter-table"
    ]
    assert kinds == [["add-column", "rename-column", "drop-column"]]


def test_by_hand() -> None:
    migration = read_text(BY_HAND.read_text())
    section = migration.sections[0]
    assert section.transaction.mode is Mode.NONE
    assert section.transaction.opt_out is not None
    assert migration.source.text[slice(*section.transaction.opt_out)] == "disable_ddl_transaction!"
    assert said(list(section.operations)) == [
        "create-table reports",
        "add-column reports.author_id",
        "create-index index_reports_on_author_id",
        "add-constraint reports.title_présent",
        "create-index by_title",
        "update reports",
        "delete ?",
        "opaque helper_of_the_project",
    ]
    assert [step.control for step in section.steps if step.control] == [Control.BEGIN, Control.COMMIT]
    assert [operation.kind for operation in migration.sections[1].operations] == ["irreversible"]


def test_sql_stands_at_its_place_behind_other_letters() -> None:
    migration = read_text(BY_HAND.read_text())
    index = next(each for each in migration.sections[0].operations if each.target == "by_title")
    assert migration.source.text[slice(*index.span)] == "CREATE INDEX by_title ON reports (title)"


@pytest.mark.parametrize(
    ("dialect", "wanted"),
    [("postgresql", "create-index one"), ("mysql", "create-index two"), ("sqlite", "create-index three")],
)
def test_a_condition_on_the_adapter_is_decided(dialect: str, wanted: str) -> None:
    lines = """
    case connection.adapter_name.downcase
    when /postgres/ then add_index :a, :b, name: "one"
    when "mysql2" then add_index :a, :b, name: "two"
    else add_index :a, :b, name: "three"
    end
    """
    assert said(up(lines, dialect)) == [wanted]


@pytest.mark.parametrize(
    "asks",
    [
        "/mysql/i.match?(connection.adapter_name)",
        "connection.adapter_name.match?(/Mysql/)",
        "connection.adapter_name =~ /mysql/i",
    ],
)
def test_a_pattern_is_held_against_the_adapter(asks: str) -> None:
    lines = f"return unless {asks}\nadd_index :a, :b, name: 'one'"
    assert said(up(lines, "mysql")) == ["create-index one"]
    assert said(up(lines, "postgresql")) == []


@pytest.mark.parametrize(
    ("lines", "wanted"),
    [
        ("%w[a b].each { |t| add_column t, :x, :text }", ["add-column a.x", "add-column b.x"]),
        ("{ a: :x, b: :y }.each { |t, c| add_column t, c, :text }", ["add-column a.x", "add-column b.y"]),
        ("[[:a, :x], [:b, :y]].each { |t, c| add_column t, c, :text }", ["add-column a.x", "add-column b.y"]),
        ('2.times { |i| drop_table "s_#{i}", force: true }', ["drop-table s_0", "drop-table s_1"]),
        ('(1..2).each { |i| add_column :a, "x#{i}", :text }', ["add-column a.x1", "add-column a.x2"]),
        ("names.each { |n| add_column n, :x, :text }", ["add-column ?.x"]),
        ("t = :a\nadd_column t, :x, :text", ["add-column a.x"]),
        ("t = ENV['T'] ? :a : :b\nadd_column t, :x, :text", ["add-column ?.x"]),
        ("add_column :\"a\", 'x', :text if ENV['X']", ["add-column a.x"]),
    ],
)
def test_loops_and_names(lines: str, wanted: list[str]) -> None:
    assert said(up(lines)) == wanted


@pytest.mark.parametrize(
    "string",
    [
        "'UPDATE a SET b = \\'x\\' ||\n  c WHERE d ~ \\'\\\\(\\' OR d ~ \\'\\(\\''",
        "%q(UPDATE a SET b = 'x' ||\n  c WHERE d = 'e\\)' OR d = '(\\\\)')",
    ],
)
def test_single_quotes_escape_themselves_alone(string: str) -> None:
    """What begins with a backslash is a command of psql's: left in, it would end the statement."""
    assert said(up(f"execute({string})\nsql = {string}\nexecute(sql)")) == ["update a", "update a"]
    assert said(up(r"add_column 'o\'clock', %q(a\)b), :text")) == ["add-column o'clock.a)b"]


def test_what_nobody_knows_states_nothing() -> None:
    (operation,) = up("names.each { |n| add_column n, :x, :text }")
    assert operation.postconditions == ()


@pytest.mark.parametrize(
    ("lines", "wanted"),
    [
        ("add_column :a, :b, :text unless column_exists?(:a, :b)", (GuardForm.LOOK, True)),
        ("unless column_exists?(:a, :b)\n add_column :a, :b, :text\nend", (GuardForm.LOOK, True)),
        ("if !column_exists?(:a, :b)\n add_column :a, :b, :text\nend", (GuardForm.LOOK, True)),
        ("if column_exists?(:a, :b)\nelse\n add_column :a, :b, :text\nend", (GuardForm.LOOK, True)),
        ("return if column_exists?(:a, :b)\nadd_column :a, :b, :text", (GuardForm.LOOK, True)),
        ("return unless table_exists?(:a)\nadd_column :a, :b, :text", None),
        (
            "reversible do |dir|\n dir.up { return if column_exists?(:a, :b) }\nend\nadd_column :a, :b, :text",
            (GuardForm.LOOK, True),
        ),
        ("up_only { return if column_exists?(:a, :b) }\nadd_column :a, :b, :text", (GuardForm.LOOK, True)),
        ("up_only { next if column_exists?(:a, :b) }\nadd_column :a, :b, :text", None),
        ("up_only { return if column_exists?(:a, :b) if c }\nadd_column :a, :b, :text", None),
        ("add_column :a, :b, :text if table_exists?(:a)", None),
        ("add_column :a, :b, :text unless column_exists?(:a, :c)", (GuardForm.LOOK, False)),
        ("add_column :a, :b, :text unless index_exists?(:a, :b)", (GuardForm.LOOK, False)),
        ("add_column :a, :b, :text, if_not_exists: true", (GuardForm.OPTION, True)),
        ("add_column :a, :b, :text, if_exists: true", (GuardForm.OPTION, False)),
        ("drop_table :a, if_exists: true", (GuardForm.OPTION, True)),
        ("drop_table :a if table_exists?(:a)", (GuardForm.LOOK, True)),
        ("remove_index :a, :b if index_exists?(:a, :b)", (GuardForm.LOOK, True)),
        ("add_foreign_key :a, :bs unless foreign_key_exists?(:a, column: :b_id)", (GuardForm.LOOK, True)),
        ("add_foreign_key :a, :bs unless foreign_key_exists?(:a, :bs)", (GuardForm.LOOK, True)),
        ("add_foreign_key :a, :bs, column: :x unless foreign_key_exists?(:a, :bs)", (GuardForm.LOOK, False)),
        (
            "add_foreign_key :a, :bs, name: 'x' unless foreign_key_exists?(:a, name: 'x')",
            (GuardForm.LOOK, True),
        ),
        ("add_column :a, :b, :text unless Rails.env.test?", None),
        ("execute 'DROP TABLE a' if table_exists?(:a)", (GuardForm.LOOK, True)),
        ("A.connection.add_column :a, :b, :text unless A.column_names.include?('b')", None),
    ],
)
def test_guards(lines: str, wanted: tuple[GuardForm, bool] | None) -> None:
    (operation,) = up(lines)
    assert _guard(operation) == wanted
    covered = wanted is not None and wanted[1]
    assert operation.repeat is (Repeat.SAME if covered else Repeat.FAILS)


def test_a_look_at_the_table_misses_what_comes_behind_it() -> None:
    table, index = up("unless table_exists?(:a)\n create_table(:a) { |t| t.string :b; t.index :b }\nend")
    assert _guard(table) == (GuardForm.LOOK, True)
    assert _guard(index) == (GuardForm.LOOK, False)


def test_a_condition_in_change_is_not_turned_round() -> None:
    lines = "add_column :a, :b, :text unless column_exists?(:a, :b)\nadd_column :a, :c, :text"
    assert said(down(lines)) == ["drop-column a.c"]
    first, second = up(lines)
    assert first.not_undone
    assert not second.not_undone


def test_a_condition_in_reversible_is_its_own_business() -> None:
    lines = """reversible do |dir|
      dir.up { add_column :a, :b, :text unless column_exists?(:a, :b) }
      dir.down { remove_column :a, :b if column_exists?(:a, :b) }
    end"""
    assert not up(lines)[0].not_undone
    assert said(down(lines)) == ["drop-column a.b"]


def test_a_return_in_reversible_leaves_the_whole_method() -> None:
    lines = """reversible { |dir| dir.up { return if column_exists?(:a, :b) } }
    add_column :a, :b, :text"""
    (operation,) = up(lines)
    assert _guard(operation) == (GuardForm.LOOK, True)
    assert not operation.not_undone  # the way down does not ask
    assert said(down(lines)) == ["drop-column a.b"]
    assert up(lines.replace("dir.up { return", "return").replace(" } }", " }"))[0].not_undone


@pytest.mark.parametrize(
    "lines",
    [
        "drop_table :a",
        "remove_column :a, :b",
        "execute 'SELECT 1'",
        "change_column :a, :b, :text",
        "change_column_default :a, :b, 1",
        "remove_index :a, name: 'x'",
    ],
)
def test_what_cannot_be_turned_round_stops_the_way_back(lines: str) -> None:
    (operation,) = down(lines)
    assert operation.kind == "irreversible"
    assert operation.why_opaque


def test_the_version_of_rails_is_the_one_that_runs() -> None:
    lines = "add_foreign_key :a, :bs, if_not_exists: true"
    (old,) = up(lines, version="6.1")
    assert _guard(old) == (GuardForm.OPTION, False)
    lock = Files({"Gemfile.lock": "GEM\n  specs:\n    activerecord (7.2.1)\n"})
    (new,) = up(lines, version="6.1", beside=lock)
    assert _guard(new) == (GuardForm.OPTION, True)
    assert lock.relied == ["Gemfile.lock"]


def test_a_projects_own_plurals_name_its_columns() -> None:
    text = (
        'ActiveSupport::Inflector.inflections(:en) do |inflect|\n  inflect.irregular "staff", "staves"\nend\n'
    )
    files = Files({"config/initializers/inflections.rb": text})
    (operation,) = up("add_foreign_key :shifts, :staves", beside=files)
    attributes = dict(operation.postconditions[0].attributes)
    assert attributes["columns"] == "staff_id"


def test_long_index_names_are_shortened_since_7_1() -> None:
    lines = "add_index :a_table_with_a_rather_long_name, %i[a_column_that_is_long another_column]"
    assert up(lines, version="7.0")[0].target == (
        "index_a_table_with_a_rather_long_name_on_a_column_that_is_long_and_another_column"
    )
    # As ActiveRecord 7.1 makes it.
    assert up(lines, version="7.1")[0].target == "idx_on_a_column_that_is_long_another_column_ffbc25f7ba"


def test_a_transaction_in_rails_own_opens_none() -> None:
    lines = "User.transaction { execute 'UPDATE a SET b = 1' }"
    steps = read_text(body(lines, "up")).sections[0].steps
    assert [step.control for step in steps] == [None]
    steps = read_text(body(lines, "up"), "mysql").sections[0].steps
    assert [step.control for step in steps] == [Control.BEGIN, None, Control.COMMIT]


def test_comments_are_carried() -> None:
    migration = read_text("# partway: ignore[unguarded-create]\n" + body("drop_table :a # partway: ignore\n"))
    assert [comment.text for comment in migration.comments] == [
        "# partway: ignore[unguarded-create]",
        "# partway: ignore",
    ]


def test_what_only_says_something_is_no_operation() -> None:
    lines = """
    say_batch_started(1)
    add_column :a, :b, :text
    say_done_in_words { helper_of_the_project }
    """
    assert said(up(lines)) == [
        "add-column a.b",
        "opaque say_done_in_words",
        "opaque helper_of_the_project",
    ]


def test_sql_is_what_the_variable_held_when_it_was_run() -> None:
    lines = """query = "DROP TABLE a"
    execute query
    query = "DROP TABLE b"
    execute(query)
    name = "c"
    execute "DROP TABLE #{name}"
    name = nil"""
    assert said(up(lines)) == ["drop-table a", "drop-table b", "drop-table c"]


def test_transactions_in_the_words_of_the_connection() -> None:
    lines = "begin_db_transaction\nexecute 'UPDATE a SET b = 1'\nconnection.commit_db_transaction"
    assert [operation.kind for operation in up(lines, "mysql")] == ["begin", "update", "commit"]
