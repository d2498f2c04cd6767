"""Strings of Python programs: what they mean, and where each character of them stands in the program."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Self

from partway.core.source import Span
from partway.tools.embedded import Piece, hole
from partway.tools.trees import Tree

if TYPE_CHECKING:
    from tree_sitter import Node

#: Longer strings are not put together: a program could double one with every line.
LONGEST = 1_000_000
_SIMPLE = {
    "n": "\n", "t": "\t", "r": "\r", "\\": "\\", "'": "'", '"': '"', "a": "\a", "b": "\b", "f": "\f", "v": "\v",
    "\n": "", "\r\n": "",
}  # fmt: skip
_NUMBERED = {"x": 2, "u": 4, "U": 8}
_PERCENT = re.compile(r"%(?:\((\w+)\))?[-#0 +]*\d*(?:\.\d+)?([sdirfgxaouXeEc%])")
_BRACES = re.compile(r"\{\{|\}\}|\{([\w.\[\]]*)(![rsa])?(:[^{}]*)?\}")


class Text(str):
    """A string with its pieces. It is what the program means, with `embedded.HOLE` for each value that only a run would
    tell; it is `known` where there is none."""

    __slots__ = ("known", "pieces")
    pieces: tuple[Piece, ...]
    known: bool

    @classmethod
    def of(cls, pieces: Iterable[Piece]) -> Self:
        """The string that these pieces make together."""
        kept = tuple(pieces)
        made = cls("".join(piece.meant for piece in kept))
        made.pieces = kept
        made.known = not any(piece.hole for piece in kept)
        return made

    def cut(self, start: int, end: int) -> Text:
        """A part of it, by offsets in what it means."""
        return Text.of(_cut(self.pieces, start, end))


def made(meant: str, span: Span) -> Text:
    """A string that the program makes up at this place."""
    return Text.of([Piece(meant, span, exact=False)])


def placed(text: Text, span: Span) -> tuple[Piece, ...]:
    """A string's pieces for use at this place: as they are if they stand there, else as one that is made there."""
    if all(span.start <= piece.span.start and piece.span.end <= span.end for piece in text.pieces):
        return text.pieces
    if text.known:
        return (Piece(str(text), span, exact=False),)
    return tuple(piece._replace(span=span, exact=False) for piece in text.pieces)


def literal(tree: Tree, node: Node, inserted: Callable[[Node], object]) -> Text | None:
    """The string of a `string` node; `inserted` gives the value of an expression in an f-string. None for bytes."""
    pieces: list[Piece] = []
    for child in node.children:
        kind = child.type
        if kind == "string_start":
            if "b" in tree.said(child).lower():
                return None
        elif kind == "string_content":
            _content(tree, child, pieces)
        elif kind == "interpolation":
            pieces += _interpolation(tree, child, inserted)
        elif kind == "escape_interpolation":
            pieces.append(Piece(tree.said(child)[:1], tree.span(child), exact=False))
    return Text.of(pieces)


def _content(tree: Tree, node: Node, pieces: list[Piece]) -> None:
    at, shift = tree.span(node)
    if not node.child_count:
        pieces.append(Piece(tree.said(node), Span(at, shift)))
        return
    end = shift
    for child in node.children:
        span = tree.span(child)
        if span.start > at:
            pieces.append(Piece(tree.text[at : span.start], Span(at, span.start)))
        said = tree.said(child)
        meant = said[:1] if child.type == "escape_interpolation" else _escape(said)
        pieces.append(Piece(meant, span, exact=False))
        at = span.end
    if at < end:
        pieces.append(Piece(tree.text[at:end], Span(at, end)))


def _escape(said: str) -> str:
    """What an escape sequence means; itself where Python takes it for no escape."""
    body = said[1:]
    if body in _SIMPLE:
        return _SIMPLE[body]
    width = _NUMBERED.get(body[:1])
    try:
        if width and len(body) == width + 1:
            return chr(int(body[1:], 16))
        if body.isdigit() and len(body) <= 3:
            return chr(int(body, 8))
    except (ValueError, OverflowError):
        pass
    return said


def _interpolation(tree: Tree, node: Node, inserted: Callable[[Node], object]) -> tuple[Piece, ...]:
    span = tree.span(node)
    expression = node.child_by_field_name("expression")
    plain = not any(child.type in ("format_specifier", "type_conversion") for child in node.children)
    value = inserted(expression) if expression is not None and plain else None
    return shown(value, span)


