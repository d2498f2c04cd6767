"""Which guards ActiveRecord 6.1 honours, as a second run of the same migration shows it.

Rails documents `if_not_exists:` and `if_exists:` per method; others take any option and hand it on or drop it. A line
that a rule or a fix relies on belongs here.
"""

from __future__ import annotations

import pytest

from tests.runners.plugin import Runners
from tests.runners.rails.runner import RailsProject, migration

ENGINES = ["postgresql15", "mariadb", "mysql", "sqlite"]
SERVERS = {"postgresql15", "mariadb", "mysql"}

SET_UP = """
create_table(:teams) { |t| t.string :name }
create_table(:users) { |t| t.string :email; t.integer :age; t.string :nick; t.timestamps }
create_table(:posts) { |t| t.bigint :user_id; t.bigint :editor_id; t.string :slug; t.references :team }
add_index :posts, :slug, name: "by_slug"
add_foreign_key :posts, :users
add_check_constraint :users, "age > 0", name: "age_positive"
create_join_table :users, :teams, table_name: :members
"""

HONOURED = [
    "create_table(:extra, if_not_exists: true) { |t| t.string :x }",
    "create_table(:extra, if_not_exists: true) { |t| t.string :x; t.index :x }",
    "create_table(:extra, if_not_exists: true) { |t| t.references :user, foreign_key: true }",
    "create_join_table :posts, :teams, if_not_exists: true",
    "drop_table :teams, if_exists: true",
    "add_index :users, :email, if_not_exists: true",
    'add_index :users, :email, name: "by_email", if_not_exists: true',
    "remove_index :posts, :slug, if_exists: true",
    'remove_index :posts, name: "by_slug", if_exists: true',
    "add_column :users, :extra, :string, if_not_exists: true",
    "add_column :users, :extra, :decimal, precision: 10, scale: 2, if_not_exists: true",
    'add_column :users, :extra, :string, null: false, default: "x", if_not_exists: true',
    "remove_column :users, :email, if_exists: true",
    "remove_columns :users, :email, :nick, if_exists: true",
    "add_timestamps :posts, null: true, if_not_exists: true",
    "change_table(:users) { |t| t.string :extra, if_not_exists: true }",
    "change_table(:users) { |t| t.remove :email, if_exists: true }",
    "change_table(:users) { |t| t.index :email, if_not_exists: true }",
    "add_column :users, :extra, :bigint unless column_exists?(:users, :extra)",
    "add_foreign_key :posts, :users, column: :editor_id unless foreign_key_exists?(:posts, column: :editor_id)",
]

# Their guard is dropped, or handed to a method that fails to recognise what it made.
UNGUARDED = [
    "rename_column :users, :email, :mail",
    "rename_table :teams, :clubs",
    "drop_join_table :users, :teams, table_name: :members, if_exists: true",
    "remove_check_constraint :users, name: 'age_positive', if_exists: true",
    "add_reference :users, :boss, if_not_exists: true",
    "add_reference :users, :boss, foreign_key: { to_table: :users }, if_not_exists: true",
]

# Columns: `if_not_exists:` compares the type too, and some types do not come back by the name that made them.
TYPES_THAT_COME_BACK = {
    "postgresql15": ":string :text :integer :boolean :date :time :float :binary :decimal :datetime :json :jsonb :uuid",
    "mariadb": ":string :text :integer :boolean :date :time :float :binary :decimal :datetime",
    "mysql": ":string :text :integer :boolean :date :time :float :binary :decimal :datetime :json",
    "sqlite": ":string :text :integer :boolean :date :time :float :binary :decimal :datetime :json",
}
TYPES_THAT_DO_NOT = {
    "postgresql15": ':bigint :timestamp :numeric "varchar(20)"',
    "mariadb": ':bigint :timestamp :numeric "varchar(20)" :json',
    "mysql": ':bigint :timestamp :numeric "varchar(20)"',
    "sqlite": ':bigint :timestamp :numeric "varchar(20)" :jsonb :uuid',
}


def repeat(runners: Runners, engine: str, line: str) -> str:
    """What the second run of a migration with this line does: `same`, `fails` or `changes`; the first must succeed."""
    files = dict([migration("1_set_up", SET_UP), migration("2_tried", line)])
    rails = runners.rails(engine)
    rails.load(RailsProject(files=files))
    for name in files:
        done = rails.up(name)
        assert done.ok, done.error
    return rails.again("2_tried.rb").verdict


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("line", HONOURED)
def test_guard_is_honoured(runners: Runners, engine: str, line: str) -> None:
    assert repeat(runners, engine, line) == "same"


@pytest.mark.parametrize("bracket", ["4.2", "5.0", "5.2"])
@pytest.mark.parametrize(
    "line", ["drop_table :clubs, if_exists: true", "create_table :teams, if_not_exists: true"]
)
def test_guard_is_honoured_in_migrations_for_an_older_version(
    runners: Runners, bracket: str, line: str
) -> None:
    """It is the Rails that runs a migration which knows an option, not the one that the migration was written for."""
    name, text = migration("2_tried", line)
    rails = runners.rails("mariadb")
    set_up = dict([migration("1_set_up", SET_UP)])
    rails.load(RailsProject(files={**set_up, name: text.replace("[6.1]", f"[{bracket}]")}))
    for file in (*set_up, name):
        done = rails.up(file)
        assert done.ok, done.error


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("line", UNGUARDED)
def test_guard_does_nothing(runners: Runners, engine: str, line: str) -> None:
    assert repeat(runners, engine, line) == "fails"


