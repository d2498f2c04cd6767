"""What conditions in a migration make of a second run, once all of its calls are read.

Rows that a second run does not come to: a condition that stands around their change looks at what an operation
before it has made or taken away, and finds the other answer then. Other things that it passes over in the same way. And
indexes that are gone before they are built."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from partway.core.migration import Step
from partway.core.operation import CONDITIONAL, NOT_REACHED_AGAIN, Guard, Operation, Repeat
from partway.core.source import Span
from partway.tools.rails.clearing import is_cleared, marked, taken
from partway.tools.rails.commands import SOMETHING, Command, FrameKind, Look
from partway.tools.rails.condition_parts import Part, taken_apart
from partway.tools.rails.looks import looks_of
from partway.tools.rails.making import answers, missed_by

if TYPE_CHECKING:
    from tree_sitter import Node

    from partway.tools.rails.scope import Scope

#: What changes rows: no look at the catalog tells whether it is done.
_ROWS: Final = frozenset(("insert", "update", "delete"))


class _Made(NamedTuple):
    """What a call is made of."""

    command: Command
    operations: list[Operation]


def mark(steps: list[Step], calls: Sequence[tuple[int, Command]]) -> None:
    """Say of changes that are not reached again that they are not, and of indexes that they are gone before. Each call
    stands with the place of its first step."""
    ends = [first for first, _ in calls[1:]] + [len(steps)]
    made = [
        _Made(command, [operation for step in steps[first:end] for operation in step.operations])
        for (first, command), end in zip(calls, ends, strict=True)
    ]
    gone = taken(made)
    section = _Section(made)
    for at, ((first, command), end) in enumerate(zip(calls, ends, strict=True)):
        concerned = any(operation.kind in _ROWS or is_bare(operation) for operation in made[at].operations)
        if command.looks and concerned and section.is_closed(at):
            missed = section.missed(at)
            for index in range(first, end):
                operations = tuple(_marked(each, missed) for each in steps[index].operations)
                steps[index] = steps[index]._replace(operations=operations)
        elif gone and any("concurrently" in one.actions[0].traits for one in made[at].operations):
            for index in range(first, end):
                operations = tuple(
                    marked(one) if is_cleared(made, at, one, gone) else one for one in steps[index].operations
                )
                steps[index] = steps[index]._replace(operations=operations)


def is_bare(operation: Operation) -> bool:
    """Whether it is something else than rows that a second run would run into, with no guard around any of it."""
    return (
        operation.kind not in _ROWS
        and operation.repeat in (Repeat.FAILS, Repeat.CHANGES)
        and all(action.guard is None for action in operation.actions)
    )


def _marked(operation: Operation, missed: Guard | None) -> Operation:
    if operation.kind not in _ROWS:
        if missed is None or not is_bare(operation):
            return operation
        return operation._replace(
            actions=tuple(action._replace(guard=missed) for action in operation.actions)
        )
    return operation._replace(
        actions=tuple(
            action._replace(traits=action.traits | {NOT_REACHED_AGAIN}) for action in operation.actions
        )
    )


class _Section:
    """The calls of a section, with what of them has been asked before: a section can be of thousands."""

    def __init__(self, made: list[_Made]) -> None:
        self._made = made
        self._everything = [operation for one in made for operation in one.operations]
        self._touched: dict[tuple[int, Look], int] = {}
        self._turned_back: dict[Look, bool] = {}
        #: Where each condition first covers something.
        self._covers: dict[Span, int] = {}
        for at, one in enumerate(made):
            for operation in one.operations:
                for action in operation.actions:
                    if action.guard is not None and action.guard.covers:
                        self._covers.setdefault(action.guard.span, at)

    def missed(self, at: int) -> Guard | None:
        """The guard, with its flaw, that a condition is for a call which it keeps a second run away from, though it
        looks at what stands before; None where no condition looks at anything in particular there."""
        for look in self._made[at].command.looks:
            if not look.chooses and self._covers.get(look.span, at) < at:
                return missed_by(look)
        return None

    def is_closed(self, at: int) -> bool:
        """Whether a condition around a call keeps a second run away from it, for what stands before the call."""

        def is_turned(look: Look) -> bool:
            return self._first_touched(at, look) < at and not self._is_turned_back(look)

        return any(
            frame.kind is FrameKind.CONDITION
            and bool(frame.looks)
            and not frame.decided
            and _closes(frame.node, frame.scope, frame.wanted, is_turned)
            for frame in self._made[at].command.frames
        )

    def _first_touched(self, at: int, look: Look) -> int:
        """Where a look's answer is first changed for certain, for what stands where the call at this place does."""
        command = self._made[at].command
        key = id(command.frames), look
        if key not in self._touched:
            self._touched[key] = next(
                (
                    number
                    for number, one in enumerate(self._made)
                    if any(answers(look, list(operation.postconditions), []) for operation in one.operations)
                    and _is_touched(
                        [
                            operation
                            for operation in one.operations
                            if _is_sure(operation, meets_the_same=_are_around(one.command, command))
                        ],
                        look,
                    )
                ),
                len(self._made),
            )
        return self._touched[key]

    def _is_turned_back(self, look: Look) -> bool:
        if look not in self._turned_back:
            self._turned_back[look] = _is_turned_back(self._everything, look)
        return self._turned_back[look]


def _closes(node: Node, scope: Scope, wanted: bool, is_turned: Callable[[Look], bool]) -> bool:
    """Whether the answer to a condition is no longer the wanted one."""

    def answer(question: Part) -> bool | None:
        looks = looks_of(question.node, scope, question.wanted)
        return not question.wanted if looks and all(map(is_turned, looks)) else None

    return taken_apart(node, scope, wanted).holds(answer) is False


def _are_around(earlier: Command, later: Command) -> bool:
    """Whether nothing stands around a call but conditions that stand around the later one as well."""
    return earlier.frames == later.frames[: len(earlier.frames)] and all(
        frame.kind in (FrameKind.CONDITION, FrameKind.PAST) for frame in earlier.frames
    )


def _is_sure(operation: Operation, *, meets_the_same: bool) -> bool:
    """Whether it is done wherever the call behind it is reached."""
    return all(
        (meets_the_same or CONDITIONAL not in action.traits) and (action.guard is None or action.guard.covers)
        for action in operation.actions
    )


def _is_touched(operations: list[Operation], look: Look) -> bool:
    return any(answers(look, list(operation.postconditions), []) for operation in operations)


def _is_turned_back(operations: list[Operation], look: Look) -> bool:
    """Whether anything in the section gives a look the answer again that it had at first."""
    if look.object != SOMETHING:
        return _is_touched(operations, look.turned())
    told = {
        fact.present
        for operation in operations
        for fact in operation.postconditions
        if answers(look, [fact], [])
    }
    return len(told) > 1
