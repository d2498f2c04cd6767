"""What Rails leaves behind, or refuses, when it goes back through `change`."""

from __future__ import annotations

import pytest

from tests.rules.test_program_findings import rails, said


def test_going_back_finds_what_is_made_again() -> None:
    again = (
        "remove_index :cards, :code if index_exists?(:cards, :code)\nadd_index :cards, :code, unique: true"
    )
    assert not said("rails", "postgresql", rails(again), "guard-breaks-rollback")
    gone = "remove_index :cards, :code if index_exists?(:cards, :code)"
    [finding] = said("rails", "postgresql", rails(gone), "guard-breaks-rollback")
    assert "does not bring back what remove_index index_cards_on_code took away" in finding.message


def test_what_is_made_in_a_table_goes_with_it() -> None:
    index = "add_index :cards, :code unless index_exists?(:cards, :code)"
    text = rails(f"create_table(:cards, if_not_exists: true) {{ |t| t.string :code }}\n{index}")
    assert not said("rails", "postgresql", text, "guard-breaks-rollback")
    assert said("rails", "postgresql", rails(index), "guard-breaks-rollback")


def test_going_back_stops_where_a_call_cannot_be_turned_round() -> None:
    """The column's type is not said, so that Rails refuses to go back at all."""
    index = "remove_index :cards, :code if index_exists?(:cards, :code)"
    stops = "remove_column :cards, :code"
    assert not said("rails", "postgresql", rails(f"{stops}\n{index}"), "guard-breaks-rollback")
    for goes_on in (
        "remove_column :cards, :code, :string",
        f"{stops} if column_exists?(:cards, :code)",
        f"{stops} if ready?",
        f"reversible {{ |dir| dir.up {{ {stops} }} }}",
    ):
        assert said("rails", "postgresql", rails(f"{goes_on}\n{index}"), "guard-breaks-rollback")


def test_the_other_branch_is_taken_back() -> None:
    other = "create_table(:cards) { |t| t.string :code }"
    lines = f"if table_exists?(:cards)\n  add_column :cards, :code, :string\nelse\n  {other}\nend"
    [finding] = said("rails", "postgresql", rails(lines), "guard-breaks-rollback")
    assert "leaves create_table cards" in finding.message


def test_one_condition_around_many_calls_is_one_mistake() -> None:
    lines = (
        "return if column_exists?(:cards, :code)\nadd_column :cards, :code, :string\nadd_index :cards, :code"
    )
    assert len(said("rails", "postgresql", rails(lines), "guard-breaks-rollback")) == 1


@pytest.mark.parametrize(("dialect", "words"), [("postgresql", "t.jsonb"), ("mysql", "t.json")])
def test_a_table_is_asked_for_a_type(dialect: str, words: str) -> None:
    lines = "t.jsonb :a unless t.column_exists?(:a)\n  else\n    t.json :a unless t.column_exists?(:a)"
    lines = f"change_table :cards do |t|\n  if t.respond_to?(:jsonb)\n    {lines}\n  end\nend"
    [finding] = said("rails", dialect, rails(lines), "guard-breaks-rollback")
    assert f"{words} cards.a" in finding.message


@pytest.mark.parametrize(("version", "finds"), [("[8.1]", True), ("[8.0]", False), ("[6.1]", False)])
def test_a_look_by_the_name_alone_finds_nothing_before_rails_has_it(version: str, finds: bool) -> None:
    """The condition is true both ways, so that the index is taken back, and in the way of a second run."""
    lines = "unless index_exists?(:cards, name: 'by_code')\n  add_index :cards, :code, name: 'by_code'\nend"
    text = rails(f"{lines}\nadd_column :cards, :a, :text", version)
    assert bool(said("rails", "postgresql", text, "guard-breaks-rollback")) is finds
    found = said("rails", "mysql", text, "incomplete-guard")
    assert [one.message.partition(".")[0] for one in found] == (
        [] if finds else ["The guard does not hold: before Rails 8"]
    )
