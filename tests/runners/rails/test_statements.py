"""What the reader says that a Rails migration sends is what ActiveRecord sends, and what it says is there is there."""

from __future__ import annotations

import pytest

from partway.core.operation import NAMES_FOLLOW, Action, Operation
from partway.core.source import SourceFile
from partway.dialects import dialect_named
from partway.sql.reader import read_steps
from partway.tools.rails.reader import read
from partway.tools.setup import Setup
from tests.runners.plugin import Runners
from tests.runners.rails.cases import BASE, CASES, Case
from tests.runners.rails.runner import RailsProject, RailsRunner

_BASE_FILE, _CASE_FILE = "20240101000000_base.rb", "20240102000000_case.rb"
#: What Rails sends besides the migration's own: its transactions, and look-ups.
_NOT_ITS_OWN = frozenset(("select", "begin", "commit", "savepoint", "release", "set", "show", "pragma"))
#: Cases after which Rails renames what bears a generated name, as far as it finds it there.
_RENAMES = frozenset(("rename", "rename a column"))

EVERYWHERE = [(name, engine) for name, case in CASES.items() for engine in case.engines]
#: SQLite's tables are made anew for most changes: what is sent then says little of what was called.
SENT = [(name, engine) for name, engine in EVERYWHERE if engine != "sqlite"]


@pytest.mark.parametrize(("name", "engine"), SENT)
def test_the_statements_are_those_that_rails_sends(runners: Runners, name: str, engine: str) -> None:
    runner = runners.rails(engine)
    prepare(runner, CASES[name])
    outcome = runner.up(_CASE_FILE)
    assert outcome.ok, outcome.error
    wanted = sent(runner, outcome.statements)
    if name in _RENAMES:
        wanted = wanted[:1]
    found = read_case(CASES[name], runner.lab.dialect)
    assert "\n".join(said(found)) == "\n".join(said(wanted))


@pytest.mark.parametrize(("name", "engine"), EVERYWHERE)
def test_what_it_says_is_there_is_there(runners: Runners, name: str, engine: str) -> None:
    """Names are those that Rails gives: each object that an operation leaves behind is in the schema, or is not."""
    runner = runners.rails(engine)
    prepare(runner, CASES[name])
    outcome = runner.up(_CASE_FILE)
    assert outcome.ok, outcome.error
    schema = {key.lower() for key in runner.schema()}
    for key, present in left_behind(read_case(CASES[name], runner.lab.dialect)).items():
        assert (key in schema) == present, (key, sorted(schema))


@pytest.mark.parametrize(("name", "engine"), SENT)
def test_the_way_back_is_what_rails_makes_of_change(runners: Runners, name: str, engine: str) -> None:
    runner = runners.rails(engine)
    case = CASES[name]._replace(method="change")
    prepare(runner, case)
    assert runner.up(_CASE_FILE).ok
    found = read_case(case, runner.lab.dialect, 1)
    outcome = runner.down(_CASE_FILE)
    if any(each.kind == "irreversible" for each in found):
        assert "IrreversibleMigration" in outcome.error
    elif outcome.ok:
        wanted = sent(runner, outcome.statements)
        assert "\n".join(said(found)) == "\n".join(said(wanted[:1] if name in _RENAMES else wanted))


def prepare(runner: RailsRunner, case: Case) -> None:
    """The case loaded, on a database that holds what it needs."""
    runner.load(RailsProject(files={_BASE_FILE: migration(Case(BASE), "Base"), _CASE_FILE: migration(case)}))
    outcome = runner.up(_BASE_FILE)
    assert outcome.ok, outcome.error


def migration(case: Case, name: str = "Case") -> str:
    """The case as a file."""
    body = "".join(f"    {line}\n" for line in case.body.splitlines())
    down = "\n  def down; end\n" if case.method == "up" else ""
    return f"class {name} < ActiveRecord::Migration[{case.version}]\n  def {case.method}\n{body}  end\n{down}end\n"


def read_case(case: Case, dialect: str, section: int = 0) -> list[Operation]:
    """What the reader makes of the case, on its way up or down."""
    source = SourceFile(f"db/migrate/{_CASE_FILE}", migration(case))
    return list(read(source, Setup("rails", dialect_named(dialect))).sections[section].operations)


def sent(runner: RailsRunner, statements: tuple[str, ...]) -> list[Operation]:
    """What Partway's own reader of SQL makes of the statements that Rails sent, its books apart."""
    found: list[Operation] = []
    for text in statements:
        if "schema_migrations" in text or "ar_internal_metadata" in text:
            continue
        steps = read_steps(text, 0, len(text), dialect_named(runner.lab.dialect), (), "up").steps
        found += [each for step in steps for each in step.operations if each.kind not in _NOT_ITS_OWN]
    return found


def said(operations: list[Operation]) -> list[str]:
    """Operations as lines that can be compared: what each does, and what it leaves behind."""
    return [
        line
        for each in operations
        for line in (
            f"{each.kind} {each.target}",
            *(line for action in each.actions for line in _said(action)),
        )
    ]


def _said(action: Action) -> list[str]:
    # What MySQL's CHANGE says of a column besides, Rails has looked up.
    facts = () if "definition" in action.traits else action.postconditions
    # That names follow a renaming is Rails' own doing, in statements of their own.
    traits = sorted(action.traits - {NAMES_FOLLOW})
    return [f"  {action.kind} {action.target} {traits}", *(f"    {fact}" for fact in facts)]


def left_behind(operations: list[Operation]) -> dict[str, bool]:
    """What is there when all operations have run, and what is not, by the keys of a schema."""
    found: dict[str, bool] = {}
    indexed: dict[str, str] = {}
    for action in (action for operation in operations for action in operation.actions):
        for fact in action.postconditions if "temporary" not in action.traits else ():
            if fact.object not in ("table", "column", "index", "constraint", "type") or not fact.name.name:
                continue
            owner = fact.table if fact.object != "table" else None
            if fact.object == "index" and owner is None:
                continue  # PostgreSQL's DROP INDEX and ALTER INDEX name no table
            key = f"{fact.object} {owner}.{fact.name.name}" if owner else f"{fact.object} {fact.name}"
            if not fact.present:  # what is in it goes with it
                within = f" {fact.name}." if fact.object == "table" else "\0"
                found = {
                    each: there
                    for each, there in found.items()
                    if within not in each and fact.name.name not in indexed.get(each, "").split(", ")
                }
            elif fact.object == "index":
                indexed[key] = dict(fact.attributes).get("columns", "")
            found[key] = fact.present
    return found
