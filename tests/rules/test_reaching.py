"""Changes of rows in Rails migrations that a second run does not reach: what stood before them has turned the answer of
a condition around them."""

from __future__ import annotations

import pytest

from partway.core.operation import NOT_REACHED_AGAIN
from tests.rules.test_program_findings import rails, said
from tests.tools.rails.helper import read_text

ADD = "add_column :cards, :code, :string"
CHANGES = {
    "data-change-between-commits": "Card.update_all(name: other)",
    "compounding-update": "execute 'UPDATE cards SET size = size + 1'",
    "repeated-insert": "execute 'INSERT INTO kinds SELECT name FROM cards'",
}
LATER = "change_column :cards, :name, :text"


def told(rule: str, before: str, after: str = LATER) -> bool:
    """Whether the rule says anything of its change between these lines."""
    text = rails(f"{before}\n{CHANGES[rule]}\n{after}", method="up")
    return bool(said("rails", "mysql", text, rule))


REACHED_ONCE = [
    f"return if column_exists?(:cards, :code)\n{ADD}",
    f"return unless !column_exists?(:cards, :code)\n{ADD}",
    f"return if column_exists?(:cards, :code)\n{ADD} unless column_exists?(:cards, :code)",
    f"return if column_exists?(:cards, :code) || table_exists?(:sheets)\n{ADD}",
    f"return if index_exists?(:cards, :code)\n{ADD}\nadd_index :cards, :code",
    "return unless column_exists?(:cards, :old)\nremove_column :cards, :old",
    "return unless table_exists?(:sheets)\nrename_table :sheets, :papers",
    f"return if has_code?(:cards, :code)\n{ADD}",
    f"column_exists?(:cards, :code) and return\n{ADD}",
    f"return if Gem.win_platform?\nreturn if column_exists?(:cards, :code)\n{ADD}",
    f"if column_exists?(:cards, :code)\n  return\nelse\n  say 'not there'\nend\n{ADD}",
    f"unless column_exists?(:cards, :code)\n  say 'not there'\nelse\n  return\nend\n{ADD}",
    f"if ready?\n  return\nend\nbegin\n  return if column_exists?(:cards, :code)\nend\n{ADD}",
    (
        "return if column_exists?(:cards, :a) && column_exists?(:cards, :b)\n"
        "add_column :cards, :a, :string\nadd_column :cards, :b, :string"
    ),
]
REACHED_AGAIN = [
    f"return if table_exists?(:sheets)\n{ADD}",
    f"return if column_exists?(:cards, :other)\n{ADD}",
    f"return unless column_exists?(:cards, :code)\n{ADD}",
    f"return if column_exists?(:cards, :code) && ready?\n{ADD}",
    f"return if column_exists?(:cards, :code) && column_exists?(:cards, :other)\n{ADD}",
    f"return if column_exists?(:cards, :code)\n{ADD} if ready?",
    f"return if column_exists?(:cards, :code)\n{ADD} unless index_exists?(:cards, :name)",
    f"return if column_exists?(:cards, :code)\n{ADD}\nremove_column :cards, :code",
    f"say 'there' if column_exists?(:cards, :code)\n{ADD}",
    f"if ready?\n  return if column_exists?(:cards, :code)\nend\n{ADD}",
    f"case kind\nwhen 1 then return if column_exists?(:cards, :code)\nend\n{ADD}",
    "return if column_exists?(:cards, :name_too)",
]


@pytest.mark.parametrize("rule", CHANGES)
@pytest.mark.parametrize("before", REACHED_ONCE)
def test_a_change_that_a_second_run_does_not_reach(before: str, rule: str) -> None:
    assert not told(rule, before)


@pytest.mark.parametrize("rule", CHANGES)
@pytest.mark.parametrize("before", REACHED_AGAIN)
def test_a_change_that_a_second_run_reaches(before: str, rule: str) -> None:
    assert told(rule, before)


@pytest.mark.parametrize("rule", CHANGES)
def test_a_condition_that_is_turned_too_late_or_turned_back(rule: str) -> None:
    looks = "return if column_exists?(:cards, :code)"
    assert told(rule, looks, ADD)
    assert told(rule, f"{looks}\n{ADD}", f"remove_column :cards, :code\n{LATER}")


@pytest.mark.parametrize("rule", ["compounding-update", "repeated-insert"])
def test_a_block_behind_the_condition(rule: str) -> None:
    block = f"unless column_exists?(:cards, :code)\n{ADD}\n{CHANGES[rule]}\nend\n{LATER}"
    assert not said("rails", "mysql", rails(block, method="up"), rule)
    apart = f"unless column_exists?(:cards, :code)\n{ADD}\nend\n{CHANGES[rule]}\n{LATER}"
    assert said("rails", "mysql", rails(apart, method="up"), rule)


def test_what_is_not_reached_again_cannot_simply_be_run_again() -> None:
    """Of what comes behind it as well a second run does nothing."""
    lines = f"return if column_exists?(:cards, :code)\n{ADD}\nCard.update_all(name: other)\n{LATER}"
    (found,) = said("rails", "mysql", rails(lines, method="up"), "half-done-possible")
    assert found.message.endswith("and it cannot simply be run again")


def test_the_trait_is_for_the_way_up_of_the_rows_alone() -> None:
    text = rails(f"return if column_exists?(:cards, :code)\n{ADD}\nCard.update_all(name: other)", method="up")
    added, changed = read_text(text, "mysql").sections[0].operations
    assert NOT_REACHED_AGAIN not in added.actions[0].traits
    assert NOT_REACHED_AGAIN in changed.actions[0].traits


PASSED_OVER = [
    "remove_column :cards, :old",
    "rename_column :cards, :old, :older",
    "drop_table :sheets",
    "execute 'ALTER TABLE cards DROP COLUMN old'",
    "remove_column :cards, :old\nremove_column :cards, :older",
]


@pytest.mark.parametrize("later", PASSED_OVER)
@pytest.mark.parametrize(
    "lines",
    [
        f"return if column_exists?(:cards, :code)\n{ADD}\nLATER",
        f"unless column_exists?(:cards, :code)\n{ADD}\nLATER\nend",
        "return unless column_exists?(:cards, :code)\nremove_column :cards, :code\nLATER",
    ],
)
def test_what_a_second_run_passes_over_is_not_said_to_fail(lines: str, later: str) -> None:
    found = said("rails", "mysql", rails(lines.replace("LATER", later), method="up"))
    (told,) = [one for one in found if one.rule != "half-done-possible"]
    assert told.rule == "incomplete-guard"
    assert "the next run passes over" in told.message
    assert all(one.rule != "unguarded-drop" for one in found)


@pytest.mark.parametrize(
    "lines",
    [
        f"return if column_exists?(:cards, :other)\n{ADD}\nremove_column :cards, :old",
        f"return if column_exists?(:cards, :code)\nremove_column :cards, :old\n{ADD}",
        f"unless column_exists?(:cards, :code)\n{ADD}\nend\nremove_column :cards, :old",
    ],
)
def test_what_a_second_run_comes_to_again_fails(lines: str) -> None:
    assert said("rails", "mysql", rails(lines, method="up"), "unguarded-drop")
