"""What a migration that fails half way leaves behind: each tool's own transactions, on each engine."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import pytest

from tests.runners.alembic.runner import AlembicProject
from tests.runners.django.runner import DjangoProject
from tests.runners.plugin import Runners
from tests.runners.rails.runner import RailsProject, migration
from tests.runners.runner import Runner

ENGINES = ["postgresql18", "postgresql15", "mariadb", "mysql", "sqlite"]

# Two tables are made, then a table that is there already.
Left = Literal["nothing", "all but the last"]

RAILS = "create_table(:one)\ncreate_table(:two)\ncreate_table(:one)"
DJANGO = """\
from django.db import migrations, models

def table(name):
    return migrations.RunSQL(f"CREATE TABLE {name} (id integer)")

class Migration(migrations.Migration):
    atomic = ATOMIC
    operations = [table("one"), table("two"), table("one")]
"""
ALEMBIC = """\
import sqlalchemy as sa
from alembic import op

revision = "REVISION"
down_revision = DOWN

def upgrade():
    for name in TABLES:
        op.create_table(name, sa.Column("id", sa.Integer))
"""


def left(runner: Runner[Any]) -> set[str]:
    return {key.removeprefix("table ") for key in runner.schema() if key.startswith("table ")}


def check(runner: Runner[Any], name: str, expected: Left) -> None:
    outcome = runner.up(name)
    assert not outcome.ok
    assert not outcome.recorded
    assert left(runner) == (set() if expected == "nothing" else {"one", "two"})


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("opt_out", [False, True])
def test_rails(runners: Runners, engine: str, opt_out: bool) -> None:
    rails = runners.rails(engine)
    name, text = migration("1_tried", RAILS)
    if opt_out:
        text = text.replace("  def up", "  disable_ddl_transaction!\n  def up")
    rails.load(RailsProject(files={name: text}))
    kept = opt_out or engine in {"mariadb", "mysql"}
    check(rails, name, "all but the last" if kept else "nothing")


@pytest.mark.parametrize(("word", "expected"), [("if", "all but the last"), ("unless", "nothing")])
def test_rails_with_an_opt_out_for_one_database(runners: Runners, word: str, expected: Left) -> None:
    rails = runners.rails("postgresql18")
    name, text = migration("1_tried", RAILS)
    asked = "ActiveRecord::Base.connection.adapter_name == 'PostgreSQL'"
    rails.load(
        RailsProject(
            files={name: text.replace("  def up", f"  disable_ddl_transaction! {word} {asked}\n  def up")}
        )
    )
    check(rails, name, expected)


@pytest.mark.parametrize("engine", ["postgresql18", "mysql"])
def test_rails_and_sql_that_it_reads_from_a_file(runners: Runners, engine: str, tmp_path: Path) -> None:
    """What it sends so is in the transaction as well."""
    rails = runners.rails(engine)
    for place, table in enumerate(("one", "two", "one")):
        (tmp_path / f"{place}.sql").write_text(f"CREATE TABLE {table} (id integer)")
    name, text = migration("1_tried", f'3.times {{ |n| execute File.read("{tmp_path}/#{{n}}.sql") }}')
    rails.load(RailsProject(files={name: text}))
    check(rails, name, "nothing" if engine == "postgresql18" else "all but the last")


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("atomic", [True, False])
def test_django(runners: Runners, engine: str, atomic: bool) -> None:
    django = runners.django(engine)
    django.load(DjangoProject(files={"0001_tried.py": DJANGO.replace("ATOMIC", str(atomic))}))
    kept = not atomic or engine in {"mariadb", "mysql"}
    check(django, "0001_tried.py", "all but the last" if kept else "nothing")


def revision(name: str, before: str | None, *tables: str) -> str:
    text = ALEMBIC.replace("REVISION", name).replace("DOWN", repr(before))
    return text.replace("TABLES", repr(tables))


PER_MIGRATION = {"transaction_per_migration": True}
NOT_TRANSACTIONAL = {"transactional_ddl": False}
TRANSACTIONAL = {"transactional_ddl": True}

ALEMBIC_LEFT: list[tuple[str, Mapping[str, object], Left]] = [
    ("postgresql18", {}, "nothing"),
    ("postgresql15", {}, "nothing"),
    ("postgresql15", PER_MIGRATION, "nothing"),
    # A transaction for each revision all the same: SQLAlchemy begins it.
    ("postgresql15", NOT_TRANSACTIONAL, "nothing"),
    ("mariadb", {}, "all but the last"),
    ("mariadb", TRANSACTIONAL, "all but the last"),
    ("mysql", {}, "all but the last"),
    ("sqlite", {}, "all but the last"),
    # Python's driver opens no transaction before DDL, so that there is none to roll back.
    ("sqlite", TRANSACTIONAL, "all but the last"),
]


@pytest.mark.parametrize(("engine", "options", "expected"), ALEMBIC_LEFT)
def test_alembic(runners: Runners, engine: str, options: Mapping[str, object], expected: Left) -> None:
    alembic = runners.alembic(engine)
    files = {"a.py": revision("a", None, "one", "two", "one")}
    alembic.load(AlembicProject(files=files, options=options))
    check(alembic, "a.py", expected)


@pytest.mark.parametrize(
    ("engine", "options", "tables", "recorded"),
    [
        ("postgresql15", {}, set(), False),
        ("postgresql15", PER_MIGRATION, {"zero"}, True),
        ("postgresql15", NOT_TRANSACTIONAL, {"zero"}, True),
        ("mariadb", {}, {"zero", "one", "two"}, True),
        ("sqlite", {}, {"zero", "one", "two"}, True),
        # The version's UPDATE begins a transaction, which the failure takes back; the table stays.
        ("sqlite", TRANSACTIONAL, {"zero"}, False),
    ],
)
def test_alembic_with_a_good_revision_before(
    runners: Runners, engine: str, options: Mapping[str, object], tables: set[str], recorded: bool
) -> None:
    """By default PostgreSQL takes the good revision back with the failed one."""
    alembic = runners.alembic(engine)
    files = {"a.py": revision("a", None, "zero"), "b.py": revision("b", "a", "one", "two", "one")}
    alembic.load(AlembicProject(files=files, options=options))
    assert not alembic.migrate().ok
    assert left(alembic) == tables
    assert alembic.history() == (["a.py"] if recorded else [])


def test_alembic_on_an_autocommit_connection_keeps_all_but_the_last(runners: Runners) -> None:
    alembic = runners.alembic("postgresql15")
    files = {"a.py": revision("a", None, "one", "two", "one")}
    env = AlembicProject().env_text().replace('prefix="sql', 'isolation_level="AUTOCOMMIT", prefix="sql')
    alembic.load(AlembicProject(files=files, env=env))
    check(alembic, "a.py", "all but the last")


def test_alembic_autocommit_block_keeps_what_came_before_it_and_earlier_revisions(runners: Runners) -> None:
    alembic = runners.alembic("postgresql15")
    text = revision("b", "a", "one").rstrip() + (
        "\n    with op.get_context().autocommit_block():\n        op.execute('SELECT 1')\n"
        "    op.create_table('two', sa.Column('id', sa.Integer))\n    op.execute('SELECT 1 / 0')\n"
    )
    alembic.load(AlembicProject(files={"a.py": revision("a", None, "zero"), "b.py": text}))
    assert not alembic.migrate().ok
    assert left(alembic) == {"zero", "one"}
    assert alembic.history() == ["a.py"]


@pytest.mark.parametrize("engine", ["postgresql15", "mariadb", "sqlite"])
def test_rails_runs_a_version_below_an_applied_one(runners: Runners, engine: str) -> None:
    rails = runners.rails(engine)
    files = dict([migration("3_first", "create_table(:one)"), migration("2_second", "create_table(:two)")])
    rails.load(RailsProject(files=files))
    assert rails.up("3_first.rb").ok
    assert rails.migrate().ok
    assert rails.history() == ["2_second.rb", "3_first.rb"]
