"""What ActiveRecord 6.1's look-ups (`..._exists?`) take for the object that is asked for."""

from __future__ import annotations

import pytest

from tests.engines.lab import SqlError
from tests.runners.plugin import Runners
from tests.runners.rails.runner import RailsProject, RailsRunner, migration

ENGINES = ["postgresql15", "mariadb", "sqlite"]

SET_UP = """
create_table(:users) { |t| t.string :email }
create_table(:posts) { |t| t.bigint :user_id; t.bigint :editor_id; t.string :slug; t.string :email }
add_index :posts, :slug, name: "by_slug"
add_foreign_key :posts, :users, column: :editor_id
"""


def loaded(rails: RailsRunner, *questions: str) -> None:
    """One migration that raises the answers to these questions, after what they ask about."""
    answers = f"raise [{', '.join(questions)}].inspect"
    rails.load(RailsProject(files=dict([migration("1_set_up", SET_UP), migration("2_asked", answers)])))
    assert rails.up("1_set_up.rb").ok


def asked(rails: RailsRunner) -> str:
    """The answers, as Ruby prints them."""
    return rails.up("2_asked.rb").error.removeprefix("RuntimeError: ")


@pytest.mark.parametrize("engine", ENGINES)
def test_foreign_key_exists_takes_another_columns_key(runners: Runners, engine: str) -> None:
    rails = runners.rails(engine)
    loaded(
        rails, "foreign_key_exists?(:posts, :users)", "foreign_key_exists?(:posts, :users, column: :user_id)"
    )
    assert asked(rails) == "[true, false]"


@pytest.mark.parametrize("engine", ENGINES)
def test_index_exists_asks_for_columns_not_for_the_name_alone(runners: Runners, engine: str) -> None:
    rails = runners.rails(engine)
    loaded(
        rails,
        "index_exists?(:posts, :slug)",
        'index_exists?(:posts, :slug, name: "other")',
        'index_exists?(:posts, :email, name: "by_slug")',
        'index_exists?(:users, :email, name: "by_slug")',
        '!!index_name_exists?(:posts, "by_slug")',
        '!!index_name_exists?(:users, "by_slug")',
    )
    assert asked(rails) == "[true, false, false, false, true, false]"


@pytest.mark.parametrize("engine", ENGINES)
def test_add_index_if_not_exists_asks_for_the_name_alone(runners: Runners, engine: str) -> None:
    """PostgreSQL and SQLite say IF NOT EXISTS, and so skip it for another table's index; MariaDB asks as above."""
    rails = runners.rails(engine)
    line = 'add_index :users, :email, name: "by_slug", if_not_exists: true'
    rails.load(RailsProject(files=dict([migration("1_set_up", SET_UP), migration("2_tried", line)])))
    assert rails.up("1_set_up.rb").ok
    assert rails.up("2_tried.rb").ok
    assert ("index users.by_slug" in rails.schema()) == (engine == "mariadb")


@pytest.mark.parametrize("engine", ENGINES)
def test_there_is_no_look_up_of_check_constraints(runners: Runners, engine: str) -> None:
    rails = runners.rails(engine)
    loaded(rails, 'check_constraint_exists?(:posts, name: "x")')
    assert "NoMethodError" in asked(rails)


def test_index_exists_wants_the_columns(runners: Runners) -> None:
    """The columns need not be given since Rails 8.1 alone, as its changelog says."""
    rails = runners.rails("postgresql15")
    loaded(rails, 'index_exists?(:posts, name: "by_slug")')
    assert "ArgumentError: wrong number of arguments (given 1, expected 2)" in asked(rails)


def test_invalid_index_and_unvalidated_key_exist(runners: Runners) -> None:
    rails = runners.rails("postgresql15")
    loaded(rails, "index_exists?(:users, :email)", "foreign_key_exists?(:posts, column: :user_id)")
    rails.lab.execute(
        "INSERT INTO users (email) VALUES ('x'), ('x')", "INSERT INTO posts (user_id) VALUES (9)"
    )
    with pytest.raises(SqlError):
        rails.lab.execute("CREATE UNIQUE INDEX CONCURRENTLY index_users_on_email ON users (email)")
    rails.lab.execute("ALTER TABLE posts ADD FOREIGN KEY (user_id) REFERENCES users NOT VALID")
    assert "INVALID" in rails.schema()["index users.index_users_on_email"]
    assert asked(rails) == "[true, true]"


def test_add_index_if_not_exists_leaves_the_invalid_one(runners: Runners) -> None:
    rails = runners.rails("postgresql15")
    line = "add_index :users, :email, unique: true, if_not_exists: true, algorithm: :concurrently"
    name, text = migration("2_add", line)
    text = text.replace("  def up", "  disable_ddl_transaction!\n  def up")
    rails.load(RailsProject(files=dict([migration("1_set_up", SET_UP), (name, text)])))
    assert rails.up("1_set_up.rb").ok
    rails.lab.execute("INSERT INTO users (email) VALUES ('x'), ('x')")
    assert not rails.up(name).ok
    rails.lab.execute("DELETE FROM users")
    done = rails.up(name)
    assert done.ok
    assert done.recorded
    assert "INVALID" in rails.schema()["index users.index_users_on_email"]


def test_a_migration_of_no_version_is_not_loaded(runners: Runners) -> None:
    rails = runners.rails("sqlite")
    name, text = migration("1_set_up", "create_table :users")
    rails.load(RailsProject(files={name: text.replace("[6.1]", "")}))
    assert "Directly inheriting from ActiveRecord::Migration is not supported" in rails.up(name).error


