"""Partway's resume of a revision in a project on disk, without a database."""

from __future__ import annotations

import io
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import NamedTuple

from partway.cli.main import main as partway


class Written(NamedTuple):
    """What `partway resume` made of a project: the resume's name and text, and the other files as they are now."""

    name: str
    text: str
    files: Mapping[str, str]


class Refused(Exception):
    """Partway writes none, and says why."""


def write(files: Mapping[str, str], failed: str, dialect: str, folder: Path, *more: str) -> Written:
    """The resume of one of these revisions. Raises Refused."""
    versions = folder / "versions"
    versions.mkdir(parents=True)
    (folder / ".git").mkdir()
    for name, text in files.items():
        (versions / name).write_text(text)
    said, error = io.StringIO(), io.StringIO()
    with redirect_stdout(said), redirect_stderr(error):
        code = partway(["resume", str(versions / failed), "--dialect", dialect, *more])
    if code:
        raise Refused(error.getvalue().strip())
    found = {path.name: path.read_text() for path in versions.glob("*.py")}
    (name,) = set(found) - set(files)
    return Written(name, found.pop(name), found)
