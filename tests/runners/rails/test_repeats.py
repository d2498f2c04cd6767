"""What the reader says a second run does is what ActiveRecord's second run does."""

from __future__ import annotations

import pytest

from partway.core.operation import NOT_REACHED_AGAIN, Operation, Repeat
from partway.core.source import SourceFile
from partway.dialects import dialect_named
from partway.tools.rails.reader import read
from partway.tools.setup import Setup
from tests.runners.plugin import Runners
from tests.runners.rails import test_options
from tests.runners.rails.cases import BASE, CASES
from tests.runners.rails.runner import RailsProject, migration

ENGINES = ("postgresql15", "mariadb", "sqlite")
_WORST = [Repeat.SAME, Repeat.UNKNOWN, Repeat.CHANGES, Repeat.FAILS]

#: Cases whose calls meet each other on a second run, where what one of them makes another takes away; and a temporary
#: table, which is there only for a second run in the same session.
EACH_OTHER = frozenset(name for name in CASES if "away" in name and "\n" in CASES[name].body) | {
    "drop a join table", "uuid", "schema away", "temporary", "forced", "forced with what depends on it", "execute",
}  # fmt: skip

_TYPES = [
    f"add_column :users, :extra, {kind}, if_not_exists: true"
    for kind in [
        ":string",
        ":integer",
        ":decimal",
        ":datetime",
        ":json",
        ":bigint",
        ":timestamp",
        ":numeric",
        '"varchar(20)"',
    ]
]
GUARDED = [
    *test_options.HONOURED,
    *test_options.UNGUARDED,
    *_TYPES,
    "add_foreign_key :posts, :users, column: :editor_id, if_not_exists: true",
    'add_check_constraint :users, "age < 200", name: "young", if_not_exists: true',
    "remove_timestamps :users, if_exists: true",
    "remove_reference :posts, :team, if_exists: true",
    'rename_index :posts, "by_slug", "by_name"',
    "add_reference :users, :boss, type: :integer, index: false, if_not_exists: true",
    "add_reference :users, :boss, type: :integer, index: true, if_not_exists: true",
    "add_reference :users, :boss, type: :bigint, index: false, if_not_exists: true",
    "change_table(:users, bulk: true) { |t| t.string :extra, if_not_exists: true }",
    "change_table(:users, bulk: true) { |t| t.remove :email, if_exists: true }",
    "change_table(:users, bulk: true) { |t| t.index :email, if_not_exists: true }",
    "create_table :extra, if_not_exists: true\nadd_column :extra, :number, :integer, null: false, if_not_exists: true",
    "create_table :extra, if_not_exists: true\nadd_timestamps :extra, if_not_exists: true",
    "add_index :users, :email unless index_exists?(:users, :email)",
    "add_index :users, :email unless index_exists?(:users, :age)",
    "add_column :users, :extra, :string if !column_exists?(:users, :extra)",
    "unless connection.column_exists?(:users, :extra)\n  add_column :users, :extra, :string\nend",
    "return if column_exists?(:users, :extra)\nadd_column :users, :extra, :string",
    # `return` leaves the method from inside of the blocks that run at once; `next` leaves the block.
    "reversible { |dir| dir.up { return if column_exists?(:users, :extra) } }\nadd_column :users, :extra, :string",
    "reversible { |dir| dir.up { next if column_exists?(:users, :extra) } }\nadd_column :users, :extra, :string",
    "reversible { |dir| dir.down { return if column_exists?(:users, :extra) } }\nadd_column :users, :extra, :string",
    "up_only { return if column_exists?(:users, :extra) }\nadd_column :users, :extra, :string",
    "up_only { column_exists?(:users, :extra) and return }\nadd_column :users, :extra, :string",
    "remove_column :users, :email if column_exists?(:users, :email)",
    "rename_column :users, :email, :mail if column_exists?(:users, :email)",
    "rename_column :users, :email, :mail unless column_exists?(:users, :mail)",
    "rename_table :teams, :clubs if table_exists?(:teams)",
    'execute "CREATE TABLE extra (id int)" unless table_exists?(:extra)',
    "change_table(:users) { |t| t.string :extra unless t.column_exists?(:extra) }",
    "%i[one two].each { |name| add_column :users, name, :string unless column_exists?(:users, name) }",
    "%i[one two].each { |name| next if column_exists?(:users, name)\n add_column :users, name, :string }",
]


def said(operations: list[Operation]) -> str:
    """What a second run of all of these does, in one word."""
    return max((operation.repeat for operation in operations), key=_WORST.index, default=Repeat.SAME).value


