"""The text of a resume: what ruff would leave alone, at the place that Alembic looks for, with what has to move."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.resume.alembic.case import FAILED_FILE, Case
from tests.resume.alembic.migrations import CASES
from tests.resume.alembic.writing import Written, write

RUFF = [sys.executable, "-m", "ruff"]
#: Cases of which no resume is written without a word about what has run: it shows nowhere.
UNDECIDED = {"counted up", "swapped column", "table anew"}


def ruff(*arguments: str, text: str) -> subprocess.CompletedProcess[str]:
    """Ruff with the settings that it has by itself."""
    command = [*RUFF, *arguments, "--isolated", "--stdin-filename", "revision.py", "-"]
    return subprocess.run(command, input=text, capture_output=True, text=True)


def dialects() -> list[tuple[str, str]]:
    """Every case with each dialect that it is for."""
    return [(name, engine.rstrip("0123456789")) for name, case in CASES.items() for engine in case.engines]


@pytest.mark.parametrize(("name", "dialect"), dialects())
def test_ruff_leaves_it_alone(name: str, dialect: str, tmp_path: Path) -> None:
    case: Case = CASES[name]
    original = case.text()
    assert ruff("format", text=original).stdout == original, "the test's own revision is not formatted"
    applied = ("--applied", "1") if name in UNDECIDED else ()
    found = write(case.project(dialect).files, FAILED_FILE, dialect, tmp_path, *applied)
    text = found.text
    compile(text, "revision.py", "exec")
    assert ruff("format", text=text).stdout == text
    checked = ruff("check", "--select", "E4,E7,E9,F,I", text=text)
    assert checked.returncode == 0, f"{checked.stdout}\n{text}"


def test_the_same_resume_has_the_same_name(tmp_path: Path) -> None:
    files = CASES["roles"].project("postgresql").files
    one: Written = write(files, FAILED_FILE, "postgresql", tmp_path / "one")
    other = write(files, FAILED_FILE, "postgresql", tmp_path / "other")
    assert one == other
