"""Whatever the text: no error, no endless run, and places inside the text."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partway.analysis import analyse
from partway.core.migration import Migration
from partway.rules import all_rules
from tests.tools.django.reading import FIXTURES, migration, read_alone, read_in, write

DIALECTS = ["postgresql", "mysql", "mariadb", "sqlite"]
FILES = ["shop/migrations/0001_initial.py", "shop/migrations/0002_more.py"]
_PIECES = [
    "migrations.", "AddField(", "CreateModel(", "AlterField(", "RunSQL(", "RunPython(", "SeparateDatabaseAndState(",
    "models.", "CharField(", "ForeignKey(", "ManyToManyField(", "name=", "fields=", "options=", "model_name=",
    "'person'", '"x"', "'", '"""', "[", "]", "(", ")", "{", "}", ",", ":", "=", "*", "+", "%", "\\", "\n    ",
    "null=True", "default=1", "max_length=", "99999999999999999999", "-1", "1e999", "0x", "None", "é", "\x00",
    "lambda: 0", "for x in y", "f'{x}'", "class Migration(migrations.Migration):\n", "operations = ", "atomic = False",
    "dependencies = ", "db_table", "through=", "to='self'", "unique_together", "(('a',),)", "#",
    "# partway: ignore[x]\n",
]  # fmt: skip


def check(found: Migration) -> None:
    """All places lie inside the text, and every rule can be asked."""
    length = len(found.source.text)
    for section in found.sections:
        for step in section.steps:
            for span in (
                step.span,
                *(one.span for one in step.operations),
                *(one.statement for one in step.operations),
            ):
                assert 0 <= span.start <= span.end <= length
    findings = analyse(found, all_rules().values(), lambda _: False).diagnostics
    places = [one.span for one in found.troubles] + [one.span for one in found.comments]
    for span in places + [one.span for one in findings]:
        assert 0 <= span.start <= span.end <= length


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("path", FILES)
def test_every_prefix_is_read(path: str, dialect: str) -> None:
    text = (FIXTURES / path).read_text(encoding="utf-8")
    step = 1 if dialect == "mysql" else 7
    for end in range(0, len(text), step):
        check(read_alone(text[:end], dialect, path))


@pytest.mark.parametrize("path", FILES)
def test_every_line_can_be_missing(path: str) -> None:
    lines = (FIXTURES / path).read_text(encoding="utf-8").splitlines(keepends=True)
    for number in range(len(lines)):
        check(read_in(FIXTURES, path, "mariadb", "".join([*lines[:number], *lines[number + 1 :]])))


@given(st.lists(st.sampled_from(_PIECES), max_size=40), st.sampled_from(DIALECTS))
def test_soup_in_the_operations(pieces: list[str], dialect: str) -> None:
    check(read_alone(migration("".join(pieces)), dialect))
    check(read_alone("".join(pieces), dialect))


@given(st.text(max_size=300), st.sampled_from(DIALECTS))
def test_any_text(text: str, dialect: str) -> None:
    check(read_alone(text, dialect))


@pytest.mark.parametrize(
    "operations",
    [
        "[" * 10_000,
        "(" * 10_000 + ")" * 10_000,
        "migrations.RunSQL(" * 5_000,
        "migrations.SeparateDatabaseAndState([" * 500 + "])" * 500,
        "'a' " * 20_000,
        "[x for x in [" * 300,
        "*[migrations.AddField('a', x, models.F()) for x in " + repr(["x"] * 100_000) + "]",
        "migrations.AddField('a', " + "'b' + " * 5_000 + "'c', models.IntegerField()),",
        "migrations.AddField('a', 'b', models.IntegerField(" + "x=" * 3_000 + ")),",
        "migrations.AddField('a', 'b', models.ArrayField(" + "models.ArrayField(" * 200 + ")" * 201 + "),",
        "migrations.AddField('a', 'b', models.ForeignKey('self', db_column='" + "x" * 100_000 + "')),",
    ],
    ids=range(11),
)
def test_huge_and_deep_texts_end_soon(operations: str) -> None:
    started = time.process_time()
    check(read_alone(migration(operations), "mysql"))
    assert time.process_time() - started < 5


def test_names_that_name_themselves_end() -> None:
    head = "A = B\nB = A\nL = [*L, *M]\nM = [*L]\n\n\n"
    check(read_alone(migration("*A,\n*L,\nA,\nmigrations.RunSQL(A + B),", head=head)))


def test_doubling_constants_end_soon() -> None:
    names = "".join(f"N{number + 1} = [*N{number}, *N{number}]\n" for number in range(60))
    head = f"N0 = ['x', 'y']\n{names}\n\n"
    started = time.process_time()
    check(read_alone(migration("*[migrations.DeleteModel(n) for n in N60],", head=head)))
    assert time.process_time() - started < 5


def test_half_typed_files_beside_the_one_in_hand(tmp_path: Path) -> None:
    first = (FIXTURES / FILES[0]).read_text(encoding="utf-8")
    second = (FIXTURES / FILES[1]).read_text(encoding="utf-8")
    for end in range(0, len(first), 97):
        write(tmp_path, {FILES[0]: first[:end], FILES[1]: second})
        check(read_in(tmp_path, FILES[1], "mysql"))


def test_model_that_refers_to_itself_as_its_own_key_ends() -> None:
    own = 'migrations.CreateModel("A", [("b", models.OneToOneField("self", models.CASCADE, primary_key=True))]),'
    circle = (
        'migrations.CreateModel("B", [("c", models.OneToOneField("C", models.CASCADE, primary_key=True))]),'
        'migrations.CreateModel("C", [("b", models.OneToOneField("B", models.CASCADE, primary_key=True))]),'
        'migrations.AlterField("B", "c", models.BigAutoField(primary_key=True)),'
        'migrations.RenameModel("C", "D"), migrations.RenameModel("D", "C"),'
    )
    for dialect in DIALECTS:
        check(read_alone(migration(own + circle), dialect))
