"""The names that hold at one place of a Python program, and the values of expressions there."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from partway.tools.embedded import Piece
from partway.tools.python_calls import known_call
from partway.tools.python_operators import binary, boolean, comparison, conditional, negation, unary
from partway.tools.python_program import Program
from partway.tools.python_strings import Text, literal
from partway.tools.python_values import (
    UNKNOWN,
    Argument,
    Call,
    Formula,
    Item,
    Member,
    Ref,
    Unknown,
    is_known,
    listed,
    truth,
)

if TYPE_CHECKING:
    from tree_sitter import Node

#: Expressions are followed so deep, and loops over literals so far.
DEEPEST = 60
MOST = 500


class Scope:
    """Names with their values, inside those of `outer`. Names that are nobody's here are the module's."""

    __slots__ = ("depth", "names", "outer", "program")

    def __init__(
        self, program: Program, outer: Scope | None = None, names: dict[str, object] | None = None
    ) -> None:
        self.program = program
        self.outer = outer
        self.names: dict[str, object] = names if names is not None else {}
        self.depth: int = outer.depth if outer is not None else 0

    def value(self, node: Node | None) -> object:
        """What an expression means here; UNKNOWN for what only a run would tell. Never raises."""
        program = self.program
        program.budget -= 1
        if node is None or program.budget < 0 or self.depth > DEEPEST:
            return UNKNOWN
        reader = _READERS.get(node.type)
        if reader is None:
            return UNKNOWN
        self.depth += 1
        try:
            return reader(self, node)
        finally:
            self.depth -= 1

    def look_up(self, name: str) -> object:
        """The value of a name."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.names:
                return scope.names[name]
            scope = scope.outer
        program = self.program
        if name in program.evaluated:
            return program.evaluated[name]
        if name in program.constants:
            program.evaluated[name] = UNKNOWN  # one that is made of itself
            module = Scope(program)
            module.depth = self.depth
            program.evaluated[name] = found = module.value(program.constants[name])
            return found
        return Ref(program.imports.get(name, name))

    def bind(self, target: Node, value: object) -> None:
        """Assign to a name, or to several by their places; what is assigned to anything else is let go."""
        kind = target.type
        if kind == "identifier":
            self.names[self.program.tree.said(target)] = value
        elif kind in ("pattern_list", "tuple_pattern", "list_pattern", "tuple", "list"):
            children = target.named_children
            values = listed(value) or []
            fits = len(values) == len(children) and not any("splat" in child.type for child in children)
            for number, child in enumerate(children):
                self.bind(child, values[number] if fits else UNKNOWN)

    def inside(self, names: dict[str, object] | None = None) -> Scope:
        """A scope in this one."""
        return Scope(self.program, self, names)


def _string(scope: Scope, node: Node) -> object:
    found = literal(scope.program.tree, node, scope.value)
    return UNKNOWN if found is None else found


def _concatenated(scope: Scope, node: Node) -> object:
    pieces: list[Piece] = []
    for child in node.named_children:
        if child.type == "string":
            found = literal(scope.program.tree, child, scope.value)
            if found is None:
                return UNKNOWN
            pieces += found.pieces
    return Text.of(pieces)


def _number(scope: Scope, node: Node) -> object:
    said = scope.program.tree.said(node).replace("_", "")
    if len(said) > 50:
        return UNKNOWN
    try:
        return int(said, 0) if node.type == "integer" else float(said)
    except (ValueError, OverflowError):
        return UNKNOWN


def _inner(scope: Scope, node: Node) -> object:
    while node.type == "parenthesized_expression":
        children = [child for child in node.named_children if child.type != "comment"]
        if len(children) != 1:
            return UNKNOWN
        node = children[0]
    return scope.value(node)


def _sequence(scope: Scope, node: Node) -> object:
    found: list[object] = []
    for child in node.named_children:
        if child.type == "comment":
            continue
        if child.type == "list_splat":
            more = listed(scope.value(child.named_children[0] if child.named_children else None))
            if more is None:
                return UNKNOWN
            found += more
        else:
            found.append(scope.value(child))
    return found if node.type == "list" else tuple(found)


def _dictionary(scope: Scope, node: Node) -> object:
    found: dict[object, object] = {}
    for child in node.named_children:
        if child.type == "pair":
            key = scope.value(child.child_by_field_name("key"))
            if isinstance(key, list | dict) or not _hashable(key):
                return UNKNOWN
            found[key] = scope.value(child.child_by_field_name("value"))
        elif child.type == "dictionary_splat":
            more = scope.value(child.named_children[0] if child.named_children else None)
            if not isinstance(more, dict):
                return UNKNOWN
            found.update(more)
    return found


def _hashable(key: object) -> bool:
    if isinstance(key, Text):
        return key.known
    return is_known(key) and (
        type(key) is not tuple or not any(isinstance(each, list | dict) for each in key)
    )


def _identifier(scope: Scope, node: Node) -> object:
    found = scope.look_up(scope.program.tree.said(node))
    return scope.program.resolve(found, scope) if isinstance(found, Ref) else found


def _attribute(scope: Scope, node: Node) -> object:
    of = scope.value(node.child_by_field_name("object"))
    name = node.child_by_field_name("attribute")
    if isinstance(of, Unknown) or name is None:
        return UNKNOWN
    said = scope.program.tree.said(name)
    if isinstance(of, Ref):
        own = _class_constant(scope, of, said)
        return own if own is not None else scope.program.resolve(Ref(f"{of.path}.{said}"), scope)
    if isinstance(of, Text | int | float) and said == "value":
        return of  # of a member of an Enum
    return scope.program.resolve(Member(of, said), scope)


