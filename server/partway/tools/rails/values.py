"""Ruby's literals to values, as far as the text alone says what they are.

Symbols and strings are both `str`: Rails makes no difference between them where names, types and options stand.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from partway.core.source import Span
from partway.tools.embedded import HOLE, Piece, hole

if TYPE_CHECKING:
    from tree_sitter import Node

    from partway.tools.rails.scope import Scope


class Unknown:
    """What only a run would tell."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = Unknown()


class Code(NamedTuple):
    """SQL that stands in a lambda: `-> { "now()" }`; empty where it cannot be read."""

    text: str


#: A value: str, int, float, bool, None, list, dict with names as keys, Code, UNKNOWN, or what the reader itself binds
#: to a name (a table definition, the connection, a model).
Value = Any

#: How deep expressions are followed.
DEEPEST: Final = 60
#: Lists of more are data, which nobody makes tables of.
_MOST: Final = 1000
_ESCAPES = {"n": "\n", "t": "\t", "s": " ", "r": "\r", "0": "\0", "e": "\x1b", "\n": ""}

_PAIRS = {"(": "()", "[": "[]", "{": "{}", "<": "<>"}


def evaluate(node: Node, scope: Scope, depth: int = 0) -> Value:
    """What an expression is, UNKNOWN where the text does not tell."""
    found = _EVALUATE.get(node.type)
    return UNKNOWN if found is None or depth > DEEPEST else found(node, scope, depth + 1)


