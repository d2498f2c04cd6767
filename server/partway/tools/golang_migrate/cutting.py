"""Texts for golang-migrate's `x-multi-statement`, which cuts a file at every semicolon, inside blocks and comments too:
the blocks of a resume migration are put into strings that spell their semicolons in another way."""

from __future__ import annotations

import re

from partway.dialects import dialect_named
from partway.sql.reader import read_steps
from partway.tools.resuming import CannotResume

_BLOCK = re.compile(r"\b(do) (\$\w*\$)(.*?)\2(?=;)", re.DOTALL | re.IGNORECASE)
_COMMENT = re.compile(r"^--.*", re.MULTILINE)
_SAID = r"""
-- golang-migrate cuts this file at every semicolon (x-multi-statement): inside of blocks they are written \x3b.
"""


def uncut(text: str, dialect: str) -> str:
    """The text with no semicolon but those that end its statements. Raises CannotResume where that cannot be."""
    found = _COMMENT.sub(lambda comment: comment[0].replace(";", ","), text)
    if _BLOCK.search(found):
        head, blank, rest = found.partition("\n\n")
        found = f"{head}{_SAID.rstrip()}{blank}{rest}"
    found = _BLOCK.sub(_in_string, found)
    steps = read_steps(found, 0, len(found), dialect_named(dialect), (), "up").steps
    if found.count(";") != len(steps):
        raise CannotResume(
            "golang-migrate cuts the file at every semicolon (x-multi-statement), and one stands inside a statement",
            "Finish it by hand, or without x-multi-statement",
        )
    return found


def _in_string(block: re.Match[str]) -> str:
    body = block[3].replace("\\", "\\\\").replace("'", "''").replace(";", "\\x3b")
    return f"{block[1]} {'E' if block[1].isupper() else 'e'}'{body}'"
