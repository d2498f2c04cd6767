"""When a statement of a resume runs: what its steps say, in Python, for each of the times that it is run."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from partway.core.operation import GuardForm, Operation, Repeat
from partway.core.postcondition import Postcondition
from partway.tools.alembic.looks import Condition, concerns
from partway.tools.alembic.resume_looks import Asked, Looks, NotSaid, Say
from partway.tools.alembic.tracing import Run
from partway.tools.python_strings import Text
from partway.tools.python_values import Argument, Call
from partway.tools.resuming import CannotResume, Formula, Step
from partway.tools.trees import Tree

#: Conditions that nothing in the database changes the answer to.
_OUTSIDE = re.compile(r"get_x_argument|environ|getenv|as_sql|offline|dialect")


class Turn(NamedTuple):
    """When a statement runs: under a condition, always, or (`joined`) where the one before it has run."""

    condition: Asked | None = None
    joined: bool = False


class Conditions:
    """The conditions of one migration's statements. `steps` are by the number of their operations."""

    def __init__(self, tree: Tree, runs: Sequence[Run], steps: Mapping[int, Step], looks: Looks) -> None:
        self.tree = tree
        self.runs = runs
        self.steps = steps
        self.looks = looks

    def turn(self, indexes: Sequence[int]) -> Turn:
        """When a statement runs that has been run for each of these operations in turn."""
        steps = [self.steps[index] for index in indexes]
        if steps[0].joined:
            if len(steps) > 1:
                raise CannotResume(
                    f"{_called(steps[0])} is in a loop, and nothing in the catalog shows which of them ran",
                    "Look which of them ran, and write those that are left by hand",
                )
            return Turn(joined=True)
        if all(_guards_itself(step) for step in steps):
            return Turn()
        found = self._not_yet(steps, self.say([self.runs[index] for index in indexes]))
        empty = steps[0].empty
        if empty is not None:
            parts = () if found is None else found.parts
            if found is not None and found.operator == "or" and len(parts) > 1:
                parts = (f"({found.text})",)
            found = Asked("and", (*parts, self.looks.is_empty(empty)))
        return Turn(found)

    def _not_yet(self, steps: Sequence[Step], say: Say) -> Asked | None:
        if len({_shape(step.unless) for step in steps}) == 1:
            try:
                return self.looks.not_yet([step.unless for step in steps], say)
            except NotSaid:
                pass
        if all(step.operation.repeat is Repeat.SAME for step in steps):
            return None  # it may run again: that it need not is not said in one condition
        raise CannotResume(
            f"{_called(steps[0])} is run more than once with names that no one condition can say",
            "Write the calls of the loop one by one, and ask again",
        )

    def say(self, runs: Sequence[Run]) -> Say:
        """Gives the expression for a value in each of these runs of a statement."""

        def said(values: Sequence[str]) -> str:
            if len(set(values)) == 1:
                return self.looks.words.string(values[0])
            known = self._variables(runs)
            for expression, its in known.items():
                if its == list(values):
                    return expression
            return self._formatted(values, known)

        return said

    def _variables(self, runs: Sequence[Run]) -> dict[str, list[str]]:
        """The texts that names and arguments stand for, run by run."""
        found: dict[str, list[str]] = {}
        for name in runs[0].place.texts:
            if all(name in run.place.texts for run in runs):
                found[name] = [run.place.texts[name] for run in runs]
        arguments = [dict(_texts(self.tree, run.call)) if run.call is not None else {} for run in runs]
        for expression in arguments[0]:
            if all(expression in each for each in arguments):
                found[expression] = [each[expression] for each in arguments]
        return found

    def _formatted(self, values: Sequence[str], known: Mapping[str, Sequence[str]]) -> str:
        """The values as one text with names in it."""
        by_length = sorted(known, key=lambda name: -min(map(len, known[name])))
        by_length = [name for name in by_length if name.isidentifier() and all(known[name])]
        for names in [[name] for name in by_length] + [by_length]:
            left = [re.sub(r"[{}]", r"\g<0>\g<0>", value) for value in values]
            for name in names:
                if all(its in value for its, value in zip(known[name], left, strict=True)):
                    left = [
                        value.replace(its, f"{{{name}}}")
                        for its, value in zip(known[name], left, strict=True)
                    ]
            if len(set(left)) == 1:
                return f"f{self.looks.words.string(left[0])}"
        raise NotSaid


