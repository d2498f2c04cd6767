"""SQL in strings of a programming language: read by the SQL reader, with everything at its place in the program."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from partway.core.migration import Step
from partway.core.operation import Action, Operation
from partway.core.relocation import relocated
from partway.core.source import Span
from partway.tools.setup import Setup

if TYPE_CHECKING:
    from partway.sql.reader import Reading

#: What stands in the SQL for a value that only a run would tell. No project calls anything so.
HOLE = "partway_unknown_value"


class Piece(NamedTuple):
    """A stretch of a string: what it means, where it stands in the program, and whether each character of it stands
    there as it is (no escape, no interpolation). A `hole` is a value that only a run would tell."""

    meant: str
    span: Span
    exact: bool = True
    hole: bool = False


def hole(span: Span) -> Piece:
    """The piece for something in a string that cannot be told: an interpolation, a name."""
    return Piece(HOLE, span, exact=False, hole=True)


def read_sql(text: str, pieces: Iterable[Piece], setup: Setup, section: str) -> Reading:
    """The steps in the SQL that these pieces make together, with spans in `text`, the program.

    An operation whose name nobody knows before it runs keeps its kind,
    is about what the program says there, and states nothing of what it leaves behind. Never raises.
    """
    from partway.sql.reader import Reading, read_steps  # most programs have no SQL in them

    pieces = [piece for piece in pieces if piece.meant]
    if not pieces:
        return Reading((), (), ())
    if len(pieces) == 1 and pieces[0].exact:
        start, end = pieces[0].span
        return read_steps(text, start, end, setup.dialect, setup.server, section)
    meant = "".join(piece.meant for piece in pieces)
    found = read_steps(meant, 0, len(meant), setup.dialect, setup.server, section)
    places = _Places(pieces)
    steps = tuple(relocated(_without_holes(step), places.at) for step in found.steps)
    comments = tuple(
        comment._replace(span=Span(places.at(comment.span.start), places.at(comment.span.end)))
        for comment in found.comments
    )
    troubles = tuple(
        trouble._replace(span=Span(places.at(trouble.span.start), places.at(trouble.span.end)))
        for trouble in found.troubles
    )
    return Reading(steps, comments, troubles)


class _Places:
    """From an offset in what the pieces mean to the offset in the program."""

    def __init__(self, pieces: list[Piece]) -> None:
        self._pieces = pieces
        self._starts: list[int] = []
        at = 0
        for piece in pieces:
            self._starts.append(at)
            at += len(piece.meant)

    def at(self, offset: int) -> int:
        """Inside a piece that does not stand as it is: its beginning, and its end from its last character on."""
        index = max(bisect_right(self._starts, offset) - 1, 0)
        piece = self._pieces[index]
        inside = offset - self._starts[index]
        if inside == 0 and index and offset:
            # The end of what stands before, which is the beginning of this one where nothing lies between them.
            return piece.span.start
        if piece.exact:
            return min(piece.span.start + inside, piece.span.end)
        return piece.span.end if inside >= len(piece.meant) else piece.span.start


def _without_holes(step: Step) -> Step:
    """The step without what is said of names that nobody knows."""
    if not any(_has_hole(action) for operation in step.operations for action in operation.actions):
        return step
    return step._replace(operations=tuple(map(unholed, step.operations)))


def _has_hole(action: Action) -> bool:
    return HOLE in action.target or any(
        HOLE in fact.name.name or (fact.table is not None and HOLE in str(fact.table))
        for fact in action.postconditions
    )


def unholed(operation: Operation) -> Operation:
    """The operation without what is said of names that nobody knows, which are `?` in its targets."""
    actions = tuple(
        action._replace(target=action.target.replace(HOLE, "?"), postconditions=())
        if _has_hole(action)
        else action
        for action in operation.actions
    )
    return operation._replace(target=operation.target.replace(HOLE, "?"), actions=actions)
