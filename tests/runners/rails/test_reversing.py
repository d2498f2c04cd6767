"""What the way down of ActiveRecord 6.1 makes of guards in `change`, and of what it cannot take back."""

from __future__ import annotations

import pytest

from tests.runners.plugin import Runners
from tests.runners.rails.runner import RailsProject, RailsRunner, migration
from tests.runners.runner import Outcome

ENGINES = ["postgresql15", "mariadb", "sqlite"]

SET_UP = """
create_table(:users) { |t| t.string :email }
create_table(:posts) { |t| t.bigint :user_id; t.string :slug; t.index :slug, name: "by_slug" }
"""

REVERSED = [
    "create_table(:extra, if_not_exists: true) { |t| t.string :x }",
    "drop_table(:posts, if_exists: true) { |t| t.bigint :user_id; t.string :slug, index: { name: 'by_slug' } }",
    "create_join_table :users, :posts, if_not_exists: true",
    "add_column :users, :extra, :string, if_not_exists: true",
    "remove_column :users, :email, :string, if_exists: true",
    "add_index :users, :email, if_not_exists: true",
    'remove_index :posts, :slug, name: "by_slug", if_exists: true',
    "add_timestamps :posts, null: true, if_not_exists: true",
    # The condition finds what a later call has made anew, or what is in it goes with its table.
    """remove_index :posts, :slug, name: "by_slug" if index_exists?(:posts, :slug)
    add_index :posts, :slug, name: "by_slug", unique: true""",
    """create_table(:extra, if_not_exists: true) { |t| t.string :x }
    add_index :extra, :x unless index_exists?(:extra, :x)""",
    # Asked on the way up alone.
    "reversible { |dir| dir.up { return if column_exists?(:users, :extra) } }\nadd_column :users, :extra, :string",
    "up_only { return if column_exists?(:users, :extra) }\nadd_column :users, :extra, :string",
    "if table_exists?(:users)\n  add_column :users, :extra, :string\nelse\n  create_table(:users) { }\nend",
]

LOST = [
    "add_column :users, :extra, :string unless column_exists?(:users, :extra)",
    "create_table(:extra) { |t| t.string :x } unless table_exists?(:extra)",
    "add_index :users, :email unless index_exists?(:users, :email)",
    "add_foreign_key :posts, :users unless foreign_key_exists?(:posts, column: :user_id)",
]

IRREVERSIBLE = [
    'remove_index :posts, name: "by_slug", if_exists: true',
    "drop_table :posts",
    "remove_column :users, :email",
    'execute "UPDATE users SET email = NULL"',
    "change_column :users, :email, :text",
    'change_column_default :users, :email, "x"',
    # Whatever conditions on the way down pass over.
    "add_column :users, :extra, :string unless column_exists?(:users, :extra)\nremove_column :users, :email",
]


def up_and_down(
    runners: Runners, engine: str, line: str, method: str
) -> tuple[RailsRunner, dict[str, str], Outcome]:
    """The schema that the way up found, and what came of the way down."""
    rails = runners.rails(engine)
    rails.load(RailsProject(files=dict([migration("1_set_up", SET_UP), migration("2_tried", line, method)])))
    assert rails.up("1_set_up.rb").ok
    before = rails.schema()
    done = rails.up("2_tried.rb")
    assert done.ok, done.error
    return rails, before, rails.down("2_tried.rb")


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("line", REVERSED)
def test_option_in_change_is_reversed(runners: Runners, engine: str, line: str) -> None:
    rails, before, down = up_and_down(runners, engine, line, "change")
    assert down.ok, down.error
    after = rails.schema()
    if engine == "sqlite":  # there a table is made anew, and `bigint` comes back as `integer`
        assert set(after) == set(before)
    else:
        assert after == before


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("line", LOST)
def test_look_up_in_change_silently_does_not_reverse(runners: Runners, engine: str, line: str) -> None:
    """On the way down the object is there, so that nothing is recorded to be reversed; the version row goes."""
    rails, before, down = up_and_down(runners, engine, line, "change")
    assert down.ok, down.error
    assert not down.recorded
    assert rails.schema() != before


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("line", IRREVERSIBLE)
def test_change_that_cannot_be_reversed_raises(runners: Runners, engine: str, line: str) -> None:
    _, _, down = up_and_down(runners, engine, line, "change")
    assert "ActiveRecord::IrreversibleMigration" in down.error
    assert down.recorded


@pytest.mark.parametrize("engine", ENGINES)
def test_up_without_down_is_taken_back_without_an_error(runners: Runners, engine: str) -> None:
    """Nothing happens, and the version row goes: a second `up` then meets what the first one made."""
    rails, before, down = up_and_down(runners, engine, "add_column :users, :extra, :string", "up")
    assert down.ok
    assert not down.recorded
    assert rails.schema() != before
    assert not rails.up("2_tried.rb").ok


@pytest.mark.parametrize("engine", ENGINES)
def test_drop_table_with_an_option_and_no_block_is_reversed_into_an_empty_table(
    runners: Runners, engine: str
) -> None:
    """Without the option Rails refuses; with any option it takes the missing block for a table without columns."""
    rails, _, down = up_and_down(runners, engine, "drop_table :posts, if_exists: true", "change")
    assert down.ok, down.error
    columns = {key for key in rails.schema() if key.startswith("column posts.")}
    assert columns == {"column posts.id"}
