"""Calls whose value is used, and which therefore most likely change nothing."""

from __future__ import annotations

import pytest

from tests.tools.rails.helper import said, up


@pytest.mark.parametrize(
    ("given", "count"),
    [
        ("case card\n when Box then card.box\n else card.bag\n end", 0),
        ("if card.size then card.box else card.bag end", 0),
        ("card.size ? card.box : (card.bag)", 0),
        ("case card\n when Box then\n card.refill\n card.box\n end", 1),
        ("if card.size\n cards.each { |each| each.refill }\n end", 1),
    ],
)
def test_the_value_of_a_branch_is_that_of_the_whole(given: str, count: int) -> None:
    """What a record is asked for last changes nothing; what stands before it may."""
    lines = f"Card.find_each do |card|\n cards = Card.all\n found = {given}\n card.update_column(:a, 1)\nend"
    found = said(up(lines, "mysql"))
    assert [one for one in found if one.startswith("opaque")] == ["opaque Card#refill"] * count


ON_POSTGRESQL = "connection.adapter_name == 'PostgreSQL'"
CONCURRENTLY = f"given[:algorithm] = :concurrently if {ON_POSTGRESQL}"


@pytest.mark.parametrize("call", ["add_index :a, :b, given", "add_index :a, :b, **given"])
@pytest.mark.parametrize(
    "lines",
    [
        f"given = {{ unique: true }}\n{CONCURRENTLY}",
        f"given = {ON_POSTGRESQL} ? {{ unique: true, algorithm: :concurrently }} : {{ unique: true }}",
    ],
)
def test_options_in_a_variable(lines: str, call: str) -> None:
    """Ruby takes a last hash for options, whatever it stands in."""
    for dialect in ("postgresql", "mysql"):
        (found,) = up(f"{lines}\n{call}", dialect)
        (action,) = found.actions
        assert ("concurrently" in action.traits) is (dialect == "postgresql")
        assert dict(action.postconditions[0].attributes)["unique"] == "yes"


@pytest.mark.parametrize(
    "lines",
    [
        "given = options_of(:a)",
        "given = {}\ngiven[word] = 'c'",
        "given = {}\ngiven[:name] = 'c' if ready?",
        "given = {}\ngiven[:name] = word",
    ],
)
@pytest.mark.parametrize("call", ["add_index :a, :b, given", "add_index :a, :b, **given"])
def test_options_in_a_variable_that_nobody_knows(lines: str, call: str) -> None:
    """Not even the index's name is known then."""
    (found,) = up(f"{lines}\n{call}")
    assert not any(fact.name.name for fact in found.actions[0].postconditions)
