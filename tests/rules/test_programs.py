"""The examples of Rails, Django and Alembic through the real tool: a repeat of a bad one does harm, fixed text can be
run twice, leaves what one plain run leaves, and can be taken back.

A repeat is what the tool does after it was stopped before it could record the migration.
"""

from __future__ import annotations

import posixpath
import re
from typing import Any

import pytest

from partway.core.diagnostic import Group
from partway.rules import all_rules
from tests.engines.servers import ENGINES
from tests.guards.helper import statements
from tests.rules.documentation import SETUPS, Example, all_examples
from tests.rules.runner import findings, fixed
from tests.runners.alembic.runner import AlembicProject
from tests.runners.django.runner import DjangoProject
from tests.runners.plugin import Runners
from tests.runners.rails.runner import RailsProject
from tests.runners.runner import Project, Runner

_RUN = [
    (example, name)
    for example in all_examples("bad", "good")
    for name, engine in ENGINES.items()
    if engine.dialect == example.dialect and example.options.get("run") != "no" and example.is_program
]
_BAD = [(example, name) for example, name in _RUN if example.verdict == "bad"]
_GOOD = [(example, name) for example, name in _RUN if example.verdict == "good"]
_IDEMPOTENCY = {name for name, rule in all_rules().items() if rule.group is Group.IDEMPOTENCY}
_APP = "shop"
#: Its harm needs a failure: `test_invalid_index` has it.
_NEEDS_FAILURE = "guard-hides-invalid-index"


def _id(value: object) -> str:
    return str(value)


def _project(example: Example, text: str) -> Project:
    """The project with a text in the example's place. The example keeps its tool's own transactions."""
    name = posixpath.basename(example.path)
    if example.tool == "rails":
        # What the tests run is 6.1, whatever the example is about.
        return RailsProject(files={name: re.sub(r"Migration\[[\d.]+\]", "Migration[6.1]", text)})
    if example.tool == "django":
        initial = posixpath.basename(SETUPS["django"])
        return DjangoProject(
            app=_APP, files={initial: example.setup, name: text} if example.setup else {name: text}
        )
    return AlembicProject(files={name: text})


def _load(runners: Runners, engine: str, example: Example, text: str) -> Runner[Any]:
    runner: Runner[Any] = getattr(runners, example.tool)(engine)
    runner.lab.fresh()
    if example.tool not in SETUPS:
        runner.lab.execute(*statements(example.setup, runner.lab.dialect))
    runner.load(_project(example, text), keep_database=True)
    if example.tool in SETUPS and example.setup:
        done = runner.up(posixpath.basename(SETUPS[example.tool]))
        assert done.ok, done.error
    return runner


def _name(example: Example) -> str:
    return posixpath.basename(example.path)


@pytest.mark.parametrize(("example", "name"), _BAD, ids=_id)
def test_bad_does_harm(example: Example, name: str, runners: Runners) -> None:
    """Running it again, where the tool was stopped before it had recorded it, fails or changes something."""
    if example.rule not in _IDEMPOTENCY or example.rule == _NEEDS_FAILURE:
        return
    runner = _load(runners, name, example, example.text)
    first = runner.up(_name(example))
    if not first.ok:
        assert example.rule == "ineffective-guard", first.error
        return
    assert runner.again(_name(example)).verdict != "same"


@pytest.mark.parametrize(("example", "name"), _BAD, ids=_id)
def test_fixed(example: Example, name: str, runners: Runners) -> None:
    """The fixed text leaves what the plain one leaves, a second run changes nothing, and it can be taken back."""
    mended = fixed(example)
    if mended.source.text == example.text:
        return
    runner = _load(runners, name, example, example.text)
    before = runner.schema()
    plain = runner.up(_name(example))
    wanted = runner.dump()
    runner = _load(runners, name, example, mended.source.text)
    done = runner.up(_name(example))
    assert done.ok, done.error
    if plain.ok:
        assert runner.dump() == wanted
    if example.rule in _IDEMPOTENCY and not findings(example, Group.IDEMPOTENCY, text=mended.source.text):
        assert runner.again(_name(example)).verdict == "same"
    if example.options.get("down") != "no":
        back = runner.down(_name(example))
        assert back.ok, back.error
        assert runner.schema() == before


@pytest.mark.parametrize(("example", "name"), _BAD, ids=_id)
def test_going_back_leaves_something_behind(example: Example, name: str, runners: Runners) -> None:
    """What `guard-breaks-rollback` says: the tool reports success, and the schema is not what it was."""
    if example.rule != "guard-breaks-rollback":
        return
    runner = _load(runners, name, example, example.text)
    before = runner.schema()
    assert runner.up(_name(example)).ok
    back = runner.down(_name(example))
    assert back.ok, back.error
    assert runner.schema() != before


@pytest.mark.parametrize(("example", "name"), _GOOD, ids=_id)
def test_good_runs(example: Example, name: str, runners: Runners) -> None:
    """A good example is taken by the tool."""
    runner = _load(runners, name, example, example.text)
    done = runner.up(_name(example))
    assert done.ok, done.error


@pytest.mark.parametrize("name", ["postgresql15", "postgresql18"])
def test_invalid_index(name: str, runners: Runners) -> None:
    """The option skips what a build that failed has left; the fixed text clears it away first."""
    valid = "SELECT indisvalid FROM pg_index WHERE indexrelid = 'index_users_on_email'::regclass"
    (example,) = [one for one in all_examples("bad") if one.is_program and one.rule == _NEEDS_FAILURE]
    unique = example.text.replace("algorithm:", "unique: true, algorithm:")
    assert unique != example.text
    mended = fixed(example, unique).source.text
    for text, outcome in ((unique, False), (mended, True)):
        runner = _load(runners, name, example, text)
        runner.lab.execute("INSERT INTO users VALUES (1, 'a'), (2, 'a')")
        assert not runner.up(_name(example)).ok
        runner.lab.execute("DELETE FROM users WHERE id = 2")
        done = runner.up(_name(example))
        assert done.ok, done.error
        assert runner.lab.rows(valid) == [(outcome,)]
