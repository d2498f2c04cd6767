"""Migrations that inherit from a class of the project's own."""

from __future__ import annotations

import pytest

from partway.core.migration import Mode
from tests.rules.test_program_findings import rails, said
from tests.tools.rails.helper import Files, read_text

TEXT = "class Tried < Shop::Migration\n  def change\n    add_index :a, :b, algorithm: :concurrently\n  end\nend\n"
BASE = "class Shop::Migration < ActiveRecord::Migration[{}]\n{}\nend\n"
SAYS = "  def disable_ddl_transaction\n    say 'x'\n    true\n  end"


@pytest.mark.parametrize(
    ("inside", "mode", "uncertain"),
    [
        ("", Mode.PER_MIGRATION, False),
        ("  disable_ddl_transaction!", Mode.PER_MIGRATION, False),
        (SAYS, Mode.NONE, False),
        ("  def disable_ddl_transaction = true", Mode.NONE, False),
        ("  def disable_ddl_transaction; true; end", Mode.NONE, False),
        ("  def disable_ddl_transaction() = false", Mode.PER_MIGRATION, False),
        ("  def disable_ddl_transaction\n    ready?\n  end", Mode.NONE, True),
        ("  include Untransacted", Mode.PER_MIGRATION, False),
    ],
)
def test_its_own_file_says_whether_there_is_a_transaction(inside: str, mode: Mode, uncertain: bool) -> None:
    beside = Files({"lib/shop/migration.rb": BASE.format("5.1", inside)})
    found = read_text(TEXT, beside=beside).sections[0].transaction
    assert (found.mode, found.uncertain) == (mode, uncertain)
    assert beside.relied == ["lib/shop/migration.rb"]
    assert read_text(TEXT, "mysql", beside).sections[0].transaction.mode is Mode.NONE


def test_a_class_in_the_same_file() -> None:
    above = BASE.format("6.1", SAYS).replace("Shop::Migration", "Base")
    found = read_text(above + TEXT.replace("Shop::Migration", "Base")).sections[0].transaction
    assert found.mode is Mode.NONE
    assert found.reason == "Base says that its migrations run without a transaction"


@pytest.mark.parametrize(
    ("own", "mode", "uncertain"),
    [
        ("def disable_ddl_transaction\n    false\n  end", Mode.PER_MIGRATION, False),
        ("disable_ddl_transaction!\n\n  def disable_ddl_transaction = false", Mode.PER_MIGRATION, False),
        ("def disable_ddl_transaction\n    ready?\n  end", Mode.NONE, True),
        ("def disable_ddl_transaction\n    true\n  end", Mode.NONE, False),
    ],
)
def test_the_migrations_own_method_is_asked_first(own: str, mode: Mode, uncertain: bool) -> None:
    beside = Files({"lib/shop/migration.rb": BASE.format("5.1", SAYS)})
    text = TEXT.replace("  def change", f"  {own}\n\n  def change")
    found = read_text(text, beside=beside).sections[0].transaction
    assert (found.mode, found.uncertain) == (mode, uncertain)


def test_no_option_is_offered_where_the_version_stands_elsewhere() -> None:
    """Rails 6.1 knows none for a foreign key, and a fix is written without a look at the other files."""
    text = rails("add_foreign_key :a, :bs\nadd_column :a, :c, :text", "", "up").replace(
        "ActiveRecord::Migration", "Shop::Migration"
    )
    files = {"lib/shop/migration.rb": BASE.format("5.1", SAYS), "Gemfile.lock": "    rails (6.1.7)\n"}
    found = said("rails", "postgresql", text, "unguarded-add", files)
    assert [one.help for one in found] == [
        "Ask first: unless foreign_key_exists?(:a, column: :b_id)",
        "Ask first: unless column_exists?(:a, :c)",
    ]


def test_a_class_that_nobody_reads_leaves_it_open() -> None:
    found = read_text(TEXT).sections[0].transaction
    assert (found.mode, found.uncertain) == (Mode.NONE, True)
    assert not said("rails", "postgresql", TEXT, "statement-refused-in-transaction")
    assert not said("rails", "postgresql", TEXT.replace("algorithm", "using"), "unguarded-create")


@pytest.mark.parametrize(
    "above", ["ActiveRecord::Migration::Current", "MIGRATION_CLASS", "Shop::Migration[7.2]"]
)
def test_rails_own_by_another_name(above: str) -> None:
    """`[...]` of any class gives Rails's own of that version."""
    text = "MIGRATION_CLASS = ActiveRecord::Migration[7.2]\n\n" + TEXT.replace("Shop::Migration", above)
    assert read_text(text).sections[0].transaction.mode is Mode.PER_MIGRATION
    assert said("rails", "postgresql", text, "statement-refused-in-transaction")


def test_what_is_left_half_done_without_the_transaction() -> None:
    text = rails("add_column :a, :b, :text\nadd_column :a, :c, :text", "").replace(
        "ActiveRecord::Migration", "Shop::Migration"
    )
    files = {"lib/shop/migration.rb": BASE.format("6.1", SAYS)}
    found = said("rails", "postgresql", text, "unguarded-add", files)
    assert len(found) == 2
    assert "Shop::Migration says that its migrations run without a transaction" in found[0].message
