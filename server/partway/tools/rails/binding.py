"""What the parameters of a method of the file stand for in one call of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from partway.tools.rails.scope import Scope
from partway.tools.rails.values import UNKNOWN, Value, evaluate

if TYPE_CHECKING:
    from tree_sitter import Node

    from partway.tools.trees import Tree


def bind(tree: Tree, parameter: Node, left: list[Value], options: dict[str, Value], inner: Scope) -> None:
    kind = parameter.type
    if kind == "identifier":
        # Ruby takes options for a last hash where no keyword is wanted.
        if not left and options and "*" not in options:
            left.append(dict(options))
        inner.bind(tree.said(parameter), left.pop(0) if left else UNKNOWN)
        return
    name = parameter.child_by_field_name("name")
    if name is None:
        return
    said = tree.said(name)
    otherwise = parameter.child_by_field_name("value")
    if kind == "optional_parameter":
        value = left.pop(0) if left else (evaluate(otherwise, inner) if otherwise is not None else UNKNOWN)
        inner.bind(said, UNKNOWN if "*" in options and value is UNKNOWN else value)
    elif kind == "keyword_parameter":
        if said in options:
            inner.bind(said, options[said])
        elif "**" in options or otherwise is None:
            inner.bind(said, UNKNOWN)
        else:
            inner.bind(said, evaluate(otherwise, inner))
    elif kind == "splat_parameter":
        inner.bind(said, UNKNOWN if "*" in options else list(left))
        left.clear()
    elif kind == "hash_splat_parameter":
        inner.bind(said, dict(options))
    else:
        inner.bind(said, UNKNOWN)
