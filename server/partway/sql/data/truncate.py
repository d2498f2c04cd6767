"""TRUNCATE: empty tables stay empty."""

from __future__ import annotations

from partway.core.operation import Repeat
from partway.sql.data.draft import Draft
from partway.sql.data.view import View

_OPTIONS = frozenset({"RESTART", "CONTINUE", "CASCADE", "RESTRICT", "WAIT", "NOWAIT"})


def read_truncate(view: View, start: int, end: int) -> list[Draft]:
    """One draft for each table named."""
    at = start + 1
    if view.word(at) == "TABLE":
        at += 1
    stop = view.find(_OPTIONS, at, end)
    drafts = []
    for part in view.split(at, stop):
        first = part.start + 1 if view.word(part.start) == "ONLY" else part.start
        target, _ = view.table(first, part.end)
        drafts.append(Draft("truncate", target, Repeat.SAME))
    return drafts
