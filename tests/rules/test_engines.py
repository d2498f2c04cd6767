"""The examples on the real engines: that a repeat of a bad one does harm, and that fixed text can be run twice.

Each statement is sent by itself, outside a transaction, as a tool does where nothing surrounds the file. That is what
the findings of the idempotency rules are about; fixed text of other rules is only run.
"""

from __future__ import annotations

import pytest

from partway.analysis.flow import FLEETING
from partway.core.diagnostic import Group
from partway.core.operation import Operation
from partway.rules import all_rules
from tests.engines.lab import Dump, Lab, SqlError
from tests.engines.plugin import Labs
from tests.engines.servers import ENGINES
from tests.guards.helper import statements
from tests.rules.documentation import Example, all_examples
from tests.rules.runner import findings, fixed, migration

_RUN = [
    (example, name)
    for example in all_examples("bad", "good")
    for name, engine in ENGINES.items()
    if engine.dialect == example.dialect and example.options.get("run") != "no" and not example.is_program
]
_BAD = [(example, name) for example, name in _RUN if example.verdict == "bad"]
_GOOD = [(example, name) for example, name in _RUN if example.verdict == "good"]
_IDEMPOTENCY = {name for name, rule in all_rules().items() if rule.group is Group.IDEMPOTENCY}

#: Its harm needs a failure: `test_invalid_index` has it.
_NEEDS_FAILURE = "guard-hides-invalid-index"


def _id(value: object) -> str:
    return str(value)


def _prepare(example: Example, lab: Lab) -> None:
    lab.fresh()
    lab.execute(*statements(example.setup, lab.dialect))


def _run(example: Example, lab: Lab, text: str | None = None) -> None:
    """Run the way up, or where there is none the way down, of an example or of another text in its place."""
    read = migration(example, text)
    section = read.sections[0]
    found = [read.source.text[slice(*step.span)] for step in section.steps]
    lab.execute(*(one.strip().removesuffix(";") if lab.dialect != "postgresql" else one for one in found))


def _outcome(example: Example, lab: Lab) -> Dump | str:
    """What is there after a run, or the error that it stopped with."""
    try:
        _run(example, lab)
    except SqlError as error:
        return str(error)
    return lab.dump()


@pytest.mark.parametrize(("example", "name"), _BAD, ids=_id)
def test_bad_does_harm(example: Example, name: str, labs: Labs) -> None:
    """Each operation that has a finding fails or changes something when the way up is run again."""
    if example.rule not in _IDEMPOTENCY or example.rule == _NEEDS_FAILURE:
        return
    lab = labs(name)
    _prepare(example, lab)
    first = _outcome(example, lab)
    if isinstance(first, str):
        assert example.rule == "ineffective-guard", first
        return
    read = migration(example)
    for found in findings(example):
        step = next(
            one for one in read.sections[0].steps if one.span.start <= found.span.start < one.span.end
        )
        # What is shown in a text that is executed later needs the whole file to run.
        again = [step] if any(not _fleeting(one) for one in step.operations) else list(read.sections[0].steps)
        try:
            lab.execute(*(read.source.text[slice(*one.span)] for one in again))
        except SqlError:
            continue
        second = lab.dump()
        assert second != first
        first = second


def _fleeting(operation: Operation) -> bool:
    return all(action.kind in FLEETING for action in operation.actions)


@pytest.mark.parametrize(("example", "name"), _BAD, ids=_id)
def test_fixed(example: Example, name: str, labs: Labs) -> None:
    """One run of the fixed text leaves what one of the plain text leaves, if that runs, and so does a second one."""
    mended = fixed(example)
    if mended.source.text == example.text:
        return
    lab = labs(name)
    _prepare(example, lab)
    plain = _outcome(example, lab)
    _prepare(example, lab)
    _run(example, lab, mended.source.text)
    once = lab.dump()
    if example.rule not in _IDEMPOTENCY:
        return
    if not isinstance(plain, str):
        assert once == plain
    if not findings(example, Group.IDEMPOTENCY, text=mended.source.text):
        _run(example, lab, mended.source.text)
        assert lab.dump() == once


@pytest.mark.parametrize(("example", "name"), _GOOD, ids=_id)
def test_good_runs(example: Example, name: str, labs: Labs) -> None:
    """A good example is taken by the engine."""
    lab = labs(name)
    _prepare(example, lab)
    _run(example, lab)


@pytest.mark.parametrize(
    ("example", "name"), [one for one in _GOOD if one[0].rule == "repeated-insert"], ids=_id
)
def test_good_inserts_are_made_once(example: Example, name: str, labs: Labs) -> None:
    """A second run leaves the same rows as the first."""
    lab = labs(name)
    _prepare(example, lab)
    _run(example, lab)
    once = lab.dump()
    _run(example, lab)
    assert lab.dump() == once


@pytest.mark.parametrize("name", ["postgresql15", "postgresql18"])
def test_invalid_index(name: str, labs: Labs) -> None:
    """IF NOT EXISTS skips what a failed CREATE INDEX CONCURRENTLY left; the fixed text clears it away first."""
    lab = labs(name)
    (example,) = [one for one in all_examples("bad") if one.rule == _NEEDS_FAILURE and not one.is_program]
    valid = "SELECT indisvalid FROM pg_index WHERE indexrelid = 'users_email'::regclass"
    for text, outcome in ((example.text, False), (fixed(example).source.text, True)):
        _prepare(example, lab)
        lab.execute("INSERT INTO users VALUES (1, 'a'), (2, 'a')")
        with pytest.raises(SqlError):
            _run(example, lab, text)
        lab.execute("DELETE FROM users WHERE id = 2")
        _run(example, lab, text)
        assert lab.rows(valid) == [(outcome,)]
