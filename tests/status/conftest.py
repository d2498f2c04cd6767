"""The command on a project's folder and a lab's database, in this process."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from partway.cli.main import main
from tests.history.conftest import real_tools  # noqa: F401 # pytest finds fixtures by name


class Said(NamedTuple):
    """What came of one run of the command."""

    code: int
    documents: list[dict[str, Any]]
    complaints: str = ""

    def of(self, part: str) -> dict[str, Any]:
        """What it says of the one migration with this in its path."""
        (found,) = [one for one in self.documents if part in one["path"]]
        return found

    def verdicts(self) -> dict[str, str]:
        """The verdicts by the migrations' names."""
        return {Path(one["path"]).stem: one["history"]["verdict"] for one in self.documents}


Status = Callable[..., Said]


@pytest.fixture
def status(capsys: pytest.CaptureFixture[str]) -> Status:
    """`status(path, url)`."""

    def run(path: Path, url: str, *more: str) -> Said:
        code = main(["status", str(path), "--database", url, "--format", "json", *more])
        out, complaints = capsys.readouterr()
        return Said(code, json.loads(out) if out else [], complaints)

    return run
