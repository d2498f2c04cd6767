"""Which truth values a condition can have, as far as its text tells."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from partway.sql.data.nodes import CONSTANTS, Node, is_volatile, literal, never_null

if TYPE_CHECKING:
    from decimal import Decimal

Truth = frozenset[bool | None]  # None is SQL's NULL


ANY: Truth = frozenset({True, False, None})


_TRUE: Truth = frozenset({True})


_FALSE: Truth = frozenset({False})


_NULL: Truth = frozenset({None})


def outcomes(node: Node) -> Truth:
    """The truth values that a condition can have: what is not known of it widens the answer, never narrows it."""
    kind, value, parts = node
    if kind == "boolean":
        return _TRUE if value == "true" else _FALSE
    if kind == "null":
        return _NULL
    if kind == "number":
        return _TRUE if value.strip("-0.") else _FALSE
    if kind == "not":
        return frozenset(None if t is None else not t for t in outcomes(parts[0]))
    if kind == "operator" and value in ("AND", "OR"):
        return _joined(value == "AND", [outcomes(part) for part in parts])
    if kind == "operator" and len(parts) == 2:
        return _compared(value, literal(parts[0]), literal(parts[1]))
    if kind == "is":
        return _is(value, parts)
    if kind == "in":
        equal = [_compared("=", literal(parts[0]), literal(part)) for part in parts[1:]]
        return _joined(False, equal) if equal and parts[-1].kind != "subquery" else ANY  # noqa: FBT003 - a truth value
    if kind == "between":
        tested, low, high = (literal(part) for part in parts)
        return _joined(True, [_compared(">=", tested, low), _compared("<=", tested, high)])  # noqa: FBT003 - a truth value
    if kind == "like":
        return _like(value, parts)
    return ANY


def _joined(every: bool, truths: list[Truth]) -> Truth:
    """AND (`every`) or OR over the possible truth values of the parts."""
    stop = not every
    result: set[bool | None] = {every}
    for truth in truths:
        result = {
            stop if stop in (a, b) else None if None in (a, b) else every for a in result for b in truth
        }
    return frozenset(result)


def _is(value: str, parts: tuple[Node, ...]) -> Truth:
    tested = literal(parts[0])
    if value == "null":
        if tested.kind == "null":
            return _TRUE
        return _FALSE if never_null(tested) else frozenset({True, False})
    if value == "distinct":
        other = literal(parts[1])
        if "null" in (tested.kind, other.kind):
            return (
                _FALSE
                if tested == other
                else _TRUE
                if never_null(tested) or never_null(other)
                else frozenset({True, False})
            )
        if tested == other and not is_volatile(tested):
            return _FALSE
        equal = _compared("=", tested, other)
        return frozenset(t is not True for t in equal if t is not None) or frozenset({True, False})
    truth = outcomes(tested)
    return frozenset((t is True) if value == "true" else (t is False) for t in truth)


def _compared(operator: str, left: Node, right: Node) -> Truth:
    if operator == "<=>":
        return frozenset(not t for t in _is("distinct", (left, right)) if t is not None)
    if operator == "?":
        return _has_key(left, right)
    if operator in ("~", "!~"):
        return _begins(operator, left, right)
    if operator == "@>":
        return _holds_all(left, right)
    if operator not in ("=", "<>", "<", ">", "<=", ">="):
        return ANY
    if operator == "=" and right.kind == "call" and right.value in ("any", "some") and len(right.parts) == 1:
        return _TRUE if literal(left) in _members(right.parts[0]) else ANY
    if "null" in (left.kind, right.kind):
        return _NULL
    order = _order(left, right)
    if order is None:
        if left == right and not is_volatile(left):
            order = 0
        elif operator in ("=", "<>") and _differ(left, right):
            return _TRUE if operator == "<>" else _FALSE
        else:
            return ANY
    truth = {
        "=": order == 0, "<>": order != 0, "<": order < 0, ">": order > 0, "<=": order <= 0, ">=": order >= 0,
    }[operator]  # fmt: skip
    if left.kind in CONSTANTS:
        return frozenset({truth})
    return frozenset({truth, None})


def _order(left: Node, right: Node) -> int | None:
    """-1, 0 or 1 where both are numbers, booleans, or the same string; None where the order cannot be told."""
    if left.kind == right.kind == "string":
        return 0 if left.value == right.value else None
    if {left.kind, right.kind} <= {"number", "boolean", "string"}:
        try:
            a, b = _number(left), _number(right)
        except ArithmeticError:
            return None
        return (a > b) - (a < b)
    return None


def _number(node: Node) -> Decimal:
    from decimal import Decimal  # few migrations compare any

    if node.kind == "boolean":
        return Decimal(1 if node.value == "true" else 0)
    return Decimal(node.value)


def _differ(left: Node, right: Node) -> bool:
    """Whether two strings are different under any collation that people use."""
    return (
        left.kind == right.kind == "string"
        and left.value.casefold().rstrip() != right.value.casefold().rstrip()
        and left.value.isascii()
        and right.value.isascii()
    )


def _like(operator: str, parts: tuple[Node, ...]) -> Truth:
    """LIKE with a constant pattern, on a constant or on something that begins or ends with one."""
    tested, pattern = literal(parts[0]), literal(parts[1])
    if operator not in ("like", "ilike") or pattern.kind != "string" or len(parts) > 2:
        return ANY
    if tested.kind == "string":
        return _matches(tested.value, pattern.value)
    if (tested.kind == "operator" and tested.value == "||") or (
        tested.kind == "call" and tested.value == "concat"
    ):
        first, last = literal(tested.parts[0]), literal(tested.parts[-1])
        text = pattern.value
        if first.kind == "string" and text.endswith("%") and _matches(first.value, text) == _TRUE:
            return frozenset({True, None})
        if last.kind == "string" and text.startswith("%") and _matches(last.value, text) == _TRUE:
            return frozenset({True, None})
    return ANY


def _matches(text: str, pattern: str) -> Truth:
    """Whether a text is LIKE a pattern; engines disagree on upper and lower case, so that alone decides nothing."""
    regex = ""
    at = 0
    while at < len(pattern):
        char = pattern[at]
        if char == "\\" and at + 1 < len(pattern):
            at += 1
            regex += re.escape(pattern[at])
        elif char == "%":
            if not regex.endswith(".*"):
                regex += ".*"
        else:
            regex += "." if char == "_" else re.escape(char)
        at += 1
    if regex.count(".*") > 4 or len(text) > 2000:  # more would let the match take its time
        return ANY
    if re.fullmatch(regex, text, re.DOTALL):
        return _TRUE
    return ANY if re.fullmatch(regex, text, re.DOTALL | re.IGNORECASE) else _FALSE


def _begins(operator: str, text: Node, pattern: Node) -> Truth:
    """`text ~ '^prefix'` where the text begins with a constant; NULL where the rest of the text is."""
    first = literal(text.parts[0]) if text.parts and text.value in ("||", "concat") else text
    plain = pattern.kind == "string" and re.fullmatch(r"\^[\w:/@ -]+", pattern.value)
    if plain and first.kind == "string" and first.value.startswith(pattern.value[1:]):
        return frozenset({operator == "~", None})
    return ANY


def _holds_all(array: Node, wanted: Node) -> Truth:
    """ARRAY @> ARRAY, where the left one has just been given what the right one holds."""
    members = _members(array)
    return _TRUE if wanted.kind == "array" and all(literal(part) in members for part in wanted.parts) else ANY


def _members(array: Node) -> set[Node]:
    """The constants that an array expression certainly holds."""
    inner = array
    while inner.kind == "cast":
        inner = inner.parts[0]
    if inner.kind == "array":
        return {literal(part) for part in inner.parts}
    if inner.kind == "call" and inner.value in ("array_append", "array_prepend", "array_cat", "coalesce"):
        return set().union(
            *({literal(part)} | _members(part) for part in inner.parts if inner.value != "coalesce")
        )
    if inner.kind == "operator" and inner.value == "||":
        return set().union(*({literal(part)} | _members(part) for part in inner.parts))
    return set()


def _has_key(document: Node, key: Node) -> Truth:
    """Whether a jsonb value has a top-level key, where the expression that made it says so."""
    if key.kind != "string":
        return ANY
    if document.kind == "operator" and document.value == "-" and len(document.parts) == 2:
        removed = literal(document.parts[1])
        if removed.kind != "string":
            return ANY
        return frozenset({False, None}) if removed.value == key.value else _has_key(document.parts[0], key)
    if (
        document.kind == "call"
        and document.value in ("jsonb_set", "jsonb_insert")
        and len(document.parts) > 2
    ):
        path = literal(document.parts[1])
        return frozenset({True, None}) if path == Node("string", "{" + key.value + "}") else ANY
    if document.kind == "operator" and document.value == "||":
        last = document.parts[-1]
        if last.kind == "call" and last.value in ("jsonb_build_object", "json_build_object"):
            keys = [literal(part) for part in last.parts[::2]]
            if key in keys:
                return frozenset({True, None})
            if all(k.kind == "string" for k in keys):
                rest = document.parts[:-1]
                return _has_key(rest[0] if len(rest) == 1 else Node("operator", "||", rest), key)
    return ANY
