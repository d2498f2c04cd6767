"""What counts as the migrations around a file: those of its project, not whatever lies above it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.cli.helper import partway

_MIGRATION = """class AddRoles < ActiveRecord::Migration[6.1]
  disable_ddl_transaction!

  def change
    create_table :roles
    add_column :users, :role_id, :integer
  end
end
"""
_LEFT = """
CREATE TABLE schema_migrations (version varchar NOT NULL PRIMARY KEY);
CREATE TABLE users (id integer PRIMARY KEY);
CREATE TABLE roles (id integer PRIMARY KEY AUTOINCREMENT NOT NULL);
"""


def test_a_neighbour_of_the_project_does_not_count(tmp_path: Path) -> None:
    name = "db/migrate/20240101000000_add_roles.rb"
    for project in ("shop", "other", "third"):
        folder = tmp_path / project
        (folder / "db/migrate").mkdir(parents=True)
        (folder / "config").mkdir()
        (folder / "config/database.yml").write_text("development:\n  adapter: sqlite3\n")
        (folder / name).write_text(_MIGRATION)
    with closing(sqlite3.connect(tmp_path / "shop/dev.db")) as database:
        database.executescript(_LEFT)
    done = partway("status", name, "--database", "sqlite:///dev.db", cwd=tmp_path / "shop")
    assert done.returncode == 1, done.stdout
    assert "1 of 2 operations applied" in done.stdout.splitlines()[0]
    assert done.stderr == ""
