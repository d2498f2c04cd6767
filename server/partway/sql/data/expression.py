"""SQL expressions as small trees, read from tokens, for any dialect.

A tree of our own rather than sqlglot's: it costs no import (a tenth of a second at each start of the command line),
keeps to the tokens that are there anyway, and holds only what the question "what if this is computed again" needs.
"""

from __future__ import annotations

from partway.sql.data.functions import BARE
from partway.sql.data.nodes import FALSE, NULL, TRUE, Node
from partway.sql.data.terms import TESTS, Terms
from partway.sql.data.view import CLAUSES, Range, Unreadable, View
from partway.sql.data.words import words
from partway.sql.lexer import DOLLAR, NUMBER, PARAM, PUNCT, QUOTED, STRING, WORD

#: How deep an expression may nest before it is left unread: far beyond what people write, far below Python's own limit.
_DEEPEST = 90
#: How many tokens an expression may have: so that what takes the square of its length still takes no time.
_LONGEST = 3000

_JOINED = frozenset({"OR", "AND", "+", "*", "||"})  # the same again makes one longer list, not a deeper tree
_TYPED = words("""
    DATE TIME TIMESTAMP TIMESTAMPTZ INTERVAL JSON JSONB UUID BINARY X B N
""")
_UNITS = words("""
    MICROSECOND SECOND MINUTE HOUR DAY WEEK MONTH QUARTER YEAR DAY_HOUR DAY_MINUTE DAY_SECOND YEAR_MONTH
    HOUR_MINUTE MINUTE_SECOND HOUR_SECOND
""")
_SEPARATORS = frozenset(
    {"FROM", "FOR", "PLACING", "USING", "SEPARATOR", "IN", "AS", "ORDER", "BY", "ASC", "DESC", "VALUE"}
)
_LEADING = frozenset({"DISTINCT", "ALL", "BOTH", "LEADING", "TRAILING", "VARIADIC"})


