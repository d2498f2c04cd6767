"""A real Emacs with Eglot, with the configuration that the guide shows: findings, a quick fix, fix on save; and what is
saved lints clean on the command line."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.helper import partway, project

_HERE = Path(__file__).parent
_TEXT = (
    "-- 🚀 役割\n"
    "CREATE TABLE `役割🚀` (id int) ENGINE = InnoDB;\n"
    "/* 🚀 */ CREATE TABLE b (id int) ENGINE = InnoDB;\n"
    "DROP TABLE c;\n"
)


def _emacs() -> str:
    """An Emacs that has Eglot; from 29 on every one does."""
    emacs = shutil.which("emacs")
    if emacs is None:
        pytest.skip("no Emacs on this machine: apt-get install emacs-nox elpa-eglot")
    asked = ["--batch", "--eval", "(progn (require 'package) (package-initialize) (require 'eglot))"]
    if subprocess.run([emacs, *asked], capture_output=True, check=False, timeout=60).returncode:
        pytest.skip("this machine's Emacs has no Eglot: apt-get install elpa-eglot")
    return emacs


def test_a_session(tmp_path: Path, repository: Path) -> None:
    emacs = _emacs()
    name = "db/migrations/001_roles.sql"
    folder = project(tmp_path / "project", {name: _TEXT, "partway.toml": 'ignore = ["half-done-possible"]\n'})
    before = json.loads(partway("lint", "--format", "json", name, cwd=folder).stdout)
    shown = re.findall(
        r"^```elisp\n(.*?)^```", (repository / "docs/guide/editors.md").read_text(), re.S | re.M
    )
    init = tmp_path / "init.el"
    init.write_text("\n".join(shown))
    bin_folder = tmp_path / "bin"
    bin_folder.mkdir()
    launcher = bin_folder / "partway"
    launcher.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m partway "$@"\n')
    launcher.chmod(0o755)
    done = subprocess.run(
        [emacs, "--batch", "-l", str(_HERE / "session.el")],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=300,
        cwd=folder,
        env={
            **os.environ,
            "HOME": str(tmp_path),
            "LC_ALL": "C.UTF-8",
            "PATH": f"{bin_folder}{os.pathsep}{os.environ['PATH']}",
            "PARTWAY_INIT": str(init),
            "PARTWAY_FILE": str(folder / name),
        },
    )
    said = (done.stdout + done.stderr).decode()
    assert done.returncode == 0, said
    assert "PARTWAY SESSION DONE" in said, said
    seen = dict(line.split("=", 1) for line in done.stdout.decode().splitlines() if "=" in line)
    assert seen["before"].split(",") == sorted(one["rule"] for one in before)
    assert seen["offered"].startswith("Add IF NOT EXISTS|Ignore unguarded-create here|")
    assert seen["quickfix"] == "CREATE TABLE IF NOT EXISTS `役割🚀` (id int) ENGINE = InnoDB;"
    assert seen["after"] == ""
    text = (folder / name).read_text()
    assert "DROP TABLE IF EXISTS c;" in text
    clean = partway("lint", name, cwd=folder)
    assert clean.returncode == 0, clean.stdout
