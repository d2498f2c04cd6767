"""A project whose second migration really fails half way through its tool; Partway's commands on it, and what they say
is to be done, done exactly as it is printed."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
from collections.abc import Mapping
from contextlib import chdir, redirect_stderr, redirect_stdout
from typing import Any, NamedTuple

from partway.cli.main import main as partway
from tests.engines.lab import Dump
from tests.history.tools import Migrations, Ran, Tool

_BOOKS = (
    "flyway_schema_history",
    "schema_migrations",
    "goose_db_version",
    "_sqlx_migrations",
    "_prisma_migrations",
)
#: The end of a line of the report that says how the failed migration is marked as done.
_MARKING = re.compile(r"^  1\. mark \S+ as done: (.*(?:\n     .*)*)", re.MULTILINE)


class Said(NamedTuple):
    """What a command said, and its exit code."""

    code: int
    out: str
    error: str


class Story(NamedTuple):
    """What is there before, the migration that fails, and the one behind it, which needs what is missing.

    `rows` are what people put into the tables before, on which it fails; `mend` is what they do about it. It stops
    behind so many operations.
    """

    base: str
    failing: str
    later: str
    rows: tuple[str, ...]
    mend: tuple[str, ...]
    after: int
    #: The number of the one behind it.
    last: int = 10

    def texts(self, *numbers: int) -> dict[int, str]:
        """Some of its migrations, by number."""
        every = {1: self.base, 2: self.failing, self.last: self.later}
        return {number: every[number] for number in numbers}


class HalfRun:
    """One story with one tool on its engine."""

    def __init__(
        self, tool: Tool, story: Story, files: Mapping[str, str], alone: frozenset[int] = frozenset({2})
    ) -> None:
        self.tool = tool
        self.lab = tool.lab
        self.story = story
        self.more = files
        self.alone = alone
        self.every = (1, 2, story.last)
        others = self._files(1, story.last)
        self.failed = next(path for path in self._files(*self.every) if path not in others)

    def _files(self, *numbers: int) -> dict[str, str]:
        migrations = Migrations(self.story.texts(*numbers), self.alone)
        return {**self.tool.files(migrations), **self.more}

    def write(self, *numbers: int) -> None:
        """Make these migrations the project's."""
        self.tool.write(self._files(*numbers))
        (self.tool.folder / ".git").mkdir(exist_ok=True)

    def undisturbed(self, more: Mapping[str, str] | None = None) -> Dump:
        """What all three leave where nothing goes wrong, and these files more."""
        self.lab.fresh()
        self.write(1)
        must(self.tool.up())
        self.lab.execute(*self.story.rows, *self.story.mend)
        self.tool.write({**self._files(*self.every), **(more or {})})
        must(self.tool.up())
        return self.dump()

    def run_resume(self, report: str) -> None:
        """Run the tool, and before it by hand what the report says is to be run so."""
        by_hand = re.search(r"^wrote (.*finish_.*\.sql)$", report, re.MULTILINE)
        if "run this script by hand" in report:
            assert by_hand, report
            self.lab.script((self.tool.folder / by_hand[1]).read_text())
        must(self.tool.up())

    def resume_files(self) -> dict[str, str]:
        """What `partway resume` has written, by path."""
        known, folder = self._files(*self.every), self.tool.folder
        folders = {folder / os.path.dirname(path) for path in known}
        found = {path for each in folders for path in each.glob("*") if "finish" in path.name}
        files = {path / "migration.sql" if path.is_dir() else path for path in found}
        return {str(path.relative_to(folder)): path.read_text() for path in files}

    def stop(self) -> Ran:
        """Let it fail, and mend what it failed on."""
        self.lab.fresh()
        self.write(1)
        must(self.tool.up())
        self.lab.execute(*self.story.rows)
        self.write(1, 2)
        ran = self.tool.up()
        assert not ran.ok or self.tool.name == "dbmate", ran.output
        self.lab.execute(*self.story.mend)
        self.write(*self.every)
        return ran

    def partway(self, command: str, *options: str) -> Said:
        """What a command on the failed migration says."""
        out, error = io.StringIO(), io.StringIO()
        with chdir(self.tool.folder), redirect_stdout(out), redirect_stderr(error):
            code = partway([command, self.failed, "--database", self.lab.url, *options])
        return Said(code, out.getvalue(), error.getvalue())

    def states(self) -> set[str]:
        """The states of its operations, as status says them."""
        return {one["state"] for one in self._asked()["operations"]}

    def point(self) -> object:
        """The point that status names."""
        return self._asked()["failure_point"]

    def _asked(self) -> dict[str, Any]:
        said = self.partway("status", "--format", "json")
        assert said.out, said.error
        found: dict[str, Any] = json.loads(said.out)[0]
        return found

    def mark(self, report: str) -> None:
        """Do what the report says first: SQL in the database, a command in the project's folder."""
        found = _MARKING.search(report)
        assert found, report
        lines = [line.strip() for line in found[1].splitlines()]
        if lines[0].endswith(";"):
            self.lab.execute(*(line.removesuffix(";") for line in lines))
            return
        done = subprocess.run(
            ["bash", "-c", "\n".join(lines)],
            cwd=self.tool.folder,
            env={**os.environ, **self.tool.environment(), **self._shell()},
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode == 0, f"{lines}: {done.stdout}{done.stderr}"

    def _shell(self) -> dict[str, str]:
        """The tool is on the path, and knows the database by the variable that it mostly goes by."""
        url = {word for word in self.tool.words() if "://" in word}
        found = {"PATH": f"{self.tool.program.parent}{os.pathsep}{os.environ['PATH']}"}
        return {**found, "DATABASE_URL": url.pop()} if url else found

    def dump(self) -> Dump:
        """The schema and its rows, without the tool's books."""
        self.lab.execute(*(f"DROP TABLE IF EXISTS {name}" for name in _BOOKS))
        return self.lab.dump()

    def left(self) -> str:
        """What the tool itself says is still to do, or is dirty; empty where it is content."""
        ran = self.tool.status()
        return "" if ran.ok else ran.output


def must(ran: Ran) -> None:
    """A run that has to go through."""
    assert ran.ok, ran.output
