"""A run of tokens read from left to right: what operator stands here, what type, what string."""

from __future__ import annotations

from partway.sql.data.nodes import Node
from partway.sql.data.view import Unreadable, View
from partway.sql.data.words import words
from partway.sql.lexer import DOLLAR, PARAM, PUNCT, QUOTED, STRING, WORD

#: How tightly operators bind; all others bind like 7.
_BINDS = {
    "OR": 1, "XOR": 2, "AND": 3, "&&": 7, "=": 5, "<": 5, ">": 5, "<=": 5, ">=": 5, "<>": 5, "!=": 5, "<=>": 5, "==": 5,
    ":=": 1, "+": 8, "-": 8, "*": 9, "/": 9, "%": 9, "DIV": 9, "MOD": 9, "^": 10,
}  # fmt: skip
#: Words that open a test of what stands before them.
TESTS = words("""
    IS IN LIKE ILIKE BETWEEN NOT REGEXP RLIKE SIMILAR GLOB MATCH ISNULL NOTNULL OVERLAPS MEMBER
""")
_SYMBOLS = frozenset("|&~#@<>=!?^/*+-%:")


class Terms:
    """The tokens from `_at` to before `_end`, which readers of expressions move along."""

    def __init__(self, view: View) -> None:
        self.view = view
        self._at = 0
        self._end = 0

    def _peek(self) -> tuple[int, str]:
        if self._at >= self._end:
            return 0, ""
        token = self.view.tokens[self._at]
        return token[0], token[3]

    def _take(self, mark: str) -> None:
        if self._peek()[1] != mark:
            raise Unreadable
        self._at += 1

    def _operator(self) -> tuple[str, int, int]:
        """The operator at hand, its width in tokens, how tightly it binds; "" where there is none."""
        kind, upper = self._peek()
        if kind == WORD:
            if upper in TESTS:
                return upper, 1, 5
            return (upper, 1, _BINDS[upper]) if upper in _BINDS else ("", 0, 0)
        if kind == PARAM and upper.startswith("?"):
            return "", 0, 0
        if kind != PUNCT or not set(upper) <= _SYMBOLS:
            return "", 0, 0
        symbol, at = upper, self._at + 1
        tokens = self.view.tokens
        while at < self._end and len(symbol) < 4:  # `#` `-`, `!` `~` `*`: one operator in several tokens
            kind, start, _, upper = tokens[at]
            if kind != PUNCT or start != tokens[at - 1][2] or not set(upper) <= _SYMBOLS:
                break
            if upper in "+-" and symbol != "#":  # a sign
                break
            symbol += upper
            at += 1
        return symbol, at - self._at, _BINDS.get(symbol, 7)

    def _type(self) -> str:
        """A type's name with its arguments, as written in lower case."""
        words: list[str] = []
        while True:
            kind, upper = self._peek()
            if kind not in (WORD, QUOTED) or (kind == WORD and words and not self._type_word(upper)):
                break
            words.append(upper.lower())
            self._at += 1
            while self._peek()[1] in (".", "(", "[") and self._peek()[0] == PUNCT:
                if self._peek()[1] == ".":
                    self._at += 2
                    continue
                self._at = min(self.view.close(self._at, self._end) + 1, self._end)
        if not words:
            raise Unreadable
        return " ".join(words)

    def _type_word(self, upper: str) -> bool:
        return upper in (
            "VARYING",
            "PRECISION",
            "WITH",
            "WITHOUT",
            "TIME",
            "ZONE",
            "UNSIGNED",
            "SIGNED",
            "INTEGER",
            "SET",
        )

    def _string(self, at: int) -> Node:
        kind, start, end, upper = self.view.tokens[at]
        text = self.view.text[start:end]
        if kind == DOLLAR:
            return Node("string", text[len(upper) : -len(upper)])
        quote = text[-1]
        opening = text.find(quote)
        body = text[opening + 1 : -1].replace(quote * 2, quote)
        if "\\" in body and (opening > 0 or self.view.dialect.lexis.backslash_strings):
            body = body.replace("\\" + quote, quote).replace("\\\\", "\\")
        while self._peek()[0] == STRING:  # 'a' 'b' is one string
            body += self._string_more()
        return Node("string", body)

    def _string_more(self) -> str:
        _, start, end, _ = self.view.tokens[self._at]
        self._at += 1
        return self.view.text[start + 1 : end - 1]
