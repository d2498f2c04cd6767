"""The text of a resume: what ruff would leave alone, the same each time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.resume.alembic.case import FAILED_FILE
from tests.resume.alembic.migrations import CASES
from tests.resume.alembic.writing import Written, write

RUFF = [sys.executable, "-m", "ruff"]
#: Cases of which no resume is written without a word about what has run: it shows nowhere.
UNDECIDED = {"counted up", "swapped column", "table anew"}


def ruff(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Ruff with the settings that it has by itself."""
    return subprocess.run([*RUFF, *arguments], capture_output=True, text=True)


def dialects() -> dict[str, str]:
    """Every case with one of its dialects, each in turn."""
    return {
        name: case.engines[number % len(case.engines)].rstrip("0123456789")
        for number, (name, case) in enumerate(CASES.items())
    }


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The resumes of all cases, and their originals."""
    found = tmp_path_factory.mktemp("texts")
    for number, (name, dialect) in enumerate(dialects().items()):
        applied = ("--applied", "1") if name in UNDECIDED else ()
        files = CASES[name].project(dialect).files
        written = write(files, FAILED_FILE, dialect, found / "projects" / str(number), *applied)
        compile(written.text, name, "exec")
        for folder, text in (("originals", files[FAILED_FILE]), ("resumes", written.text)):
            (found / folder).mkdir(exist_ok=True)
            (found / folder / f"{name.replace(' ', '_')}.py").write_text(text)
    return found


def test_the_formatter_leaves_it_as_it_is(folder: Path) -> None:
    for part in ("originals", "resumes"):
        done = ruff("format", "--isolated", "--diff", str(folder / part))
        assert done.returncode == 0, done.stdout


def test_the_linter_has_nothing_to_say(folder: Path) -> None:
    done = ruff("check", "--isolated", "--select", "E4,E7,E9,F,I", str(folder / "resumes"))
    assert done.returncode == 0, done.stdout


def test_the_same_resume_has_the_same_name(tmp_path: Path) -> None:
    files = CASES["roles"].project("postgresql").files
    one: Written = write(files, FAILED_FILE, "postgresql", tmp_path / "one")
    other = write(files, FAILED_FILE, "postgresql", tmp_path / "other")
    assert one == other
