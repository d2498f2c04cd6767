"""The command on what the tools left that are too heavy to run each time: their recorded tables, put back into real
engines beside the project's files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.engines.lab import Lab
from tests.engines.plugin import Labs
from tests.history.catalog import TOOLS as REAL
from tests.history.conftest import kept
from tests.history.scenes import MEND, Seen
from tests.history.test_tracking import KEEP_CHECKSUMS, LEFT
from tests.history.tools import SERVERS
from tests.status.conftest import Said, Status
from tests.status.tracking_tables import TOOLS, restore

CASES = [(tool, engine) for tool in TOOLS for engine in (*SERVERS, "sqlite") if engine in REAL[tool].engines]
ONE, TWO, FOUR = (f"CREATE TABLE {name} (id int)" for name in ("one", "two", "four"))
#: What tells the tool to people and to Partway where its files look like any other tool's.
EVIDENCE = {"sqlx": {"Cargo.toml": '[dependencies]\nsqlx = "0.8"\n'}}


class Project:
    """A tool's project in a folder of its own, and its database."""

    def __init__(self, tool: str, lab: Lab, folder: Path, status: Status) -> None:
        self.tool, self.lab, self.folder, self.status = tool, lab, folder, status
        self.scenes = kept(tool, lab.name)

    def said(self, scene: str, *statements: str) -> Said:
        """What the command says of a scene in which these statements have run besides."""
        seen: Seen = self.scenes[scene]
        (self.folder / ".git").mkdir(parents=True, exist_ok=True)
        for path, text in {**seen.files, **EVIDENCE.get(self.tool, {})}.items():
            (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / path).write_bytes(text.encode())
        self.lab.fresh()
        restore(self.lab, self.tool, seen)
        self.lab.execute(*statements)
        return self.status(self.folder, self.lab.url)

    def alone(self, document: dict[str, Any]) -> Said:
        """What it says of one file by itself."""
        return self.status(Path(document["path"]), self.lab.url)


@pytest.fixture(params=CASES, ids="-".join)
def project(request: pytest.FixtureRequest, labs: Labs, status: Status, tmp_path: Path) -> Project:
    """Each tool on each engine."""
    tool, engine = request.param
    return Project(tool, labs(engine), tmp_path / "project", status)


def verdicts(said: Said) -> list[str]:
    """In the order of the tool."""
    return [one["history"]["verdict"] for one in said.documents]


def test_nothing_has_run(project: Project) -> None:
    said = project.said("nothing")
    assert (said.code, verdicts(said)) == (0, ["pending"])
    assert {one["tool"] for one in said.documents} == {project.tool}


def test_it_stopped_half_way(project: Project) -> None:
    said = project.said("half", ONE, TWO)
    assert (said.code, verdicts(said)) == (1, ["complete", "half-way"])
    found = said.documents[1]
    assert found["failure_point"] == {"after": 0, "before": 1}
    assert "created table two and stopped before creating table one" in found["sentence"]
    alone = project.alone(found)
    assert alone.code == 1
    assert alone.documents[0]["history"] == found["history"]
    assert project.alone(said.documents[0]).code == 0


def test_it_failed_and_left_nothing(project: Project) -> None:
    left = LEFT.get((project.tool, project.lab.dialect), LEFT.get(project.tool))
    said = project.said("half", ONE)
    expected = (1, ["complete", "blocked"]) if left else (0, ["complete", "pending"])
    assert (said.code, verdicts(said)) == expected


def test_it_was_mended_and_marked_as_done(project: Project) -> None:
    said = project.said("marked", ONE, *MEND)
    assert (said.code, verdicts(said)) == (0, ["complete", "complete"])


def test_it_was_marked_as_done_and_never_mended(project: Project) -> None:
    said = project.said("marked", ONE, TWO)
    assert (said.code, verdicts(said)) == (1, ["complete", "incomplete"])
    words = said.documents[1]["history"]["words"]
    assert words.startswith("recorded as applied")
    assert "but table three is not there (operation 2)" in words
    assert project.alone(said.documents[1]).code == 1


def test_the_tool_went_on(project: Project) -> None:
    said = project.said("after", ONE, *MEND, FOUR)
    assert (said.code, verdicts(said)) == (0, ["complete"] * 3)


def test_prisma_counts_milliseconds_on_sqlite(labs: Labs, status: Status, tmp_path: Path) -> None:
    said = Project("prisma", labs("sqlite"), tmp_path / "project", status).said("marked", ONE, *MEND)
    assert said.documents[1]["history"]["at"].startswith("2026-11-22 22:04:54.829")


def test_a_file_was_edited_since(project: Project) -> None:
    said = project.said("edited", ONE, *MEND, FOUR)
    assert (said.code, verdicts(said)) == (0, ["complete"] * 3)
    expected = True if project.tool in KEEP_CHECKSUMS else None
    assert said.documents[0]["history"]["edited"] is expected
    assert ("the file was edited since" in said.documents[0]["sentence"]) is bool(expected)
