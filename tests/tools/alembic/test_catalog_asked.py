"""Revisions that ask PostgreSQL's catalog itself whether an index is there."""

from __future__ import annotations

import pytest

from partway.core.operation import GuardForm, Repeat
from tests.tools.alembic.test_reader import revision

HELPER = """
def index_exists(name):
    result = op.get_bind().execute(
        "SELECT exists(SELECT 1 from pg_indexes where indexname = '{}') as ix_exists;".format(name)
    ).first()
    return result.ix_exists
"""
ROWS = "SELECT 1 FROM pg_indexes WHERE schemaname = 'public' AND indexname = 'i'"


@pytest.mark.parametrize(
    ("condition", "asks"),
    [
        ('index_exists("i")', True),
        ('index_exists("other")', False),
        (f'bind.execute(sa.text("{ROWS}")).scalar()', True),
        (f'bind.execute(sa.text("{ROWS}")).fetchone() is not None', True),
        (f'bind.scalar(sa.text("SELECT EXISTS ({ROWS})"))', True),
        (f'bind.execute(sa.text("SELECT EXISTS ({ROWS})")).first()', False),
        (f'bind.execute(sa.text("{ROWS}"))', False),
        (f"bind.execute(sa.text(\"{ROWS} AND indexdef LIKE '%x%'\")).first()", False),
    ],
)
def test_an_index_that_is_looked_for_by_its_name(condition: str, asks: bool) -> None:
    """A row of EXISTS is always there, and an answer as well: only what stands in it says anything."""
    body = f'bind = op.get_bind()\nif {condition}:\n    op.drop_index("i")\nelse:\n    op.create_index("i", "t", ["a"])'
    for operation in revision(body, "postgresql", HELPER).sections[0].operations:
        guard = operation.actions[0].guard
        covers = guard is not None and guard.form is GuardForm.LOOK and guard.covers
        assert covers is asks, operation
        assert (operation.repeat is Repeat.SAME) is asks