@pytest.mark.parametrize(
    "line",
    [
        "add_foreign_key :posts, :users, column: :editor_id, if_not_exists: true",
        'add_check_constraint :users, "age < 200", name: "young", if_not_exists: true',
    ],
)
@pytest.mark.parametrize("engine", ENGINES)
def test_constraint_is_added_once_more_on_sqlite(runners: Runners, engine: str, line: str) -> None:
    assert repeat(runners, engine, line) == ("fails" if engine in SERVERS else "changes")


@pytest.mark.parametrize(
    "line",
    ["remove_timestamps :users, if_exists: true", "remove_reference :posts, :team, if_exists: true"],
)
@pytest.mark.parametrize("engine", ENGINES)
def test_removal_of_several_at_once_is_guarded_on_sqlite_alone(
    runners: Runners, engine: str, line: str
) -> None:
    assert repeat(runners, engine, line) == ("fails" if engine in SERVERS else "same")


@pytest.mark.parametrize("engine", ENGINES)
def test_rename_index_is_silent_on_sqlite_where_the_index_is_not_there(runners: Runners, engine: str) -> None:
    line = 'rename_index :posts, "by_slug", "by_name"'
    assert repeat(runners, engine, line) == ("fails" if engine in SERVERS else "same")


@pytest.mark.parametrize("engine", ENGINES)
def test_reference_without_index_is_guarded_where_its_type_comes_back(runners: Runners, engine: str) -> None:
    """The option reaches `add_column` alone: not the index, not the foreign key."""
    line = "add_reference :users, :boss, type: {}, index: {}, if_not_exists: true"
    assert repeat(runners, engine, line.format(":integer", "false")) == "same"
    assert repeat(runners, engine, line.format(":integer", "true")) == "fails"
    assert repeat(runners, engine, line.format(":bigint", "false")) == "fails"


@pytest.mark.parametrize("engine", ENGINES)
def test_remove_foreign_key_with_if_exists_finds_no_key_at_all(runners: Runners, engine: str) -> None:
    """The option is taken for a property of the key that is looked for, so that even one that is there is missed."""
    for line in ("remove_foreign_key :posts, :users{}", "remove_foreign_key :posts, column: :user_id{}"):
        files = dict([migration("1_set_up", SET_UP), migration("2_tried", line.format(", if_exists: true"))])
        files |= [migration("3_without", line.format(""))]
        rails = runners.rails(engine)
        rails.load(RailsProject(files=files))
        assert rails.up("1_set_up.rb").ok
        assert "has no foreign key for" in rails.up("2_tried.rb").error
        assert rails.up("3_without.rb").ok


@pytest.mark.parametrize("engine", ENGINES)
def test_add_column_if_not_exists_compares_the_type(runners: Runners, engine: str) -> None:
    line = "add_column :users, :extra, {}, if_not_exists: true"
    for kind in TYPES_THAT_COME_BACK[engine].split():
        assert repeat(runners, engine, line.format(kind)) == "same", kind
    for kind in TYPES_THAT_DO_NOT[engine].split():
        assert repeat(runners, engine, line.format(kind)) == "fails", kind


@pytest.mark.parametrize(
    "line",
    [
        "change_table(:users, bulk: true) { |t| t.string :extra, if_not_exists: true }",
        "change_table(:users, bulk: true) { |t| t.remove :email, if_exists: true }",
        "change_table(:users, bulk: true) { |t| t.index :email, if_not_exists: true }",
    ],
)
@pytest.mark.parametrize("engine", ENGINES)
def test_bulk_drops_the_guard_of_what_it_collects(runners: Runners, engine: str, line: str) -> None:
    """SQLite has no bulk; PostgreSQL leaves indexes out of it."""
    collected = engine in {"mariadb", "mysql"} or (engine == "postgresql15" and "index" not in line)
    assert repeat(runners, engine, line) == ("fails" if collected else "same")


@pytest.mark.parametrize("engine", ENGINES)
def test_create_table_if_not_exists_completes_only_indexes(runners: Runners, engine: str) -> None:
    """And not on MariaDB and MySQL, where indexes are part of CREATE TABLE."""
    table = "create_table(:extra, if_not_exists: true) {{ |t| t.bigint :user_id; {} }}"
    rest = "t.string :note; t.index :user_id; t.foreign_key :users"
    rails = runners.rails(engine)
    files = dict([migration("1_set_up", SET_UP), migration("2_before", table.format(""))])
    files |= [migration("3_tried", table.format(rest))]
    rails.load(RailsProject(files=files))
    for name in files:
        assert rails.up(name).ok
    found = rails.schema()
    assert ("index extra.index_extra_on_user_id" in found) == (engine in {"postgresql15", "sqlite"})
    assert "column extra.note" not in found
    assert not any("foreign key" in text.lower() for key, text in found.items() if " extra." in key)


def test_no_option_is_taken_behind_a_variable_that_holds_others(runners: Runners) -> None:
    """The hash is then one argument more."""
    line = "given = { unique: true }\nadd_index :users, :age, given, if_not_exists: true"
    files = dict([migration("1_set_up", SET_UP), migration("2_tried", line)])
    rails = runners.rails("mariadb")
    rails.load(RailsProject(files=files))
    before, tried = files
    assert rails.up(before).ok
    assert "wrong number of arguments" in str(rails.up(tried).error)
