"""The text of resume migrations: as ruff formats it, with nothing that it would complain of, in every form there is."""

from __future__ import annotations

import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from partway.analysis import Analysis, analyse
from partway.core.source import SourceFile
from partway.finishing import Assumed, finish_unasked
from partway.neighbours import Neighbours
from partway.surveyed import Given
from partway.tools.choice import Choice
from partway.tools.history import File
from partway.tools.reading import read
from partway.tools.resuming import CannotResume
from tests.resume.django.crash import APP, BASE, FAILED
from tests.resume.django.migrations import MIGRATIONS, Case

#: The least that is written of all migrations on each dialect: what is opaque is left to a person.
LEAST = 35


def text(folder: Path, case: Case, dialect: str) -> str:
    """The resume migration that holds for whatever a database may show. Raises CannotResume."""
    package = folder / APP / "migrations"
    package.mkdir(parents=True)
    given = []
    for name, content in ((BASE, case.base), (FAILED, case.text)):
        path = package / name
        path.write_text(content)

        def reading(path: str = str(path), content: str = content) -> Analysis:
            choice = Choice("django", dialect)
            return analyse(read(SourceFile(path, content), choice, None, Neighbours(f"{folder}/")), ())

        given.append(Given(name, File(str(path), content), "django", {}, reading))
    return finish_unasked(given[1], given[:1], dialect, Assumed()).resumed.text


def test_is_formatted(tmp_path: Path) -> None:
    written = tmp_path / "written"
    written.mkdir()
    for dialect in ("postgresql", "mariadb", "mysql", "sqlite"):
        count = 0
        for number, case in enumerate(MIGRATIONS.values()):
            if case.runs_on(dialect):
                with suppress(CannotResume):
                    whole = text(tmp_path / dialect / str(number), case, dialect)
                    (written / f"{dialect}_{number}.py").write_text(whole)
                    count += 1
        assert count >= LEAST, dialect
    for command in (["format", "--diff"], ["check", "--select", "E4,E7,E9,F,I"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *command, "--isolated", str(written)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout
