"""Which functions of RunPython are said to leave all rows as a first run did."""

from __future__ import annotations

from time import perf_counter

import pytest

from partway.core.operation import SETTLED as TRAIT
from partway.core.operation import Repeat
from partway.tools.django.settled import is_settled
from tests.rules.test_program_findings import said
from tests.tools.django.reading import migration, read_alone
from tests.tools.django.settled_cases import ELSEWHERE, HEAD, HELPED, NOTHING, SETTLED, function
from tests.tools.django.unsettled_cases import OPEN, OPEN_HEAD, UNHELPED


@pytest.mark.parametrize("name", NOTHING)
def test_what_changes_nothing(name: str) -> None:
    assert is_settled(function(NOTHING[name], HEAD), "run")
    assert not is_settled(function(f"{NOTHING[name]}\nPerson.objects.create(age=1)", HEAD), "run")


@pytest.mark.parametrize("name", SETTLED)
def test_what_plainly_can_be_run_again(name: str) -> None:
    assert is_settled(function(SETTLED[name], HEAD), "run")


@pytest.mark.parametrize("name", ELSEWHERE)
def test_what_is_of_libraries_and_of_the_application(name: str) -> None:
    head, lines = ELSEWHERE[name]
    text = function(lines, head)
    assert is_settled(text, "run")
    if head:
        assert not is_settled(
            function(lines, head.replace("shop.models", "shop.x").replace("django_", "our_")), "run"
        )


@pytest.mark.parametrize("name", HELPED)
def test_what_functions_of_the_file_do(name: str) -> None:
    head, lines = HELPED[name]
    assert is_settled(function(lines, HEAD + head), "run")
    assert not is_settled(function(lines, HEAD), "run")


@pytest.mark.parametrize("name", UNHELPED)
def test_what_functions_of_the_file_do_not_do_plainly(name: str) -> None:
    head, lines = UNHELPED[name]
    assert not is_settled(function(lines, HEAD + head), "run")


def test_functions_that_double() -> None:
    head = "def f0(people):\n    people.update(age=1)\n\n\n"
    head += "".join(f"def f{n + 1}(people):\n    f{n}(people)\n    f{n}(people)\n\n\n" for n in range(30))
    start = perf_counter()
    assert not is_settled(function("f30(Person.objects)", head), "run")
    assert perf_counter() - start < 2


@pytest.mark.parametrize("name", OPEN)
def test_what_is_not_plain(name: str) -> None:
    assert not is_settled(function(OPEN[name], OPEN_HEAD), "run")


@pytest.mark.parametrize(
    "text",
    [
        function(SETTLED["constant"], "@wrapped\n"),
        function(SETTLED["constant"]) + "\n\n" + function(OPEN["counts up"]),
        function(SETTLED["constant"]).replace("apps, schema_editor", "*given"),
        function(SETTLED["constant"]).replace("def run", "async def run"),
        function(SETTLED["constant"]).replace("def run", "def other"),
        "run = lambda apps, editor: apps.get_model('app', 'Person').objects.update(age=3)\n",
    ],
)
def test_what_is_no_plain_function(text: str) -> None:
    assert not is_settled(text, "run")


def test_every_beginning_of_a_function_is_read() -> None:
    plain = [("", lines) for lines in (*SETTLED.values(), *OPEN.values())]
    for head, lines in (*plain, *HELPED.values(), *UNHELPED.values()):
        text = function(lines, HEAD + head)
        for end in range(0, len(text), 3):
            is_settled(text[:end], "run")


WHOLE = (
    "        migrations.AddField('person', 'a', models.IntegerField(null=True)),\n"
    "        migrations.RunPython(run, migrations.RunPython.noop),\n"
    "        migrations.AlterField('person', 'a', models.TextField(null=True)),\n"
)


@pytest.mark.parametrize(("lines", "count"), [(SETTLED["fill by save"], 0), (OPEN["of all, by chance"], 1)])
def test_what_can_be_run_again_is_not_said_to_depend_on_the_data(lines: str, count: int) -> None:
    text = migration(WHOLE, head=function(lines) + "\n\n")
    assert len(said("django", "mysql", text, "data-change-between-commits")) == count


def test_code_that_stands_alone_is_not_looked_at() -> None:
    """Nothing can be left half done, and most data migrations are such."""
    text = migration(WHOLE.splitlines()[1], head=function(SETTLED["constant"]) + "\n\n")
    (run,) = read_alone(text, "mysql").sections[0].operations
    assert not run.actions[0].traits


def test_what_can_be_run_again_leaves_the_file_one_that_can() -> None:
    ends = WHOLE.splitlines(keepends=True)[1:]
    for lines, count in ((SETTLED["fill by save"], 0), (OPEN["of all, by chance"], 1)):
        text = migration("".join(ends), head=function(lines) + "\n\n")
        assert len(said("django", "mysql", text, "half-done-possible")) == count


def test_what_a_second_run_does_stays_unknown() -> None:
    """For those who go on with a migration in a database nothing is decided."""
    text = migration(WHOLE, head=function(SETTLED["fill by save"]) + "\n\n")
    run = next(one for one in read_alone(text, "mysql").sections[0].operations if one.kind == "run-python")
    assert run.repeat is Repeat.UNKNOWN
    assert TRAIT in run.actions[0].traits
