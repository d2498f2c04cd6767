"""An `if` of the author's without the branches that are for another database."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from partway.tools.alembic.resume_lines import Line, moved
from partway.tools.alembic.wrapping import strings_in
from partway.tools.resuming import CannotResume
from partway.tools.trees import Tree

if TYPE_CHECKING:
    from tree_sitter import Node

_OPPOSITE = {"==": "!=", "!=": "==", "in": "not in", "not in": "in", "is": "is not", "is not": "is"}
_COMPARISON = re.compile(r"([^\s].*?)\s(==|!=|not in|in|is not|is)\s(.+)\Z", re.DOTALL)


def kept_branches(tree: Tree, node: Node, alive: Callable[[Node], bool]) -> list[tuple[list[Line], Node]]:
    """The branches that may run, each with the lines before its block."""
    branches = list(_branches(node))
    kept = [(condition, body, head) for condition, body, head in branches if alive(body)]
    found: list[tuple[list[Line], Node]] = []
    for number, (condition, body, head) in enumerate(kept):
        first = number == 0
        dead = [one for one in branches if not alive(one[1]) and one[1].start_byte < body.start_byte]
        dropped = [one for one, _, _ in dead if one is not None]
        if condition is None and first:
            said = _negated(tree, dropped)
            found.append(([Line(f"if {said}:")], body))
        elif first and condition is not None and head != node:
            if not all(_compares(tree, one) for one in (condition, *dropped)):
                raise CannotResume(
                    f"the conditions on line {node.start_point[0] + 1} cannot be read apart",
                    "Write an `if` of its own for each of them, and ask again",
                )
            found.append(([Line(f"if {tree.said(condition)}:")], body))
        else:
            start = tree.span(head).start
            lines = moved(tree, start, tree.span(body).start, strings_in(head))
            found.append(
                ([line._replace(text=line.text.rstrip()) for line in lines if line.text.strip()], body)
            )
    return found


def _branches(node: Node) -> list[tuple[Node | None, Node, Node]]:
    """Condition, block and the node that both belong to of each branch."""
    body = node.child_by_field_name("consequence")
    found = [(node.child_by_field_name("condition"), body, node)] if body is not None else []
    for clause in node.children_by_field_name("alternative"):
        inner = clause.child_by_field_name("consequence") or clause.child_by_field_name("body")
        if inner is not None:
            found.append((clause.child_by_field_name("condition"), inner, clause))
    return found


def _compares(tree: Tree, condition: Node) -> bool:
    return condition.type == "comparison_operator" and "==" in tree.said(condition)


def _negated(tree: Tree, conditions: list[Node]) -> str:
    """That none of these holds."""
    if len(conditions) > 1:
        return f"not ({' or '.join(tree.said(one) for one in conditions)})"
    condition = conditions[0]
    said = tree.said(condition)
    if condition.type == "not_operator":
        argument = condition.child_by_field_name("argument")
        return tree.said(argument) if argument is not None else f"not ({said})"
    match = _COMPARISON.match(said) if condition.type == "comparison_operator" else None
    if match is not None and condition.named_child_count == 2:
        return f"{match[1]} {_OPPOSITE[match[2]]} {match[3]}"
    return f"not ({said})" if condition.type == "boolean_operator" else f"not {said}"
