"""A resume migration has nothing that linting would complain of: what its looks mean is said in the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.helper import partway, project

_SQL = (
    "CREATE TABLE roles (id INTEGER PRIMARY KEY, name VARCHAR(40));\n"
    "INSERT INTO roles VALUES (1, 'admin');\n"
    "CREATE INDEX roles_name ON roles (name);\n"
    "CREATE TABLE grants (id INTEGER PRIMARY KEY);\n"
)
_RUBY = """class AddRoles < ActiveRecord::Migration[6.1]
  def change
    create_table :roles do |t|
      t.string :name, index: true
    end
    add_column :users, :role_id, :bigint
  end
end
"""
_ALEMBIC = '''"""roles"""

import sqlalchemy as sa

from alembic import op

revision = "b2"
down_revision = None


def upgrade():
    op.create_table("roles", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("n", sa.String(9), index=True))
    op.add_column("users", sa.Column("role_id", sa.Integer()))


def downgrade():
    op.drop_column("users", "role_id")
    op.drop_table("roles")
'''
_FILES = {
    "migrations/20260215_roles.sql": _SQL,
    "db/migrate/20260215000000_add_roles.rb": _RUBY,
    "alembic/versions/b2_roles.py": _ALEMBIC,
}


@pytest.mark.parametrize("dialect", ["postgresql", "mysql", "mariadb", "sqlite"])
@pytest.mark.parametrize("name", _FILES)
def test_nothing_is_said_of_it(name: str, dialect: str, tmp_path: Path) -> None:
    folder = project(tmp_path / "project", {name: _FILES[name], "partway.toml": f'dialect = "{dialect}"\n'})
    done = partway("resume", name, cwd=folder)
    assert done.returncode == 0, done.stderr
    (made,) = [one for one in (folder / name).parent.iterdir() if one.name != Path(name).name]
    said = partway("lint", str(made), cwd=folder)
    assert said.returncode == 0, said.stdout + made.read_text()
