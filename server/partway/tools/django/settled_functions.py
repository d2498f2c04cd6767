"""The functions at the top level of a file: their syntax trees, what a call gives their parameters, and those that
change nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from partway.tools.trees import Tree

if TYPE_CHECKING:
    from tree_sitter import Node

    from partway.tools.django.settled_values import Values

_PASSED: Final = frozenset(("comment", "pass_statement", "continue_statement", "break_statement"))
_TELLS: Final = re.compile(
    r"print|(?:logging|log|logger|LOG|LOGGER|_logger|_log)\.\w+|traceback\.print_exc|sys\.std(?:out|err)\.write"
)
_DEEPEST: Final = 12


def definition(text: str, name: str) -> tuple[Tree, Node] | None:
    """The one function of this name at the top level of a file, undecorated, in a tree of its own."""
    found = list(re.finditer(rf"^(?:@[^\n]*\n)?def {re.escape(name)}\(", text, re.MULTILINE))
    if len(found) != 1 or found[0][0].startswith("@"):
        return None
    if re.search(
        rf"^(?:class\s+{name}\b|{name}\b[^=\n(]*=(?!=))|\b(?:as|import|global)\s+{name}\b", text, re.MULTILINE
    ):
        return None
    lines = text[found[0].start() :].splitlines(keepends=True)
    end = next((at for at, line in enumerate(lines) if at and line[:1] not in " \t\r\n#)"), len(lines))
    tree = Tree("python", "".join(lines[:end]))
    node = next(iter(tree.root.named_children), None)
    if tree.root.has_error or node is None or node.type != "function_definition":
        return None
    return tree, node


def bound(
    caller: Tree, arguments: Sequence[Node], tree: Tree, node: Node
) -> list[tuple[str, Node, bool]] | None:
    """The parameters of a function with what a call gives them, and whether that stands in the call; otherwise it is
    what the function itself gives. None where the two do not plainly fit."""
    found = node.child_by_field_name("parameters")
    parameters: dict[str, Node | None] = {}
    for one in found.named_children if found is not None else ():
        name = one.child_by_field_name("name")
        if one.type == "identifier":
            parameters[tree.said(one)] = None
        elif one.type == "typed_parameter" and one.named_children[0].type == "identifier":
            parameters[tree.said(one.named_children[0])] = None
        elif one.type in ("default_parameter", "typed_default_parameter") and name is not None:
            parameters[tree.said(name)] = one.child_by_field_name("value")
        elif one.type != "comment":
            return None
    given: dict[str, Node] = {}
    names = list(parameters)
    for at, argument in enumerate(arguments):
        name, value = argument.child_by_field_name("name"), argument.child_by_field_name("value")
        if argument.type == "keyword_argument" and name is not None and value is not None:
            said = caller.said(name)
        elif at < len(names) and argument.type not in ("list_splat", "dictionary_splat", "keyword_argument"):
            said, value = names[at], argument
        else:
            return None
        if said not in parameters or said in given:
            return None
        given[said] = value
    whole: list[tuple[str, Node, bool]] = []
    for name_, otherwise in parameters.items():
        value = given.get(name_, otherwise)
        if value is None:
            return None
        whole.append((name_, value, name_ in given))
    return whole


def changes_nothing(values: Values, body: Node, depth: int = 0) -> bool:
    """Whether a function's body only works something out."""
    return depth < _DEEPEST and all(_is_plain(values, node, depth) for node in body.named_children)


def _is_plain(values: Values, node: Node, depth: int) -> bool:
    kind = node.type
    if kind in _PASSED:
        return True
    if kind in ("return_statement", "assert_statement", "raise_statement"):
        return all(map(values.is_pure, node.named_children))
    if kind == "expression_statement" and node.named_child_count == 1:
        inner = node.named_children[0]
        if inner.type == "call":
            return tells(values, node)
        left, right = inner.child_by_field_name("left"), inner.child_by_field_name("right")
        if inner.type in ("assignment", "augmented_assignment") and left is not None and right is not None:
            values.taken.add(values.tree.said(left))
            return left.type == "identifier" and values.is_pure(right)
        return inner.type == "string"
    if kind in ("if_statement", "elif_clause"):
        condition = node.child_by_field_name("condition")
        rest = [child for child in node.named_children if child != condition]
        return (
            condition is not None
            and values.is_pure(condition)
            and all(_is_part(values, one, depth) for one in rest)
        )
    if kind == "for_statement":
        left, right, block = (node.child_by_field_name(name) for name in ("left", "right", "body"))
        if left is None or right is None or block is None or not values.is_pure(right):
            return False
        return left.type in ("identifier", "pattern_list") and changes_nothing(values, block, depth + 1)
    return False


def tells(values: Values, node: Node) -> bool:
    """Whether a statement does nothing but say something to whoever runs it."""
    if node.type in ("comment", "pass_statement"):
        return True
    call = node.named_children[0] if node.type == "expression_statement" else None
    function = call.child_by_field_name("function") if call is not None and call.type == "call" else None
    given = call.child_by_field_name("arguments") if call is not None and function is not None else None
    if function is None or given is None or not _TELLS.fullmatch(values.tree.said(function)):
        return False
    name = values.tree.said(function).partition(".")[0]
    return not values.is_own(name) and name not in values.taken and values.is_pure(given)


def _is_part(values: Values, node: Node, depth: int) -> bool:
    """Whether a branch is plain."""
    if node.type == "block":
        return changes_nothing(values, node, depth + 1)
    if node.type == "else_clause":
        body = node.child_by_field_name("body")
        return body is not None and changes_nothing(values, body, depth + 1)
    return node.type == "comment" or (node.type == "elif_clause" and _is_plain(values, node, depth + 1))
