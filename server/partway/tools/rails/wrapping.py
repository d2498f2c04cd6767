"""Where a call stands in a migration, and how it is put behind a condition as its author would."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from partway.core.edit import Edit
from partway.core.source import Span
from partway.tools.rails.program import Program

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

_BODIES = frozenset(("body_statement", "block_body", "then", "else", "do", "ensure", "program"))
_LONGEST_LINE = 100


class Place(NamedTuple):
    """A call that is a statement by itself: its place, its text, how its line is indented and by how much more what
    is in it, and whether other things stand on its lines (`inline`)."""

    span: Span
    text: str
    indent: str
    inline: bool
    line: Span

    def under(self, condition: str, newline: str) -> list[Edit]:
        """The edits that put the call behind a condition: at its end where that fits on its line, else around it."""
        start, end = self.span
        one_line = "\n" not in self.text
        if one_line and (
            self.inline or len(self.indent) + len(self.text) + 1 + len(condition) <= _LONGEST_LINE
        ):
            return [Edit(Span(end, end), f" {condition}")]
        if self.inline or "<<" in self.text:
            return []
        edits = [Edit(Span(start, start), f"{condition}{newline}{self.indent}  ")]
        at = self.text.find("\n")
        while at >= 0:
            if self.text[at + 1 : at + 2] not in ("\r", "\n", ""):
                edits.append(Edit(Span(start + at + 1, start + at + 1), "  "))
            at = self.text.find("\n", at + 1)
        edits.append(Edit(Span(end, end), f"{newline}{self.indent}end"))
        return edits

    def reversible(self, condition: str, back: str, newline: str) -> list[Edit]:
        """The edits that give the call a condition in each direction."""
        if self.inline or "\n" in self.text:
            return []
        start, end = self.span
        indent = self.indent
        longest = len(indent) + len("  dir.down {  }") + max(len(back), len(self.text) + 1 + len(condition))
        if longest <= _LONGEST_LINE:
            head = ["reversible do |dir|", f"{indent}  dir.up {{ "]
            tail = [f" {condition} }}", f"{indent}  dir.down {{ {back} }}", f"{indent}end"]
        else:
            head = ["reversible do |dir|", f"{indent}  dir.up do", f"{indent}    "]
            tail = [
                f" {condition}", f"{indent}  end", f"{indent}  dir.down do", f"{indent}    {back}", f"{indent}  end",
                f"{indent}end",
            ]  # fmt: skip
        return [Edit(Span(start, start), newline.join(head)), Edit(Span(end, end), newline.join(tail))]

    def before(self, lines: list[str], newline: str) -> Edit:
        """The edit that puts lines above the call's."""
        at = self.line.start
        return Edit(Span(at, at), "".join(f"{self.indent}{line}{newline}" for line in lines))


def place_of(program: Program, node: Node) -> Place | None:
    """The place of a call that is a statement by itself; None for one that stands in something else."""
    parent = node.parent
    if parent is None or parent.type not in _BODIES:
        return None
    span = program.tree.span(node)
    text = program.tree.text
    start = text.rfind("\n", 0, span.start) + 1
    end = text.find("\n", span.end)
    end = len(text) if end < 0 else end
    indent = text[start : span.start]
    rest = text[span.end : end].strip()
    inline = bool(indent.strip()) or bool(rest and not rest.startswith("#"))
    if inline:
        indent = ""
    return Place(span, text[slice(*span)], indent, inline, Span(start, end))


def _arguments(node: Node) -> list[Node]:
    given = node.child_by_field_name("arguments")
    return [child for child in given.named_children if child.type != "comment"] if given is not None else []


def argument_text(node: Node, index: int) -> str | None:
    """The text of an argument by its place, options apart; None where there is none, or it is no plain one."""
    plain = [child for child in _arguments(node) if child.type != "pair"]
    if index >= len(plain) or any("splat" in child.type or child.type == "block_argument" for child in plain):
        return None
    found = plain[index]
    if found.type in ("heredoc_beginning", "hash") or found.text is None or b"\n" in found.text:
        return None
    return found.text.decode()


def _pairs(node: Node, name: str) -> Iterator[Node]:
    for child in _arguments(node):
        if child.type == "pair" and child.named_children:
            key = (child.named_children[0].text or b"").strip(b":'\"").decode("utf-8", "replace")
            if key == name:
                yield child


def option_text(node: Node, name: str) -> str | None:
    """The text of an option's value; None where the call has none of this name."""
    for pair in _pairs(node, name):
        value = pair.named_children[-1]
        return value.text.decode() if value.text is not None and b"\n" not in value.text else None
    return None


def without_option(
    program: Program, node: Node, names: tuple[str, ...] = ("if_not_exists", "if_exists")
) -> Iterator[Edit]:
    """The edits that take these options out of a call, with the comma before them."""
    text = program.tree.text
    for name in names:
        for pair in _pairs(node, name):
            start, end = program.tree.span(pair)
            comma = text.rfind(",", 0, start)
            if comma >= 0 and not text[comma + 1 : start].strip():
                yield Edit(Span(comma, end), "")
