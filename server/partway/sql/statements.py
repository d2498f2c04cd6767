"""Tokens to statements: where one ends and the next begins."""

from __future__ import annotations

from typing import NamedTuple

from partway.core.source import Span
from partway.sql.lexer import CUT, PUNCT, WORD, Token

#: What a CREATE makes whose body is a compound statement: the `;` inside do not end it.
_BODIED = frozenset({"TRIGGER", "PROCEDURE", "FUNCTION", "EVENT", "PACKAGE"})
_AFTER_END = frozenset({"IF", "LOOP", "WHILE", "REPEAT", "FOR"})

#: How many times over the tokens are looked at for the ends of bodies that have none.
_PATIENCE = 20


class Statement(NamedTuple):
    """One statement: its tokens without the terminator, from the first one's start to the last one's end.

    `stop` is where its terminator ends; equal to `span.end` when there is none.
    """

    span: Span
    tokens: list[Token]
    stop: int

    @property
    def terminated(self) -> bool:
        """Whether a `;` (or what DELIMITER said) ends it."""
        return self.stop > self.span.end


def split(tokens: list[Token]) -> list[Statement]:
    """The statements in these tokens, empty ones left out. Linear, also where bodies are opened and never closed."""
    statements: list[Statement] = []
    at, count = 0, len(tokens)
    patience = _PATIENCE * count + _PATIENCE
    while at < count:
        end = -1
        nested = _nesting(tokens, at, count) if patience > 0 else ""
        if nested:
            end = _nested_end(tokens, at, count, nested)
            if end < 0:  # half typed: never closed, so the first terminator is as good as any
                patience -= count - at
        if end < 0:
            end = _plain_end(tokens, at, count)
        if end > at:
            stop = tokens[end][2] if end < count and tokens[end][0] != CUT else tokens[end - 1][2]
            if end < count and tokens[end][0] == CUT and tokens[end][1] - tokens[end - 1][2] <= 1:
                stop = max(stop, min(tokens[end][2], tokens[end][1] + 2))
            statements.append(Statement(Span(tokens[at][1], tokens[end - 1][2]), tokens[at:end], stop))
        at = end + 1
    return statements


def is_compound(tokens: list[Token]) -> bool:
    """Whether a `;` inside may not end this statement."""
    return bool(_nesting(tokens, 0, len(tokens)))


def is_open(tokens: list[Token]) -> bool:
    """Whether this is a statement with a body that is not closed: what follows may still belong to it."""
    nested = _nesting(tokens, 0, len(tokens))
    return bool(nested) and sum(_deeper(tokens, i, len(tokens), nested) for i in range(len(tokens))) > 0


def _plain_end(tokens: list[Token], at: int, count: int) -> int:
    """The index of the next terminator; `count` when there is none."""
    for i in range(at, count):
        kind, _, _, word = tokens[i]
        if (kind == PUNCT and word == ";") or kind == CUT:
            return i
    return count


def _nested_end(tokens: list[Token], at: int, count: int, nested: str) -> int:
    """The index of the terminator outside the body; -1 when the body is never closed."""
    depth = 0
    for i in range(at, count):
        kind, _, _, word = tokens[i]
        if kind == CUT:
            return i
        if kind == PUNCT and word == ";" and depth <= 0:
            return i
        depth = max(0, depth + _deeper(tokens, i, count, nested))
    return count if depth <= 0 else -1


def _deeper(tokens: list[Token], i: int, count: int, nested: str) -> int:
    """How a token changes the depth of what a `;` cannot end."""
    kind, _, _, word = tokens[i]
    if kind == PUNCT:
        return {"(": 1, ")": -1}.get(word, 0) if nested == "rule" else 0
    if kind != WORD or nested != "body":
        return 0
    if word in ("BEGIN", "CASE"):
        return 0 if i and tokens[i - 1][3] == "END" else 1
    if word == "END" and (i + 1 >= count or tokens[i + 1][3] not in _AFTER_END):
        return -1
    return 0


def _nesting(tokens: list[Token], at: int, count: int) -> str:
    """What can hide a `;` in the statement that begins here: "body", "rule" or nothing."""
    first = tokens[at][3]
    if first == "BEGIN":
        return (
            "body" if at + 2 < count and tokens[at + 1][3] == "NOT" and tokens[at + 2][3] == "ATOMIC" else ""
        )
    if first != "CREATE":
        return ""
    for i in range(at + 1, min(at + 14, count)):
        kind, _, _, word = tokens[i]
        if kind == WORD and word in _BODIED:
            return "body"
        if kind == WORD and word == "RULE":
            return "rule"
        if kind == WORD and word in ("TABLE", "INDEX", "VIEW", "TYPE", "SEQUENCE"):
            return ""
        if word in (";", "("):
            return ""
    return ""
