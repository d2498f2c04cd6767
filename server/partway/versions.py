"""One text through its versions in an editor: what a change has only moved is neither read nor judged again.

A change between statements (in a comment, a blank) leaves every finding as it is but for its place. Wherever that is
not plain, the new version is judged like any other text.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from typing import NamedTuple

from partway.core.diagnostic import Diagnostic
from partway.core.edit import Fix
from partway.core.migration import Migration, Section
from partway.core.source import Span
from partway.sql.earlier import Earlier, common, common_end


class _Version(NamedTuple):
    """A version as it was judged; `basis` is what else its findings follow from."""

    migration: Migration
    basis: object
    diagnostics: list[Diagnostic]


class _Change(NamedTuple):
    """The stretch of the old text that was replaced, and how far everything behind it has moved."""

    start: int
    end: int
    by: int

    def moved(self, span: Span) -> Span | None:
        """Where a span of the old text is now; None for one that the change touches."""
        if span.end < self.start:
            return span
        return span.shift(self.by) if span.start > self.end else None


class Versions:
    """What was read and found of the version before of one text. One for each document of an editor."""

    def __init__(self) -> None:
        self._earlier = Earlier()
        self._before: _Version | None = None

    def next(self) -> Earlier:
        """What was read before; a new version is about to be."""
        self._earlier.begin()
        return self._earlier

    def judged(
        self, migration: Migration, basis: object, judge: Callable[[], list[Diagnostic]]
    ) -> list[Diagnostic]:
        """The findings of the version that has just been read: those of the version before, moved, where that had the
        same basis and the same statements, else what `judge` says."""
        before, self._before = self._before, None
        found = None
        if before is not None and self._earlier.only_moved and before.basis == basis:
            found = _moved(before, migration, judge)
        if found is None:
            found = judge()
        self._before = _Version(migration, basis, found)
        return found


def _moved(
    before: _Version, migration: Migration, judge: Callable[[], list[Diagnostic]]
) -> list[Diagnostic] | None:
    change = _change(before.migration.source.text, migration.source.text)
    if change is None or not _same(before.migration, migration, change):
        return None
    # Fixes are edits of this text: who asks for one has all of it judged.
    anew = cache(judge)
    found = []
    for number, one in enumerate(before.diagnostics):
        span = change.moved(one.span)
        if span is None:
            return None
        found.append(one.moved(span, partial(_mended, anew, number)))
    return found


def _mended(judge: Callable[[], list[Diagnostic]], number: int) -> tuple[str, Fix | None]:
    one = judge()[number]
    return one.help, one.fix


def _change(old: str, new: str) -> _Change | None:
    """What was changed; None where lines have come or gone, which findings name by their numbers."""
    limit = min(len(old), len(new))
    head = common(old, new, limit)
    tail = common_end(old, new, limit - head)
    gone, come = old[head : len(old) - tail], new[head : len(new) - tail]
    if any(newline in part for part in (gone, come) for newline in "\r\n"):
        return None
    return _Change(head, len(old) - tail, len(new) - len(old))


def _same(old: Migration, new: Migration, change: _Change) -> bool:
    """Whether two versions differ in nothing that findings follow from, given that their statements are the same."""
    return (
        (old.tool, old.dialect, old.server, old.identity) == (new.tool, new.dialect, new.server, new.identity)
        and not old.troubles
        and not new.troubles
        and len(old.sections) == len(new.sections)
        and all(
            _same_section(one, other, change) for one, other in zip(old.sections, new.sections, strict=True)
        )
        and not any("partway" in comment.text.lower() for one in (old, new) for comment in one.comments)
    )


def _same_section(old: Section, new: Section, change: _Change) -> bool:
    """Whether the sections run the same way, and each statement is where the change has moved it."""
    return (
        (old.name, old.transaction) == (new.name, new.transaction)
        and old.transaction.opt_out is None
        and not old.queries
        and not new.queries
        and len(old.steps) == len(new.steps)
        and all(change.moved(a.span) == b.span for a, b in zip(old.steps, new.steps, strict=True))
    )
