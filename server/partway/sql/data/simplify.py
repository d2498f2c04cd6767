"""Expressions with values put in for columns, made as short as what is known of operators and functions allows."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from partway.sql.data.functions import NORMALISERS
from partway.sql.data.nodes import FALSE, NULL, TRUE, Node, literal, never_null
from partway.sql.data.outcome import outcomes


def replaced(node: Node, values: Mapping[Node, Node]) -> Node:
    """The expression with these nodes put in for those, simplified."""
    found = values.get(node)
    if found is not None:
        return found
    if not node.parts:
        return node
    return simplified(Node(node.kind, node.value, tuple(replaced(part, values) for part in node.parts)))


def simplified(node: Node) -> Node:
    """A shorter expression of the same value, given that the parts are simplified already."""
    kind, value, parts = node
    if kind == "cast":
        inner = parts[0]
        return inner if inner.kind == "null" or (inner.kind == "cast" and inner.value == value) else node
    if kind == "not":
        return {TRUE: FALSE, FALSE: TRUE, NULL: NULL}.get(parts[0], node)
    if kind == "operator" and all(part.kind == "number" for part in parts):
        return _computed(node)
    if (kind == "operator" and value == "||") or (kind == "call" and value == "concat"):
        return _concatenated(node)
    if kind == "call":
        return _called(node)
    if kind == "case":
        return _chosen(node)
    return node


def _computed(node: Node) -> Node:
    from decimal import Decimal  # few migrations compute anything

    try:
        numbers = [Decimal(part.value) for part in node.parts]
        if node.value == "+":
            total = sum(numbers, Decimal(0))
        elif node.value == "-" and len(numbers) == 2:
            total = numbers[0] - numbers[1]
        elif node.value == "*":
            total = Decimal(1)
            for number in numbers:
                total *= number
        else:
            return node
    except ArithmeticError:
        return node
    return Node("number", str(total))


def _concatenated(node: Node) -> Node:
    if any(part.kind == "null" for part in node.parts) and node.kind == "operator":
        return NULL
    if node.parts and all(part.kind == "string" for part in node.parts):
        return Node("string", "".join(part.value for part in node.parts))
    return node


def _called(node: Node) -> Node:
    _, name, parts = node
    if name in ("coalesce", "ifnull", "nvl"):
        flat: list[Node] = []
        for part in parts:
            nested = part.kind == "call" and part.value == "coalesce"
            flat += [
                item
                for item in (part.parts if nested else (part,))
                if item.kind != "null" and item not in flat
            ]
        sure = next((i for i, item in enumerate(flat) if never_null(item)), len(flat))
        flat = flat[: sure + 1]
        if not flat:
            return NULL
        return flat[0] if len(flat) == 1 else Node("call", "coalesce", tuple(flat))
    if name in ("left", "substr", "substring") and len(parts) in (2, 3):
        return _beginning(node)
    if name in ("greatest", "least"):
        return _chosen_number(name, list(dict.fromkeys(parts)))
    if name == "last_insert_id" and len(parts) == 1:
        return parts[0]  # MySQL: gives its argument
    if len(parts) == 1 and name in NORMALISERS:
        only = parts[0]
        if only.kind == "call" and only.value == name and len(only.parts) == 1:
            return only
        if only.kind == "string" and name in _ON_STRINGS:
            return Node("string", _ON_STRINGS[name](only.value))
    return node


def _beginning(node: Node) -> Node:
    """left(x, n) and substr(x, 1, n) where x begins with a constant that is long enough."""
    text, *place = node.parts
    first = literal(text.parts[0]) if text.parts and text.value in ("||", "concat") else literal(text)
    wanted = [Node("number", "1")] if node.value != "left" else []
    if (
        first.kind == "string"
        and place[:-1] == wanted
        and place[-1].kind == "number"
        and place[-1].value.isdigit()
    ):
        length = int(place[-1].value)
        if length <= len(first.value):
            return Node("string", first.value[:length])
    return node


def _chosen_number(name: str, parts: list[Node]) -> Node:
    """Greatest or least without what is there twice; of plain numbers, the one."""
    from decimal import Decimal

    try:
        if all(part.kind == "number" for part in parts):
            pick = max if name == "greatest" else min
            return pick(parts, key=lambda part: Decimal(part.value))
    except ArithmeticError:
        pass
    return parts[0] if len(parts) == 1 else Node("call", name, tuple(parts))


_ON_STRINGS: dict[str, Callable[[str], str]] = {
    "lower": str.lower, "upper": str.upper, "lcase": str.lower, "ucase": str.upper,
    "trim": lambda text: text.strip(" "), "btrim": lambda text: text.strip(" "),
    "ltrim": lambda text: text.lstrip(" "), "rtrim": lambda text: text.rstrip(" "),
}  # fmt: skip


def _chosen(node: Node) -> Node:
    """A CASE without the branches that cannot be taken."""
    kept: list[Node] = []
    for i in range(0, len(node.parts) - 1, 2):
        truth = outcomes(node.parts[i])
        if truth == {True}:
            return Node("case", "", (*kept, node.parts[i + 1])) if kept else node.parts[i + 1]
        if True in truth:
            kept += node.parts[i : i + 2]
    return Node("case", "", (*kept, node.parts[-1])) if kept else node.parts[-1]
