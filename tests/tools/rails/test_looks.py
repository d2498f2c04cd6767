"""What the conditions around Rails's calls look at: the file's own questions, and Rails's."""

from __future__ import annotations

import pytest

from partway.core.operation import Guard, GuardForm, Repeat
from tests.tools.rails.helper import read_text

_FILE = """class Tried < ActiveRecord::Migration[6.1]
  disable_ddl_transaction!

  def up
    {lines}
  end

  private

  def index_exists?({parameters})
    {body}
  end
end
"""
_BY_NAME = "select_value(\"SELECT to_regclass('#{name}')\")"
_BY_COLUMNS = "select_value(\"SELECT to_regclass('index_#{table}_on_#{Array(names).join('_and_')}')\")"
_EITHER = f"names.is_a?(Hash) ? select_value('SELECT 1') : {_BY_COLUMNS}"


def _guard(lines: str, parameters: str, body: str) -> tuple[Guard | None, Repeat]:
    (operation,) = (
        read_text(_FILE.format(lines=lines, parameters=parameters, body=body)).sections[0].operations
    )
    return operation.actions[0].guard, operation.repeat


@pytest.mark.parametrize(
    ("lines", "parameters", "body"),
    [
        ('execute "CREATE INDEX CONCURRENTLY x ON t (lower(a))" unless index_exists?("x")', "name", _BY_NAME),
        ("execute 'DROP INDEX CONCURRENTLY x' if index_exists?(:x)", "name", _BY_NAME),
        ("add_index :t, :a, algorithm: :concurrently unless index_exists?(:t, :a)", "table, names", _BY_COLUMNS),
        ("add_index :t, [:a, :b] unless index_exists?(:t, [:a, :b])", "table, names", _BY_COLUMNS),
        ("remove_index :t, [:a, :b] if index_exists?(:t, [:a, :b])", "table, names", _EITHER),
        ("add_index :t, :a, name: 'x' unless index_exists?(:t, name: 'x')", "table, names", _EITHER),
        ("create_table :t unless index_exists?('public.T')", "name", _BY_NAME),
    ],
)  # fmt: skip
def test_a_method_of_the_file_stands_before_rails_own_of_that_name(
    lines: str, parameters: str, body: str
) -> None:
    guard, repeat = _guard(lines, parameters, body)
    assert guard is not None
    assert (guard.form, guard.flaw) == (GuardForm.LOOK, "")
    assert repeat is Repeat.SAME


def test_another_relation_than_the_one_that_is_made() -> None:
    guard, repeat = _guard("create_table :t unless index_exists?('u')", "name", _BY_NAME)
    assert guard is not None
    assert guard.flaw.startswith("index_exists? looks at the relation u, which this does not make")
    assert repeat is Repeat.FAILS


def test_a_method_that_asks_itself_comes_to_an_end() -> None:
    body = " || ".join(["index_exists?(name)"] * 40)
    guard, _ = _guard("create_table :t unless index_exists?(:t)", "name", body)
    assert guard is not None


@pytest.mark.parametrize(
    ("lines", "repeat"),
    [
        ("add_column :a, :b, :text if column_exists?(:a, :b)", Repeat.UNKNOWN),
        ("remove_column :a, :b unless column_exists?(:a, :b)", Repeat.UNKNOWN),
        ("add_column :a, :b, :text if column_exists?(:a, :c)", Repeat.FAILS),
        ("add_column :a, :b, :text if table_exists?(:a)", Repeat.FAILS),
        ("add_index :a, :b if index_exists?(:a, :b)", Repeat.UNKNOWN),
    ],
)
def test_what_is_made_only_where_it_is_there_keeps_nothing(lines: str, repeat: Repeat) -> None:
    """It fails in its first run, or stands behind what makes room for it."""
    text = f"class Tried < ActiveRecord::Migration[6.1]\n  def up\n    {lines}\n  end\nend\n"
    (operation,) = read_text(text).sections[0].operations
    assert operation.repeat is repeat
