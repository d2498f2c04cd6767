"""Django's operations for PostgreSQL alone: concurrent indexes, and what introspection makes of a broken one."""

from __future__ import annotations

import pytest

from tests.runners.django.runner import DjangoProject, DjangoRunner, migration
from tests.runners.plugin import Runners

BASE = """
migrations.CreateModel("Plain", [
    ("id", models.BigAutoField(primary_key=True)), ("code", models.IntegerField(null=True)),
]),
"""
INDEX = 'postgres.AddIndexConcurrently("plain", models.Index(fields=["code"], name="by_code")),'
UNIQUE = 'migrations.RunSQL("CREATE UNIQUE INDEX CONCURRENTLY by_code ON app_plain (code)"),\n'
# The names that introspection finds, raised so that the test sees them.
ASKED = """
def ask(apps, editor):
    with editor.connection.cursor() as cursor:
        found = editor.connection.introspection.get_constraints(cursor, "app_plain")
    raise LookupError({name: made["index"] or made["unique"] for name, made in sorted(found.items())})
"""


def loaded(
    runners: Runners, operations: str, atomic: bool, engine: str = "postgresql15", more: str = ""
) -> DjangoRunner:
    """Django with one table made and these operations pending."""
    django = runners.django(engine)
    files = {
        "0001_base.py": migration(BASE),
        "0002_tried.py": migration(operations, "0001_base", atomic=atomic, more=more),
    }
    django.load(DjangoProject(files=files))
    assert django.up("0001_base.py").ok
    return django


def test_concurrent_index_is_refused_in_an_atomic_migration(runners: Runners) -> None:
    django = loaded(runners, INDEX, atomic=True)
    assert (
        "NotSupportedError: The AddIndexConcurrently operation cannot be executed"
        in django.up("0002_tried.py").error
    )
    django = loaded(runners, INDEX, atomic=False)
    done = django.up("0002_tried.py")
    assert done.ok, done.error
    assert django.again("0002_tried.py").verdict == "fails"


def test_failed_concurrent_index_stays_and_is_in_the_way(runners: Runners) -> None:
    django = loaded(runners, UNIQUE, atomic=False)
    django.lab.execute("INSERT INTO app_plain (code) VALUES (1), (1)")
    assert not django.up("0002_tried.py").ok
    assert "INVALID" in django.schema()["index app_plain.by_code"]
    django.lab.execute("DELETE FROM app_plain")
    assert "already exists" in django.up("0002_tried.py").error


@pytest.mark.parametrize("engine", ["postgresql15", "postgresql18"])
def test_introspection_shows_an_invalid_index_like_any_other(runners: Runners, engine: str) -> None:
    """And on PostgreSQL 18 the constraints behind NOT NULL."""
    django = loaded(runners, "migrations.RunPython(ask),", atomic=False, engine=engine, more=ASKED)
    django.lab.execute("INSERT INTO app_plain (code) VALUES (1), (1)")
    with pytest.raises(Exception, match="could not create unique index"):
        django.lab.execute("CREATE UNIQUE INDEX CONCURRENTLY by_code ON app_plain (code)")
    assert "INVALID" in django.schema()["index app_plain.by_code"]
    answer = django.up("0002_tried.py").error
    assert "'by_code': True" in answer
    assert ("_not_null" in answer) == (engine == "postgresql18")