def name_of(value: Value) -> str:
    """A value where a name is wanted; what nobody knows is a hole."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else HOLE


def names_of(value: Value) -> list[str]:
    """The names in a value that is one or a list of them."""
    return [name_of(each) for each in value] if isinstance(value, list) else [name_of(value)]


def pieces_of(node: Node, scope: Scope, depth: int = 0) -> list[Piece] | None:
    """What a string says and where: for the SQL in it. None where the expression is no string at all."""
    kind = node.type
    if depth > DEEPEST:
        return None
    if kind == "string":
        return _content(node, scope, depth + 1)
    if kind == "heredoc_beginning":
        body = scope.program.heredoc(node)
        return [] if body is None else _content(body, scope, depth + 1)
    if kind == "chained_string":
        parts = [pieces_of(child, scope, depth + 1) or [] for child in node.named_children]
        return [piece for part in parts for piece in part]
    if kind == "binary":
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        operator = node.child_by_field_name("operator")
        if left is None or right is None or operator is None or operator.type != "+":
            return None
        sides = pieces_of(left, scope, depth + 1), pieces_of(right, scope, depth + 1)
        if sides[0] is None and sides[1] is None:
            return None
        spans = scope.tree.span(left), scope.tree.span(right)
        return [
            piece
            for side, span in zip(sides, spans, strict=True)
            for piece in (side if side is not None else [hole(span)])
        ]
    if kind == "call" and node.child_by_field_name("arguments") is None:
        method = node.child_by_field_name("method")
        receiver = node.child_by_field_name("receiver")
        if method is not None and receiver is not None and scope.tree.said(method) in _SAME_TEXT:
            return pieces_of(receiver, scope, depth + 1)
        return None
    if kind in ("identifier", "constant"):
        origin = scope.origin(scope.tree.said(node))
        return None if origin is None else pieces_of(origin, scope, depth + 1)
    if kind == "parenthesized_statements" and node.named_child_count == 1:
        return pieces_of(node.named_children[0], scope, depth + 1)
    return None


_SAME_TEXT = frozenset(
    ("squish", "strip", "strip_heredoc", "chomp", "freeze", "dup", "to_s", "html_safe", "lstrip", "rstrip")
)


def _content(node: Node, scope: Scope, depth: int) -> list[Piece]:
    tree = scope.tree
    found: list[Piece] = []
    at = -1
    for child in node.children:
        kind, start, end = child.type, child.start_byte, child.end_byte
        if kind in ("string_content", "heredoc_content"):
            if 0 <= at < start:  # what the grammar leaves out between two parts, such as a line's end
                start = at
            span = Span(tree.offset(start), tree.offset(end))
            found += _plain(tree.text, span, _escaped(node, scope))
        elif kind == "escape_sequence":
            said = tree.said(child)[1:]
            found.append(Piece(_ESCAPES.get(said, said[:1]), tree.span(child), exact=False))
        elif kind == "interpolation":
            inner = child.named_children
            value = evaluate(inner[0], scope, depth) if len(inner) == 1 else UNKNOWN
            if isinstance(value, (str, int)) and not isinstance(value, bool):
                found.append(Piece(str(value), tree.span(child), exact=False, hole=HOLE in str(value)))
            else:
                found.append(hole(tree.span(child)))
        else:
            continue
        at = end
    return found


def _escaped(node: Node, scope: Scope) -> str:
    """What a string in single quotes or %q escapes: its own end and the backslash, which the grammar leaves in."""
    begins = scope.tree.said(node.children[0]) if node.type == "string" and node.child_count else ""
    if begins == "'" or begins.startswith("%q"):
        return "\\" + _PAIRS.get(begins[-1], begins[-1])
    return ""


def _plain(text: str, span: Span, escaped: str) -> list[Piece]:
    found: list[Piece] = []
    at = span.start
    pattern = rf"\\([{re.escape(escaped)}])" if escaped else r"(?!)"
    for escape in re.finditer(pattern, text[span.start : span.end]):
        start, end = span.start + escape.start(), span.start + escape.end()
        if start > at:
            found.append(Piece(text[at:start], Span(at, start)))
        found.append(Piece(escape[1], Span(start, end), exact=False))
        at = end
    return [*found, Piece(text[at : span.end], Span(at, span.end))] if at < span.end else found


def _string(node: Node, scope: Scope, depth: int) -> Value:
    children = node.named_children
    if len(children) == 1 and children[0].type == "string_content":
        said = scope.tree.said(children[0])
        if "\\" not in said or not _escaped(node, scope):
            return said
    if not children:
        return ""
    return "".join(piece.meant for piece in _content(node, scope, depth))


def _heredoc(node: Node, scope: Scope, depth: int) -> Value:
    body = scope.program.heredoc(node)
    return UNKNOWN if body is None else "".join(piece.meant for piece in _content(body, scope, depth))


def _symbol(node: Node, scope: Scope, depth: int) -> Value:  # noqa: ARG001 # all are called alike
    return scope.tree.said(node)[1:]


def _integer(node: Node, scope: Scope, depth: int) -> Value:  # noqa: ARG001 # all are called alike
    try:
        return int(scope.tree.said(node).replace("_", ""), 0)
    except ValueError:
        return UNKNOWN


def _float(node: Node, scope: Scope, depth: int) -> Value:  # noqa: ARG001 # all are called alike
    try:
        return float(scope.tree.said(node).replace("_", ""))
    except ValueError:
        return UNKNOWN


def _array(node: Node, scope: Scope, depth: int) -> Value:
    if node.named_child_count > _MOST:
        return UNKNOWN
    found: list[Value] = []
    for child in node.named_children:
        if child.type == "splat_argument":
            inner = evaluate(child.named_children[0], scope, depth) if child.named_children else UNKNOWN
            if not isinstance(inner, list):
                return UNKNOWN
            found += inner
        elif child.type == "pair":
            return UNKNOWN
        elif child.type != "comment":
            found.append(evaluate(child, scope, depth))
    return found


def _words(node: Node, scope: Scope, depth: int) -> Value:
    if node.named_child_count > _MOST:
        return UNKNOWN
    return ["".join(piece.meant for piece in _content(child, scope, depth)) for child in node.named_children]


def _hash(node: Node, scope: Scope, depth: int) -> Value:
    found: dict[str, Value] = {}
    for child in node.named_children:
        if child.type == "pair":
            add_pair(child, found, scope, depth)
        elif child.type == "hash_splat_argument":
            add_splat(child, found, scope, depth)
    return found


def add_pair(node: Node, into: dict[str, Value], scope: Scope, depth: int = 0) -> None:
    """Put a `key: value` or `:key => value` into a dictionary."""
    children = node.named_children
    if not children:
        return
    key = children[0]
    if key.type == "hash_key_symbol":
        name: Value = scope.tree.said(key)
    else:
        name = evaluate(key, scope, depth)
    if len(children) > 1:
        value = evaluate(children[1], scope, depth)
    else:
        value = scope.get(name) if isinstance(name, str) else UNKNOWN  # `name:` is short for `name: name`
    if isinstance(name, (str, int)):
        into[name_of(name)] = value
    else:
        into[REST] = UNKNOWN


#: The key that stands for options that nobody knows: `**options`.
REST: Final = "**"


def add_splat(node: Node, into: dict[str, Value], scope: Scope, depth: int = 0) -> None:
    """Put what `**options` holds into a dictionary."""
    inner = evaluate(node.named_children[0], scope, depth) if node.named_children else UNKNOWN
    if isinstance(inner, dict):
        into.update(inner)
    else:
        into[REST] = UNKNOWN


def _name(node: Node, scope: Scope, depth: int) -> Value:  # noqa: ARG001 # all are called alike
    return scope.get(scope.tree.said(node))


def _unary(node: Node, scope: Scope, depth: int) -> Value:
    operand = node.child_by_field_name("operand")
    value = evaluate(operand, scope, depth) if operand is not None else UNKNOWN
    operator = scope.tree.said(node)[:1]
    if operator == "-" and isinstance(value, (int, float)):
        return -value
    if (operator == "!" or scope.tree.said(node)[:3] == "not") and (
        value is None or isinstance(value, (bool, str))
    ):
        return value is None or value is False
    return UNKNOWN


def _lambda(node: Node, scope: Scope, depth: int) -> Value:
    body = node.child_by_field_name("body")
    inner = [child for child in body.named_children if child.type != "comment"] if body is not None else []
    while len(inner) == 1 and inner[0].type in ("block_body", "body_statement"):
        inner = inner[0].named_children
    value = evaluate(inner[0], scope, depth) if len(inner) == 1 else UNKNOWN
    return Code(value) if isinstance(value, str) and HOLE not in value else Code("")


def _parenthesized(node: Node, scope: Scope, depth: int) -> Value:
    children = node.named_children
    return evaluate(children[0], scope, depth) if len(children) == 1 else UNKNOWN


def _range(node: Node, scope: Scope, depth: int) -> Value:
    ends = [evaluate(child, scope, depth) for child in node.named_children]
    if len(ends) != 2 or not all(isinstance(end, int) for end in ends) or ends[1] - ends[0] > 1000:
        return UNKNOWN
    return list(range(ends[0], ends[1] + ("..." not in scope.tree.said(node))))


def _conditional(node: Node, scope: Scope, depth: int) -> Value:
    parts = [node.child_by_field_name(name) for name in ("condition", "consequence", "alternative")]
    if parts[0] is None:
        return UNKNOWN
    truth = evaluate(parts[0], scope, depth)
    if truth is UNKNOWN:
        return UNKNOWN
    taken = parts[1] if truth not in (None, False) else parts[2]
    return None if taken is None else evaluate(taken, scope, depth)


def _call(node: Node, scope: Scope, depth: int) -> Value:
    from partway.tools.rails.pure import call_value  # the rarer half of the work

    return call_value(node, scope, depth)


def _binary(node: Node, scope: Scope, depth: int) -> Value:
    from partway.tools.rails.pure import binary_value

    return binary_value(node, scope, depth)


def _case(node: Node, scope: Scope, depth: int) -> Value:
    from partway.tools.rails.pure import case_value

    return case_value(node, scope, depth)


def _last(node: Node, scope: Scope, depth: int) -> Value:
    """The value of `then` and `else`: that of the one expression in it."""
    children = [child for child in node.named_children if child.type != "comment"]
    return evaluate(children[0], scope, depth) if len(children) == 1 else UNKNOWN


_EVALUATE: dict[str, Callable[[Node, Scope, int], Value]] = {
    "simple_symbol": _symbol,
    "delimited_symbol": _string,
    "string": _string,
    "chained_string": lambda node, scope, depth: "".join(
        piece.meant for piece in pieces_of(node, scope, depth) or []
    ),
    "character": _string,
    "heredoc_beginning": _heredoc,
    "hash_key_symbol": lambda node, scope, _: scope.tree.said(node),
    "integer": _integer,
    "float": _float,
    "true": lambda *_: True,
    "false": lambda *_: False,
    "nil": lambda *_: None,
    "array": _array,
    "string_array": _words,
    "symbol_array": _words,
    "hash": _hash,
    "identifier": _name,
    "constant": _name,
    "self": lambda _, scope, __: scope.get("self"),
    "scope_resolution": lambda node, scope, _: scope.get(scope.tree.said(node)),
    "unary": _unary,
    "binary": _binary,
    "lambda": _lambda,
    "parenthesized_statements": _parenthesized,
    "range": _range,
    "conditional": _conditional,
    "if": _conditional,
    "then": _last,
    "else": _last,
    "case": _case,
    "case_match": _case,
    "call": _call,
    "element_reference": _call,
}
