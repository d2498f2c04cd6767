"""The text of resume migrations: as an engineer would commit it, and refused where none would be right."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from partway.tools.resuming import CannotResume
from tests.conftest import IN_CI
from tests.resume.rails.crash import text_of
from tests.resume.rails.migrations import CASES
from tests.resume.rails.texts import case, resumed, up_of

DIALECTS = ("postgresql", "mariadb", "sqlite")

WHOLE = """\
# Finishes 20240102000000_case.rb, which stopped half way.
# Each call asks first whether it has run, so that this can be run wherever the original stopped,
# more than once too, and changes nothing where that went through. There, and after any later
# migration, it is only recorded.
class FinishCase < ActiveRecord::Migration[6.1]
  def up
    return if later_migration_ran?

    create_table(:roles) { |t| t.string :name } unless table_exists?(:roles)
    add_reference :users, :role, foreign_key: true unless column_exists?(:users, :role_id)
    add_index :users, :role_id unless index_name_exists?(:users, "index_users_on_role_id")
    add_foreign_key :users, :roles unless foreign_key_exists?(:users, column: :role_id)
  end

  # Rolling back Case undoes all of it, what was finished here included.
  def down; end

  private

  # After a later migration there is nothing to finish, and what that one has removed must not come back.
  def later_migration_ran?
    base = ActiveRecord::Base
    table = "#{base.table_name_prefix}#{base.schema_migrations_table_name}#{base.table_name_suffix}"
    versions = connection.select_values("SELECT version FROM #{connection.quote_table_name(table)}")
    versions.any? { |each| each.to_i > version }
  end
end
"""


def test_the_whole_file() -> None:
    found = resumed(
        case("create_table(:roles) { |t| t.string :name }\nadd_reference :users, :role, foreign_key: true"),
        "mariadb",
    )
    assert found.text == WHOLE
    assert found.path == "db/migrate/20240102000001_finish_case.rb"
    assert found.identity == "20240102000001"


def test_an_index_that_has_both_names_loses_the_old_one() -> None:
    """On SQLite a renamed index is made again, and then the old one is dropped."""
    text = case('rename_index :users, "by_name", "users_by_name"')
    up = up_of(resumed(text, "sqlite").text)
    assert 'unless index_name_exists?(:users, "users_by_name")\n  rename_index :users' in up
    assert 'remove_index :users, name: "by_name" if index_name_exists?(:users, "by_name")' in up
    assert "remove_index" not in resumed(text, "postgresql").text


def test_a_broken_concurrent_index_is_dropped_first() -> None:
    text = case(
        "add_index :users, :email, unique: true, algorithm: :concurrently", "  disable_ddl_transaction!\n\n"
    )
    found = resumed(text, "postgresql").text
    assert "\n  disable_ddl_transaction!\n" in found
    assert (
        up_of(found)
        == """\
unless index_users_on_email_valid?
  if index_name_exists?(:users, "index_users_on_email")
    remove_index :users, name: "index_users_on_email", algorithm: :concurrently
  end

  add_index :users, :email, unique: true, algorithm: :concurrently
end"""
    )
    assert "AND relname = 'index_users_on_email' AND indisvalid" in found


def test_loops_and_helpers_are_written_out() -> None:
    head = """\
  TABLES = %i[users posts].freeze

  def mark(table, column: :marked_at)
    add_column table, column, :datetime unless column_exists?(table, column)
    execute "UPDATE #{table} SET #{column} = NULL"
  end

"""
    assert (
        up_of(resumed(case("TABLES.each { |table| mark(table) }", head), "postgresql").text)
        == """\
add_column :users, :marked_at, :datetime unless column_exists?(:users, :marked_at)
execute "UPDATE users SET marked_at = NULL"
add_column :posts, :marked_at, :datetime unless column_exists?(:posts, :marked_at)
execute "UPDATE posts SET marked_at = NULL\""""
    )


def test_what_the_calls_use_comes_along() -> None:
    head = """\
  LIMIT = 20

  class Post < ActiveRecord::Base
    self.table_name = "articles"
  end

"""
    text = case(
        "add_column :users, :nick, :string, limit: LIMIT\nPost.where(nick: nil).update_all(nick: word)", head
    )
    text = text.removesuffix("end\n") + '\n  def word\n    "none"\n  end\n\n  def unused; end\nend\n'
    found = resumed(text, "mariadb").text
    for part in ("  LIMIT = 20\n", "  class Post < ActiveRecord::Base\n", '  def word\n    "none"\n  end\n'):
        assert part in found
    assert "unused" not in found


