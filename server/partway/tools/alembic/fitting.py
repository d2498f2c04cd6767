"""Breaks the lines of a Python program that have become too long, as black and ruff would."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from partway.tools.alembic.wrapping import WIDTH
from partway.tools.trees import Tree

if TYPE_CHECKING:
    from tree_sitter import Node

_BRACKETS = frozenset(
    """argument_list list tuple dictionary set parameters parenthesized_expression list_comprehension set_comprehension
    dictionary_comprehension generator_expression subscript""".split()  # noqa: SIM905 # a list of words
)
#: What stands between brackets without commas.
_UNBROKEN = frozenset(
    """parenthesized_expression list_comprehension set_comprehension dictionary_comprehension
    generator_expression""".split()  # noqa: SIM905 # a list of words
)
_MOST = 400
#: Widths that projects commonly have.
_WIDTHS = (WIDTH, 100, 120)


def width_of(text: str) -> int:
    """The width that a file keeps to: the usual one, unless it has longer lines. 0 where it keeps to none."""
    longest = max((len(line) for line in text.splitlines() if not _is_text(line)), default=0)
    return next((width for width in _WIDTHS if longest <= width), 0)


def _is_text(line: str) -> bool:
    """Whether a line holds little else than a string or a comment, which no formatter breaks."""
    return line.strip().strip("rfb").startswith(("#", '"', "'"))


def fitted(text: str, width: int) -> str:
    """The program with no line longer than this, as far as they can be broken."""
    left = set[str]()  # lines that cannot be broken
    for _ in range(_MOST if width else 0):
        long = next(
            (
                row
                for row, line in enumerate(text.split("\n"))
                if len(line) > width and line not in left and not line.lstrip().startswith("#")
            ),
            None,
        )
        if long is None:
            break
        lines = text.split("\n")
        broken = _broken(Tree("python", text), long, lines[long], width)
        if broken is None:
            left.add(lines[long])
        else:
            lines[long : long + 1] = broken
            text = "\n".join(lines)
    return text


class _Pair(NamedTuple):
    """Brackets on one line: the columns of what is between them, and how it is taken apart."""

    node: Node
    start: int
    end: int


def _broken(tree: Tree, row: int, line: str, width: int) -> list[str] | None:
    """The lines that a line becomes; None where it cannot be broken."""
    indent = line[: len(line) - len(line.lstrip())]
    condition = _condition(tree.root, row)
    if condition is not None and _operators(condition) > 1:
        first, parts, rest = line[: _column(tree, condition)], _operands(tree, condition), ":"
        return [f"{first}(", *(f"{indent}    {part}" for part in parts), f"{indent}){rest}"]
    pairs = _pairs(tree, row)
    if not pairs:
        return None
    pair = next((one for one in reversed(pairs) if one.start <= width), pairs[0])
    head, inside, tail = line[: pair.start], line[pair.start : pair.end].strip(), line[pair.end :]
    inner = f"{indent}    "
    if len(inner) + len(inside) <= width and not inside.endswith(","):
        return [head, f"{inner}{inside}", f"{indent}{tail}"]
    elements = _elements(tree, pair.node)
    texts = pair.node.named_children
    if len(texts) == 1 and texts[0].type == "concatenated_string":
        elements = [tree.said(child) for child in texts[0].named_children]
        return [head, *(f"{inner}{one}" for one in elements), f"{indent}{tail}"]
    comma = "," if len(elements) > 1 and pair.node.type not in _UNBROKEN else ""
    if inside.endswith(","):
        comma = ","
    return [head, *(f"{inner}{one}{comma}" for one in elements), f"{indent}{tail}"]


def _pairs(tree: Tree, row: int) -> list[_Pair]:
    """The outermost brackets that open and close on a line, from left to right; empty ones are left out."""
    found: list[_Pair] = []
    pending = [tree.root]
    while pending:
        node = pending.pop()
        if node.start_point[0] > row or node.end_point[0] < row:
            continue
        alone = node.start_point[0] == row == node.end_point[0]
        if alone and node.type in _BRACKETS:
            start, end = _inside(tree, node)
            if end > start:
                found.append(_Pair(node, start, end))
                continue
        if node.type != "string":
            pending += node.children
    return sorted(found, key=lambda pair: pair.start)


def _inside(tree: Tree, node: Node) -> tuple[int, int]:
    """The columns between a node's brackets."""
    opening = next(child for child in node.children if child.type in ("(", "[", "{"))
    begin = tree.text.rfind("\n", 0, tree.span(node).start) + 1
    return tree.span(opening).end - begin, tree.span(node).end - 1 - begin


def _elements(tree: Tree, node: Node) -> list[str]:
    """What stands between brackets, taken apart."""
    if node.type == "parenthesized_expression" and node.named_children[0].type == "boolean_operator":
        return _operands(tree, node.named_children[0])
    if node.type == "subscript":
        return [tree.said(child) for child in node.children_by_field_name("subscript")]
    return [tree.said(child) for child in node.named_children]


def _condition(node: Node, row: int) -> Node | None:
    """The condition of the `if` that stands on a line by itself."""
    pending = [node]
    while pending:
        at = pending.pop()
        if at.start_point[0] > row or at.end_point[0] < row:
            continue
        if at.type in ("if_statement", "elif_clause") and at.start_point[0] == row:
            found = at.child_by_field_name("condition")
            return found if found is not None and found.end_point[0] == row else None
        pending += at.named_children
    return None


def _operators(node: Node) -> int:
    """How many `and` and `or` join an expression at its top."""
    if node.type != "boolean_operator":
        return 0
    return 1 + sum(_operators(child) for child in node.named_children)


def _operands(tree: Tree, node: Node) -> list[str]:
    """The parts that the outermost operator of an expression joins, each but the first behind it."""
    operator = node.child_by_field_name("operator")
    word = tree.said(operator) if operator is not None else ""
    parts: list[Node] = []

    def take(at: Node) -> None:
        inner = at.child_by_field_name("operator") if at.type == "boolean_operator" else None
        if inner is not None and tree.said(inner) == word:
            for child in at.named_children:
                take(child)
        else:
            parts.append(at)

    take(node)
    return [tree.said(part) if not n else f"{word} {tree.said(part)}" for n, part in enumerate(parts)]


def _column(tree: Tree, node: Node) -> int:
    start = tree.span(node).start
    return start - (tree.text.rfind("\n", 0, start) + 1)