class Expressions(Terms):
    """Reads expressions of one statement.

    `own` are the names by which columns of the changed row may be qualified, "" among them. `subqueries` collects the
    token ranges of the subqueries met, by their text.
    """

    def __init__(self, view: View, own: frozenset[str]) -> None:
        super().__init__(view)
        self.own = own
        self.subqueries: dict[str, Range] = {}

    def read(self, start: int, end: int) -> Node:
        """The expression of exactly these tokens. Raises Unreadable."""
        if end - start > _LONGEST or end > len(self.view.tokens):
            raise Unreadable
        self._at, self._end = start, end
        node = self._expression(0, 0)
        if self._at != end:
            raise Unreadable
        return node

    def _expression(self, power: int, depth: int) -> Node:
        if depth > _DEEPEST:
            raise Unreadable
        left = self._prefix(depth)
        while self._at < self._end:
            after = self._suffix(left)
            if after is None:
                symbol, width, binds = self._operator()
                if not symbol or binds <= power:
                    break
                if symbol in TESTS:
                    after = self._test(left, depth)
                else:
                    self._at += width
                    after = self._join(symbol, left, self._expression(binds, depth + 1))
            if not (after.value in _JOINED and left.value == after.value):
                depth += 1
                if depth > _DEEPEST:
                    raise Unreadable
            left = after
        return left

    def _join(self, symbol: str, left: Node, right: Node) -> Node:
        if symbol in _JOINED and left.kind == "operator" and left.value == symbol:
            return Node("operator", symbol, (*left.parts, right))
        if symbol in ("!=", "<>"):
            symbol = "<>"
        return Node("operator", "=" if symbol == "==" else symbol, (left, right))

    def _suffix(self, left: Node) -> Node | None:
        """What may follow a value: a cast, COLLATE, AT TIME ZONE, a subscript, OVER and FILTER."""
        kind, upper = self._peek()
        view = self.view
        if upper == "::":
            self._at += 1
            return Node("cast", self._type(), (left,))
        if upper == "[":
            close = view.close(self._at, self._end)
            inner = view.span(self._at, close + 1)
            self._at = min(close + 1, self._end)
            return Node("operator", "[]", (left, Node("string", view.text[inner.start : inner.end])))
        if kind != WORD:
            return None
        if upper == "COLLATE":
            self._at += 2
            while view.mark(self._at) == "." and self._at < self._end:
                self._at += 2
            return left
        if upper == "AT" and view.word(self._at + 1) in ("TIME", "LOCAL"):
            self._at += 3
            return Node("operator", "AT TIME ZONE", (left, self._expression(9, 1)))
        if upper in ("OVER", "FILTER", "WITHIN"):
            at = (
                view.find(("OVER", "FILTER", "WITHIN"), self._at + 1, self._end)
                if upper == "WITHIN"
                else self._at
            )
            while at < self._end and view.mark(at) != "(":
                at += 1
            self._at = min(view.close(at, self._end) + 1, self._end)
            return Node("call", "over", (left,))
        return None

    def _prefix(self, depth: int) -> Node:
        kind, upper = self._peek()
        at = self._at
        if not kind:
            raise Unreadable
        self._at += 1
        if kind == NUMBER:
            return Node("number", upper.lower())
        if kind in (STRING, DOLLAR):
            return self._string(at)
        if kind == PARAM:
            return Node("parameter", upper)
        if kind == PUNCT:
            return self._mark(upper, depth)
        if kind == QUOTED:
            return self._named(at, depth)
        if kind == WORD:
            return self._word(upper, at, depth)
        raise Unreadable

    def _mark(self, upper: str, depth: int) -> Node:
        view = self.view
        if upper == "(":
            close = view.close(self._at - 1, self._end)
            if close >= self._end:
                raise Unreadable
            if view.word(self._at) in ("SELECT", "WITH", "VALUES", "TABLE") or self._opens_query(close):
                return self._subquery(close)
            items = self._list(close, depth)
            self._at = close + 1
            return items[0] if len(items) == 1 else Node("row", "", tuple(items))
        if upper == "*":
            return Node("star")
        if upper in ("-", "+", "~", "!", "@"):
            inner = self._expression(10, depth + 1)
            if upper == "+":
                return inner
            if upper == "-" and inner.kind == "number":
                return Node("number", inner.value[1:] if inner.value.startswith("-") else "-" + inner.value)
            return Node("not", "", (inner,)) if upper == "!" else Node("operator", "unary " + upper, (inner,))
        if upper == "?":
            return Node("parameter", "?")
        raise Unreadable

    def _opens_query(self, close: int) -> bool:
        at = self._at
        while self.view.mark(at) == "(" and at < close:
            at += 1
        return at > self._at and self.view.word(at) in ("SELECT", "WITH")

    def _subquery(self, close: int) -> Node:
        tokens = self.view.tokens
        text = " ".join(token[3] for token in tokens[self._at : close])
        self.subqueries[text] = Range(self._at, close)
        self._at = close + 1
        return Node("subquery", text)

    def _list(self, close: int, depth: int) -> list[Node]:
        """Expressions up to `close`, however they are separated."""
        outer, self._end = self._end, close
        items: list[Node] = []
        while self._at < close:
            kind, upper = self._peek()
            if kind == WORD and upper in _LEADING:
                self._at += 1
                continue
            if (kind == PUNCT and upper == ",") or (kind == WORD and upper in _SEPARATORS and items):
                self._at += 1
                if upper == "AS" and items:
                    items.append(Node("string", self._type()))
                continue
            items.append(self._expression(0, depth + 1))
            if len(items) > 4000:
                raise Unreadable
        self._end = outer
        return items

    def _word(self, upper: str, at: int, depth: int) -> Node:
        view = self.view
        if upper == "NULL":
            return NULL
        if upper in ("TRUE", "FALSE"):
            return TRUE if upper == "TRUE" else FALSE
        if upper == "DEFAULT":
            return Node("default")
        if upper == "NOT":
            return Node("not", "", (self._expression(4, depth + 1),))
        if upper == "CASE":
            return self._case(depth)
        if upper in ("EXISTS", "ANY", "ALL", "SOME", "ARRAY", "LATERAL") and view.mark(self._at) == "(":
            self._at += 1
            inner = self._mark("(", depth)
            return (
                Node("exists", "", (inner,)) if upper == "EXISTS" else Node("call", upper.lower(), (inner,))
            )
        if upper == "ARRAY" and view.mark(self._at) == "[":
            close = view.close(self._at, self._end)
            if close >= self._end:
                raise Unreadable
            self._at += 1
            items = self._list(close, depth)
            self._at = close + 1
            return Node("array", "", tuple(items))
        following = self._peek()[0]
        if (upper in _TYPED or upper.startswith("_")) and following in (STRING, DOLLAR):
            return Node("cast", upper.lower(), (self._prefix(depth + 1),))
        if upper == "INTERVAL":
            amount = self._expression(9, depth + 1)
            unit = view.word(self._at)
            if unit in _UNITS:
                self._at += 1
            return Node("cast", f"interval {unit.lower()}", (amount,))
        if upper == "BINARY" and following in (WORD, QUOTED):
            return self._expression(10, depth + 1)
        if upper in BARE and view.mark(self._at) != "(":
            return Node("call", upper.lower())
        if (
            upper in CLAUSES
            and view.mark(self._at) not in ("(", ".")
            and upper not in ("MATCHED", "PROCEDURE", "LOCK")
        ):
            raise Unreadable
        return self._named(at, depth)

    def _named(self, at: int, depth: int) -> Node:
        """A column or a call, qualified or not; `at` is its first name."""
        view = self.view
        parts = [view.column(at)]
        while view.mark(self._at) == "." and self._at + 1 < self._end:
            if view.mark(self._at + 1) == "*":
                self._at += 2
                return Node("star", parts[-1])
            if not (view.word(self._at + 1) or view.is_name(self._at + 1)):
                raise Unreadable
            parts.append(view.column(self._at + 1))
            self._at += 2
        if view.mark(self._at) == "(" and self._at < self._end:
            close = view.close(self._at, self._end)
            if close >= self._end:
                raise Unreadable
            self._at += 1
            if view.word(self._at) in ("SELECT", "WITH"):
                return Node("call", parts[-1].lower(), (self._subquery(close),))
            arguments = self._list(close, depth)
            self._at = close + 1
            name = parts[-1].lower()
            if name == "cast" and len(arguments) == 2 and arguments[1].kind == "string":
                return Node("cast", arguments[1].value, (arguments[0],))
            if name in ("if", "iif") and len(arguments) == 3:
                return Node("case", "", tuple(arguments))
            if name in ("max", "min") and len(arguments) > 1:  # SQLite
                name = "greatest" if name == "max" else "least"
            return Node("call", name, tuple(arguments))
        qualifier = parts[-2] if len(parts) > 1 else ""
        if qualifier in self.own:
            return Node("column", parts[-1])
        return Node("other", f"{qualifier}.{parts[-1]}")

    def _case(self, depth: int) -> Node:
        """CASE in both its forms, the simple one as comparisons."""
        subject = None if self.view.word(self._at) == "WHEN" else self._expression(0, depth + 1)
        parts: list[Node] = []
        while self._peek() == (WORD, "WHEN"):
            self._at += 1
            condition = self._expression(0, depth + 1)
            self._take("THEN")
            if subject is not None:
                condition = Node("operator", "=", (subject, condition))
            parts += (condition, self._expression(0, depth + 1))
        if self._peek() == (WORD, "ELSE"):
            self._at += 1
            parts.append(self._expression(0, depth + 1))
        else:
            parts.append(NULL)
        self._take("END")
        return Node("case", "", tuple(parts))

    def _test(self, left: Node, depth: int) -> Node:
        """IS, IN, LIKE, BETWEEN and their like, after their left side."""
        view = self.view
        upper = view.word(self._at)
        self._at += 1
        if upper == "NOT":
            return (
                Node("not", "", (self._test(left, depth + 1),))
                if view.word(self._at) in TESTS
                else self._no()
            )
        if upper in ("ISNULL", "NOTNULL"):
            test = Node("is", "null", (left,))
            return test if upper == "ISNULL" else Node("not", "", (test,))
        if upper == "IS":
            return self._is(left, depth)
        if upper == "IN":
            if self._peek()[1] != "(":
                return Node("in", "", (left, self._expression(7, depth + 1)))
            self._at += 1
            inner = self._mark("(", depth)
            return Node("in", "", (left, *inner.parts) if inner.kind == "row" else (left, inner))
        if upper == "BETWEEN":
            if view.word(self._at) in ("SYMMETRIC", "ASYMMETRIC"):
                self._at += 1
            low = self._expression(6, depth + 1)
            self._take("AND")
            return Node("between", "", (left, low, self._expression(6, depth + 1)))
        if upper in ("SIMILAR", "MEMBER"):
            self._at += 1  # TO, OF
        pattern = self._expression(6, depth + 1)
        if view.word(self._at) == "ESCAPE" and self._at < self._end:
            self._at += 1
            return Node("like", upper.lower(), (left, pattern, self._expression(6, depth + 1)))
        return Node("like", upper.lower(), (left, pattern))

    def _no(self) -> Node:
        raise Unreadable

    def _is(self, left: Node, depth: int) -> Node:
        view = self.view
        negated = view.word(self._at) == "NOT"
        if negated:
            self._at += 1
        upper = view.word(self._at)
        if upper == "DISTINCT" and view.word(self._at + 1) == "FROM":
            self._at += 2
            test = Node("is", "distinct", (left, self._expression(6, depth + 1)))
        elif upper in ("NULL", "TRUE", "FALSE", "UNKNOWN"):
            self._at += 1
            test = Node("is", "null" if upper == "UNKNOWN" else upper.lower(), (left,))
        else:  # SQLite: IS compares anything
            test = Node("not", "", (Node("is", "distinct", (left, self._expression(6, depth + 1))),))
        return Node("not", "", (test,)) if negated else test
