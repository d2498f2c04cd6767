"""Both hooks on a scratch repository, by the real pre-commit program, as a user meets them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

# On MySQL each statement commits, so the first table stands when the second statement fails.
UNGUARDED = "CREATE TABLE roles (id BIGINT PRIMARY KEY);\nCREATE TABLE grants (id BIGINT PRIMARY KEY);\n"
GUARDED = UNGUARDED.replace("CREATE TABLE", "CREATE TABLE IF NOT EXISTS")
PUBLISHED = [
    "pyproject.toml",
    ".pre-commit-hooks.yaml",
    "README.md",
    "CHANGELOG.md",
    "LICENSE",
    "server",
    "grammars",
]


@dataclass(frozen=True)
class Workshop:
    """A folder with a git repository, and the surroundings in which programs run there."""

    folder: Path
    environment: Mapping[str, str]

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """A command's outcome, both outputs in `stdout` as a person would see them."""
        return subprocess.run(
            command,
            cwd=self.folder,
            env=self.environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            timeout=300,
        )

    def git(self, *arguments: str) -> str:
        """What git says; it must succeed."""
        done = self.run("git", *arguments)
        assert done.returncode == 0, done.stdout
        return done.stdout.strip()

    def pre_commit(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """What pre-commit says."""
        return self.run(sys.executable, "-m", "pre_commit", *arguments)

    def write(self, name: str, text: str) -> Path:
        """Write a file and stage it: pre-commit looks at staged files only."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        self.git("add", name)
        return path


def workshop(folder: Path, home: Path) -> Workshop:
    """A new git repository that knows nothing of the machine's own settings."""
    environment = {
        key: value for key, value in os.environ.items() if not key.startswith(("GIT_", "PRE_COMMIT"))
    }
    environment |= {
        "HOME": str(home),
        "PRE_COMMIT_HOME": str(home / "pre-commit"),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_NAME": "a developer",
        "GIT_AUTHOR_EMAIL": "developer@example.org",
        "GIT_COMMITTER_NAME": "a developer",
        "GIT_COMMITTER_EMAIL": "developer@example.org",
    }
    folder.mkdir()
    made = Workshop(folder, environment)
    made.git("init", "--quiet", "--initial-branch=main")
    return made


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pre-commit installs hooks, of this run alone: it caches by repository and revision."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def published(repository: Path, home: Path) -> Workshop:
    """Partway as it stands, committed or not, as a repository that pre-commit can install from."""
    made = workshop(home / "partway", home)
    for name in PUBLISHED:
        source = repository / name
        if source.is_dir():
            shutil.copytree(source, made.folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, made.folder / name)
    made.git("add", ".")
    made.git("commit", "--quiet", "--message", "Publish")
    return made


@pytest.fixture
def project(tmp_path: Path, published: Workshop, home: Path, request: pytest.FixtureRequest) -> Workshop:
    """A project that uses the hook named by the test's parameter."""
    made = workshop(tmp_path / "project", home)
    made.write(
        ".pre-commit-config.yaml",
        f"""\
repos:
  - repo: {published.folder}
    rev: {published.git("rev-parse", "HEAD")}
    hooks:
      - id: {request.param}
        args: [--dialect, mysql]
""",
    )
    return made


@pytest.mark.parametrize("project", ["partway"], indirect=True)
def test_lint_hook_reports_and_leaves_the_file_alone(project: Workshop) -> None:
    migration = project.write("db/V1__roles.sql", UNGUARDED)
    ran = project.pre_commit("run", "--all-files")
    assert ran.returncode == 1, ran.stdout
    assert "unguarded-create" in ran.stdout
    assert "db/V1__roles.sql" in ran.stdout
    assert "files were modified" not in ran.stdout
    assert migration.read_text() == UNGUARDED


@pytest.mark.parametrize("project", ["partway"], indirect=True)
def test_lint_hook_lets_a_repeatable_migration_pass(project: Workshop) -> None:
    project.write("db/V1__roles.sql", GUARDED)
    ran = project.pre_commit("run", "--all-files")
    assert ran.returncode == 0, ran.stdout
    assert "Passed" in ran.stdout


@pytest.mark.parametrize("project", ["partway"], indirect=True)
def test_lint_hook_leaves_other_files_to_others(project: Workshop) -> None:
    project.write("notes.md", UNGUARDED)
    ran = project.pre_commit("run", "--all-files")
    assert ran.returncode == 0, ran.stdout
    assert "no files to check" in ran.stdout


@pytest.mark.parametrize("project", ["partway-fix"], indirect=True)
def test_fix_hook_leaves_sql_that_is_no_migration_alone(project: Workshop) -> None:
    dump = project.write("reports/schema.sql", UNGUARDED)
    ran = project.pre_commit("run", "--all-files")
    assert ran.returncode == 0, ran.stdout
    assert dump.read_text() == UNGUARDED


@pytest.mark.parametrize("project", ["partway"], indirect=True)
def test_commit_is_refused_until_the_migration_is_repeatable(project: Workshop) -> None:
    installed = project.pre_commit("install")
    assert installed.returncode == 0, installed.stdout
    project.write("db/V1__roles.sql", UNGUARDED)
    refused = project.run("git", "commit", "--message", "Add roles")
    assert refused.returncode != 0
    assert "unguarded-create" in refused.stdout
    project.write("db/V1__roles.sql", GUARDED)
    project.git("commit", "--message", "Add roles")
    assert project.git("log", "--format=%s") == "Add roles"


@pytest.mark.parametrize("project", ["partway-fix"], indirect=True)
def test_fix_hook_writes_guards_once(project: Workshop) -> None:
    migration = project.write("db/V1__roles.sql", UNGUARDED)
    first = project.pre_commit("run", "--all-files")
    assert first.returncode == 1, first.stdout
    assert "files were modified by this hook" in first.stdout
    assert migration.read_text() == GUARDED
    project.git("add", "db")
    second = project.pre_commit("run", "--all-files")
    assert second.returncode == 0, second.stdout
    assert migration.read_text() == GUARDED
