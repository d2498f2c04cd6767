"""Migrations that really fail, for what is in the database or who else works there, and are finished afterwards."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.resume.rails.bodies import Case, change
from tests.resume.rails.crash import BASE_FILE, NAME, resumed, text_of
from tests.resume.rails.migrations import BASE
from tests.runners.plugin import Runners
from tests.runners.rails.runner import RailsProject, RailsRunner

KEY = change("""
create_table :roles do |t|
  t.string :name, index: true
end
add_column :users, :role_id, :bigint, default: 7
add_foreign_key :users, :roles
""")
UNIQUE = change("""
add_column :users, :nick, :string, default: "same"
add_index :users, :nick, unique: true, algorithm: :concurrently
add_column :posts, :nick, :string
""")
LOCKED = change("""
create_table :roles do |t|
  t.string :name
end
add_column :users, :role_id, :bigint
add_index :users, :role_id
""")


def failed(runner: RailsRunner, body: str, error: str) -> dict[str, str]:
    """The project whose migration has failed with this error."""
    files = {BASE_FILE: BASE, NAME: text_of(Case(body))}
    runner.load(RailsProject(files=files))
    assert runner.up(BASE_FILE).ok
    outcome = runner.up(NAME)
    assert error in outcome.error
    assert not outcome.recorded
    return files


def finished(runner: RailsRunner, files: dict[str, str]) -> None:
    """Marked as done and resumed, the database is as if the migration had not failed."""
    found = resumed(runner, files)
    assert found.marking is not None
    runner.lab.execute(*found.marking.sql)
    name = Path(found.resumed.path).name
    runner.load(RailsProject(files={**files, name: found.resumed.text}), keep_database=True)
    outcome = runner.migrate()
    assert outcome.ok, f"{outcome.error}\n{found.resumed.text}"
    schema = runner.schema_file()
    assert runner.again(name).verdict == "same"
    runner.load(RailsProject(files=files))
    assert runner.up(BASE_FILE).ok
    runner.lab.execute("DELETE FROM users")  # whose rows are what it failed for
    assert runner.up(NAME).ok
    assert runner.schema_file() == schema


@pytest.mark.parametrize("engine", ["mariadb", "postgresql18"])
def test_a_foreign_key_that_rows_violate(engine: str, runners: Runners) -> None:
    runner = runners.rails(engine)
    files = failed(runner, KEY, "foreign key constraint")
    runner.lab.execute("UPDATE users SET role_id = NULL")
    finished(runner, files)


def test_a_unique_index_over_duplicates_stays_invalid(runners: Runners) -> None:
    runner = runners.rails("postgresql18")
    files = failed(runner, UNIQUE, "could not create unique index")
    assert runner.lab.rows("SELECT 1 FROM pg_index WHERE NOT indisvalid")
    runner.lab.execute("UPDATE users SET nick = name")
    finished(runner, files)


@pytest.mark.parametrize("engine", ["mariadb", "postgresql18"])
def test_a_table_that_somebody_else_has_locked(engine: str, runners: Runners) -> None:
    runner = runners.rails(engine)
    runner.load(RailsProject(files={BASE_FILE: BASE}))
    assert runner.up(BASE_FILE).ok
    files = {BASE_FILE: BASE, NAME: text_of(Case(LOCKED))}
    runner.load(RailsProject(files=files), keep_database=True)
    with runner.lab.connect() as other:
        other.run("BEGIN")
        other.run("SELECT * FROM users FOR UPDATE")
        outcome = runner.up(NAME)
        other.run("ROLLBACK")
    assert "imeout" in outcome.error, outcome.error
    finished(runner, files)
