"""A worker's processes: nothing of the user's environment or of another project, and words when it cannot start."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engines.process import Unavailable
from tests.runners.django.runner import COMMAND, DjangoProject
from tests.runners.plugin import Runners
from tests.runners.rails.runner import RailsProject, migration
from tests.runners.worker import Broken, Died, Worker


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[Worker]:
    found = Worker(COMMAND, tmp_path)
    yield found
    found.close()


def test_program_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="no-such-ruby cannot run"):
        Worker(["no-such-ruby"], tmp_path)


SUITE = """
from tests.engines.plugin import labs

def test_of_rails(runners):
    runners.rails("sqlite")
"""


@pytest.mark.parametrize(("ci", "code", "summary"), [("", 0, "1 skipped"), ("true", 1, "1 failed")])
def test_tool_that_is_not_there_is_told(
    repository: Path, tmp_path: Path, ci: str, code: int, summary: str
) -> None:
    shutil.copy(repository / "tests/conftest.py", tmp_path)
    (tmp_path / "test_suite.py").write_text(SUITE)
    environment = {**os.environ, "CI": ci, "PYTHONPATH": str(repository), "PATH": str(tmp_path)}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    ran = subprocess.run(command, cwd=tmp_path, env=environment, text=True, capture_output=True, timeout=60)
    assert (ran.returncode, summary in ran.stdout) == (code, True), ran.stdout
    assert "1 of 3 tools skipped" in ran.stdout
    assert "rails: ruby cannot run" in ran.stdout
    assert "to enable it: apt-get install ruby ruby-activerecord" in ran.stdout


def test_worker_that_cannot_start_says_why(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="ModuleNotFoundError: No module named 'nothing_of_that_name'"):
        Worker([sys.executable, "-c", "import nothing_of_that_name"], tmp_path)


def test_harness_that_fails_is_no_outcome(worker: Worker) -> None:
    conversation = worker.fork()
    with pytest.raises(Broken, match="KeyError"):
        conversation.ask("open", folder="/nowhere")
    conversation.close()


def test_process_that_ended_is_noticed(worker: Worker) -> None:
    conversation = worker.fork()
    conversation.close()
    with pytest.raises(Died):
        conversation.ask("open")


def test_nothing_of_the_users_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE", "RAILS_ENV", "RUBYOPT", "PGPASSWORD"):
        monkeypatch.setenv(name, "somebody's")
    say = "import json, os; print(json.dumps({'version': ' '.join(sorted(os.environ))}))"
    found = Worker([sys.executable, "-c", say], tmp_path)
    found.close()
    assert set(found.version.split()) - {"LC_CTYPE"} == {"HOME", "LANG", "PATH", "TZ"}


def test_classes_of_one_project_do_not_reach_the_next(runners: Runners) -> None:
    rails = runners.rails("sqlite")
    first = dict([migration("1_same", "create_table(:one)")])
    rails.load(RailsProject(files=first, initializer="HERE = 1"))
    assert rails.up("1_same.rb").ok
    second = dict([migration("1_same", "raise NameError if defined?(HERE)\ncreate_table(:two)", "change")])
    rails.load(RailsProject(files=second))
    done = rails.up("1_same.rb")
    assert done.ok, done.error
    assert set(rails.schema()) == {"table two", "column two.id"}


def test_file_that_does_not_parse_is_an_outcome(runners: Runners) -> None:
    rails, django = runners.rails("sqlite"), runners.django("sqlite")
    rails.load(RailsProject(files=dict([migration("1_half", "create_table(:one")])))
    assert "SyntaxError" in rails.up("1_half.rb").error
    django.load(DjangoProject(files={"0001_half.py": "class Migration("}))
    assert "SyntaxError" in django.up("0001_half.py").error
