"""After a resume Alembic's own commands behave as if nothing had happened."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engines.plugin import Labs
from tests.resume.alembic.case import BASE, FAILED
from tests.resume.alembic.migrations import CASES
from tests.resume.alembic.project import Project

CLEAN = "No new upgrade operations detected."


def stopped(folder: Path, labs: Labs, engine: str) -> Project:
    """A project whose second revision stopped behind its second statement."""
    lab = labs(engine)
    lab.fresh()
    project = Project(folder, lab, CASES["roles"])
    project.alembic("upgrade", BASE)
    project.stop(2)
    project.alembic("upgrade", "head", fails=True)
    project.stop(None)
    return project


@pytest.mark.parametrize("engine", ["sqlite", "postgresql18", "mariadb"])
def test_commands_behave_as_if_nothing_had_happened(engine: str, labs: Labs, tmp_path: Path) -> None:
    project = stopped(tmp_path / "project", labs, engine)
    said = project.resume()
    assert f"alembic stamp {FAILED}" in said
    resume = project.resume_file().name.partition("_")[0]
    assert project.resume_file().name == f"{resume}_finish_add_roles.py"
    project.alembic("stamp", FAILED)
    project.alembic("upgrade", "head")
    assert CLEAN in project.alembic("check")
    assert resume in project.alembic("current")
    assert project.alembic("heads").splitlines()[0].startswith(f"{resume} (head)")
    history = project.alembic("history")
    assert f"{FAILED} -> {resume} (head), finish: add roles" in history
    assert f"{BASE} -> {FAILED}, Add roles" in history
    project.alembic("revision", "following", autogenerate=True)
    project.alembic("upgrade", "head")
    assert CLEAN in project.alembic("check")
    project.alembic("downgrade", BASE)
    assert "not up to date" in project.alembic("check", fails=True)
    project.alembic("upgrade", "head")
    assert CLEAN in project.alembic("check")
    project.alembic("downgrade", "base")


def test_without_a_database_it_says_why_it_cannot(labs: Labs, tmp_path: Path) -> None:
    project = stopped(tmp_path / "project", labs, "sqlite")
    project.resume()
    said = project.alembic("upgrade", f"{FAILED}:head", sql=True, fails=True)
    assert "RuntimeError: This revision looks at the database, which --sql does not have" in said
    resume = project.resume_file().name.partition("_")[0]
    assert "UPDATE alembic_version" in project.alembic("downgrade", f"{resume}:{FAILED}", sql=True)


def test_a_revision_that_went_through_needs_none(labs: Labs, tmp_path: Path) -> None:
    lab = labs("sqlite")
    lab.fresh()
    project = Project(tmp_path / "project", lab, CASES["roles"])
    project.alembic("upgrade", "head")
    assert "nothing to resume" in project.resume(fails=True)
