"""What real projects' Django migrations leave in the dark, and what is said of it once they have run."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.runners.django.runner import DjangoProject, migration
from tests.runners.plugin import Runners
from tests.status.conftest import Status
from tests.status.test_projects import written

#: Fields with a mind of their own: what they always are, they do not write into migrations.
FIELDS = """\
from django.db import models


class NullCharField(models.CharField):
    def __init__(self, *args, **kwargs):
        kwargs["null"] = True
        super().__init__(*args, **kwargs)


class SlugField(models.SlugField):
    pass


class PlainField(models.CharField):
    pass
"""
HEAD = "from app.migrations import _fields"
CREATED = (
    'migrations.CreateModel("Shop", [\n'
    '    ("id", models.AutoField(primary_key=True)),\n'
    '    ("code", _fields.NullCharField(max_length=20)),\n'
    '    ("name", models.CharField(max_length=20)),\n'
    '    ("slug", models.SlugField()),\n'
    '    ("short", models.SlugField()),\n'
    "]),"
)
STEPS = (
    CREATED,
    'migrations.AddField("Shop", "number", _fields.NullCharField(max_length=20, unique=True)),',
    'migrations.AlterField("Shop", "name", _fields.NullCharField(max_length=20)),',
    'migrations.AlterField("Shop", "slug", _fields.SlugField()),',
    'migrations.AlterField("Shop", "short", _fields.PlainField(max_length=50)),',
)


@pytest.mark.parametrize("engine", ["postgresql18", "mariadb", "sqlite"])
def test_what_only_a_fields_own_class_can_tell(
    engine: str, runners: Runners, status: Status, tmp_path: Path
) -> None:
    """Whether its column takes NULL, and whether it asks for an index."""
    names = [f"000{number}_step" for number in range(1, len(STEPS) + 1)]
    files = {
        f"{name}.py": migration(step, *names[:number][-1:], more=HEAD)
        for number, (name, step) in enumerate(zip(names, STEPS, strict=True))
    }
    runner = runners.django(engine)
    runner.load(DjangoProject(files={"_fields.py": FIELDS, **files}))
    assert runner.migrate().ok
    said = status(written(runner, tmp_path), runner.lab.url)
    wrong = {
        one["path"]: one["sentence"] for one in said.documents if one["history"]["verdict"] != "complete"
    }
    assert not wrong
    assert said.code == 0
