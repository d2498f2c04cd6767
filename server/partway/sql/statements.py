"""Tokens to statements: where one ends and the next begins."""

from __future__ import annotations

from typing import NamedTuple

from partway.core.source import Span
from partway.sql.lexer import CUT, PUNCT, WORD, Token

#: What a CREATE makes whose body is a compound statement: the `;` inside do not end it.
_BODIED = frozenset({"TRIGGER", "PROCEDURE", "FUNCTION", "EVENT", "PACKAGE"})
_AFTER_END = frozenset({"IF", "LOOP", "WHILE", "REPEAT", "FOR"})


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
    """The statements in these tokens, empty ones left out."""
    statements: list[Statement] = []
    at, count = 0, len(tokens)
    while at < count:
        end = _end(tokens, at, count)
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


def _end(tokens: list[Token], at: int, count: int) -> int:
    """The index of the token that ends the statement beginning at `at`; `count` when none does."""
    nested = _nesting(tokens, at, count)
    if nested == "":
        for i in range(at, count):
            kind, _, _, word = tokens[i]
            if (kind == PUNCT and word == ";") or kind == CUT:
                return i
        return count
    depth = 0
    opened = False
    for i in range(at, count):
        kind, _, _, word = tokens[i]
        if kind == CUT:
            return i
        if kind == WORD and nested == "body":
            if word in ("BEGIN", "CASE"):
                previous = tokens[i - 1][3] if i > at else ""
                if previous != "END":
                    depth += 1
                    opened = True
            elif word == "END" and depth and (i + 1 == count or tokens[i + 1][3] not in _AFTER_END):
                depth -= 1
        elif kind == PUNCT:
            if nested == "rule" and word in "()":
                depth += 1 if word == "(" else -1
            elif word == ";" and depth <= 0:
                return i
    if opened or nested == "rule":  # half typed: never closed, so the first `;` is as good as any
        for i in range(at, count):
            if tokens[i][0] == CUT or tokens[i][3] == ";":
                return count if depth <= 0 else i
    return count


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
