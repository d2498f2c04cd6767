"""Sections of SQL text to operations: what all tools whose migrations are SQL files share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from partway.core.migration import Comment, Migration, Section, Step, TransactionMode, Trouble
from partway.core.source import SourceFile, Span
from partway.sql.reader import read_steps
from partway.tools.setup import Setup


class Part(NamedTuple):
    """A stretch of a file that runs in one direction ("up" or "down"), and how.

    `transaction` is called with the steps where the tool decides by what the statements are. `check` may find trouble
    that only this tool has with them. `queries` as in `Section`.
    """

    name: str
    span: Span
    transaction: TransactionMode | Callable[[tuple[Step, ...]], TransactionMode]
    check: Callable[[tuple[Step, ...]], Iterable[Trouble]] | None = None
    queries: tuple[Span, ...] = ()


def migration(
    source: SourceFile, setup: Setup, identity: str, parts: Iterable[Part], troubles: Iterable[Trouble] = ()
) -> Migration:
    """The migration made of these parts, in the order given; `troubles` are the tool's own with the file as a whole."""
    sections: list[Section] = []
    comments: list[Comment] = []
    found = list(troubles)
    for part in parts:
        reading = read_steps(
            source.text,
            part.span.start,
            part.span.end,
            setup.dialect,
            setup.server,
            part.name,
            setup.earlier,
        )
        steps = tuple(reading.steps)
        mode = part.transaction if isinstance(part.transaction, TransactionMode) else part.transaction(steps)
        sections.append(Section(part.name, part.span, steps, setup.transaction(mode), part.queries))
        comments += reading.comments
        found += reading.troubles
        if part.check is not None:
            found += part.check(steps)
    return Migration(
        source,
        setup.tool,
        setup.dialect.name,
        setup.server,
        identity,
        tuple(sections),
        tuple(comments),
        tuple(sorted(found, key=lambda trouble: trouble.span)),
        setup.dialect_assumed,
    )


def whole(source: SourceFile) -> Span:
    """The whole text."""
    return Span(0, len(source.text))
