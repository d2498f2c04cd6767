"""Word lists written as prose lines, since a list of a hundred quoted words is hard to read and to keep in order."""

from __future__ import annotations


def words(lines: str) -> frozenset[str]:
    """The set of the words in these lines."""
    return frozenset(lines.split())
