"""Guards and opt-outs as text: where they go, in which style, and when there is none."""

from __future__ import annotations

import ast

import pytest

from partway.core.edit import apply_edits
from partway.core.migration import Migration
from partway.core.source import SourceFile
from partway.fixing import mend
from partway.linting import Selection, lint
from partway.tools.choice import Choice
from partway.tools.django.opt_out import opt_out
from partway.tools.django.resumable import CLASSES
from tests.tools.django.reading import migration, read_alone

PATH = "app/migrations/0002_tried.py"
TWO = """        migrations.AddField("x", "a", models.IntegerField(null=True)),
        migrations.AddField("x", "b", models.IntegerField(null=True)),"""


def fixed(text: str, dialect: str = "mysql") -> str:
    """The text with all safe fixes applied; a second application changes nothing and leaves nothing to do."""
    choice = Choice(tool="django", dialect=dialect)

    def again(source: SourceFile) -> str:
        return mend(source, lambda one: lint(one, choice, Selection()), unsafe=False).source.text

    found = again(SourceFile(PATH, text))
    assert again(SourceFile(PATH, found)) == found
    ast.parse(found)
    return found


def kinds(text: str) -> list[tuple[str, str]]:
    """Kind and target of all operations."""
    sections = read_alone(text, "mysql").sections
    return [(one.kind, one.target) for section in sections for one in section.operations]


def test_class_is_added_once_and_called_by_each_operation() -> None:
    text = migration(TWO)
    found = fixed(text)
    assert found.count("class ResumableAddField(migrations.AddField):") == 1
    assert found.count("def has_column(") == 1
    assert found.count('        ResumableAddField("x", ') == 2
    assert found.index("class Resumable") < found.index("class Migration")
    assert "migrations.AddField(" not in found.replace("(migrations.AddField)", "")
    assert kinds(found) == kinds(text)
    guarded = [one.guarded for one in read_alone(found, "mysql").sections[0].operations]
    assert all(guarded)


def test_lines_around_it_stay_as_they_are() -> None:
    text = migration(TWO)
    assert [line for line in fixed(text).splitlines() if line in text.splitlines()].count(
        "    operations = ["
    ) == 1
    assert "\n\n\nclass ResumableAddField(migrations.AddField):\n" in fixed(text)
    assert "\n\n\nclass Migration(migrations.Migration):\n" in fixed(text)


def test_quotes_and_line_ends_of_the_file() -> None:
    text = migration(TWO).replace('"', "'").replace("\n", "\r\n")
    found = fixed(text)
    assert "statement.startswith('ALTER TABLE')" in found
    assert "\n" not in found.replace("\r\n", "")


def test_each_kind_derives_from_what_the_file_calls_it() -> None:
    text = (
        "from django.db import migrations as m, models\nfrom django.db.migrations import AddIndex\n\n\n"
        "class Migration(m.Migration):\n    operations = [\n"
        "        m.CreateModel('A', [('id', models.AutoField(primary_key=True))]),\n"
        "        AddIndex('a', models.Index(fields=['id'], name='i')),\n"
        "        m.RemoveField('a', 'x'),\n    ]\n"
    )
    found = fixed(text)
    assert "class ResumableCreateModel(m.CreateModel):" in found
    assert "class ResumableAddIndex(AddIndex):" in found
    assert "class ResumableRemoveField(m.RemoveField):" in found


@pytest.mark.parametrize("kind", CLASSES)
def test_every_class_is_a_guard_to_the_reader(kind: str) -> None:
    """The reader takes it for the operation that it derives from, behind a look at the database."""
    said, helpers = CLASSES[kind]
    from partway.tools.django.resumable import HELPERS

    parts = [HELPERS[name].replace("{{", "{").replace("}}", "}") for name in helpers]
    text = "\n\n".join([*parts, said.format(name="Resumable", base=f"migrations.{kind}")])
    ast.parse(text)
    arguments = {
        "CreateModel": '"X", [("id", models.AutoField(primary_key=True))]',
        "DeleteModel": '"X"',
        "RenameModel": '"X", "Y"',
        "AlterModelTable": '"X", "y"',
        "AlterUniqueTogether": '"X", {("a", "b")}',
        "AlterIndexTogether": '"X", {("a", "b")}',
        "RenameField": '"X", "a", "b"',
        "RenameIndex": '"X", new_name="a", old_name="b"',
        "RemoveIndex": '"X", "a"',
        "RemoveConstraint": '"X", "a"',
        "RemoveField": '"X", "a"',
        "AddConstraint": '"X", models.UniqueConstraint(fields=["a"], name="u")',
        "AddConstraintNotValid": '"X", models.CheckConstraint(condition=models.Q(a=1), name="u")',
    }
    given = arguments.get(kind, '"X", models.Index(fields=["a"], name="i")' if "Index" in kind else "")
    given = given or '"X", "a", models.IntegerField()'
    found = read_alone(migration(f"Resumable({given}),", head=f"{text}\n\n"), "postgresql")
    actions = [action for one in found.sections[0].operations for action in one.actions]
    assert actions
    assert all(action.guard is not None and action.guard.covers for action in actions if action.kind != "set")


@pytest.mark.parametrize(
    "operations",
    [
        "migrations.RunSQL('DROP VIEW v', ''),\nmigrations.CreateCollation('c', 'x'),",
        # Renamed later: a look would find nothing and let it run again.
        'migrations.AddField("x", "a", models.IntegerField(null=True)),\nmigrations.RenameField("x", "a", "b"),',
    ],
)
def test_nothing_is_written_that_is_no_true_guard(operations: str) -> None:
    assert "Resumable" not in fixed(migration(operations)).partition("RenameField")[0]


def test_name_that_is_taken_is_left_alone() -> None:
    text = migration(TWO, head="def ResumableAddField():\n    pass\n\n\n")
    assert fixed(text) == text


def test_sqlite_makes_tables_anew_and_has_no_guard() -> None:
    text = migration(TWO, more="    atomic = False\n")
    assert "Resumable" not in fixed(text, "sqlite")


def test_transactions_need_no_guard() -> None:
    assert fixed(migration(TWO), "postgresql") == migration(TWO)


@pytest.mark.parametrize("indent", ["    ", "\t", "  "])
def test_opt_out_is_the_first_attribute(indent: str) -> None:
    text = f"class Migration(migrations.Migration):\n{indent}dependencies = []\n{indent}operations = []\n"
    found = read_alone(text)
    way = opt_out(found, found.sections[0])
    changed = apply_edits(text, way.edits)
    assert changed == text.replace(":\n", f":\n{indent}atomic = False\n\n", 1)
    assert read_alone(changed).sections[0].transaction.opt_out is not None


def test_opt_out_is_harmless_for_concurrent_indexes_alone() -> None:
    head = "from django.contrib.postgres.operations import AddIndexConcurrently\n\n\n"
    alone = 'AddIndexConcurrently("x", models.Index(fields=["a"], name="i")),'

    def harmless(found: Migration) -> bool:
        return opt_out(found, found.sections[0]).harmless

    assert harmless(read_alone(migration(alone, head=head)))
    assert not harmless(read_alone(migration(alone + TWO, head=head)))
