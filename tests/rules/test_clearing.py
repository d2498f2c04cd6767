"""Indexes of Rails migrations that are taken away, by whichever branch, before they are built."""

from __future__ import annotations

import pytest

from partway.core.source import SourceFile
from partway.linting import Selection, lint
from partway.tools.choice import Choice
from tests.rules.test_program_findings import rails, said

BUILD = "add_index :cards, :code, name: 'new', algorithm: :concurrently"
NEW, OLD = "index_name_exists?(:cards, 'new')", "index_name_exists?(:cards, 'old')"
TAKE, AWAY = "remove_index :cards, name: 'new'", "rename_index :cards, 'new', 'old'"


def told(before: str, after: str = "") -> set[str]:
    """The rules that have something to say of the index, or of the file."""
    text = rails(f"{before}\n{BUILD}\n{after}", method="up", head="  disable_ddl_transaction!\n\n")
    return {one.rule for one in said("rails", "postgresql", text)} & {
        "unguarded-create",
        "half-done-possible",
    }


CLEARED = [
    f"if {NEW} && {OLD}\n  {TAKE}\nelsif {NEW}\n  {AWAY}\nend",
    f"if {OLD} && {NEW}\n  {TAKE}\nelsif {NEW}\n  {TAKE}\nend",
    f"if {NEW}\n  if {OLD}\n    {TAKE}\n  else\n    {AWAY}\n  end\nend",
    f"{TAKE} if {NEW} && {OLD}\n{AWAY} if {NEW} && !{OLD}",
    f"unless !{NEW}\n  {OLD} ? {TAKE.replace(' ', '(', 1)}) : {AWAY.replace(' ', '(', 1)})\nend",
    f"{TAKE} if {NEW}",
    f"{TAKE} if index_exists?(:cards, :code, name: 'new')",
    f"there = {NEW}\n{TAKE} if there",
    f"return if ready?\n{TAKE} if {NEW}",
    f"say_with_time('x') {{ {TAKE} if {NEW} }}",
]
OPEN = [
    f"if {NEW} && {OLD}\n  {TAKE}\nend",
    f"if {NEW} && {OLD}\n  remove_index :cards, name: 'old'\nelsif {NEW}\n  {AWAY}\nend",
    f"if {NEW} && {OLD}\n  {TAKE}\nelsif {OLD}\n  remove_index :cards, name: 'old'\nend",
    f"if ready?\n  {TAKE}\nend",
    f"{TAKE} if {NEW} && ready?",
    f"{TAKE} if index_exists?(:cards, :code, name: 'new', valid: false)",
    f"{TAKE} if index_exists?(:cards, :size, name: 'new')",
    f"{TAKE} if index_name_exists?(:sheets, 'new')",
    f"remove_index :cards, name: 'old' if {OLD}\n{TAKE} if {NEW} && {OLD}\n{TAKE} if {NEW} && !{OLD}",
    f"Card.find_each {{ {TAKE} if {NEW} }}",
]
LATER = "remove_index :cards, name: 'old' if index_name_exists?(:cards, 'old')"


@pytest.mark.parametrize("before", CLEARED)
@pytest.mark.parametrize("after", ["", LATER])
def test_an_index_of_which_no_branch_leaves_anything(before: str, after: str) -> None:
    assert not told(before, after)


@pytest.mark.parametrize("before", OPEN)
def test_an_index_that_may_be_there(before: str) -> None:
    assert told(before, LATER)


SQL = "CREATE INDEX CONCURRENTLY new ON cards (code)"
DROPPED = "DROP INDEX CONCURRENTLY IF EXISTS new"


def in_django(*sent: str) -> str:
    """A Django migration that sends these statements, without a transaction."""
    runs = "".join(f"        migrations.RunSQL({each!r}),\n" for each in sent)
    return (
        "from django.db import migrations\n\n\nclass Migration(migrations.Migration):\n    atomic = False\n"
        f"    operations = [\n{runs}    ]\n"
    )


@pytest.mark.parametrize(
    ("tool", "alone", "cleared"),
    [
        (
            "rails",
            rails(BUILD, "[6.0]", head="  disable_ddl_transaction!\n\n"),
            rails(f"{TAKE} if {NEW}\n{BUILD}", "[6.0]", "up", "  disable_ddl_transaction!\n\n"),
        ),
        ("django", in_django(SQL), in_django(DROPPED, SQL)),
    ],
)
def test_a_broken_index_is_to_be_cleared_away_where_it_is_built(tool: str, alone: str, cleared: str) -> None:
    """A migration before it would have run, and be recorded, when this one fails: it is not run again with it."""
    (found,) = said(tool, "postgresql", alone)
    assert found.fix is None
    assert found.help == "Clear away what a failure leaves right before it"
    assert not said(tool, "postgresql", cleared)


def test_a_broken_index_in_a_file_that_is_one_query() -> None:
    """Nothing can stand beside it there."""
    source = SourceFile("1_x.up.sql", f"{SQL};\n")
    found = lint(source, Choice("golang-migrate", "postgresql"), Selection()).diagnostics
    assert [one.help for one in found] == ["Clear away what a failure leaves in a migration before this one"]
