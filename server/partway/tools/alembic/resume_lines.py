"""Pieces of a Python block: lines of text, and the conditions that they run under."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from partway.tools.alembic.resume_looks import Asked
from partway.tools.trees import Tree

if TYPE_CHECKING:
    from tree_sitter import Node

_NAME = re.compile(r"[A-Za-z_]\w*")


class Line(NamedTuple):
    """A line, without the indentation of its block; `fixed` is one that begins inside a string."""

    text: str
    fixed: bool = False

    def under(self, indent: str) -> Line:
        """The line with this much more before it."""
        return self if self.fixed or not self.text else self._replace(text=indent + self.text)


@dataclass
class Piece:
    """Lines of a block that run under one condition, or always. `joined` runs where the piece before it has run. `gap`
    says that an empty line comes before it."""

    lines: list[Line]
    condition: Asked | None = None
    joined: bool = False
    gap: bool = False

    def names(self) -> set[str]:
        """Every name in it, and some words more."""
        return {name for line in self.lines for name in _NAME.findall(line.text)}


def written(text: str) -> list[Line]:
    """Lines that are no author's."""
    return [Line(line) for line in text.split("\n")]


def moved(tree: Tree, start: int, end: int, strings: Iterable[Node]) -> list[Line]:
    """A stretch of the program as lines, without the indentation of its first one."""
    text = tree.text
    begin = text.rfind("\n", 0, start) + 1
    indent = re.match(r"[ \t]*", text[begin:start])
    margin = indent[0] if indent else ""
    inside = [tree.span(node) for node in strings]
    lines: list[Line] = []
    at = start
    while at <= end:
        stop = text.find("\n", at, end)
        stop = end if stop < 0 else stop
        line = text[at:stop].rstrip("\r")
        fixed = any(one.start < at < one.end for one in inside)
        if lines and not fixed:
            line = line.removeprefix(margin)
        lines.append(Line(line if fixed else line.rstrip(), fixed))
        at = stop + 1
    return lines


def head_of(lines: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """The lines before a block without the beginning of the block's own first line; and the comments right above that,
    which are the block's."""
    found = [line._replace(text=line.text.rstrip()) for line in lines]
    comments: list[Line] = []
    while found and (not found[-1].text or found[-1].text.lstrip().startswith("#")):
        line = found.pop()
        if line.text:
            comments.insert(0, Line(line.text.lstrip()))
    return found, comments


def merged(pieces: Iterable[Piece]) -> list[Piece]:
    """Pieces that run under the same condition, put together."""
    found: list[Piece] = []
    for piece in pieces:
        last = found[-1] if found else None
        if (
            last is not None
            and last.condition is not None
            and (piece.joined or piece.condition == last.condition)
        ):
            last.lines += [Line("")] if piece.gap and not piece.joined else []
            last.lines += piece.lines
        else:
            found.append(piece)
    return found


def rendered(pieces: Sequence[Piece], unit: str) -> list[Line]:
    """A block's pieces as its lines."""
    lines: list[Line] = []
    for number, piece in enumerate(pieces):
        if number and piece.gap:
            lines.append(Line(""))
        if piece.condition is None:
            lines += piece.lines
        else:
            lines.append(Line(f"if {piece.condition.text}:"))
            lines += [line.under(unit) for line in piece.lines]
    return lines


def text_of(lines: Iterable[Line], indent: str) -> str:
    """Lines as text."""
    return "\n".join(line.under(indent).text for line in lines)