def read_body(text: str, dialect: str) -> list[Operation]:
    """The operations of the way up."""
    source = SourceFile("db/migrate/2_tried.rb", text)
    return list(read(source, Setup("rails", dialect_named(dialect))).sections[0].operations)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("line", GUARDED)
def test_guards_do_what_is_said_of_them(runners: Runners, engine: str, line: str) -> None:
    dialect = runners.rails(engine).lab.dialect
    _, text = migration("2_tried", line)
    assert said(read_body(text, dialect)) == test_options.repeat(runners, engine, line)


@pytest.mark.parametrize(
    ("name", "engine"),
    [(name, engine) for name, case in CASES.items() if name not in EACH_OTHER for engine in case.engines],
)
def test_a_second_run_does_what_is_said_of_it(runners: Runners, name: str, engine: str) -> None:
    runner = runners.rails(engine)
    case = CASES[name]
    file, text = migration("2_tried", case.body)
    text = text.replace("[6.1]", f"[{case.version}]")
    runner.load(RailsProject(files=dict([migration("1_set_up", BASE), (file, text)])))
    assert runner.up("1_set_up.rb").ok
    assert runner.up(file).ok
    repeat = runner.again(file)
    assert said(read_body(text, runner.lab.dialect)) == repeat.verdict, repeat.outcome.error


@pytest.mark.parametrize(("first", "raised"), [("return if", 1), ("say 'there' if", 2)])
def test_a_second_run_that_returns_early_changes_no_rows(runners: Runners, first: str, raised: int) -> None:
    runner = runners.rails("mariadb")
    lines = (
        f"{first} column_exists?(:users, :extra)\n"
        "add_column :users, :extra, :string unless column_exists?(:users, :extra)\n"
        'execute "UPDATE users SET age = age + 1"\n'
        'raise "stopped"'
    )
    name, text = migration("2_tried", lines)
    runner.load(RailsProject(files=dict([migration("1_set_up", BASE), (name, text)])))
    assert runner.up("1_set_up.rb").ok
    runner.lab.execute("INSERT INTO users (email, age) VALUES ('a', 0)")
    assert not runner.up(name).ok
    runner.up(name)
    assert [str(age) for (age,) in runner.lab.rows("SELECT age FROM users")] == [str(raised)]
    update = read_body(text, "mariadb")[1]
    assert any(NOT_REACHED_AGAIN in action.traits for action in update.actions) == (raised == 1)


def test_a_second_run_passes_over_what_stands_behind_the_condition(runners: Runners) -> None:
    runner = runners.rails("mariadb")
    lines = "add_column :users, :extra, :string\nremove_column :users, :age\nrename_table :posts, :articles"
    name, text = migration("2_tried", f"return if column_exists?(:users, :extra)\n{lines}")
    runner.load(RailsProject(files=dict([migration("1_set_up", BASE), (name, text)])))
    assert runner.up("1_set_up.rb").ok
    assert runner.up(name).ok
    assert runner.again(name).verdict == "same"
    added, removed, renamed = read_body(text, "mariadb")
    assert added.guarded
    flaws = [one.actions[0].guard.flaw for one in (removed, renamed) if one.actions[0].guard is not None]
    assert len(flaws) == 2
    assert all("column_exists? looks at the column users.extra" in flaw for flaw in flaws)


@pytest.mark.parametrize(
    ("inside", "own", "kept"),
    [
        ("def disable_ddl_transaction; true; end", "", True),
        ("disable_ddl_transaction!", "", False),
        ("", "", False),
        ("", "def disable_ddl_transaction; true; end", True),
        ("def disable_ddl_transaction; true; end", "def disable_ddl_transaction; false; end", False),
        ("", "disable_ddl_transaction!; def disable_ddl_transaction; false; end", False),
    ],
)
def test_what_a_class_of_the_projects_own_says_of_the_transaction(
    runners: Runners, inside: str, own: str, kept: bool
) -> None:
    """The method is inherited; the setting of the class is not. The migration's own method is asked first."""
    rails = runners.rails("postgresql15")
    name, text = migration("1_tried", 'create_table :extra\nraise "stopped"')
    text = text.replace("ActiveRecord::Migration[6.1]", f"Base\n  {own}")
    base = f"class Base < ActiveRecord::Migration[6.1]\n  {inside}\nend\n"
    rails.load(RailsProject(files={name: text}, initializer=base))
    assert "stopped" in rails.up(name).error
    assert ("table extra" in rails.schema()) == kept
