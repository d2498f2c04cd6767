"""The statements that directives send, to operations: read as SQL, at the place of the call, in the program's words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from partway.core.migration import Control, Step
from partway.core.operation import Action, Guard, GuardForm, Operation, Repeat
from partway.core.postcondition import Name, Postcondition
from partway.core.source import Span
from partway.dialects.dialect import Version
from partway.sql.assembly import assemble
from partway.sql.reader import read_steps
from partway.tools.alembic.request import Request, Statement
from partway.tools.draft import Draft
from partway.tools.embedded import HOLE, unholed
from partway.tools.python_values import Call

_SQL_GUARDS = frozenset((GuardForm.IF_NOT_EXISTS, GuardForm.IF_EXISTS))
#: The options that Alembic honours, by directive, and since which version. It takes and ignores them elsewhere.
HONOURED: Mapping[str, tuple[str, Version]] = {
    "create_table": ("if_not_exists", (1, 13, 3)),
    "create_index": ("if_not_exists", (1, 12)),
    "add_column": ("if_not_exists", (1, 16)),
    "drop_table": ("if_exists", (1, 13, 3)),
    "drop_index": ("if_exists", (1, 12)),
    "drop_column": ("if_exists", (1, 16)),
    "drop_constraint": ("if_exists", (1, 16)),
}
_OPTIONS = ("if_not_exists", "if_exists")


class Situation(NamedTuple):
    """What surrounds a statement: `guard` gives the guard that the conditions around it make for an action, if any;
    `clouded` says that a condition which nobody can read decides whether it runs at all."""

    guard: Guard | None = None
    clouded: bool = False


def operations_of(draft: Draft, request: Request, statement: Statement, version: Version) -> list[Operation]:
    """The operations of one statement of a directive. Never raises."""
    span = request.span
    sql = statement.sql
    reading = read_steps(sql, 0, len(sql), draft.setup.dialect, draft.setup.server, draft.section)
    made = [operation for step in reading.steps for operation in step.operations]
    if not made:
        action = Action("opaque", request.words, span, words=request.words)
        operation = assemble([action], span, draft.section)
        return [operation._replace(why_opaque="its arguments cannot be read")]
    return [_told(draft, operation, request, statement, version) for operation in made]


def _told(
    draft: Draft, operation: Operation, request: Request, statement: Statement, version: Version
) -> Operation:
    vain = _vain(request, statement, version)
    span = request.span
    if HOLE in statement.sql:
        actions = tuple(_by_shape(action, request) for action in operation.actions)
        operation = unholed(operation._replace(actions=actions))
    actions = tuple(_action(action, request, statement, vain) for action in operation.actions)
    if vain is not None and statement.option:  # it stands in what was read, and does not in what is sent
        actions = tuple(_bare(action, vain, draft) for action in actions)
        worst = max((action.repeat for action in actions), key=_ORDER.index)
        operation = operation._replace(repeat=worst)
    return operation._replace(span=span, statement=span, actions=actions)


def _by_shape(action: Action, request: Request) -> Action:
    """The action, with what is called as nobody knows known by what it is on. Of what is dropped so, its table is known
    at least."""
    facts = tuple(map(_nameless, action.postconditions))
    if facts != action.postconditions:
        return action._replace(target=action.target.replace(HOLE, "?"), postconditions=facts)
    if action.kind == "drop-index" and request.name == "drop_index" and HOLE in action.target:
        table = request.table(1)
        return action._replace(target=f"{table.schema}.{table.name}.?".lstrip("."))
    return action


def _nameless(fact: Postcondition) -> Postcondition:
    shown = fact.present and fact.table is not None and any(key != "kind" for key, _ in fact.attributes)
    if fact.object in ("constraint", "index") and fact.name.name == HOLE and shown:
        return fact._replace(name=Name(""))
    return fact


def _bare(action: Action, vain: Guard, draft: Draft) -> Action:
    row = draft.setup.dialect.row(action.kind, action.traits, draft.setup.server)
    return action._replace(guard=vain, repeat=row.repeat if row is not None else action.repeat)


_ORDER = [Repeat.SAME, Repeat.UNKNOWN, Repeat.CHANGES, Repeat.FAILS]


def _action(action: Action, request: Request, statement: Statement, vain: Guard | None) -> Action:
    guard = action.guard
    if guard is not None and guard.form in _SQL_GUARDS:
        argument = request.call.argument(statement.option)
        span = _option_span(request.call, statement.option) if argument is not None else request.span
        flaw = guard.flaw
        guard = Guard(GuardForm.OPTION, span, guard.covers, flaw)
    if vain is not None and guard is None:
        guard = vain
    facts = action.postconditions
    if HOLE in statement.sql:
        facts = tuple(map(_without_holes, facts))
    return action._replace(
        span=request.span, guard=guard, postconditions=facts, words=request.words, insert_at=None
    )


def _vain(request: Request, statement: Statement, version: Version) -> Guard | None:
    """An option that is given and does nothing for this statement."""
    for option in _OPTIONS:
        if not request.on(option) or option == statement.option:
            continue
        honoured, _ = HONOURED.get(request.name, ("", ()))
        if honoured == option and request.name in request.flavour.ignored_guards:
            flaw = f"SQLAlchemy leaves {option} out of what it sends here"
        elif honoured == option:
            flaw = f"{option} says nothing of this part of {request.words}"
        else:
            flaw = f"Alembic takes {option} in {request.name} and ignores it"
        return Guard(GuardForm.OPTION, _option_span(request.call, option), covers=False, flaw=flaw)
    honoured, since = HONOURED.get(request.name, ("", ()))
    if statement.option and statement.option == honoured and version and version < since:
        said = ".".join(map(str, since))
        flaw = f"Alembic before {said} takes no {honoured} in {request.name}"
        return Guard(GuardForm.OPTION, _option_span(request.call, honoured), covers=False, flaw=flaw)
    return None


def _option_span(call: Call, option: str) -> Span:
    argument = call.argument(option)
    return call.span if argument is None else call.place(argument)


def _without_holes(fact: Postcondition) -> Postcondition:
    if not any(HOLE in value for _, value in fact.attributes):
        return fact
    return fact._replace(attributes=tuple(pair for pair in fact.attributes if HOLE not in pair[1]))


def guarded(operation: Operation, guards: Mapping[int, Guard], clouded: bool) -> Operation:
    """The operation with these guards for its actions, by number; `clouded` where nobody knows whether it runs."""
    actions = []
    for number, action in enumerate(operation.actions):
        guard = guards.get(number)
        if action.guard is not None and action.guard.covers:
            guard = None
        if guard is not None:
            action = action._replace(guard=guard, repeat=Repeat.SAME if guard.covers else action.repeat)
        elif clouded and action.repeat is not Repeat.SAME:
            action = action._replace(repeat=Repeat.UNKNOWN)
        actions.append(action)
    worst = max((action.repeat for action in actions), key=_ORDER.index)
    return operation._replace(actions=tuple(actions), repeat=worst)


def control(draft: Draft, kind: Control, span: Span) -> None:
    """Transaction control that is the tool's own."""
    draft.steps.append(Step(span, control=kind, by_tool=True))
