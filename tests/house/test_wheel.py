"""What a user installs: the wheel built from the source distribution, in a virtual environment of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path
from typing import NamedTuple

import pytest

from partway.version import __version__

# On MySQL each of these commits, so the first one stands when the second one fails.
MIGRATION = "CREATE TABLE roles (id BIGINT PRIMARY KEY);\nCREATE TABLE grants (id BIGINT PRIMARY KEY);\n"


class Installed(NamedTuple):
    """A wheel, what it should hold at least, and the environment into which it alone was installed."""

    wheel: Path
    shipped: frozenset[str]
    python: Path
    partway: Path


def run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """The command's outcome, run where nothing of the repository can be imported by accident."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    return subprocess.run(
        [str(part) for part in command], cwd=cwd, env=environment, text=True, capture_output=True, timeout=300
    )


@pytest.fixture(scope="module")
def installed(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """The wheel that the source distribution builds, installed."""
    folder = tmp_path_factory.mktemp("wheel")
    # Looked up before the build: files that somebody writes meanwhile do not count.
    shipped = frozenset(
        f"partway/{kind}{path.relative_to(top).as_posix()}"
        for kind, top in (("", repository / "server/partway"), ("grammars/", repository / "grammars"))
        for path in top.rglob("*")
        if path.is_file() and path.suffix in {".md", ".py", ".scm", ".typed"}
    )
    built = run(sys.executable, "-m", "build", "--outdir", folder / "dist", repository, cwd=folder)
    assert built.returncode == 0, built.stdout + built.stderr
    (wheel,) = (folder / "dist").glob("*.whl")
    venv.create(folder / "venv", with_pip=True)
    scripts = folder / "venv" / ("Scripts" if os.name == "nt" else "bin")
    python = scripts / "python"
    pip = run(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", wheel, cwd=folder)
    assert pip.returncode == 0, pip.stdout + pip.stderr
    return Installed(wheel, shipped, python, scripts / "partway")


def test_is_called_partway(installed: Installed) -> None:
    assert installed.wheel.name == f"partway-{__version__}-py3-none-any.whl"


def test_carries_the_package_the_grammars_and_nothing_else(installed: Installed) -> None:
    with zipfile.ZipFile(installed.wheel) as wheel:
        names = set(wheel.namelist())
    assert installed.shipped <= names
    assert {name.split("/")[0] for name in names} == {"partway", f"partway-{__version__}.dist-info"}


def test_grammars_are_found_through_the_package(installed: Installed, tmp_path: Path) -> None:
    code = (
        "from importlib.resources import files; print((files('partway') / 'grammars/README.md').read_text())"
    )
    found = run(installed.python, "-c", code, cwd=tmp_path)
    assert found.returncode == 0, found.stderr
    assert found.stdout.startswith("# Grammars")


def test_command_and_module_tell_the_version(installed: Installed, tmp_path: Path) -> None:
    for command in ([installed.partway], [installed.python, "-m", "partway"]):
        said = run(*command, "--version", cwd=tmp_path)
        assert (said.returncode, said.stdout.strip()) == (0, f"partway {__version__}"), said.stderr


def test_lints(installed: Installed, tmp_path: Path) -> None:
    (tmp_path / "V1__roles.sql").write_text(MIGRATION)
    said = run(
        installed.partway, "lint", "--dialect", "mysql", "--format", "json", "V1__roles.sql", cwd=tmp_path
    )
    assert said.returncode == 1, said.stderr
    findings = json.loads(said.stdout)
    assert any(
        (finding["path"], finding["rule"], finding["range"]["start"]["line"])
        == ("V1__roles.sql", "unguarded-create", 1)
        for finding in findings
    )


def test_fixes_what_it_finds(installed: Installed, tmp_path: Path) -> None:
    migration = tmp_path / "V1__roles.sql"
    migration.write_text(MIGRATION)
    run(installed.partway, "lint", "--dialect", "mysql", "--fix", "V1__roles.sql", cwd=tmp_path)
    assert migration.read_text() == MIGRATION.replace("CREATE TABLE", "CREATE TABLE IF NOT EXISTS")