def check_guards(tree: Tree, runs: Sequence[Run]) -> None:
    """Refuse a revision whose own conditions ask about what it changes itself: after a failure their answer is another
    one than before, and what they let through then nobody knows."""
    for run in runs:
        for condition in run.place.conditions:
            if condition.handler is not None or not (condition.looks or condition.asks):
                continue
            said = tree.text[condition.span.start : condition.span.end]
            changed = _changed(condition, runs) if condition.looks else _OUTSIDE.search(said) is None
            if changed:
                line = tree.text.count("\n", 0, condition.span.start) + 1
                raise CannotResume(
                    f"the condition on line {line} asks the database about what the migration itself may have changed"
                    " since, so nobody can tell whether it held when the migration ran",
                    "Say in the migration what has to run, without the condition, and ask again",
                )


def _changed(condition: Condition, runs: Sequence[Run]) -> bool:
    """Whether something else than the one statement that a condition is for changes what it looks at."""
    under = {
        one.place.trail[-1].node.id
        for one in runs
        if any(c.span == condition.span for c in one.place.conditions)
    }
    changing = {
        one.place.trail[-1].node.id
        for one in runs
        if any(concerns(look, fact) for look in condition.looks for fact in one.operation.postconditions)
    }
    return bool(changing) and not (len(under) == 1 and changing <= under)


def _guards_itself(step: Step) -> bool:
    """Whether an operation looks by itself for all that its step would look for."""
    guards = [action.guard for action in step.operation.actions]
    if any(guard is None or not guard.covers or guard.form is GuardForm.HANDLER for guard in guards):
        return False
    own = {(fact.object, fact.name, fact.present) for fact in step.operation.postconditions}
    return (
        step.empty is None
        and len(step.unless) == 1
        and all((fact.object, fact.name, fact.present) in own for fact in step.unless[0])
        and not any(("valid", "yes") in fact.attributes for fact in step.unless[0])
    )


def _shape(formula: Formula) -> tuple[tuple[Postcondition, ...], ...]:
    """A formula without its names."""
    return tuple(tuple(map(_unnamed, alternative)) for alternative in formula)


def _unnamed(fact: Postcondition) -> Postcondition:
    name, table = fact.name, fact.table
    attributes = tuple(pair for pair in fact.attributes if pair[0] not in ("columns", "references"))
    return fact._replace(
        name=name._replace(name="x" if name.name else "", schema="x" if name.schema else None),
        table=table and table._replace(name="x", schema="x" if table.schema else None),
        attributes=attributes,
    )


def _texts(tree: Tree, call: Call, depth: int = 0) -> Iterator[tuple[str, str]]:
    """The arguments of a call, and of those in it, that stand for a text which is not written there."""
    for argument in call.arguments:
        yield from _text(tree, argument, depth)


def _text(tree: Tree, argument: Argument, depth: int) -> Iterator[tuple[str, str]]:
    value = argument.value
    if isinstance(value, Text) and value.known and argument.node.type != "string":
        said = tree.said(argument.node)
        if "\n" not in said:
            yield said, str(value)
    elif isinstance(value, Call) and depth < 6:
        yield from _texts(tree, value, depth + 1)


def _called(step: Step) -> str:
    operation: Operation = step.operation
    words = next((action.words for action in operation.actions if action.words), operation.kind)
    return f"operation {step.number}, {words} on {operation.target},"
