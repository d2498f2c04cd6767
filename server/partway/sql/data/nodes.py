"""Expression trees, and what is asked of them: what they read, whether they move, whether they can be NULL."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from partway.sql.data.functions import CLOCK_READERS, NEVER_NULL, STRICT, VOLATILE


class Node(NamedTuple):
    """A piece of an expression.

    `kind` is one of: number, string, boolean (value "true" or "false"), null, default, column (of the row that is
    changed), other (a column of another row or source), parameter, star, call, operator, not, is, in, like, between,
    case (conditions and values in turn, then the ELSE value), cast (value is the type), row, array, subquery (value is
    its text), exists.
    """

    kind: str
    value: str = ""
    parts: tuple[Node, ...] = ()


NULL = Node("null")
TRUE, FALSE = Node("boolean", "true"), Node("boolean", "false")

#: Kinds of nodes that are the same always.
CONSTANTS = frozenset({"number", "string", "boolean", "null"})


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it."""
    yield node
    for part in node.parts:
        yield from walk(part)


def is_volatile(node: Node) -> bool:
    """Whether it gives another value at another time."""
    return any(
        (n.kind == "call" and (n.value in VOLATILE or (n.value in CLOCK_READERS and _reads_clock(n))))
        or (n.kind == "operator" and n.value == ":=")
        for n in walk(node)
    )


def _reads_clock(call: Node) -> bool:
    values = call.parts[1:] if call.value == "strftime" else call.parts
    return not values or (values[0].kind == "string" and values[0].value.lower() == "now")


def columns(node: Node) -> set[str]:
    """The columns of the changed row that it reads."""
    return {n.value for n in walk(node) if n.kind == "column"}


def never_null(node: Node) -> bool:
    """Whether it has a value whatever the row holds."""
    kind, value, parts = node
    if kind in ("number", "string", "boolean", "array"):
        return True
    if kind == "cast":
        return never_null(parts[0])
    if kind == "call":
        if value == "coalesce":
            return any(never_null(part) for part in parts)
        return value in NEVER_NULL or (value in STRICT and all(never_null(part) for part in parts))
    if kind == "operator" and value in ("+", "*", "||", "-"):
        return all(never_null(part) for part in parts)
    return False


def literal(node: Node) -> Node:
    """The constant inside casts of a constant; the node itself otherwise."""
    inner = node
    while inner.kind == "cast":
        inner = inner.parts[0]
    return inner if inner.kind in CONSTANTS else node