@pytest.mark.parametrize("old", [True, False])
def test_branches_that_leave_no_invalid_index_can_be_run_again(runners: Runners, old: bool) -> None:
    rails = runners.rails("postgresql15")
    line = """
if index_name_exists?(:users, "by_email") && index_name_exists?(:users, "old_by_email")
  remove_index :users, name: "by_email"
elsif index_name_exists?(:users, "by_email")
  rename_index :users, "by_email", "old_by_email"
end
add_index :users, :email, unique: true, name: "by_email", algorithm: :concurrently
remove_index :users, name: "old_by_email" if index_name_exists?(:users, "old_by_email")
"""
    name, text = migration("2_add", line)
    text = text.replace("  def up", "  disable_ddl_transaction!\n  def up")
    rails.load(RailsProject(files=dict([migration("1_set_up", SET_UP), (name, text)])))
    assert rails.up("1_set_up.rb").ok
    rails.lab.execute("INSERT INTO users (email) VALUES ('x'), ('x')")
    if old:
        rails.lab.execute("CREATE INDEX by_email ON users (email)")
    assert not rails.up(name).ok
    assert "INVALID" in rails.schema()["index users.by_email"]
    assert not rails.up(name).ok
    rails.lab.execute("DELETE FROM users")
    assert rails.up(name).ok
    assert "INVALID" not in rails.schema()["index users.by_email"]


def test_a_method_of_the_file_stands_before_rails_own(runners: Runners) -> None:
    """`index_exists?` of the migration itself, which asks to_regclass: it finds an index by its name, INVALID or not,
    and a second run passes over it."""
    rails = runners.rails("postgresql15")
    name, text = migration(
        "2_add",
        """
unless index_exists?("by_lower")
  execute "CREATE INDEX CONCURRENTLY by_lower ON users (lower(email))"
end
raise "stopped" if index_exists?("users") && !index_exists?("nothing") && User.first
""",
    )
    own = "def index_exists?(name)\n    select_value(\"SELECT to_regclass('#{name}')\")\n  end\n"
    text = text.replace(
        "  def up",
        f"  disable_ddl_transaction!\n  class User < ActiveRecord::Base; end\n\n  {own}\n  def up",
    )
    rails.load(RailsProject(files=dict([migration("1_set_up", SET_UP), (name, text)])))
    assert rails.up("1_set_up.rb").ok
    rails.lab.execute("INSERT INTO users (email) VALUES ('x')")
    assert "stopped" in rails.up(name).error
    assert "index users.by_lower" in rails.schema()
    rails.lab.execute("DELETE FROM users")
    assert rails.up(name).ok


def test_an_index_that_is_looked_for_in_the_catalog_as_not_valid(runners: Runners) -> None:
    """The second run drops what the first one has left, a third one passes over it."""
    rails = runners.rails("postgresql15")
    line = """
invalid = select_value(<<~SQL)
  SELECT 1 FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid WHERE relname = 'by_email' AND NOT indisvalid
SQL
remove_index :users, name: "by_email" if invalid.present?
raise "stopped" if invalid.present?
add_index :users, :email, unique: true, name: "by_email", algorithm: :concurrently, if_not_exists: true
"""
    name, text = migration("2_add", line)
    text = text.replace("  def up", "  disable_ddl_transaction!\n  def up")
    rails.load(RailsProject(files=dict([migration("1_set_up", SET_UP), (name, text)])))
    assert rails.up("1_set_up.rb").ok
    rails.lab.execute("INSERT INTO users (email) VALUES ('x'), ('x')")
    assert "UniqueViolation" in rails.up(name).error
    rails.lab.execute("DELETE FROM users")
    assert "stopped" in rails.up(name).error
    assert rails.up(name).ok
    assert "INVALID" not in rails.schema()["index users.by_email"]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_column_that_is_added_only_where_it_is_there(runners: Runners, engine: str) -> None:
    """It fails in its first run; where another call takes the column away before, each run does both."""
    rails = runners.rails(engine)
    inside = "if column_exists?(:posts, :slug)\n  {}add_column :posts, :slug, :string\nend"
    files = dict(
        [
            migration("1_set_up", SET_UP),
            migration("2_alone", inside.format("")),
            migration("3_behind", inside.format("remove_column :posts, :slug\n  ") + '\nraise "stopped"'),
        ]
    )
    rails.load(RailsProject(files=files))
    assert rails.up("1_set_up.rb").ok
    assert "uplicate column name" in rails.up("2_alone.rb").error.replace(
        "DuplicateColumn", "duplicate column name"
    )
    for _ in range(2):
        assert rails.up("3_behind.rb").error == "RuntimeError: stopped"


@pytest.mark.parametrize("engine", ["mariadb", "mysql"])
def test_rows_that_are_made_for_those_that_lack_them_are_made_once(runners: Runners, engine: str) -> None:
    rails = runners.rails(engine)
    line = """
Post.where(user_id: nil).find_each { |post| post.update!(user_id: User.create!(email: post.slug).id) }
raise "stopped"
"""
    name, text = migration("2_fill", line)
    models = "  class Post < ActiveRecord::Base; end\n  class User < ActiveRecord::Base; end\n\n  def up"
    text = text.replace("  def up", models)
    rails.load(RailsProject(files=dict([migration("1_set_up", SET_UP), (name, text)])))
    assert rails.up("1_set_up.rb").ok
    rails.lab.execute("INSERT INTO posts (slug) VALUES ('a'), ('b')")
    for _ in range(2):
        assert "stopped" in rails.up(name).error
        assert rails.lab.rows("SELECT count(*) FROM users") == [(2,)]
