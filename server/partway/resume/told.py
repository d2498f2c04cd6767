"""What operations make come or go, by name: the facts by which one world is told from another. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from partway.core.operation import AMONG, Action, Operation
from partway.core.postcondition import Name, Postcondition, exists
from partway.live.entries import Key
from partway.live.simulation import World


class Told(NamedTuple):
    """What an action makes come or go, by name."""

    action: Action
    facts: tuple[Postcondition, ...]


def told(operations: Sequence[Operation], world: World) -> list[list[Told]]:
    """What each operation tells. A temporary table is seen by the session alone that makes it."""
    temporary: set[Key] = set()
    taken = any(_takes_any(operation) for operation in operations)
    found: list[list[Told]] = []
    for operation in operations:
        found.append([])
        for action in operation.actions:
            if "temporary" in action.traits:
                temporary.update(world.key(fact) for fact in action.postconditions[:1])
                continue
            facts: list[Postcondition] = []
            for fact in _facts_of(action):
                if fact.object == "privilege" and (taken or _PARTLY & {name for name, _ in fact.attributes}):
                    continue
                if fact.table is None and not fact.present and world.key(fact) in temporary:
                    temporary.discard(world.key(fact))
                elif fact.table is None or world.table_key(fact.table) not in temporary:
                    facts.append(fact)
            found[-1].append(Told(action, tuple(facts)))
    return found


def _facts_of(action: Action) -> Iterator[Postcondition]:
    identity = "add-identity" in action.traits
    if action.only_says and not identity:
        if action.kind == "alter-column":
            # MODIFY id ... PRIMARY KEY: the key comes along.
            yield from (fact for fact in action.postconditions if fact.object == "constraint")
        return
    for fact in action.postconditions:
        if identity and fact.object == "column":
            yield fact._replace(object="identity")
        elif fact.object == "constraint" and ("domain" in action.kind or "domain" in action.traits):
            yield fact._replace(object="domain-constraint")
        elif fact.name.name or _is_told_apart(fact):
            yield fact


#: What is said of privileges that may go with something else, or may have been there in part.
_PARTLY = frozenset({"column", "routine", "role", "all"})


def _takes_any(operation: Operation) -> bool:
    """Whether it may take away any privileges, and no more is known of which: REVOKE ALL."""
    return operation.kind == "revoke" and any(
        AMONG in fact.attributes for fact in operation.postconditions or _UNREAD
    )


_UNREAD = (exists("privilege", Name(""), None, (AMONG,)),)


def _is_told_apart(fact: Postcondition) -> bool:
    """Whether a thing without a name can be told from others: a primary key, or what says which columns it is on."""
    said = dict(fact.attributes)
    return said.get("kind") == "primary key" or "columns" in said
