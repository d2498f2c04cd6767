"""The same steps at other offsets: for text that has moved, and for text that stands inside another one."""

from __future__ import annotations

from collections.abc import Callable

from partway.core.migration import Step
from partway.core.operation import Action, Operation
from partway.core.source import Span

#: From an old offset to the new one. It never decreases.
At = Callable[[int], int]


def shifted(step: Step, by: int) -> Step:
    """The step so many offsets further on."""
    operations = tuple([_shifted(operation, by) for operation in step.operations])
    return Step(step.span.shift(by), operations, step.control, step.settings, step.by_tool)


def _shifted(operation: Operation, by: int) -> Operation:
    # Not by _replace, which takes twice as long: an editor's key moves all that stands behind it.
    span, statement = operation.span, operation.statement
    moved = span.shift(by)
    return Operation(
        operation.kind,
        operation.target,
        moved,
        moved if statement == span else statement.shift(by),
        tuple([_shifted_action(one, span, moved, by) for one in operation.actions]),
        operation.repeat,
        operation.in_transaction,
        operation.section,
        operation.why_opaque,
        operation.notes,
        operation.not_undone,
    )


def _shifted_action(action: Action, around: Span, moved: Span, by: int) -> Action:
    """An action further on; `around` is the operation's span, `moved` the same one there, which most share."""
    span, guard, insert_at = action.span, action.guard, action.insert_at
    return Action(
        action.kind,
        action.target,
        moved if span == around else span.shift(by),
        action.traits,
        None if guard is None else guard._replace(span=guard.span.shift(by)),
        action.postconditions,
        None if insert_at is None else insert_at + by,
        action.repeat,
        action.in_transaction,
        action.words,
    )


def relocated(step: Step, at: At) -> Step:
    """A step with every offset in it taken elsewhere."""
    return step._replace(
        span=_span(step.span, at),
        operations=tuple(_operation(operation, at) for operation in step.operations),
    )


def _operation(operation: Operation, at: At) -> Operation:
    return operation._replace(
        span=_span(operation.span, at),
        statement=_span(operation.statement, at),
        actions=tuple(_action(action, at) for action in operation.actions),
    )


def _action(action: Action, at: At) -> Action:
    guard = action.guard
    return action._replace(
        span=_span(action.span, at),
        guard=None if guard is None else guard._replace(span=_span(guard.span, at)),
        insert_at=None if action.insert_at is None else at(action.insert_at),
    )


def _span(span: Span, at: At) -> Span:
    return Span(at(span.start), at(span.end))