def shown(value: object, span: Span) -> tuple[Piece, ...]:
    """The pieces for a value that is put into a string at this place, a hole where nobody knows it."""
    if isinstance(value, Text):
        return placed(value, span)
    if isinstance(value, bool | int | float | str):
        return (Piece(str(value), span, exact=False),)
    return (hole(span),)


def joined(parts: Sequence[tuple[Text, Span]], between: Text | None = None) -> Text | None:
    """The strings one behind the other, each at its place; None where that grows too long."""
    pieces: list[Piece] = []
    for number, (text, span) in enumerate(parts):
        if number and between is not None:
            pieces += placed(between, span)
        pieces += placed(text, span)
    return _measured(pieces)


def percent(text: Text, values: object, span: Span) -> Text | None:
    """`text % values`; None where the values do not fit."""
    named: Mapping[object, object] = values if isinstance(values, dict) else {}
    listed = list(values) if isinstance(values, tuple) else [values]
    taken = 0

    def value(match: re.Match[str]) -> tuple[Piece, ...]:
        nonlocal taken
        if match[2] == "%":
            return (Piece("%", span, exact=False),)
        if match[1] is not None:
            return shown(named.get(match[1]), span)
        taken += 1
        return shown(listed[taken - 1], span) if taken <= len(listed) else (hole(span),)

    return _filled(text, _PERCENT, value)


def formatted(text: Text, listed: Sequence[object], named: Mapping[str, object], span: Span) -> Text | None:
    """`text.format(*listed, **named)`; what is looked up inside a value stays a hole."""
    taken = 0

    def value(match: re.Match[str]) -> tuple[Piece, ...]:
        nonlocal taken
        if match[0] in ("{{", "}}"):
            return (Piece(match[0][0], span, exact=False),)
        field = match[1]
        if match[2] or match[3]:
            return (hole(span),)
        if not field:
            taken += 1
            field = str(taken - 1)
        if field.isdecimal():
            return (
                shown(listed[int(field)], span)
                if len(field) < 4 and int(field) < len(listed)
                else (hole(span),)
            )
        return shown(named.get(field), span)

    return _filled(text, _BRACES, value)


def _filled(
    text: Text, fields: re.Pattern[str], value: Callable[[re.Match[str]], tuple[Piece, ...]]
) -> Text | None:
    pieces: list[Piece] = []
    at = 0
    for match in fields.finditer(str(text)):
        pieces += _cut(text.pieces, at, match.start())
        pieces += value(match)
        at = match.end()
    return _measured([*pieces, *_cut(text.pieces, at, len(text))])


def dedented(text: Text) -> Text:
    """As `textwrap.dedent` gives it: without the white space that all its lines begin with."""
    lines = str(text).splitlines(keepends=True)
    margin: str | None = None
    for line in lines:
        if line.strip():
            indent = line[: len(line) - len(line.lstrip(" \t"))]
            margin = indent if margin is None else _common(margin, indent)
    pieces: list[Piece] = []
    at = 0
    for line in lines:
        lost = len(margin or "") if line.strip() else len(line.rstrip("\r\n"))
        pieces += _cut(text.pieces, at + lost, at + len(line))
        at += len(line)
    return Text.of(pieces)


def stripped(text: Text, side: str) -> Text:
    """As `strip`, `lstrip` or `rstrip` gives it."""
    said = str(text)
    start = 0 if side == "rstrip" else len(said) - len(said.lstrip())
    end = len(said) if side == "lstrip" else len(said.rstrip())
    return text.cut(start, max(start, end))


def _common(one: str, other: str) -> str:
    for length, (a, b) in enumerate(zip(one, other, strict=False)):
        if a != b:
            return one[:length]
    return min(one, other, key=len)


def _cut(pieces: Sequence[Piece], start: int, end: int) -> list[Piece]:
    kept: list[Piece] = []
    at = 0
    for piece in pieces:
        first, last = max(start - at, 0), min(end - at, len(piece.meant))
        if first < last:
            if last - first == len(piece.meant):
                kept.append(piece)
            elif piece.exact:
                kept.append(
                    Piece(piece.meant[first:last], Span(piece.span.start + first, piece.span.start + last))
                )
            else:
                kept.append(piece._replace(meant=piece.meant[first:last]))
        at += len(piece.meant)
        if at >= end:
            break
    return kept


def _measured(pieces: list[Piece]) -> Text | None:
    return None if sum(len(piece.meant) for piece in pieces) > LONGEST else Text.of(pieces)