def test_comments_above_calls_stay() -> None:
    up = """\
# Whom it is for.
add_column :users, :nick, :string  # short
add_column :users, :kind, :string
# All of them
# at once.
create_table :kinds do |t|
  t.string :name
end"""
    assert (
        up_of(resumed(case(up), "mariadb").text)
        == """\
# Whom it is for.
add_column :users, :nick, :string unless column_exists?(:users, :nick)

add_column :users, :kind, :string unless column_exists?(:users, :kind)

# All of them
# at once.
unless table_exists?(:kinds)
  create_table :kinds do |t|
    t.string :name
  end
end"""
    )


def test_sql_of_a_variable_is_put_in_its_place() -> None:
    text = case("sql = <<~SQL\n  CREATE VIEW grown AS\n    SELECT name FROM users\nSQL\nexecute sql")
    assert (
        up_of(resumed(text, "mariadb").text)
        == """\
unless view_exists?(:grown)
  execute <<~SQL
    CREATE VIEW grown AS
      SELECT name FROM users
  SQL
end"""
    )


def test_strings_keep_their_lines() -> None:
    text = case("execute \"CREATE VIEW grown AS\n  SELECT name,\n  'a' AS a FROM users\"")
    assert (
        "      execute \"CREATE VIEW grown AS\n      SELECT name,\n      'a' AS a FROM users\"\n"
        in resumed(text, "mariadb").text
    )


def test_what_has_run_and_shows_nowhere_is_left_out() -> None:
    text = case(
        'add_column :users, :nick, :string\nexecute "INSERT INTO kinds VALUES (1)"\nadd_column :users, :kind, :string'
    )
    assert (
        up_of(resumed(text, "postgresql", applied=(0, 1)).text)
        == """\
add_column :users, :nick, :string unless column_exists?(:users, :nick)

# Left out: INSERT INTO kinds VALUES (1)
# It has run, and it changes rows, and no catalog shows whether it ran.

add_column :users, :kind, :string unless column_exists?(:users, :kind)"""
    )


def test_a_way_out_inside_a_condition_stays_a_condition() -> None:
    up = "if Rails.env.test?\n  return unless ENV['SEED']\nend\nadd_column :users, :a, :string"
    assert up_of(resumed(case(up), "postgresql").text) == (
        "unless Rails.env.test? && !(ENV['SEED'])\n"
        "  add_column :users, :a, :string unless column_exists?(:users, :a)\n"
        "end"
    )


def test_the_next_version_leaves_room() -> None:
    text = case("add_column :users, :nick, :string")
    assert resumed(text, "mariadb", order=("20240102000002",)).identity == "20240102000001"
    with pytest.raises(CannotResume, match="no number is left between 20240102000000 and"):
        resumed(text, "mariadb", order=("20240102000001",))


@pytest.mark.parametrize(
    ("up", "why"),
    [
        ("add_column :users, @name, :string", "@name is set elsewhere"),
        (
            "add_column :users, :a, :string\nif User.exists?\n  add_column :users, :b, :string\nend",
            "another one by now",
        ),
        (
            "case Rails.env\nwhen 'test' then return\nend\nadd_column :users, :a, :string",
            "the branch of a case that leaves it",
        ),
        (
            "if Rails.env.test?\n  return if User.exists?\nend\nadd_column :users, :a, :string",
            "another one by now",
        ),
        ("add_column :users, :a, :string\nrescue StandardError\nsay 1", "rescues from errors"),
        ("create_table(:users, force: true) { |t| t.string :name }", "takes away rows"),
        (
            "create_table(:roles, force: true) { |t| t.references :user }\nadd_column :users, :role_id, :integer",
            "has still to drop, or what was made in its place",
        ),
    ],
)
def test_refusals(up: str, why: str) -> None:
    with pytest.raises(CannotResume, match=why):
        resumed(case(up), "postgresql")


@pytest.mark.parametrize("tool", ["ruby", "rubocop"])
def test_ruby_and_its_formatter_take_every_text(tool: str, tmp_path: Path) -> None:
    if shutil.which(tool) is None:
        message = f"{tool} is not available; to enable it: apt-get install {tool}"
        if IN_CI and tool == "ruby":
            pytest.fail(message)
        pytest.skip(message)
    texts: dict[str, None] = {}
    for dialect in DIALECTS:
        for one in CASES.values():
            if any(engine.startswith(dialect) for engine in one.engines):
                texts.setdefault(resumed(text_of(one), dialect).text)
    for number, text in enumerate(texts):
        (tmp_path / f"{number}.rb").write_text(text)
    if tool == "ruby":
        command = ["ruby", "-e", "ARGV.each { |file| RubyVM::InstructionSequence.compile_file(file) }"]
        command += map(str, sorted(tmp_path.glob("*.rb")))
    else:
        command = [
            "rubocop",
            "--only",
            "Layout",
            "--format",
            "emacs",
            "--force-default-config",
            str(tmp_path),
        ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