def _class_constant(scope: Scope, of: Ref, name: str) -> object | None:
    """What a class of this file assigns to the name in its body."""
    definition = scope.program.classes.get(of.path)
    body = definition.child_by_field_name("body") if definition is not None else None
    for statement in body.named_children if body is not None else ():
        first = statement.named_children[0] if statement.named_child_count else None
        if statement.type == "expression_statement" and first is not None and first.type == "assignment":
            left = first.child_by_field_name("left")
            if left is not None and scope.program.tree.said(left) == name:
                return Scope(scope.program, scope).value(first.child_by_field_name("right"))
    return None


def _call(scope: Scope, node: Node) -> object:
    function = scope.value(node.child_by_field_name("function"))
    listing = node.child_by_field_name("arguments")
    arguments: list[Argument] = []
    complete = True
    if listing is None or listing.type != "argument_list":  # f(x for x in y)
        if listing is not None:
            arguments.append(Argument("", scope.value(listing), listing))
    else:
        for child in listing.named_children:
            kind = child.type
            if kind == "keyword_argument":
                name, value = child.child_by_field_name("name"), child.child_by_field_name("value")
                if name is not None and value is not None:
                    arguments.append(Argument(scope.program.tree.said(name), scope.value(value), value))
            elif kind in ("list_splat", "dictionary_splat"):
                splat = scope.value(child.named_children[0] if child.named_children else None)
                if kind == "dictionary_splat" and isinstance(splat, dict):
                    arguments += [Argument(str(key), value, child) for key, value in splat.items()]
                elif kind == "list_splat" and (more := listed(splat)) is not None:
                    arguments += [Argument("", value, child) for value in more]
                else:
                    complete = False
            elif kind != "comment":
                arguments.append(Argument("", scope.value(child), child))
    made = Call(function, tuple(arguments), complete, node, scope.program.tree)
    found = known_call(made)
    return scope.program.resolve(made, scope) if found is None else found


def _subscript(scope: Scope, node: Node) -> object:
    of = scope.value(node.child_by_field_name("value"))
    keys = node.children_by_field_name("subscript")
    if len(keys) != 1 or keys[0].type == "slice":
        return UNKNOWN
    key = scope.value(keys[0])
    if isinstance(of, dict) and _hashable(key):
        return of.get(key, UNKNOWN)
    if (isinstance(of, list) or type(of) is tuple) and isinstance(key, int):
        return of[key] if -len(of) <= key < len(of) else UNKNOWN
    return scope.program.resolve(Formula("[]", (of, key)), scope)


def _comprehension(scope: Scope, node: Node) -> object:
    clauses = [child for child in node.named_children if child.type in ("for_in_clause", "if_clause")]
    body = node.child_by_field_name("body")
    if body is None or len(clauses) < 1 or any(child.type == "for_in_clause" for child in clauses[1:]):
        return UNKNOWN
    left, right = clauses[0].child_by_field_name("left"), clauses[0].child_by_field_name("right")
    if left is None or right is None:
        return UNKNOWN
    through = scope.value(right)
    conditions = [clause.named_children[0] for clause in clauses[1:] if clause.named_child_count]
    items = listed(through)
    found: list[object] = []
    for item in items[:MOST] if items is not None else ():
        inner = scope.inside()
        inner.bind(left, item)
        asked = [truth(inner.value(condition)) for condition in conditions]
        if None in asked:
            return UNKNOWN
        if all(asked):
            found.append(_pair(inner, body))
    if items is None:
        inner = scope.inside()
        inner.bind(left, Item(through))
        return Formula("for", (_pair(inner, body), through, *(inner.value(each) for each in conditions)))
    if node.type == "dictionary_comprehension":
        pairs = [(each[0], each[1]) for each in found if isinstance(each, tuple) and len(each) == 2]
        return dict(pairs) if all(_hashable(key) for key, _ in pairs) else UNKNOWN
    return tuple(found) if node.type == "set_comprehension" else found


def _pair(scope: Scope, body: Node) -> object:
    if body.type != "pair":
        return scope.value(body)
    return (scope.value(body.child_by_field_name("key")), scope.value(body.child_by_field_name("value")))


def _named(scope: Scope, node: Node) -> object:
    name = node.child_by_field_name("name")
    value = scope.value(node.child_by_field_name("value"))
    if name is not None:
        scope.bind(name, value)
    return value


_READERS: dict[str, Callable[[Scope, Node], object]] = {
    "string": _string,
    "concatenated_string": _concatenated,
    "integer": _number,
    "float": _number,
    "true": lambda _scope, _node: True,
    "false": lambda _scope, _node: False,
    "none": lambda _scope, _node: None,
    "parenthesized_expression": _inner,
    "list": _sequence,
    "tuple": _sequence,
    "expression_list": _sequence,
    "set": _sequence,
    "dictionary": _dictionary,
    "identifier": _identifier,
    "attribute": _attribute,
    "call": _call,
    "binary_operator": binary,
    "unary_operator": unary,
    "not_operator": negation,
    "boolean_operator": boolean,
    "comparison_operator": comparison,
    "conditional_expression": conditional,
    "subscript": _subscript,
    "list_comprehension": _comprehension,
    "set_comprehension": _comprehension,
    "generator_expression": _comprehension,
    "dictionary_comprehension": _comprehension,
    "named_expression": _named,
}
