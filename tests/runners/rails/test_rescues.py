"""`rescue` in migrations: what a second run does behind an error that it swallows, or does not."""

from __future__ import annotations

import pytest

from partway.core.operation import Operation
from tests.runners.plugin import Runners
from tests.runners.rails.cases import BASE
from tests.runners.rails.runner import RailsProject, RailsRunner, migration
from tests.runners.rails.test_repeats import read_body

ENGINES = ("postgresql15", "mariadb", "sqlite")
OUT = "  disable_ddl_transaction!\n\n  def up"
STOP = 'raise NotImplementedError, "stopped" if table_exists?(:old_things)\n'
TABLE, INDEX = "create_table :extra", "add_index :users, :age"
SWALLOW = "rescue ActiveRecord::StatementInvalid"
#: Where it can stop between the two calls, and whether the next run does the second one.
TORN = {
    "together": (f"begin\n{TABLE}\n{STOP}{INDEX}\n{SWALLOW} => e\nsay e.message\nend", False),
    "whatever": (f"begin\n{TABLE}\n{STOP}{INDEX}\nrescue\nend", False),
    "in a block": (f"begin\nsay_with_time('x') do\n{TABLE}\n{STOP}{INDEX}\nend\n{SWALLOW}\nend", False),
    "the method": (f"{TABLE}\n{STOP}{INDEX}\n{SWALLOW}\n", False),
    "the outer one": (f"begin\n{TABLE}\n{STOP}begin\n{INDEX}\n{SWALLOW}\nend\n{SWALLOW}\nend", False),
    "the inner one": (f"begin\nbegin\n{TABLE}\n{SWALLOW}\nend\n{STOP}{INDEX}\n{SWALLOW}\nend", True),
    "apart": (f"begin\n{TABLE}\n{SWALLOW}\nend\n{STOP}begin\n{INDEX}\n{SWALLOW}\nend", True),
    "in a loop": (
        f"[-> {{ {TABLE} }}, -> {{\n{STOP}{INDEX} }}].each do |each|\nbegin\neach.call\n{SWALLOW}\nend\nend",
        True,
    ),
    "asks first": (f"begin\n{TABLE} unless table_exists?(:extra)\n{STOP}{INDEX}\n{SWALLOW}\nend", True),
    "SQL": (f"begin\nexecute 'CREATE TABLE extra (id int)'\n{STOP}{INDEX}\n{SWALLOW}\nend", False),
}
#: Where nothing is read of what is called.
_UNREAD = frozenset(("in a loop",))


def loaded(runners: Runners, engine: str, lines: str, head: str = OUT) -> tuple[RailsRunner, str, str]:
    """A runner with this migration, on a database with what cases stand on."""
    rails = runners.rails(engine)
    name, text = migration("2_tried", lines)
    text = text.replace("  def up", head)
    rails.load(RailsProject(files=dict([migration("1_set_up", BASE), (name, text)])))
    assert rails.up("1_set_up.rb").ok
    return rails, name, text


def flaws(operation: Operation) -> str | None:
    """What is said against the operation's guard; None where it has none."""
    guard = operation.actions[0].guard
    return guard.flaw if guard is not None else None


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", TORN)
def test_a_second_run_goes_on_behind_what_is_rescued(runners: Runners, engine: str, name: str) -> None:
    lines, completes = TORN[name]
    rails, file, text = loaded(runners, engine, lines)
    assert not rails.up(file).ok
    assert any("extra" in each for each in rails.schema())
    rails.lab.execute("ALTER TABLE old_things RENAME TO older_things")
    done = rails.up(file)
    assert done.ok, done.error
    assert any("on_age" in each for each in rails.schema()) is completes
    if name not in _UNREAD:
        made, indexed = read_body(text.replace(STOP, ""), rails.lab.dialect)
        assert flaws(made) == ""
        assert (flaws(indexed) == "") is completes, flaws(indexed)


DRIVERS = {"postgresql15": "PG::Error", "mariadb": "Mysql2::Error", "sqlite": "SQLite3::Exception"}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("line", [TABLE, "execute 'CREATE TABLE extra (id int)'"])
def test_errors_of_the_driver_are_not_what_rails_raises(runners: Runners, engine: str, line: str) -> None:
    for named, verdict in ((DRIVERS[engine], "fails"), (f"{DRIVERS[engine]}, StandardError", "same")):
        rails, file, text = loaded(runners, engine, f"begin\n{line}\nrescue {named} => e\nsay e.message\nend")
        assert rails.up(file).ok
        assert rails.again(file).verdict == verdict
        (made,) = read_body(text, rails.lab.dialect)
        assert flaws(made) == (None if verdict == "fails" else "")


COLUMN = "add_column :users, :extra, :string"
LATER = "add_column :users, :other, :string unless column_exists?(:users, :other)"
#: What PostgreSQL makes of an error that is swallowed in a transaction, with what follows.
ENDED = {
    "Rails's own": (f"begin\n{COLUMN}\n{SWALLOW}\nend", "  def up", "fails"),
    "Rails's own, in a word": (f"{COLUMN} rescue nil", "  def up", "fails"),
    "followed": (f"transaction do\nbegin\n{COLUMN}\n{SWALLOW}\nend\n{LATER}\nend", OUT, "fails"),
    "the last": (f"transaction do\n{LATER}\nbegin\n{COLUMN}\n{SWALLOW}\nend\nend", OUT, "same"),
    "around it": (f"begin\ntransaction do\n{COLUMN}\nend\n{SWALLOW}\nend\n{LATER}", OUT, "same"),
    "in none": (f"begin\n{COLUMN}\n{SWALLOW}\nend\n{LATER}", OUT, "same"),
    "in one inside": (
        (
            "ActiveRecord::Base.transaction do\nbegin\n"
            f"ActiveRecord::Base.transaction(requires_new: true) do\n{COLUMN}\nend\n{SWALLOW}\nend\n{LATER}\nend"
        ),
        OUT,
        "same",
    ),
}


#: MariaDB's ALTER TABLE commits, and the savepoint is gone.
EVERYWHERE = [
    (name, engine) for name in ENDED for engine in ENGINES if (name, engine) != ("in one inside", "mariadb")
]


@pytest.mark.parametrize(("name", "engine"), EVERYWHERE)
def test_an_error_ends_a_transaction_of_postgresql(runners: Runners, engine: str, name: str) -> None:
    lines, head, expected = ENDED[name]
    rails, file, text = loaded(runners, engine, lines, head)
    assert rails.up(file).ok
    verdict = rails.again(file).verdict
    assert verdict == (expected if engine.startswith("postgresql") else "same")
    column = next(one for one in read_body(text, rails.lab.dialect) if one.target == "users.extra")
    assert ("ended PostgreSQL's transaction" in (flaws(column) or "")) is (verdict == "fails")
