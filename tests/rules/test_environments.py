"""Rails migrations whose operations do not run in production: nothing that matters can be left half done there."""

from __future__ import annotations

import pytest

from partway.analysis import analyse
from partway.core.operation import NOT_IN_PRODUCTION
from partway.core.source import SourceFile
from partway.tools.choice import Choice
from partway.tools.reading import read
from tests.rules.test_program_findings import PATHS, rails, said
from tests.tools.rails.helper import up

MODEL = "  class Card < ActiveRecord::Base; end\n"
CHANGES = """\
add_column :cards, :code, :string
Card.create!(code: "a")
Card.where(size: 1).each { |card| card.update!(code: card.name) }
Card.update_all("size = size + 1")
fill_codes
remove_column :cards, :old, :string
rename_table :cards, :tickets
"""
RULES = (
    "half-done-possible",
    "unguarded-add",
    "unguarded-drop",
    "unguarded-rename",
    "repeated-insert",
    "compounding-update",
    "data-change-between-commits",
)


def told(lines: str, head: str = MODEL) -> set[str]:
    """The rules about what a stop leaves half done that have something to say."""
    text = rails(lines, method="up", head=head)
    return {rule for rule in RULES if said("rails", "mysql", text, rule)}


ABSENT = [
    "return if Rails.env.production?",
    "return unless Rails.env.development?",
    "return unless Rails.env.test?",
    "return unless Rails.env.local?",
    "return unless Rails.env.development? || Rails.env.test?",
    "return if Rails.env.production? || ENV['SKIP']",
    "return unless ENV['SEED'] && !Rails.env.production?",
    "return if Rails.env == 'production'",
    "return if Rails.env.to_sym == :production",
    "return if 'production' == ENV['RAILS_ENV']",
    "return if ENV.fetch('RAILS_ENV', 'development') == 'production'",
    "return if Rails.env != 'development'",
    "return if Rails.env.in?(%w[production staging])",
    "return unless %w[development test].include?(Rails.env)",
    "return if ::Rails.env.production?",
    "return if (not (Rails.env.development?))",
    "live = Rails.env.production?\nreturn if live",
    "return if live?",
    "if Rails.env.production? then return end",
    "if Rails.env.production?\n  say 'not here'\n  return\nend",
    "Rails.env.production? and return",
    "return unless Rails.env.development? || table_exists?(:sheets) && Rails.env.test?",
    "Rails.env.test? || raise('not here')",
    "case Rails.env\nwhen 'production' then return\nend",
    "case Rails.env\nwhen 'staging', 'production'\n  say 'not here'\n  return\nelse\n  say 'here'\nend",
    "case Rails.env\nwhen 'test' then say 'here'\nelse return\nend",
    "case\nwhen Rails.env.production? then return\nend",
    "case Rails.env\nin 'staging' | 'production' then return\nend",
    "case Rails.env\nin 'test' then say 'here'\nin 'production' then return\nend",
    "if Rails.env.production?\n  return\nelse\n  say 'here'\nend",
    "if Rails.env.test?\n  say 'here'\nelse\n  return\nend",
    "if Rails.env.test?\n  say 'here'\nelsif Rails.env.production?\n  return\nelse\n  say 'there'\nend",
    "unless Rails.env.test?\n  return if Rails.env.production?\nend",
    "case Rails.env\nwhen 'production'\n  return unless Rails.env.test?\nend",
    "begin\n  return if Rails.env.production?\n  say 'here'\nend",
    "say_with_time('x') { return if Rails.env.production? }",
    "Card.transaction do\n  return if Rails.env.production?\nend",
    "if Rails.env.production?\n  say 'not here'\n  ENV['LOUD'] ? raise('no') : return\nend",
]
PRESENT = [
    "",
    "return if Rails.env.test?",
    "return unless Rails.env.production?",
    "return if Rails.env.staging?",
    "return unless Rails.env.staging?",  # what a project calls its production, nobody knows
    "return unless Rails.env.present?",
    "return if Rails.env.production? && ENV['SKIP']",
    "return unless Rails.env.development? || ENV['SEED']",
    "return if Rails.env.development? || Rails.env.test?",
    "return if Rails.env.in?(%w[development test])",
    "return unless Rails.env.in?(%w[development review])",
    "return if Rails.configuration.production?",
    "return unless Rails.env.production? || Rails.env.test?",
    "case Rails.env\nwhen 'test' then return\nend",
    "case Rails.env\nwhen 'staging' then return\nend",
    "case Rails.env\nwhen 'production' then say 'here'\nelse return\nend",
    "case Rails.env\nwhen /prod/ then say 'here'\nwhen 'production' then return\nend",
    "case Rails.env\nin 'production' if ENV['SKIP'] then return\nend",
    "case ENV['STAGE']\nwhen 'production' then return\nend",
    "if Rails.env.test?\n  return\nelse\n  say 'here'\nend",
    "if ENV['SKIP']\n  return if Rails.env.production?\nend",
    "if Rails.env.production?\n  return if ENV['SKIP']\nend",
    "Card.find_each { |card| return if Rails.env.production? }",
    "Card.transaction do\n  next if Rails.env.production?\nend",
    "begin\n  return if Rails.env.production?\nrescue StandardError\n  say 'oh'\nend",
]
LIVE = "  def live?\n    Rails.env.production?\n  end\n\n"


