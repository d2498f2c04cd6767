"""SQLite keeps a column's type as it was written; spelling apart, nothing is equal but what reads the same."""

from __future__ import annotations

import re

from partway.live.normal.comments import uncommented
from partway.live.normal.found import OR_INTEGER


def normal_type(said: str) -> str:
    """The type in lower case, with one blank between words and none inside parentheses."""
    text = re.sub(r"\s+", " ", uncommented(said, "sqlite").strip()).lower().replace('"', "")
    return re.sub(r"\s*([(),])\s*", r"\1", text)


def same_type(said: str, found: str) -> bool | None:
    """Whether both are one type."""
    if said.endswith(OR_INTEGER):
        return normal_type(found) in (normal_type(said.removesuffix(OR_INTEGER)), "integer")
    return normal_type(said) == normal_type(found)


def counts_up(said: str) -> bool:  # noqa: ARG001 - SQLite has no such type
    """Whether the type is a serial."""
    return False
