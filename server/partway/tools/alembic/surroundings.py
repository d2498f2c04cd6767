"""What the conditions around an operation of a revision make of it: guards, and doubts whether it runs at all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from partway.core.operation import CHOSEN, CONDITIONAL, Action, Guard, Operation, Repeat
from partway.tools.alembic.looks import Condition, guard_for
from partway.tools.alembic.sending import guarded


class Surroundings:
    """What surrounds the operations of one section, in their order."""

    def __init__(self) -> None:
        # The runs of a `try`, by the guard that each is, which an error ends when the revision is run again.
        self._ended: list[Guard] = []
        self._cleared: set[str] = set()

    def takes_away(self, tables: Iterable[str]) -> None:
        """A helper of the project's takes something away from these tables, perhaps what is made behind it."""
        self._cleared.update(tables)

    def of(self, operation: Operation, conditions: Sequence[Condition]) -> Operation:
        """The operation with what the conditions around it make of it. Where it raises when it is run again, nothing
        behind it in its `try` is run."""
        if self._cleared and operation.repeat is Repeat.FAILS and self._may_be_gone(operation):
            operation = guarded(operation, {}, clouded=True)
        found = _surrounded(operation, [self._while_it_lasts(condition) for condition in conditions])
        held = [
            now.guard
            for before, now in zip(operation.actions, found.actions, strict=True)
            if before.repeat is Repeat.FAILS
        ]
        self._ended += [
            one.handler
            for one in conditions
            if one.handler is not None and any(guard is one.handler for guard in held)
        ]
        return found

    def _may_be_gone(self, operation: Operation) -> bool:
        """Whether it makes something in a table from which a helper may have taken that away."""
        return any(
            fact.present and fact.table is not None and fact.table.name in self._cleared
            for fact in operation.postconditions[:1]
        )

    def _while_it_lasts(self, condition: Condition) -> Condition:
        if condition.handler is None or not any(condition.handler is guard for guard in self._ended):
            return condition
        return condition._replace(handler=condition.handler.flawed("the first error ends the `try`"))


def _surrounded(operation: Operation, conditions: Sequence[Condition]) -> Operation:
    if not conditions:
        return guarded(operation, {}, clouded=True) if _is_somebodys(operation) else operation
    actions = tuple(
        action._replace(traits=action.traits | {CONDITIONAL})
        if any(not one.handler and guard_for(action, [one]) is None for one in conditions)
        else action
        for action in operation.actions
    )
    operation = operation._replace(actions=actions)
    guards: dict[int, Guard] = {}
    for number, action in enumerate(operation.actions):
        guard = guard_for(action, conditions) if _needs(action) else None
        if guard is not None:
            guards[number] = guard
    clouded = any(condition.asks and not condition.looks for condition in conditions)
    if clouded:
        chosen = tuple(action._replace(traits=action.traits | {CHOSEN}) for action in operation.actions)
        operation = operation._replace(actions=chosen)
    clouded = clouded or ("?" in operation.target and any(condition.looks for condition in conditions))
    return guarded(operation, guards, clouded or _is_somebodys(operation))


def _is_somebodys(operation: Operation) -> bool:
    """Whether it drops something whose name is looked up when it runs: what is there no more is then not found."""
    return operation.kind.startswith("drop-") and operation.target.endswith("?")


def _needs(action: Action) -> bool:
    return action.repeat.value != "same" and action.kind != "opaque"
