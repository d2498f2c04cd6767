"""A place in a statement's tokens, and the small steps that every reader takes from it."""

from __future__ import annotations

from partway.core.postcondition import Name
from partway.core.source import Span
from partway.dialects.dialect import Dialect
from partway.sql.lexer import DOLLAR, NUMBER, PARAM, PUNCT, QUOTED, STRING, WORD, Token


class Unread(Exception):
    """This statement is not of a form that the reader knows; the message says where it got lost."""


class Cursor:
    """Reads one statement's tokens from left to right. Past the end every word is ""."""

    __slots__ = ("count", "dialect", "i", "text", "tokens")

    def __init__(
        self, text: str, tokens: list[Token], dialect: Dialect, i: int = 0, count: int | None = None
    ) -> None:
        self.text = text
        self.tokens = tokens
        self.dialect = dialect
        self.i = i
        self.count = len(tokens) if count is None else count

    def part(self, i: int, count: int) -> Cursor:
        """A cursor over the tokens from index `i` up to `count`."""
        return Cursor(self.text, self.tokens, self.dialect, i, count)

    @property
    def done(self) -> bool:
        """Whether every token has been read."""
        return self.i >= self.count

    def word(self, ahead: int = 0) -> str:
        """The token here (or so many further on) as the lexer says it: upper case for words."""
        i = self.i + ahead
        return self.tokens[i][3] if i < self.count else ""

    def kind(self, ahead: int = 0) -> int:
        """The kind of the token here, 0 past the end."""
        i = self.i + ahead
        return self.tokens[i][0] if i < self.count else 0

    @property
    def start(self) -> int:
        """The offset where the token here begins; past the end, where the last one ends."""
        return self.tokens[self.i][1] if self.i < self.count else self.end

    @property
    def end(self) -> int:
        """The offset where the token before this one ends."""
        before = min(self.i, self.count)  # a group that is never closed is stepped over to behind the end
        return self.tokens[before - 1][2] if before else self.start

    def span(self, i: int, count: int | None = None) -> Span:
        """From the token at index `i` to the one before `count` (by default the one before this place)."""
        last = max(i, (self.i if count is None else count) - 1)
        return Span(self.tokens[i][1], self.tokens[last][2])

    def accept(self, *words: str) -> bool:
        """Step over these words if they all stand here, in this order."""
        tokens, i = self.tokens, self.i
        if i + len(words) > self.count:
            return False
        for word in words:
            if tokens[i][3] != word:
                return False
            i += 1
        self.i = i
        return True

    def accept_any(self, *words: str) -> str:
        """Step over the one of these words that stands here, and say which."""
        word = self.word()
        if word in words and word:
            self.i += 1
            return word
        return ""

    def expect(self, *words: str) -> None:
        """Step over these words or give up."""
        if not self.accept(*words):
            raise Unread(f"{' '.join(words)} expected")

    def identifier(self) -> str:
        """One name, as the database stores it. Gives up where none stands."""
        found = self.maybe_identifier()
        if found is None:
            raise Unread("a name expected")
        return found

    def maybe_identifier(self) -> str | None:
        """One name if one stands here."""
        if self.i >= self.count:
            return None
        kind, start, end, _ = self.tokens[self.i]
        raw = self.text[start:end]
        lexis = self.dialect.lexis
        if kind == WORD:
            name = self.dialect.stored(raw, quoted="${" in raw or "{{" in raw)
        elif kind == QUOTED or (kind == STRING and (lexis.backticks or raw[:1] == '"')):
            if len(raw) < 2 or (raw[0] in "\"`'" and raw[-1] != raw[0]):
                return None
            if raw[0] in "uU":
                raw = raw[2:]
            quote = raw[-1]
            name = raw[1:-1] if quote == "]" else raw[1:-1].replace(quote * 2, quote)
            name = self.dialect.stored(name, quoted=True)
        elif (kind == NUMBER and lexis.backticks and not raw.replace("_", "").isdecimal()) or (
            kind == PARAM and raw.startswith(":")
        ):
            name = raw
        else:
            return None
        self.i += 1
        return name

    def name(self) -> Name:
        """A name with its schema if it has one (a database name before that is dropped). Gives up where none stands."""
        parts = [self.identifier()]
        while self.word() == "." and self.kind(1):
            self.i += 1
            parts.append(self.identifier())
        return Name(parts[-1], parts[-2] if len(parts) > 1 else None)

    def skip_parentheses(self) -> bool:
        """Step over a parenthesised group, nested ones included; to the end where it is never closed."""
        if self.word() != "(":
            return False
        self.i = self.closing(self.i) + 1
        return True

    def closing(self, i: int) -> int:
        """The index of the `)` that closes the `(` at index `i`; the end when none does."""
        depth = 0
        tokens = self.tokens
        for j in range(i, self.count):
            kind, _, _, word = tokens[j]
            if kind == PUNCT:
                if word == "(":
                    depth += 1
                elif word == ")":
                    depth -= 1
                    if depth == 0:
                        return j
        return self.count

    def pieces(self, count: int | None = None, separator: str = ",") -> list[tuple[int, int]]:
        """The index ranges between the commas from here up to `count`, those inside parentheses not counted."""
        count = self.count if count is None else count
        pieces = []
        depth, first = 0, self.i
        tokens = self.tokens
        for i in range(self.i, count):
            kind, _, _, word = tokens[i]
            if kind == PUNCT:
                if word == "(":
                    depth += 1
                elif word == ")":
                    depth -= 1
                elif word == separator and depth <= 0:
                    if i > first:
                        pieces.append((first, i))
                    first = i + 1
        if count > first:
            pieces.append((first, count))
        return pieces

    def find(self, *words: str) -> int:
        """The index where one of these words next stands outside parentheses, -1 if none does."""
        depth = 0
        tokens = self.tokens
        for i in range(self.i, self.count):
            word = tokens[i][3]
            if word == "(":
                depth += 1
            elif word == ")":
                depth -= 1
            elif depth <= 0 and word in words:
                return i
        return -1

    def said(self, i: int, count: int) -> str:
        """The text of the tokens from index `i` up to `count`, white space between them made one blank, words in lower
        case: one spelling for what is compared."""
        out: list[str] = []
        previous_end = -1
        for kind, start, end, word in self.tokens[i:count]:
            if (
                out
                and start > previous_end
                and out[-1] not in ("(", ".")
                and word not in (")", ",", "(", ".")
            ):
                out.append(" ")
            out.append(self._said(kind, start, end, word))
            previous_end = end
        return "".join(out)

    def _said(self, kind: int, start: int, end: int, word: str) -> str:
        """One token; what stands in brackets or dollars in the quotes that everything else knows."""
        raw = self.text[start:end]
        if kind == DOLLAR:
            return "'" + raw[len(word) : -len(word)].replace("'", "''") + "'"
        if kind == QUOTED and raw[:1] == "[":
            return f'"{raw[1:-1]}"'
        return raw.lower() if kind == WORD else raw

    def names_in_parentheses(self) -> tuple[str, ...] | None:
        """The names in `(a, b DESC, c(10))`, stepping over it; None where an item is more than a name (an
        expression).
        """
        if self.word() != "(":
            return None
        close = self.closing(self.i)
        self.i += 1
        names: list[str] | None = []
        for first, last in self.pieces(close):
            part = self.part(first, last)
            name = part.maybe_identifier()
            plain = name is not None and (
                part.done
                or part.word() in _AFTER_INDEX_COLUMN
                or part.kind() == WORD
                or (part.word() == "(" and part.kind(1) == NUMBER)
            )
            if names is not None and name is not None and plain:
                names.append(name)
            else:
                names = None
        self.i = min(close + 1, self.count)
        return tuple(names) if names is not None else None


_AFTER_INDEX_COLUMN = frozenset({"ASC", "DESC", "NULLS", "COLLATE"})
