"""Statements kept as text in the session and run later: PREPARE / EXECUTE over user variables, CALL of a procedure.

This is how MySQL migrations guard what has no IF EXISTS: SET @s = IF(<look at information_schema>, 'ALTER ...', 'DO
0').
"""

from __future__ import annotations

from partway.core.operation import Action, GuardForm
from partway.core.source import Span
from partway.sql.blocks import Block, guarded
from partway.sql.conditions import Clause, negated, read_condition
from partway.sql.context import Context, quoted
from partway.sql.cursor import Cursor
from partway.sql.lexer import STRING, WORD, Token

_DEPTH = 4  # variables made of variables, no further


class Memory:
    """What the session holds while a section is read: user variables, prepared statements, procedures, all as
    tokens.
    """

    def __init__(self, context: Context) -> None:
        self.context = context
        self.variables: dict[str, list[Token]] = {}
        self.prepared: dict[str, list[Token]] = {}
        self.procedures: dict[str, list[Token]] = {}

    def notice(self, cursor: Cursor) -> None:
        """Remember what this statement puts into variables, prepared statements or procedures."""
        word = cursor.word()
        tokens = cursor.tokens
        if word == "SET":
            cursor.i = 1
            for first, last in cursor.pieces():
                if (
                    last - first > 2
                    and tokens[first][3].startswith("@")
                    and tokens[first + 1][3] in ("=", ":=")
                ):
                    self.variables[tokens[first][3].lower()] = tokens[first + 2 : last]
        elif word == "SELECT":
            into = cursor.find("INTO")
            if into > 0 and into + 1 < len(tokens) and tokens[into + 1][3].startswith("@"):
                self.variables[tokens[into + 1][3].lower()] = [*tokens[1:into], *tokens[into + 2 :]]
            elif len(tokens) > 3 and tokens[1][3].startswith("@") and tokens[2][3] == ":=":
                self.variables[tokens[1][3].lower()] = tokens[3:]
        elif word == "PREPARE" and len(tokens) > 3 and tokens[2][3] == "FROM":
            self.prepared[tokens[1][3]] = tokens[3:]
        elif word == "CREATE":
            at = next((i for i, token in enumerate(tokens[:14]) if token[3] in ("PROCEDURE", "FUNCTION")), -1)
            if at > 0 and at + 1 < len(tokens) and tokens[at][3] == "PROCEDURE":
                cursor.i = at + 1
                cursor.accept("IF", "NOT", "EXISTS")
                name = cursor.maybe_identifier()
                begin = next((i for i in range(cursor.i, len(tokens)) if tokens[i][3] == "BEGIN"), -1)
                if name is not None and begin > 0:
                    self.procedures[name.lower()] = tokens[begin:]

    def execute(self, cursor: Cursor) -> list[Action] | None:
        """The actions of EXECUTE name or CALL name(), as far as their text is known; None where it is not."""
        span = cursor.span(0, cursor.count)
        if cursor.word() == "CALL":
            cursor.i = 1
            name = (cursor.maybe_identifier() or "").lower()
            body = self.procedures.get(name)
            if body is None:
                return None
            actions = Block(self.context, body).read()
            if any(action.kind == "opaque" for action in actions):
                return None  # it puts its statements together from its arguments
            return [action._replace(span=span, insert_at=None) for action in actions]
        tokens = self.prepared.get(cursor.word(1))
        return None if tokens is None else self._run(tokens, span, 0)

    def _run(self, tokens: list[Token], span: Span, depth: int) -> list[Action]:
        """What running the text that this expression makes would do."""
        if depth > _DEPTH or not tokens:
            return [self.context.opaque(span)]
        if len(tokens) == 1 and tokens[0][0] == STRING:
            return self._text(tokens[0])
        if len(tokens) == 1 and tokens[0][3].startswith("@"):
            return self._run(self.variables.get(tokens[0][3].lower(), []), span, depth + 1)
        if tokens[0][3] == "(":
            inner = tokens[1:-1]
            if inner and inner[0][3] == "SELECT":
                inner = inner[1:]
            return self._run(inner, span, depth + 1)
        branches = self._branches(tokens)
        if branches is None:
            return [self.context.opaque(span)]
        clauses, then, otherwise = branches
        at = Span(tokens[0][1], tokens[-1][2])
        actions = [
            *guarded(self._run(then, span, depth + 1), clauses, GuardForm.PREPARED, at),
            *guarded(self._run(otherwise, span, depth + 1), negated(clauses), GuardForm.PREPARED, at),
        ]
        real = [action for action in actions if action.kind not in ("select", "set")]
        return real or actions

    def _branches(self, tokens: list[Token]) -> tuple[list[Clause], list[Token], list[Token]] | None:
        """Condition and both outcomes of IF(condition, a, b) or CASE WHEN condition THEN a ELSE b END."""
        text = self.context.text
        cursor = Cursor(text, tokens, self.context.dialect)
        if cursor.word() == "IF" and cursor.word(1) == "(":
            close = cursor.closing(1)
            cursor.i = 2
            pieces = cursor.pieces(close)
            if len(pieces) != 3:
                return None
            condition, then, otherwise = (tokens[first:last] for first, last in pieces)
            return read_condition(text, self._resolved(condition)), then, otherwise
        if cursor.word() == "CASE" and cursor.word(1) == "WHEN":
            cursor.i = 2
            then_at = cursor.find("THEN")
            else_at = cursor.find("ELSE")
            end_at = cursor.find("END")
            if -1 in (then_at, else_at, end_at) or not then_at < else_at < end_at:
                return None
            condition = self._resolved(tokens[2:then_at])
            return (
                read_condition(text, condition),
                tokens[then_at + 1 : else_at],
                tokens[else_at + 1 : end_at],
            )
        return None

    def _resolved(self, tokens: list[Token], depth: int = 0) -> list[Token]:
        """The tokens with each user variable that we know replaced by what it was set to, in parentheses."""
        out: list[Token] = []
        for token in tokens:
            value = self.variables.get(token[3].lower()) if token[3].startswith("@") else None
            if value is None or depth >= _DEPTH:
                out.append(token)
            else:
                edge = (5, token[1], token[1], "(")
                out += [
                    edge,
                    (WORD, token[1], token[1], "SELECT"),
                    *self._resolved(value, depth + 1),
                    (5, token[2], token[2], ")"),
                ]
        return out

    def _text(self, token: Token) -> list[Action]:
        """The actions of a statement in a string; all of them stand at the string."""
        inside, tokens = quoted(self.context, token)
        tokens = [inner for inner in tokens if inner[3] != ";"]
        if not tokens:
            return []
        span = Span(token[1], token[2])
        return [action._replace(span=span, insert_at=None) for action in inside.read(inside, tokens)]
