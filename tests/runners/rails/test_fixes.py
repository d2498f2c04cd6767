"""The guards that Partway writes into Rails's migrations, through ActiveRecord: the guarded migration can be run twice,
leaves what one plain run leaves, and can be taken back where the plain one can."""

from __future__ import annotations

import pytest

from partway.core.edit import apply_edits
from partway.core.operation import Operation, Repeat
from partway.core.source import SourceFile
from partway.dialects import dialect_named
from partway.tools.rails.reader import read
from partway.tools.rails.writer import write
from partway.tools.setup import Setup
from tests.runners.plugin import Runners
from tests.runners.rails.cases import BASE, CASES
from tests.runners.rails.runner import RailsProject, RailsRunner, migration
from tests.runners.rails.test_repeats import EACH_OTHER

EVERYWHERE = [
    (name, engine, method)
    for name, case in CASES.items()
    if name not in EACH_OTHER
    for engine in case.engines
    for method in ("up", "change")
]
#: Calls whose option does nothing on Rails 6.1.
VAIN = [
    "add_foreign_key :old_things, :posts, column: :id, if_not_exists: true",
    "add_column :users, :extra, :bigint, if_not_exists: true",
]
_HARM = (Repeat.FAILS, Repeat.CHANGES)


def guarded(text: str, dialect: str) -> tuple[str, list[Operation]]:
    """The text with every guard that can be written, and the operations that a second run still runs into."""
    setup = Setup("rails", dialect_named(dialect))
    for _ in range(30):
        found = read(SourceFile("db/migrate/2_tried.rb", text), setup)
        open_ = [each for each in found.sections[0].operations if each.repeat in _HARM]
        fixes = (write(found, each, reused=False, fresh=False, taken=(), alone=False) for each in open_)
        fix = next((fix for fix in fixes if fix is not None), None)
        if fix is None:
            return text, open_
        text = apply_edits(text, fix.edits)
    raise AssertionError(f"fixes without an end: {text}")


@pytest.mark.parametrize(("name", "engine", "method"), EVERYWHERE)
def test_what_is_guarded_can_be_run_twice(runners: Runners, name: str, engine: str, method: str) -> None:
    runner = runners.rails(engine)
    case = CASES[name]
    file, plain = migration("2_tried", case.body, method)
    plain = plain.replace("[6.1]", f"[{case.version}]")
    text, still_open = guarded(plain, runner.lab.dialect)
    if text != plain:
        check(runner, file, plain, text, twice=not still_open)


@pytest.mark.parametrize("method", ["up", "change"])
@pytest.mark.parametrize("engine", ["postgresql15", "mariadb"])
@pytest.mark.parametrize("line", VAIN)
def test_a_vain_option_makes_room_for_a_true_guard(
    runners: Runners, line: str, engine: str, method: str
) -> None:
    runner = runners.rails(engine)
    file, plain = migration("2_tried", line, method)
    text, still_open = guarded(plain, runner.lab.dialect)
    assert "if_not_exists" not in text
    assert not still_open
    check(runner, file, plain, text, twice=True)


def check(runner: RailsRunner, file: str, plain: str, text: str, *, twice: bool) -> None:
    """Whether the guarded text leaves what the plain one leaves, and can be taken back where that can."""
    wanted, back = schema_after(runner, file, plain)
    got, back_again = schema_after(runner, file, text, twice=twice)
    assert got == wanted, text
    # Guarded, it may also go back where the plain one raises an error.
    assert back_again == back or (isinstance(back, str) and not isinstance(back_again, str)), text


def schema_after(
    runner: RailsRunner, file: str, text: str, twice: bool = False
) -> tuple[dict[str, str], dict[str, str] | str]:
    """The schema after the way up, and after the way back (or the error that it ends with)."""
    runner.load(RailsProject(files=dict([migration("1_set_up", BASE), (file, text)])))
    assert runner.up("1_set_up.rb").ok
    outcome = runner.up(file)
    assert outcome.ok, (text, outcome.error)
    if twice:
        repeat = runner.again(file)
        assert repeat.verdict == "same", (text, repeat.outcome.error, repeat.differences)
    schema = dict(runner.schema())
    down = runner.down(file)
    return schema, dict(runner.schema()) if down.ok else down.error.partition(":")[0]


@pytest.mark.parametrize("method", ["up", "change"])
def test_a_concurrent_index_is_built_again_where_a_failure_left_it_invalid(
    runners: Runners, method: str
) -> None:
    runner = runners.rails("postgresql15")
    line = "add_index :users, :email, unique: true, algorithm: :concurrently"
    file, plain = migration("2_tried", line, method)
    plain = plain.replace(f"  def {method}", f"  disable_ddl_transaction!\n  def {method}")
    text, still_open = guarded(plain, "postgresql")
    assert not still_open
    runner.load(RailsProject(files=dict([migration("1_set_up", BASE), (file, text)])))
    assert runner.up("1_set_up.rb").ok
    runner.lab.execute("INSERT INTO users (email) VALUES ('x'), ('x')")
    assert not runner.up(file).ok
    assert "INVALID" in runner.schema()["index users.index_users_on_email"]
    runner.lab.execute("DELETE FROM users")
    outcome = runner.up(file)
    assert outcome.ok, outcome.error
    assert "INVALID" not in runner.schema()["index users.index_users_on_email"]
    again = runner.again(file)
    assert again.verdict == "same"
    assert not any("CREATE" in each and "IF NOT EXISTS" not in each for each in again.outcome.statements)
    down = runner.down(file)
    assert down.ok, down.error
    assert ("index users.index_users_on_email" in runner.schema()) == (method == "up")
