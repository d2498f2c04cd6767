"""Revisions that end Alembic's transaction by the text of a statement: what follows, by the driver."""

from __future__ import annotations

import pytest

from partway.core.source import SourceFile
from partway.linting import Selection, lint
from partway.tools.choice import Choice
from partway.tools.facts.found import Facts
from partway.tools.facts.python import requirements

HEAD = 'import sqlalchemy as sa\nfrom alembic import op\n\nrevision = "r2"\ndown_revision = None\n\n\ndef upgrade():\n'
AFTER = '    op.execute("COMMIT")\n    op.add_column("t", sa.Column("c"))\n    op.add_column("t", sa.Column("d"))\n'
CAUGHT = """\
    op.execute("COMMIT")
    try:
        op.execute("CREATE INDEX i ON t (a)")
    except Exception as error:
        print(error)
    op.add_column("t", sa.Column("c"))
"""
APART = """\
    with op.get_context().autocommit_block():
        op.create_index("i", "t", ["a"], postgresql_concurrently=True)
"""


def rules(body: str, dependencies: str, rule: str = "") -> list[str]:
    """The rules that have something to say, in a project with these dependencies."""
    facts = Facts()
    requirements(dependencies, facts)
    choice = Choice("alembic", "postgresql", settings=tuple(sorted(facts.settings.items())))
    found = lint(
        SourceFile("versions/r2.py", HEAD + body), choice, Selection((rule,)) if rule else Selection()
    )
    return [one.rule for one in found.diagnostics]


@pytest.mark.parametrize(
    ("dependencies", "alone"),
    [("psycopg2==2.9\n", True), ("", True), ("psycopg[binary]>=3\n", False), ("pg8000\npsycopg2\n", False)],
)
def test_what_follows_is_in_another_transaction_where_the_driver_begins_one(
    dependencies: str, alone: bool
) -> None:
    assert rules(AFTER, dependencies, "unguarded-add") == (["unguarded-add"] * 2 if alone else [])
    assert rules(AFTER, dependencies, "embedded-transaction-control")


@pytest.mark.parametrize("dependencies", ["psycopg2==2.9\n", "psycopg\n"])
def test_an_error_that_is_caught_where_no_transaction_is_open(dependencies: str) -> None:
    """Nor is anything kept where the driver has begun another one, which the error ends."""
    assert "incomplete-guard" not in rules(CAUGHT, dependencies)


def test_a_block_that_alembic_ends_the_transaction_for_has_none() -> None:
    assert rules(APART, "psycopg\n") == rules(APART, "") == ["unguarded-create"]
