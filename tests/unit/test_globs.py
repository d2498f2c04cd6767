"""Path patterns match what git matches with them."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partway.core.globs import Globs

PATHS = (
    "a.sql",
    "b.txt",
    "db/a.sql",
    "db/old/a.sql",
    "db/old/deep/b.sql",
    "old/a.sql",
    "x/db/old/a.sql",
    "x/y/z.sql",
    "weird[1].sql",
    "sp ace/a.sql",
)
PATTERNS = (
    ["*.sql"],
    ["old"],
    ["old/"],
    ["/old"],
    ["db/*.sql"],
    ["db/**"],
    ["**/old"],
    ["db/**/b.sql"],
    ["x/**/a.sql"],
    ["*.sql", "!db/a.sql"],
    ["[ab].sql"],
    ["[!a].sql"],
    ["?.txt"],
    ["weird\\[1\\].sql"],
    ["weird[[]1].sql"],
    ["**"],
    ["*"],
    ["a.sql/"],
    ["d*/old"],
    ["db/**/deep/"],
    ["sp ace"],
)


@pytest.mark.parametrize("patterns", PATTERNS, ids=" ".join)
def test_patterns_mean_what_they_mean_to_git(patterns: list[str], tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    (tmp_path / ".gitignore").write_text("\n".join(patterns))
    for path in PATHS:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("")
    checked = subprocess.run(
        ["git", "-C", tmp_path, "check-ignore", "--stdin", "-z"],
        input="\0".join(PATHS),
        capture_output=True,
        text=True,
        check=False,
    )
    globs = Globs(patterns)
    assert {path for path in PATHS if globs.match(path)} == set(filter(None, checked.stdout.split("\0")))


@given(st.lists(st.text(max_size=12), max_size=4), st.text(max_size=20))
def test_no_pattern_raises(patterns: list[str], path: str) -> None:
    Globs(patterns).match(path)
