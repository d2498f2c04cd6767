"""What to ask a catalog for: the things that the operations of a migration name, and no others."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from partway.core.operation import Operation
from partway.core.postcondition import Name, Postcondition

#: Kinds that share one name space with tables on some engine, and are listed with them.
RELATIONS = frozenset({"table", "view", "materialized-view", "sequence", "foreign-table", "index"})
TYPES = frozenset({"type", "domain"})
ROUTINES = frozenset({"function", "procedure", "aggregate", "routine"})
#: Kinds that live in a table and are listed by it.
MEMBERS = frozenset({"column", "index", "constraint", "trigger", "policy", "rule", "partition"})


class Wanted(NamedTuple):
    """Names by the way they are listed. `members` are the kinds wanted of what is in those relations; `others` the
    facts of kinds that are asked for one by one, in one query."""

    relations: tuple[Name, ...]
    types: tuple[Name, ...]
    routines: tuple[Name, ...]
    members: frozenset[str]
    others: tuple[Postcondition, ...]


def rebuilt_concurrently(operation: Operation) -> list[Name]:
    """The index or table that REINDEX ... CONCURRENTLY rebuilds: a failure leaves an INVALID index beside it."""
    return [
        Name(action.target.rpartition(".")[2], action.target.rpartition(".")[0] or None)
        for action in operation.actions
        if action.kind == "reindex" and "concurrently" in action.traits and action.target
    ]


def wanted(operations: Iterable[Operation]) -> Wanted:
    """What these operations name."""
    relations: dict[Name, None] = {}
    types: dict[Name, None] = {}
    routines: dict[Name, None] = {}
    members: set[str] = set()
    others: dict[Postcondition, None] = {}
    for operation in operations:
        for rebuilt in rebuilt_concurrently(operation):
            relations[rebuilt] = None
            members.add("index")
        for fact in operation.postconditions:
            kind = fact.object
            if kind in ("enum-value", "attribute") and fact.table is not None:
                types[fact.table] = None
                continue
            if kind in MEMBERS and fact.table is not None:
                members.add(kind)
                relations[fact.table] = None
                if kind == "constraint":
                    types[fact.table] = None  # it may be a domain's
                    members.add("index")  # some engines give a constraint an index of its name
                if kind == "partition" and fact.name.name:
                    relations[fact.name] = None
            elif kind not in RELATIONS | TYPES | ROUTINES:
                others[fact] = None
            if not fact.name.name:
                continue
            if kind in RELATIONS:
                relations[fact.name] = None
                members |= {"column"} if kind in ("table", "view", "materialized-view") else set()
                if any(name == "partitions" for name, _ in fact.attributes):
                    members.add("partition")
                if kind == "index":
                    members.add("index")
            elif kind in TYPES:
                types[fact.name] = None
            elif kind in ROUTINES:
                routines[fact.name] = None
    return Wanted(tuple(relations), tuple(types), tuple(routines), frozenset(members), tuple(others))
