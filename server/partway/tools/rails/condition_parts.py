"""What a condition is put together from: the questions in it, each with the answer that is wanted of it.

    unless (ready? && !there)        ready? is to be false, or `there` to be true

Parentheses, `!`, `&&`, `||` and variables are taken apart here, for everyone who asks what a condition comes to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from tree_sitter import Node

    from partway.tools.rails.scope import Scope

#: What only holds one expression.
_AROUND: Final = frozenset(("parenthesized_statements", "body_statement", "argument_list"))
_BOTH: Final = frozenset(("&&", "and"))
_JOINED: Final = _BOTH | {"||", "or"}
_NEGATED: Final = frozenset(("!", "not"))
_DEEPEST: Final = 30
#: Of how many a condition is at most: variables made of variables can double with each.
_MOST: Final = 200


class Part(NamedTuple):
    """A question with the `wanted` answer, or parts: all of them are to hold, or any one where they are `either`."""

    node: Node
    wanted: bool
    parts: tuple[Part, ...] = ()
    either: bool = False

    def questions(self) -> Iterator[Part]:
        """The questions in it."""
        if not self.parts:
            yield self
        for part in self.parts:
            yield from part.questions()

    def holds(self, answer: Callable[[Part], bool | None]) -> bool | None:
        """Whether the condition comes to what is wanted, by what each question is answered; None where nobody
        knows."""
        if not self.parts:
            answered = answer(self)
            return None if answered is None else answered is self.wanted
        held = [part.holds(answer) for part in self.parts]
        if self.either in held:
            return self.either
        return None if None in held else not self.either


def taken_apart(node: Node, scope: Scope, wanted: bool = True) -> Part:
    """A condition that is to be true, or false where that is `wanted`. What is too deep is left a question, which
    nobody knows."""
    left = [_MOST]

    def apart(node: Node, wanted: bool, depth: int) -> Part:
        kind = node.type
        left[0] -= 1
        if kind == "call" or depth > _DEEPEST or left[0] < 0:
            return Part(node, wanted)
        if kind in _AROUND:
            held = [child for child in node.named_children if child.type != "comment"]
            if len(held) == 1:
                return apart(held[0], wanted, depth + 1)
        elif kind == "identifier":
            origin = scope.origin(scope.tree.said(node))
            if origin is not None:
                return apart(origin, wanted, depth + 1)
        elif kind in ("unary", "binary"):
            operator = node.child_by_field_name("operator")
            sign = operator.type if operator is not None else ""
            operands = [node.child_by_field_name(name) for name in ("operand", "left", "right")]
            inner = [each for each in operands if each is not None]
            if sign in _NEGATED and len(inner) == 1:
                return apart(inner[0], not wanted, depth + 1)
            if sign in _JOINED and len(inner) == 2:
                # Where `a && b` is to be false, one of them is enough.
                parts = tuple(apart(each, wanted, depth + 1) for each in inner)
                return Part(node, wanted, parts, either=wanted is not (sign in _BOTH))
        return Part(node, wanted)

    return apart(node, wanted, 0)
