"""Operators in a Python program: what they give where their operands are known, else the formula they make."""

from __future__ import annotations

from typing import TYPE_CHECKING

from partway.core.source import Span
from partway.tools.python_strings import Text, joined, percent, placed, shown
from partway.tools.python_values import UNKNOWN, Formula, is_known, truth

if TYPE_CHECKING:
    from tree_sitter import Node

    from partway.tools.python_scope import Scope

#: Lists grow no longer than this.
_LONGEST = 2000


def binary(scope: Scope, node: Node) -> object:
    """A chain of `+` is followed without going deeper for each part."""
    parts: list[Node] = []
    operator = _operator(scope, node)
    at: Node | None = node
    while at is not None and at.type == "binary_operator" and operator == "+" and _operator(scope, at) == "+":
        right = at.child_by_field_name("right")
        if right is None:
            return UNKNOWN
        parts.append(right)
        at = at.child_by_field_name("left")
    span = scope.program.tree.span
    if operator == "+" and at is not None:
        nodes = [at, *reversed(parts)]
        values = [scope.value(each) for each in nodes]
        return added(values, [span(each) for each in nodes])
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    one, other = scope.value(left), scope.value(right)
    if operator == "%" and isinstance(one, Text) and right is not None and left is not None:
        found = percent(Text.of(placed(one, span(left))), other, span(right))
        return UNKNOWN if found is None else found
    if (
        isinstance(one, int)
        and isinstance(other, int)
        and not (isinstance(one, bool) or isinstance(other, bool))
    ):
        if operator == "-":
            return one - other
        if operator == "*" and abs(one) < 1 << 40 and abs(other) < 1 << 40:
            return one * other
    if operator == "|" and isinstance(one, dict) and isinstance(other, dict):
        return {**one, **other}
    return Formula(operator, (one, other))


def added(values: list[object], spans: list[Span]) -> object:
    """What `+` gives, each operand standing at its place."""
    texts = [(value, span) for value, span in zip(values, spans, strict=True) if isinstance(value, Text)]
    if len(texts) == len(values):
        found = joined(texts)
        return UNKNOWN if found is None else found
    return _sum(values, spans)


def _sum(values: list[object], spans: list[Span]) -> object:
    first = values[0]
    if all(isinstance(value, list) for value in values):
        return [each for value in values for each in value][:_LONGEST]  # type: ignore[attr-defined] # asked above
    if all(type(value) is tuple for value in values):
        return tuple(each for value in values for each in value)[:_LONGEST]  # type: ignore[attr-defined] # asked above
    if all(isinstance(value, int | float) for value in values):
        return sum(values)  # type: ignore[arg-type] # asked above
    if any(isinstance(value, Text) for value in values):  # a string with something unknown in it
        return Text.of(
            piece for value, span in zip(values, spans, strict=True) for piece in shown(value, span)
        )
    return Formula("+", (first, *values[1:]))


def _operator(scope: Scope, node: Node) -> str:
    operator = node.child_by_field_name("operator")
    return scope.program.tree.said(operator) if operator is not None else ""


def unary(scope: Scope, node: Node) -> object:
    """A sign."""
    value = scope.value(node.child_by_field_name("argument"))
    if isinstance(value, int | float):
        operator = _operator(scope, node)
        return -value if operator == "-" else value if operator == "+" else UNKNOWN
    return UNKNOWN


def negation(scope: Scope, node: Node) -> object:
    """`not x`."""
    value = scope.value(node.child_by_field_name("argument"))
    known = truth(value)
    return Formula("not", (value,)) if known is None else not known


def boolean(scope: Scope, node: Node) -> object:
    """`and`, `or`: decided by the left side where that is known."""
    operator = _operator(scope, node)
    left = scope.value(node.child_by_field_name("left"))
    known = truth(left)
    if known is not None and known is (operator == "or"):
        return left
    right = scope.value(node.child_by_field_name("right"))
    if known is not None:
        return right
    decided = truth(right)
    if decided is not None and decided is (operator == "or") and isinstance(right, bool):
        return right  # x or True, x and False: looking at x changes nothing
    if isinstance(right, bool) and right is (operator == "and"):
        return left  # x and True, x or False
    return Formula(operator, (left, right))


def comparison(scope: Scope, node: Node) -> object:
    """`==`, `in`, `<` and so on; a chain of them is not followed."""
    operands = [scope.value(child) for child in node.named_children if child.type != "comment"]
    operators = [scope.program.tree.said(child) for child in node.children if not child.is_named]
    operator = " ".join(" ".join(operators).split())
    if len(operands) != 2:
        return UNKNOWN
    one, other = operands
    if is_known(one) and is_known(other):
        if operator in ("==", "is"):
            return one == other
        if operator in ("!=", "is not"):
            return one != other
        if operator in ("in", "not in") and isinstance(other, list | tuple | dict | str):
            if isinstance(other, str) and not isinstance(one, str):
                return UNKNOWN
            return (one in other) is (operator == "in")
        if type(one) is type(other) and isinstance(one, int | float | str | tuple):
            try:
                return {"<": one < other, "<=": one <= other, ">": one > other, ">=": one >= other}[operator]  # type: ignore[operator] # the except below answers other types
            except (KeyError, TypeError):
                return UNKNOWN
    if operator == "!=":
        return Formula("not", (Formula("==", (one, other)),))
    if operator == "not in":
        return Formula("not", (Formula("in", (one, other)),))
    if operator == "is not":
        return Formula("not", (Formula("is", (one, other)),))
    return Formula(operator, (one, other))


def conditional(scope: Scope, node: Node) -> object:
    """`x if condition else y`."""
    children = [child for child in node.named_children if child.type != "comment"]
    if len(children) != 3:
        return UNKNOWN
    then, condition, otherwise = children
    decided = truth(asked := scope.value(condition))
    if decided is not None:
        return scope.value(then if decided else otherwise)
    return Formula("if", (asked, scope.value(then), scope.value(otherwise)))
