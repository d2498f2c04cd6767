"""Files that a run does not read, since nothing can be said of them: the default rules agree."""

from __future__ import annotations

import pytest

from partway.core.source import SourceFile
from partway.linting import Selection, lint
from partway.tools.choice import Choice
from partway.tools.quiet import is_quiet
from tests.files import Files
from tests.rules.documentation import Example, all_examples
from tests.rules.runner import beside, choice

_PROGRAMS = [one for one in all_examples("bad", "good") if one.is_program]

RAILS = "class AddAge < ActiveRecord::Migration[7.1]\n  {more}\n  def change\n    {lines}\n  end\nend\n"
DJANGO = (
    "from django.db import migrations, models\n\n\nclass Migration(migrations.Migration):\n    {more}\n"
    "    operations = [\n        {lines},\n    ]\n"
)


@pytest.mark.parametrize("dialect", ["postgresql", "mysql", "mariadb", "sqlite"])
@pytest.mark.parametrize("example", _PROGRAMS, ids=str)
def test_the_rules_agree(example: Example, dialect: str) -> None:
    asked = choice(example)._replace(dialect=dialect)
    if is_quiet(example.text, asked):
        source = SourceFile(example.path, example.text)
        assert not lint(source, asked, Selection(), beside=beside(example)).diagnostics


@pytest.mark.parametrize(
    ("tool", "dialect", "text", "quiet"),
    [
        ("rails", "postgresql", RAILS.format(more="", lines="add_column :users, :age, :integer"), True),
        ("rails", "mysql", RAILS.format(more="", lines="add_column :users, :age, :integer"), False),
        ("rails", "sqlite", RAILS.format(more="disable_ddl_transaction!", lines="drop_table :users"), False),
        ("rails", "postgresql", RAILS.format(more="", lines='execute "VACUUM"'), False),
        (
            "rails",
            "postgresql",
            "class A < Shop::Migration\n  def change\n    drop_table :a\n  end\nend\n",
            False,
        ),
        (
            "rails",
            "postgresql",
            RAILS.format(more="", lines="add_foreign_key :a, :b, validate: false"),
            False,
        ),
        (
            "rails",
            "postgresql",
            RAILS.format(more="", lines="add_foreign_key :a, :b, :validate => false"),
            False,
        ),
        ("rails", "postgresql", RAILS.format(more="", lines="validate_foreign_key :a, :b"), False),
        ("rails", "postgresql", RAILS.format(more="", lines="add_column :a, :valid_until, :date"), True),
        (
            "rails",
            "postgresql",
            RAILS.format(more="", lines="add_column :a, :commit_id, :text # existing"),
            True,
        ),
        ("rails", "postgresql", RAILS.format(more="", lines="update('COMMIT')"), False),
        ("rails", "postgresql", RAILS.format(more="", lines="create_table :enumerations"), True),
        ("rails", "postgresql", RAILS.format(more="", lines="add_enum_value :mood, 'meh'"), False),
        ("django", "postgresql", DJANGO.format(more="", lines='migrations.DeleteModel("User")'), True),
        ("django", "mariadb", DJANGO.format(more="", lines='migrations.DeleteModel("User")'), False),
        (
            "django",
            "postgresql",
            DJANGO.format(more="atomic: bool = False", lines="migrations.RunPython(f)"),
            False,
        ),
        (
            "django",
            "postgresql",
            DJANGO.format(more="atomic=settings.A", lines="migrations.RunPython(f)"),
            False,
        ),
        ("django", "postgresql", DJANGO.format(more="", lines='migrations.DeleteModel("MySQL")'), True),
        (
            "django",
            "postgresql",
            DJANGO.format(more="# transaction.atomic", lines='migrations.DeleteModel("A")'),
            True,
        ),
        ("django", "postgresql", DJANGO.format(more="", lines="RunSQL('VACUUM')"), False),
        ("django", "postgresql", DJANGO.format(more="", lines="ValidateConstraint('a', 'b')"), False),
        ("django", "postgresql", DJANGO.format(more="", lines="RemoveField('a', 'validated')"), True),
        (
            "django",
            "postgresql",
            DJANGO.format(more="", lines="AddField('a', 'b', models.TextField(db_collation='C'))"),
            True,
        ),
        (
            "django",
            "sqlite",
            DJANGO.format(more="atomic = False", lines='migrations.DeleteModel("A")'),
            False,
        ),
    ],
)
def test_what_has_to_be_read(tool: str, dialect: str, text: str, quiet: bool) -> None:
    asked = Choice(tool, dialect)
    assert is_quiet(text, asked) is quiet
    path = "db/migrate/1_add_age.rb" if tool == "rails" else "shop/migrations/0002_x.py"
    if quiet:
        assert not lint(SourceFile(path, text), asked, Selection(), beside=Files({})).diagnostics


def test_a_mode_that_is_demanded_is_read() -> None:
    text = RAILS.format(more="", lines="add_column :users, :age, :integer")
    assert not is_quiet(text, Choice("rails", "postgresql", transaction="none"))
