"""Actions to the operation that they make together: its kind, its target, and what its parts do for each other."""

from __future__ import annotations

from partway.core.operation import Action, InTransaction, Operation, Repeat
from partway.core.source import Span


def assemble(actions: list[Action], span: Span, section: str) -> Operation:
    """The operation that these actions make together."""
    first = actions[0]
    at = first.span if len(actions) == 1 and not _inside(first.span, span) else span
    if len(actions) == 1 and first.kind != "alter-table":  # nearly always
        return Operation(
            first.kind, first.target, at, span, (first,), first.repeat, first.in_transaction, section
        )
    actions = _renamed_around(_paired(actions))
    kinds = {action.kind for action in actions if action.kind != "select"} or {"select"}
    kind = kinds.pop() if len(kinds) == 1 else "alter-table" if _one_table(actions) else "several"
    if kind == "alter-table":
        target = _table_of(actions[0])
    else:
        target = ", ".join(dict.fromkeys(action.target for action in actions if action.target))
    return Operation(
        kind,
        target,
        at,
        span,
        tuple(actions),
        max((action.repeat for action in actions), key=_REPEAT_ORDER.index),
        max((action.in_transaction for action in actions), key=_TRANSACTION_ORDER.index),
        section,
    )


_REPEAT_ORDER = [Repeat.SAME, Repeat.UNKNOWN, Repeat.CHANGES, Repeat.FAILS]
_TRANSACTION_ORDER = [
    InTransaction.ROLLS_BACK,
    InTransaction.UNKNOWN,
    InTransaction.COMMITS,
    InTransaction.REFUSED,
]


def _paired(actions: list[Action]) -> list[Action]:
    """In one statement, dropping a thing and making it again can be repeated, though neither half can."""
    if len(actions) < 2:
        return actions
    dropped = {
        _thing(action) for action in actions if action.kind.startswith("drop-") and action.postconditions
    }
    made = {
        _thing(action) for action in actions if not action.kind.startswith("drop-") and action.postconditions
    }
    both = dropped & made
    if not both:
        return actions
    return [
        action._replace(repeat=Repeat.SAME) if action.postconditions and _thing(action) in both else action
        for action in actions
    ]


def _thing(action: Action) -> tuple[str, str, str]:
    fact = action.postconditions[0]
    if ("kind", "primary key") in fact.attributes:
        return fact.object, str(fact.table), "primary key"
    table = "" if fact.object == "index" else str(fact.table)
    return fact.object, table, fact.name.name.lower()


def _renamed_around(actions: list[Action]) -> list[Action]:
    """RENAME TABLE a TO b, b TO a: every name is there again afterwards, so that a second run succeeds; it changes
    something unless each name is back at its own table."""
    if len(actions) < 2 or any(action.kind != "rename-table" for action in actions):
        return actions
    now: dict[str, str] = {}  # name to the name its table had before the statement
    for action in actions:
        old, new = (str(fact.name) for fact in action.postconditions)
        now[new] = now.pop(old, old)
    if set(now) != set(now.values()):
        return actions
    repeat = Repeat.SAME if all(name == first for name, first in now.items()) else Repeat.CHANGES
    return [action._replace(repeat=repeat) for action in actions]


def _one_table(actions: list[Action]) -> bool:
    return len({_table_of(action) for action in actions}) == 1


def _table_of(action: Action) -> str:
    for fact in action.postconditions:
        if fact.table is not None:
            return str(fact.table)
        return str(fact.name)
    return action.target


def _inside(span: Span, statement: Span) -> bool:
    return statement.start <= span.start and span.end <= statement.end
