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
