"""Functions of RunPython that do nothing in production, where DEBUG is never on: a failure there costs nothing."""

from __future__ import annotations

import pytest
from django.conf import global_settings
from django.core.checks.security.base import W018

from partway.core.operation import NOT_IN_PRODUCTION
from tests.rules.test_program_findings import said
from tests.tools.django.reading import migration, read_alone

IMPORT = "from django.conf import settings\n"
WHOLE = (
    "        migrations.AddField('person', 'a', models.IntegerField(null=True)),\n"
    "        migrations.RunPython(run, migrations.RunPython.noop),\n"
    "        migrations.AlterField('person', 'a', models.TextField(null=True)),\n"
)


def text(lines: str, head: str = IMPORT) -> str:
    """A migration whose RunPython runs these lines."""
    body = "".join(f"    {line}\n" for line in lines.splitlines())
    run = f"def run(apps, schema_editor):\n{body}\n\n"
    return migration(WHOLE, head=run).replace(IMPORT, head)


ABSENT = [
    "if not settings.DEBUG:\n    return\nwork()",
    "if not settings.DEBUG: return\nwork()",
    "if settings.DEBUG:\n    work()",
    "if settings.DEBUG and schema_editor.connection.alias == 'default':\n    work()",
    "if not settings.DEBUG or apps is None:  # why\n    return\nwork()",
    "if settings.DEBUG is False:\n    return\nwork()",
    "if settings.DEBUG != True:\n    return\nwork()",
    "if settings.DEBUG == True:\n    work()",
    "if not settings.DEBUG is not False:\n    return None\nwork()",
]
PRESENT = [
    "if settings.DEBUG:\n    return\nwork()",
    "if not settings.DEBUG:\n    work()",
    "if settings.DEBUG is False:\n    work()",
    "if settings.DEBUG or schema_editor.connection.alias == 'x':\n    work()",
    "if not settings.DEBUG and apps is None:\n    return\nwork()",
    "if settings.DEBUG:\n    work()\nelse:\n    work()",
    "if settings.DEBUG:\n    work()\nwork()",
    "if not settings.TESTING:\n    return\nwork()",
    "if not settings.DEBUG_TOOLBAR:\n    return\nwork()",
    "if not DEBUG:\n    return\nwork()",
    "if os.environ.get('ENV') != 'test':\n    return\nwork()",
]


def told(written: str) -> bool:
    """Whether the change is said to depend on the data for its being cut off."""
    return bool(said("django", "mysql", written, "data-change-between-commits"))


@pytest.mark.parametrize("lines", ABSENT)
def test_what_production_does_not_run(lines: str) -> None:
    assert not told(text(lines))
    (run,) = [
        one for one in read_alone(text(lines), "mysql").sections[0].operations if one.kind == "run-python"
    ]
    assert NOT_IN_PRODUCTION in run.actions[0].traits


@pytest.mark.parametrize("lines", PRESENT)
def test_what_production_runs(lines: str) -> None:
    assert told(text(lines))


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("from django.conf import settings, LazySettings\n", False),
        ("from shop import settings\n", True),
        ("import settings\n", True),
        ("", True),
        ("from django.conf import settings as project\nfrom shop import conf as settings\n", True),
        (f"{IMPORT}settings = object()\n", True),
        (f"{IMPORT}settings.DEBUG = True\n", True),
    ],
)
def test_whose_settings_they_are(head: str, expected: bool) -> None:
    assert told(text(ABSENT[0], head)) is expected


def test_django_says_so_itself() -> None:
    assert global_settings.DEBUG is False
    assert "You should not have DEBUG set to True in deployment" in W018.msg