@pytest.mark.parametrize("first", ABSENT)
def test_what_production_does_not_run_cannot_be_left_half_done_there(first: str) -> None:
    assert not told(f"{first}\n{CHANGES}", MODEL + LIVE)


@pytest.mark.parametrize("first", PRESENT)
def test_what_production_runs_is_told_of(first: str) -> None:
    assert told(f"{first}\n{CHANGES}", MODEL + LIVE) == set(RULES)


@pytest.mark.parametrize(
    "around",
    [
        "unless Rails.env.production?\n{}end",
        "if Rails.env.development?\n{}end",
        "if Rails.env.production?\n  say 'not here'\nelse\n{}end",
        "if Rails.env.production?\n  say 'not here'\nelsif table_exists?(:sheets)\n{}else\n{}end",
        "Card.transaction do\n  unless Rails.env.production?\n{}  end\nend",
        "if ENV['SEED']\n  if Rails.env.development?\n{}  end\nend",
        "case Rails.env\nwhen 'development', 'test'\n{}end",
        "case Rails.env.to_sym\nwhen :development then say 'here'\nwhen :test\n{}end",
        "case ENV['RAILS_ENV']\nwhen 'staging', 'production'\n  say 'not here'\nelse\n{}end",
        "case Rails.env\nwhen 'production' then say 'not here'\nwhen 'staging'\n{}end",
        "case\nwhen Rails.env.production? then say 'not here'\nelse\n{}end",
        "case\nwhen Rails.env.test?, Rails.env.development?\n{}end",
        "case Rails.env\nwhen 'test'\n  Card.transaction do\n{}  end\nend",
    ],
)
def test_a_block_that_production_does_not_enter(around: str) -> None:
    assert not told(around.replace("{}", CHANGES))


@pytest.mark.parametrize(
    "around",
    [
        "unless Rails.env.test?\n{}end",
        "if Rails.env.production?\n{}end",
        "if Rails.env.test?\nelse\n{}end",
        "case Rails.env\nwhen 'production'\n{}end",
        "case Rails.env\nwhen 'test', 'production'\n{}end",
        "case Rails.env\nwhen 'test' then say 'not here'\nelse\n{}end",
        "case Rails.env\nwhen 'staging'\n{}end",
        "case Rails.env\nwhen 'test', 'review'\n{}end",
        "case Rails.env\nwhen 'staging' then say 'there'\nelse\n{}end",
        "case Rails.env\nwhen *QUIET\n{}end",
        "case Rails.env\nwhen /test/\n{}end",
        "case ENV['STAGE']\nwhen 'test'\n{}end",
        "case\nwhen Rails.env.test?, ENV['SEED']\n{}end",
    ],
)
def test_a_block_that_production_enters(around: str) -> None:
    assert told(around.replace("{}", CHANGES)) >= set(RULES) - {"compounding-update"}


def test_production_runs_what_stands_beside_it() -> None:
    """Two operations there, and one more in development; only those two are counted."""
    lines = (
        "add_column :cards, :a, :string\n"
        "add_column :cards, :dev, :string if Rails.env.development?\n"
        "add_column :cards, :b, :string"
    )
    text = rails(lines, method="up")
    (found,) = said("rails", "mysql", text, "half-done-possible")
    assert found.message.startswith("2 operations, 1 commit point between them")
    assert [one.span.start for one in said("rails", "mysql", text, "unguarded-add")] == [
        text.index(f"add_column :cards, :{name}") for name in ("a", "b")
    ]


def test_an_index_that_a_failure_leaves_behind_in_development_alone() -> None:
    text = rails(
        "return if Rails.env.production?\nadd_index :cards, :code, algorithm: :concurrently",
        head="  disable_ddl_transaction!\n\n",
    )
    assert not said("rails", "postgresql", text)


def test_whether_it_has_run_stays_open() -> None:
    """A database may be one of development: what runs there is kept at the same points as elsewhere."""
    added, filled = up(
        "return if Rails.env.production?\nadd_column :cards, :a, :text\nexecute 'UPDATE cards SET a = 1'"
    )
    assert added.conditional
    assert NOT_IN_PRODUCTION in added.actions[0].traits
    assert filled.conditional
    assert NOT_IN_PRODUCTION in filled.actions[0].traits
    points = []
    for first in ("", "return if Rails.env.production?\n"):
        source = SourceFile(PATHS["rails"], rails(first + CHANGES, method="up", head=MODEL))
        (section, *_) = analyse(read(source, Choice("rails", "mysql")), ()).sections
        points.append([point.after for point in section.commit_points])
    assert points[0] == points[1]
