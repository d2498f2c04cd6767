"""Small projects in a folder, and the command run on them as a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

#: Each statement of this is a commit point on MySQL, and the first two fail when they are run again.
MYSQL = "CREATE TABLE a (id int) ENGINE = InnoDB;\nALTER TABLE a ADD COLUMN b int;\n"
#: The same, guarded.
QUIET = "CREATE TABLE IF NOT EXISTS a (id int) ENGINE = InnoDB;\n"


def project(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """A project with these files in it; it ends at its own top."""
    (folder / ".git").mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def partway(
    *arguments: str | Path, cwd: Path, stdin: bytes = b"", env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, in this folder."""
    done = subprocess.run(
        [sys.executable, "-m", "partway", *arguments],
        cwd=cwd,
        input=stdin,
        env={**os.environ, **(env or {})},
        capture_output=True,
        check=False,
        timeout=120,
    )
    shown = subprocess.CompletedProcess(
        done.args, done.returncode, done.stdout.decode(), done.stderr.decode()
    )
    assert "Traceback" not in shown.stderr, shown.stderr
    return shown
