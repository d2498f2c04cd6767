"""Reading a text that was read before and has changed a little since: only what changed is read again.

Statements before the change are kept as they are, those behind it are moved. Whenever it is not plain that the rest
would be read as before (a quote that is not closed, a client's command, text run from variables), all is read again.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from typing import NamedTuple

from partway.core.migration import Comment, Step
from partway.core.postcondition import Name, Postcondition
from partway.core.relocation import shifted
from partway.core.source import Span
from partway.dialects.dialect import Dialect, Version

#: Words that begin statements which run text or variables set elsewhere: a section with one is read as a whole.
ELSEWHERE = frozenset({"EXECUTE", "CALL"})


class Kept(NamedTuple):
    """A statement as it was read: where it begins and where its terminator ends (`ended` says whether it has one), its
    first word, its step."""

    start: int
    stop: int
    ended: bool
    word: str
    step: Step | None


class Part(NamedTuple):
    """A stretch of text as it was read, without any trouble. `only_moved` says that its statements are those of the
    part that was read before it, at other places."""

    text: str
    start: int
    end: int
    statements: list[Kept]
    comments: list[Comment]
    only_moved: bool = False


class Same(NamedTuple):
    """What of a part still holds: so many of its first statements, those from `behind` on, and how far each have moved;
    `changed` lies between them and is to be read again."""

    before: int
    behind: int
    moved_before: int
    moved_behind: int
    changed: Span


class Earlier:
    """What was read of the version before of one text. One for each document of an editor."""

    def __init__(self) -> None:
        self._parts: dict[tuple[str, str, Version], Part] = {}
        self._moved: list[bool] = []

    def begin(self) -> None:
        """A new version is about to be read."""
        self._moved = []

    @property
    def only_moved(self) -> bool:
        """Whether all that was read of the new version is what was read before, at other places."""
        return bool(self._moved) and all(self._moved)

    def part(self, section: str, dialect: Dialect, server: Version) -> Part | None:
        """The stretch that was read for this section."""
        return self._parts.get((section, dialect.name, server))

    def keep(self, section: str, dialect: Dialect, server: Version, part: Part | None) -> None:
        """Keep what was read now; None where nothing can be built upon it."""
        self._moved.append(part is not None and part.only_moved)
        key = (section, dialect.name, server)
        if part is None or any(kept.word in ELSEWHERE for kept in part.statements):
            self._parts.pop(key, None)
        else:
            self._parts[key] = part


def same(part: Part, text: str, start: int, end: int) -> Same:
    """What of a part holds in `text[start:end]`, as far as the characters tell."""
    old, new = part.text[part.start : part.end], text[start:end]
    limit = min(len(old), len(new))
    head = common(old, new, limit)
    tail = common_end(old, new, limit - head)
    statements = part.statements
    # A terminator right before the change is not relied upon, nor a statement right behind it.
    before = bisect_left(statements, part.start + head, key=lambda kept: kept.stop)
    if before and not statements[before - 1].ended:
        before -= 1
    behind = max(before, bisect_right(statements, part.end - tail, key=lambda kept: kept.start))
    moved_before, moved_behind = start - part.start, end - part.end
    at = statements[before - 1].stop + moved_before if before else start
    until = statements[behind].start + moved_behind if behind < len(statements) else end
    return Same(before, behind, moved_before, moved_behind, Span(at, max(at, until)))


def common(old: str, new: str, limit: int) -> int:
    """How many characters two texts begin with alike."""
    low, high = 0, limit
    while low < high:
        middle = (low + high + 1) // 2
        if old[low:middle] == new[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def common_end(old: str, new: str, limit: int) -> int:
    """How many characters two texts end with alike."""
    low, high = 0, limit
    while low < high:
        middle = (low + high + 1) // 2
        if old[len(old) - middle : len(old) - low] == new[len(new) - middle : len(new) - low]:
            low = middle
        else:
            high = middle - 1
    return low


def moved(kept: Kept, by: int) -> Kept:
    """A statement so many characters further on."""
    if not by:
        return kept
    step = shifted(kept.step, by) if kept.step is not None else None
    return Kept(kept.start + by, kept.stop + by, kept.ended, kept.word, step)


_TELLING = frozenset({"table", "column", "index", "constraint", "subscription"})


def _facts(step: Step | None) -> list[Postcondition]:
    """What a step leaves."""
    if step is None:
        return []
    return [
        fact
        for operation in step.operations
        for action in operation.actions
        for fact in action.postconditions
    ]


def tells(step: Step | None) -> bool:
    """Whether statements below may be read by what this one says: of tables, their keys, what is partitioned."""
    return any(fact.object in _TELLING for fact in _facts(step))


def tells_of_subscriptions(step: Step | None) -> bool:
    """Whether it says something of a subscription: alone that counts for how a DROP below is read."""
    return any(fact.object == "subscription" for fact in _facts(step))


def tables_made(steps: Iterable[Step | None]) -> set[Name]:
    """The tables that these statements make: of no other one is anything known to the data changes below."""
    return {
        action.postconditions[0].name
        for step in steps
        if step is not None
        for operation in step.operations
        for action in operation.actions
        if action.kind == "create-table" and action.postconditions
    }


def tells_of_tables(step: Step | None, made: set[Name]) -> bool:
    """Whether it says something of one of these tables."""
    return any(fact.name in made or fact.table in made for fact in _facts(step))


def moved_comment(comment: Comment, by: int) -> Comment:
    """A comment so many characters further on."""
    return Comment(comment.span.shift(by), comment.text) if by else comment
