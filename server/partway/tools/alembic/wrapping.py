"""Puts a statement of a Python program under a line of its own: `if ...:`, `with ...:`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from partway.core.edit import Edit
from partway.core.source import Span
from partway.tools.python_program import Program

if TYPE_CHECKING:
    from tree_sitter import Node

#: Lines are broken as the commonest formatter does it.
WIDTH = 88


class Place(NamedTuple):
    """A statement that stands on lines of its own: from `start`, behind `indent`. `lines` are the beginnings of its
    other lines, but for those inside strings; `unit` is one level of the file's indentation."""

    start: int
    end: int
    indent: str
    unit: str
    lines: tuple[int, ...]

    def under(self, head: Sequence[str], newline: str, before: Sequence[str] = ()) -> list[Edit]:
        """The edits that put it under the lines of `head`; `before` are lines that go before those."""
        said = "".join(f"{line}{newline}{self.indent}" for line in (*before, *head))
        edits = [Edit(Span(self.start, self.start), f"{said}{self.unit}")]
        return edits + [Edit(Span(line, line), self.unit) for line in self.lines]

    def preceded(self, lines: Sequence[str], newline: str) -> Edit:
        """The edit that puts lines before it."""
        return Edit(Span(self.start, self.start), "".join(f"{line}{newline}{self.indent}" for line in lines))


def node_at(program: Program, span: Span, kind: str = "call") -> Node | None:
    """The node of this kind at exactly this span."""
    tree = program.tree
    start, end = (len(program.text[:at].encode("utf-8", "surrogatepass")) for at in span)
    node = tree.root.descendant_for_byte_range(start, end)
    for _ in range(10):
        if node is None or node.start_byte != start or node.end_byte != end:
            return None
        if node.type == kind:
            return node
        node = node.parent
    return None


def place_of(program: Program, span: Span, kind: str = "expression_statement") -> Place | None:
    """The statement of this kind that the span is in; None where it is another one, or shares its lines with others."""
    tree, text = program.tree, program.text
    start, end = (len(text[:at].encode("utf-8", "surrogatepass")) for at in span)
    node = tree.root.descendant_for_byte_range(start, max(start, end - 1))
    while node is not None and not (node.parent is not None and node.parent.type == "block"):
        node = node.parent
    if node is None or node.type != kind:
        return None
    whole = tree.span(node)
    begin = text.rfind("\n", 0, whole.start) + 1
    indent = text[begin : whole.start]
    stop = text.find("\n", whole.end)
    behind = text[whole.end : stop if stop >= 0 else len(text)].strip()
    if indent.strip() or (behind and not behind.startswith("#")):
        return None
    strings = [tree.span(each) for each in strings_in(node)]
    lines: list[int] = []
    at = text.find("\n", whole.start, whole.end) + 1
    while at > 0:
        inside = any(one.start < at <= one.end for one in strings)
        blank = not text[at : text.find("\n", at) if text.find("\n", at) >= 0 else len(text)].strip()
        if not inside and not blank:
            lines.append(at)
        at = text.find("\n", at, whole.end) + 1
    unit = "\t" if indent.startswith("\t") else _unit(indent, node)
    return Place(whole.start, whole.end, indent, unit, tuple(lines))


def _unit(indent: str, node: Node) -> str:
    """One level of indentation: what a function's body has more than its head."""
    depth = 0
    at: Node | None = node
    while at is not None:
        depth += at.type == "block"
        at = at.parent
    width = len(indent) // depth if depth and len(indent) % depth == 0 else 0
    return " " * (width if 1 < width <= 8 else 4)


def strings_in(node: Node) -> list[Node]:
    """Every string in a piece of a program."""
    found: list[Node] = []
    pending = [node]
    while pending and len(found) < 2000:
        each = pending.pop()
        if each.type == "string":
            found.append(each)
        else:
            pending += each.named_children
    return found
