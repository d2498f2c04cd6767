"""Which files a walk opens: those that a tool could claim, told from the path alone."""

from __future__ import annotations

import pytest

from partway.tools.registry import tools
from partway.tools.suffixes import SUFFIXES, may_hold


def test_every_tools_files_are_met_in_a_walk() -> None:
    for name, tool in tools().items():
        assert all(suffix.endswith(SUFFIXES) for suffix in tool.SUFFIXES), name


@pytest.mark.parametrize(
    ("path", "held"),
    [
        ("/app/anything.sql", True),
        ("/app/db/migrate/20240101120000_add_users.rb", True),
        ("/app/db/migrate/20240101120000_create_blobs.active_storage.rb", True),
        ("/app/db/migrate/helpers.rb", False),
        ("/app/shop/migrations/0001_initial.py", True),
        ("/app/shop/migrations/__init__.py", False),
        ("/app/alembic/versions/4f2e_add_users.py", True),
        ("/app/alembic/versions/2024-01-02-10.30.00_4f2e_add_users.py", True),
        ("/app/alembic/versions/.#4f2e_add_users.py", False),
        ("/app/alembic/env.py", False),
        ("/app/shop/models.py", False),
    ],
)
def test_a_program_is_opened_only_where_migrations_are(path: str, held: bool) -> None:
    assert may_hold(path, path.rpartition("/")[2]) is held
