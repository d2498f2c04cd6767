"""Whether a call means the same wherever in its method it stands: nothing but words of its own and of Rails."""

from __future__ import annotations

from typing import TYPE_CHECKING

from partway.tools.rails.program import Program

if TYPE_CHECKING:
    from tree_sitter import Node

_PLAIN = frozenset(
    (
        "argument_list", "array", "bare_string", "bare_symbol", "block", "block_body", "block_parameters",
        "body_statement", "call", "comment", "delimited_symbol", "do_block", "escape_sequence", "false", "float",
        "hash", "hash_key_symbol", "integer", "nil", "pair", "simple_symbol", "string", "string_array",
        "string_content", "symbol_array", "true",
    )
)  # fmt: skip


def method_around(program: Program, node: Node) -> str | None:
    """The method that a call is a statement of; None for one that stands in something else, or in a method that is no
    direction of its own."""
    body = node.parent
    if body is None or body.type != "body_statement":
        return None
    names = ("up", "down") if "up" in program.methods or "down" in program.methods else ("change",)
    return next((name for name in names if program.methods.get(name) == body.parent), None)


def is_independent(program: Program, node: Node) -> bool:
    """Whether all that a call says is literals, calls of Rails, and blocks of these with their parameters."""
    bound: set[str] = set()
    queue = [node]
    while queue:
        each = queue.pop()
        if each.type == "identifier":
            around, said = each.parent, program.tree.said(each)
            if around is not None and around.type == "block_parameters":
                bound.add(said)
            elif (
                around is not None and around.type == "call" and around.child_by_field_name("method") == each
            ):
                if said in program.methods:
                    return False
            elif said not in bound:
                return False
        elif each.type not in _PLAIN:
            return False
        queue += reversed(each.named_children)
    return True
