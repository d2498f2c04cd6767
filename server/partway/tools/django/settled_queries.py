"""What `filter` and `exclude` choose rows by: lookups, and `Q` objects of them that `~`, `&` and `|` put together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from typing import TYPE_CHECKING, Final, NamedTuple

from partway.tools.trees import Tree

if TYPE_CHECKING:
    from tree_sitter import Node

_DEEPEST: Final = 30


class Asked(NamedTuple):
    """What is known of the rows that are chosen: the columns in which they have nothing, and the names that they are
    chosen by besides. `own` says that all of these are columns of the row itself, and no other row matters."""

    nulls: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    own: bool = True

    def both(self, other: Asked) -> Asked:
        """What is known of rows for which two conditions hold."""
        return Asked(self.nulls | other.nulls, self.names | other.names, self.own and other.own)

    def either(self, other: Asked) -> Asked:
        """What is known of rows for which one of two conditions holds."""
        names = self.names | other.names | (self.nulls ^ other.nulls)
        return Asked(self.nulls & other.nulls, names, self.own and other.own)


#: What a lookup, a `keyword=value`, tells of the rows for which it holds or does not; None where it is not plain.
Lookup = Callable[["Node", bool], Asked | None]


def asked_by(
    tree: Tree, arguments: Sequence[Node], lookup: Lookup, *, holds: bool, depth: int = 0
) -> Asked | None:
    """What is known of the rows for which all of these arguments hold, or not all; None where one is not plain."""
    found: list[Asked] = []
    for one in arguments:
        asked = (
            lookup(one, holds) if one.type == "keyword_argument" else _query(tree, one, lookup, holds, depth)
        )
        if asked is None:
            return None
        found.append(asked)
    if not found:
        return Asked()
    return reduce(Asked.both if holds else Asked.either, found)


def _query(tree: Tree, node: Node, lookup: Lookup, holds: bool, depth: int) -> Asked | None:
    """What a `Q` object tells, or what some of them do together."""
    kind = node.type
    if depth > _DEEPEST:
        return None
    if kind == "parenthesized_expression" and node.named_child_count == 1:
        return _query(tree, node.named_children[0], lookup, holds, depth + 1)
    operator = node.child_by_field_name("operator")
    if kind == "unary_operator" and operator is not None and operator.type == "~":
        inner = node.child_by_field_name("argument")
        return _query(tree, inner, lookup, not holds, depth + 1) if inner is not None else None
    if kind == "binary_operator" and operator is not None and operator.type in ("&", "|"):
        sides = node.child_by_field_name("left"), node.child_by_field_name("right")
        asked = [_query(tree, side, lookup, holds, depth + 1) if side is not None else None for side in sides]
        if asked[0] is None or asked[1] is None:
            return None
        return asked[0].both(asked[1]) if holds is (operator.type == "&") else asked[0].either(asked[1])
    function, given = node.child_by_field_name("function"), node.child_by_field_name("arguments")
    if kind != "call" or function is None or given is None or tree.said(function) not in ("Q", "models.Q"):
        return None
    arguments = [child for child in given.named_children if child.type != "comment"]
    if not arguments or any(tree.said(one).startswith("_") for one in arguments):
        return None  # of nothing, it is left out where it is joined; _negated, _connector
    return asked_by(tree, arguments, lookup, holds=holds, depth=depth + 1)
