"""What Rails makes of earlier migrations' work when later ones rename and validate: nothing is missing in the end."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.runners.plugin import Runners
from tests.runners.rails.runner import RailsProject, migration
from tests.status.conftest import Status
from tests.status.test_projects import written

ENGINES = ("postgresql18", "mysql", "sqlite")
#: Migrations in their order, by what is peculiar in them. Each is the body of `up`.
CASES: dict[str, tuple[str, ...]] = {
    "an index with a name of Rails's follows its column": (
        "create_table(:a) { |t| t.integer :b; t.integer :c; t.index :b; t.index %i[b c]; t.index :c, name: 'own' }",
        "rename_column :a, :b, :d",
        "rename_column :a, :c, :e",
    ),
    "an index with a name of Rails's follows its table": (
        "create_table(:a) { |t| t.integer :b, index: true }\nadd_index :a, :id, name: 'a_id'",
        "rename_table :a, :z",
        "rename_column :z, :b, :c",
        "remove_index :z, :c",
    ),
    "a key of another column is validated": (
        "create_table(:a)\ncreate_table(:b) { |t| t.bigint :other_id }",
        "add_foreign_key :b, :a, column: :other_id, validate: false",
        "validate_foreign_key :b, :a if connection.adapter_name == 'PostgreSQL'",
    ),
}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", CASES)
def test_nothing_is_missing(name: str, engine: str, runners: Runners, status: Status, tmp_path: Path) -> None:
    rails = runners.rails(engine)
    files = dict(migration(f"{number}_step_{number}", body) for number, body in enumerate(CASES[name], 1))
    rails.load(RailsProject(files=files))
    outcome = rails.migrate()
    assert outcome.ok, outcome.error
    said = status(written(rails, tmp_path), rails.lab.url)
    assert set(said.verdicts().values()) == {"complete"}, [one["sentence"] for one in said.documents]
    assert said.code == 0


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("version", ["4.2", "5.0", "5.1", "6.1"])
def test_a_column_of_the_type_of_keys(
    version: str, engine: str, runners: Runners, status: Status, tmp_path: Path
) -> None:
    """Before 5.1 keys were narrower, but not those that are asked for as a column."""
    rails = runners.rails(engine)
    body = (
        "create_table(:a, id: false) { |t| t.column :id, :primary_key, null: false }\n"
        "create_table(:b, id: false) { |t| t.primary_key :id }\ncreate_table(:c)"
    )
    name, text = migration("1_keys", body)
    rails.load(RailsProject(files={name: text.replace("[6.1]", f"[{version}]")}))
    assert rails.migrate().ok
    said = status(written(rails, tmp_path) / "db" / "migrate" / name, rails.lab.url)
    (found,) = said.documents
    states = [(one["target"], one["state"], one["reason"]) for one in found["operations"] if one["state"]]
    assert {state for _, state, _ in states} == {"applied"}, states


@pytest.mark.parametrize("engine", ENGINES)
def test_what_a_condition_kept_from_running_is_not_missing(
    engine: str, runners: Runners, status: Status, tmp_path: Path
) -> None:
    rails = runners.rails(engine)
    bodies = (
        "create_table(:a) { |t| t.string :b }",
        "return unless Time.now.year < 2000\nadd_index :a, :b\nadd_column :a, :c, :string",
        "if table_exists?(:other) || Time.now.year < 2000\nremove_column :a, :b\nend",
        "execute('ALTER TABLE a ADD COLUMN f INTEGER') if Time.now.year < 2000",
        "case Time.now.year\nwhen 1999 then add_column :a, :d, :string\nend",
        "add_column :a, :e, :string unless column_exists?(:a, :e)",
    )
    files = dict(migration(f"{number}_step_{number}", body) for number, body in enumerate(bodies, 1))
    rails.load(RailsProject(files=files))
    assert rails.migrate().ok
    folder = written(rails, tmp_path)
    said = status(folder, rails.lab.url)
    assert set(said.verdicts().values()) == {"complete"}, [one["sentence"] for one in said.documents]
    (second,) = status(folder / "db" / "migrate" / "2_step_2.rb", rails.lab.url).documents
    assert [(one["state"], one["reason"]) for one in second["operations"]] == [
        ("unknown", "it runs on a condition alone that cannot be read")
    ] * 2
    # What asks whether it is done itself is held to it.
    rails.lab.execute("ALTER TABLE a DROP COLUMN e")
    said = status(folder, rails.lab.url)
    assert said.verdicts()["6_step_6"] == "incomplete"
    assert list(said.verdicts().values()).count("complete") == 5


@pytest.mark.parametrize("engine", ["mysql", "mariadb"])
def test_the_options_of_a_table(engine: str, runners: Runners, status: Status, tmp_path: Path) -> None:
    """A table with another engine or character set is not the one that the migration makes; but where the migration is
    recorded, somebody has changed the table since."""
    rails = runners.rails(engine)
    name, text = migration("1_a", "create_table(:a, options: 'ENGINE=InnoDB DEFAULT CHARSET=utf8mb4')")
    rails.load(RailsProject(files={name: text}))
    assert rails.migrate().ok
    folder = written(rails, tmp_path)

    def state() -> str:
        (found,) = status(folder / "db" / "migrate" / name, rails.lab.url).documents
        return str(found["operations"][0]["state"])

    assert state() == "applied"
    rails.lab.execute("ALTER TABLE a ENGINE=MyISAM, CONVERT TO CHARACTER SET latin1")
    assert state() == "applied"
    assert status(folder, rails.lab.url).verdicts() == {"1_a": "complete"}
    rails.lab.execute("DELETE FROM schema_migrations")
    assert state() == "different"
