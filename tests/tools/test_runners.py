"""A program of the project's own that runs its SQL files in transactions quiets what only matters without one."""

from __future__ import annotations

from pathlib import Path

import pytest

from partway.core.source import SourceFile
from partway.linting import Selection, lint
from partway.project import Project
from partway.tools.runners import opens_transactions, source_files

_SQL = "CREATE TABLE a (id int);\nCREATE TABLE b (id int);\n"
_RUNNER = """package storage

func migrate(db *sql.DB) error {
	tx, err := db.BeginTx(ctx, nil)
	return apply(tx, "migrations")
}
"""


def _rules(folder: Path, dialect: str) -> list[str]:
    path = folder / "storage" / "migrations" / dialect / "V0001.users.up.sql"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_SQL)
    (folder / ".git").mkdir(exist_ok=True)
    choice = Project(str(folder)).choice(str(path), _SQL)
    return [one.rule for one in lint(SourceFile(str(path), _SQL), choice, Selection()).diagnostics]


@pytest.mark.parametrize("dialect", ["postgresql", "sqlite"])
def test_a_runner_that_opens_transactions_quiets_guards(tmp_path: Path, dialect: str) -> None:
    """Without it each statement counts as kept; with it nobody knows."""
    assert "unguarded-create" in _rules(tmp_path, dialect)
    (tmp_path / "storage" / "migrate.go").write_text(_RUNNER)
    assert _rules(tmp_path, dialect) == []


def test_mysql_commits_whatever_the_runner_opens(tmp_path: Path) -> None:
    """Its definitions commit by themselves, so the finding stays."""
    _rules(tmp_path, "mysql")
    (tmp_path / "storage" / "migrate.go").write_text(_RUNNER)
    assert "unguarded-create" in _rules(tmp_path, "mysql")


@pytest.mark.parametrize(
    ("name", "program"),
    [
        (
            "shop/migrations/0001_squashed.py",
            "from django.db import migrations\n\nclass Migration(migrations.Migration):\n    operations = [Run('a')]\n",
        ),
        (
            "shop/migrations/0001_squashed.py",
            "from alembic import op\n\nrevision = '1'\n\n\ndef upgrade():\n    op.execute(read('1_triggers.sql'))\n",
        ),
        (
            "db/migrate/20220915111044_triggers.rb",
            "class Triggers < ActiveRecord::Migration[6.1]\n  def change\n    execute File.read('a.sql')\n  end\nend\n",
        ),
    ],
)
@pytest.mark.parametrize("folder", ["", "sql"])
def test_sql_that_a_migration_in_python_or_ruby_sends(
    tmp_path: Path, name: str, program: str, folder: str
) -> None:
    """Its tool opens a transaction around the program, and so around the SQL that it sends."""
    written = tmp_path / name
    path = written.parent / folder / "0001_triggers.sql"
    path.parent.mkdir(parents=True)
    path.write_text(_SQL)
    (tmp_path / ".git").mkdir()

    def found() -> list[str]:
        choice = Project(str(tmp_path)).choice(str(path), _SQL)
        return [one.rule for one in lint(SourceFile(str(path), _SQL), choice, Selection()).diagnostics]

    assert "unguarded-create" in found()
    written.write_text(program)
    assert found() == []


@pytest.mark.parametrize(
    ("text", "opens"),
    [
        (_RUNNER, True),
        ("def migrate(conn):\n    with conn.transaction():\n        conn.execute(sql)\n", True),
        ("await sql.begin(async tx => { await runMigrations(tx) })", True),
        ('db.exec("BEGIN"); // migration', True),
        ("func migrate(db *sql.DB) error { _, err := db.Exec(text); return err }", False),
        ("tx, err := db.Begin()", False),
    ],
)
def test_source_tells(text: str, opens: bool) -> None:
    """It must speak of migrations and open a transaction."""
    assert opens_transactions(text) is opens


def test_likely_sources_come_first_and_tests_are_left_out() -> None:
    """Only so many files are read, so the right ones must be among them."""
    names = ["store.go", "migrator.go", "migrator_test.go", "user.go", "schema.sql", "db.d.ts"]
    assert source_files(names) == ["migrator.go", "store.go"]
