"""Which files are Django's, and the dialect that they give away."""

from __future__ import annotations

import pytest

from partway.tools.django.tool import dialect_of_text
from partway.tools.reading import identify, is_migration
from tests.tools.django.reading import migration

DJANGO = migration("")


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("shop/migrations/0001_initial.py", DJANGO, "django"),
        ("shop/migrations/data/0001_initial.py", DJANGO, "django"),
        ("shop/migrations/0001_long.py", "# x\n" * 200 + DJANGO, "django"),
        ("shop/migrations/0002_x.py", "import django.db.migrations\n\n" + DJANGO, "django"),
        ("shop/models.py", "from django.db import models\n", "sql"),
        ("shop/migrations/__init__.py", "", "sql"),
        (
            "alembic/versions/a.py",
            "from alembic import op\nrevision = 'a'\n\n\ndef upgrade():\n    pass\n",
            "alembic",
        ),
    ],
)
def test_identify(path: str, text: str, expected: str) -> None:
    assert identify(path, text) == expected


def test_walk_takes_them() -> None:
    assert is_migration("shop/migrations/0001_initial.py", DJANGO)
    assert not is_migration("shop/migrations/helpers.py", "def work():\n    pass\n")


def test_dialect_of_text() -> None:
    assert dialect_of_text(DJANGO) is None
    assert (
        dialect_of_text("from django.contrib.postgres.operations import HStoreExtension\n" + DJANGO)
        == "postgresql"
    )
    assert dialect_of_text("import django.contrib.postgres.fields\n" + DJANGO) == "postgresql"
