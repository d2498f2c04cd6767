"""That a skipped test cannot pass for a passed one where it matters."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SUITE = """
import pytest

@pytest.fixture
def engine():
    pytest.skip("no such engine here")

def test_on_the_engine(engine): ...
def test_elsewhere(): ...
"""


@pytest.mark.parametrize(
    ("ci", "code", "summary"), [("", 0, "1 passed, 1 skipped"), ("true", 1, "1 passed, 1 error")]
)
def test_in_ci_a_skipped_engine_is_an_error(
    repository: Path, tmp_path: Path, ci: str, code: int, summary: str
) -> None:
    shutil.copy(repository / "tests/conftest.py", tmp_path)
    (tmp_path / "test_suite.py").write_text(SUITE)
    # PYTHONPATH for the plugin that conftest.py names
    environment = {**os.environ, "CI": ci, "PYTHONPATH": str(repository)}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    ran = subprocess.run(command, cwd=tmp_path, env=environment, text=True, capture_output=True, timeout=60)
    assert (ran.returncode, summary in ran.stdout) == (code, True), ran.stdout
    assert "no such engine here" in ran.stdout or not ci
