"""One statement as its readers look at it: its tokens with the questions that are asked of them."""

from __future__ import annotations

from collections.abc import Container
from typing import NamedTuple

from partway.core.postcondition import Name
from partway.core.source import Span
from partway.dialects.dialect import Dialect, Version
from partway.sql.data.context import DataContext, column_key
from partway.sql.data.words import words
from partway.sql.lexer import PUNCT, QUOTED, STRING, WORD, Token


class Unreadable(Exception):
    """This part of the statement is not what its reader takes; the answer is then `unknown`."""


class Range(NamedTuple):
    """Tokens `start` to before `end` of a statement."""

    start: int
    end: int


#: Words that no table or alias is called without quotes, so that an alias is told from the next clause.
CLAUSES = words("""
    AS CROSS DEFAULT DO EXCEPT FETCH FOR FORCE FROM FULL GROUP HAVING IGNORE INNER INTERSECT INTO JOIN LEFT
    LIMIT LOCK MATCHED NATURAL OFFSET ON ONLY OR ORDER OUTER OUTPUT OVERRIDING PARTITION PROCEDURE RETURNING
    RIGHT SELECT SET STRAIGHT_JOIN TABLESAMPLE THEN UNION USE USING VALUES WHEN WHERE WINDOW WITH DUPLICATE
""")


class View(NamedTuple):
    """A statement's text and tokens with its dialect, server version and what the file says about its tables."""

    text: str
    tokens: list[Token]
    dialect: Dialect
    server: Version
    context: DataContext

    @property
    def assigns_in_order(self) -> bool:
        """Whether `SET a = b, b = a` makes both the old b: MySQL and MariaDB, which are known by their `#` comments."""
        return self.dialect.lexis.hash_comments

    def word(self, at: int) -> str:
        """The unquoted word at a token, in upper case; empty for any other token and outside."""
        if 0 <= at < len(self.tokens):
            token = self.tokens[at]
            if token[0] == WORD:
                return token[3]
        return ""

    def mark(self, at: int) -> str:
        """The operator or punctuation at a token; empty for any other token and outside."""
        if 0 <= at < len(self.tokens):
            token = self.tokens[at]
            if token[0] == PUNCT:
                return token[3]
        return ""

    def is_name(self, at: int) -> bool:
        """Whether the token can be a name."""
        if not 0 <= at < len(self.tokens):
            return False
        kind, _, _, upper = self.tokens[at]
        return (
            kind == QUOTED or (kind == WORD and upper not in CLAUSES) or (kind == STRING and upper[:1] == '"')
        )

    def raw(self, at: int) -> tuple[str, bool]:
        """A name without its quotes, and whether it had any."""
        if not 0 <= at < len(self.tokens):
            raise Unreadable
        kind, start, end, _ = self.tokens[at]
        text = self.text[start:end]
        if kind == WORD:
            return text, False
        if text[:2].upper() == "U&":
            text = text[2:]
        quote = "]" if text[:1] == "[" else text[:1]
        return text[1:-1].replace(quote * 2, quote), True

    def column(self, at: int) -> str:
        """The name at a token as column names compare."""
        name, quoted = self.raw(at)
        return column_key(name, quoted=quoted, folds=self.dialect.folds)

    def table(self, at: int, end: int) -> tuple[Name, int]:
        """The table named at a token, as stored, and the token after it. Raises Unreadable where there is no name."""
        parts: list[str] = []
        while at < end and (self.is_name(at) or (parts and self.word(at))):
            name, quoted = self.raw(at)
            parts.append(self.dialect.stored(name, quoted=quoted))
            at += 1
            if self.mark(at) != ".":
                break
            at += 1
        if not parts:
            raise Unreadable
        return Name(parts[-1], parts[-2] if len(parts) > 1 else None), at

    def alias(self, at: int, end: int) -> tuple[str, int]:
        """The alias that may stand at a token (folded as column names are, empty for none), and the token after it."""
        if self.word(at) == "AS" and at + 1 < end:
            at += 1
        elif not self.is_name(at) or at >= end:
            return "", at
        return self.column(at), at + 1

    def close(self, at: int, end: int) -> int:
        """The token that closes the parenthesis at `at`; `end` when none does."""
        depth = 0
        for i in range(at, min(end, len(self.tokens))):
            token = self.tokens[i]
            if token[0] == PUNCT:
                if token[3] in "([":
                    depth += 1
                elif token[3] in ")]":
                    depth -= 1
                    if depth == 0:
                        return i
        return end

    def find(self, words: Container[str], at: int, end: int) -> int:
        """The first of these words outside parentheses and CASE; `end` when there is none."""
        depth = 0
        for i in range(at, min(end, len(self.tokens))):
            kind, _, _, upper = self.tokens[i]
            if kind == PUNCT:
                if upper in "([":
                    depth += 1
                elif upper in ")]":
                    depth -= 1
                    if depth < 0:
                        return end
            elif kind == WORD:
                if depth == 0 and upper in words and not (upper == "FROM" and self._compares(i)):
                    return i
                if upper == "CASE":
                    depth += 1
                elif upper == "END":
                    depth = max(0, depth - 1)
        return end

    def _compares(self, at: int) -> bool:
        """Whether the FROM at a token belongs to IS [NOT] DISTINCT FROM."""
        return self.word(at - 1) == "DISTINCT" and self.word(at - 2) in ("IS", "NOT")

    def split(self, at: int, end: int, limit: int = 2000) -> list[Range]:
        """The parts between commas outside parentheses. Raises Unreadable when there are more than `limit`."""
        parts: list[Range] = []
        depth, start = 0, at
        for i in range(at, min(end, len(self.tokens))):
            kind, _, _, upper = self.tokens[i]
            if kind == PUNCT:
                if upper in "([":
                    depth += 1
                elif upper in ")]":
                    depth -= 1
                elif upper == "," and depth == 0:
                    parts.append(Range(start, i))
                    start = i + 1
                    if len(parts) > limit:
                        raise Unreadable
        if start < end:
            parts.append(Range(start, end))
        return parts

    def names(self, at: int, end: int) -> list[str]:
        """The last name of each part of a comma list, as column names compare."""
        found: list[str] = []
        for part in self.split(at, end):
            last = part.end - 1
            if last < part.start or not (self.is_name(last) or self.word(last)):
                raise Unreadable
            found.append(self.column(last))
        return found

    def span(self, start: int, end: int) -> Span:
        """The text of tokens `start` to before `end`."""
        if not self.tokens:
            return Span(0, 0)
        last = max(start, min(end, len(self.tokens)) - 1)
        return Span(self.tokens[start][1], self.tokens[last][2])
