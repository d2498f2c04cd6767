"""Procedural blocks: PostgreSQL DO, MariaDB BEGIN NOT ATOMIC, and procedures that a migration makes to call them once.

A block is read for the statements in it and for what stands around each: a condition that looks at the catalog, or a
handler that swallows "already exists". The engine applies a block whole, so one covered statement covers its siblings.
"""

from __future__ import annotations

from partway.core.operation import CONDITIONAL, Action, Guard, GuardForm, Repeat
from partway.core.source import Span
from partway.sql.conditions import Clause, covers, negated, read_condition
from partway.sql.context import Context, quoted
from partway.sql.lexer import DOLLAR, INNER, STRING, WORD, Token

#: Words that begin a procedural statement which changes nothing in the database.
_QUIET = frozenset(
    [
        "RAISE",
        "NULL",
        "RETURN",
        "EXIT",
        "CONTINUE",
        "GET",
        "OPEN",
        "FETCH",
        "CLOSE",
        "MOVE",
        "ASSERT",
        "DECLARE",
        "SIGNAL",
        "RESIGNAL",
        "LEAVE",
        "ITERATE",
    ]
)
_LOOPS = frozenset({"FOR", "FOREACH", "WHILE", "LOOP", "REPEAT"})
_SEPARATORS = (";", INNER)

#: The error conditions that say "it is already so", for each kind of thing, present and absent.
_DUPLICATE = {
    "table": "DUPLICATE_TABLE", "index": "DUPLICATE_TABLE", "view": "DUPLICATE_TABLE",
    "materialized-view": "DUPLICATE_TABLE",
    "sequence": "DUPLICATE_TABLE", "foreign-table": "DUPLICATE_TABLE", "column": "DUPLICATE_COLUMN",
    "schema": "DUPLICATE_SCHEMA",
    "function": "DUPLICATE_FUNCTION", "procedure": "DUPLICATE_FUNCTION", "database": "DUPLICATE_DATABASE",
}  # fmt: skip
_UNDEFINED = {
    "table": "UNDEFINED_TABLE", "view": "UNDEFINED_TABLE", "materialized-view": "UNDEFINED_TABLE",
    "sequence": "UNDEFINED_TABLE",
    "column": "UNDEFINED_COLUMN", "function": "UNDEFINED_FUNCTION", "procedure": "UNDEFINED_FUNCTION",
}  # fmt: skip
#: Words in a handler that say no more than that something is so already, or belong to none.
_SO_ALREADY = frozenset((*_DUPLICATE.values(), *_UNDEFINED.values(), "DUPLICATE_OBJECT", "UNDEFINED_OBJECT", "OR",
                         "INVALID_TABLE_DEFINITION", "UNIQUE_VIOLATION"))  # fmt: skip


class Block:
    """Reads the statements of one block, with the guards around them."""

    def __init__(self, context: Context, tokens: list[Token]) -> None:
        self.context = context
        self.tokens = tokens
        self.i = 0

    def read(self) -> list[Action]:
        """Every action in the block, in order. What cannot be read is an opaque action."""
        while self.i < len(self.tokens) and self._word() not in ("BEGIN",):
            self.i += 1
        actions: list[Action] = []
        while self.i < len(self.tokens):
            before = self.i
            actions += self._statement()
            if self.i == before:
                self.i += 1
        return actions

    def _word(self, ahead: int = 0) -> str:
        i = self.i + ahead
        return self.tokens[i][3] if i < len(self.tokens) else ""

    def _until(self, *stops: str) -> list[Action]:
        """The statements up to one of these words, which is left standing."""
        actions: list[Action] = []
        while self.i < len(self.tokens) and self._word() not in stops:
            before = self.i
            actions += self._statement()
            if self.i == before:
                self.i += 1
        return actions

    def _statement(self) -> list[Action]:
        word = self._word()
        if word in _SEPARATORS:
            self.i += 1
            return []
        if word == "BEGIN":
            return self._nested()
        if word == "IF":
            return self._if()
        if word in _LOOPS:
            return self._loop()
        if word == "CASE":
            return self._case()
        first, last = self._take()
        if word in ("COMMIT", "ROLLBACK"):
            span = Span(self.tokens[first][1], self.tokens[last - 1][2])
            return [self.context.action("do", "", span, traits={"commits"})]
        if word in _QUIET or first == last or self._is_assignment(first, last):
            return []
        tokens = self.tokens[first:last]
        span = Span(tokens[0][1], tokens[-1][2])
        if word == "EXECUTE":
            return self._execute(tokens, span)
        if word == "PERFORM":
            tokens = [(WORD, tokens[0][1], tokens[0][2], "SELECT"), *tokens[1:]]
        tokens = self._without_into(tokens)
        return [action._replace(insert_at=None) for action in self.context.read(self.context, tokens)]

    def _take(self) -> tuple[int, int]:
        """Step over the statement here and its `;`."""
        first = self.i
        while self.i < len(self.tokens) and self._word() not in _SEPARATORS:
            self.i += 1
        last = self.i
        self.i += 1
        return first, last

    def _is_assignment(self, first: int, last: int) -> bool:
        words = [token[3] for token in self.tokens[first : min(first + 4, last)]]
        return ":=" in words or (len(words) > 1 and words[1] == "=" and words[0] != "SET")

    def _without_into(self, tokens: list[Token]) -> list[Token]:
        """A query without its INTO variable, ...: in a block that names no table."""
        if tokens[0][3] not in ("SELECT", "WITH"):
            return tokens
        depth = 0
        for i, (_, _, _, word) in enumerate(tokens):
            depth += {"(": 1, ")": -1}.get(word, 0)
            if word == "INTO" and depth == 0 and tokens[i - 1][3] not in ("INSERT", "MERGE", "REPLACE"):
                end = i + 2 if i + 1 < len(tokens) and tokens[i + 1][3] != "STRICT" else i + 3
                while end + 1 < len(tokens) and tokens[end][3] in (",", "."):
                    end += 2
                return tokens[:i] + tokens[end:]
        return tokens

    def _nested(self) -> list[Action]:
        """BEGIN ... [EXCEPTION WHEN ... THEN ...] END."""
        first = self.i
        self.i += 1
        if self._word() == "NOT" and self._word(1) == "ATOMIC":
            self.i += 2
        actions = self._until("EXCEPTION", "END")
        if self._word() == "EXCEPTION":
            caught, start = self._handlers()
            actions = [
                _handled(action, caught, Span(start, self.tokens[min(self.i, len(self.tokens) - 1)][2]))
                for action in actions
            ]
        if self.i < len(self.tokens):
            self.i += 1
        if self.i == first:
            self.i += 1
        return actions

    def _handlers(self) -> tuple[set[str], int]:
        """The conditions whose handlers do nothing but go on, up to END."""
        start = self.tokens[self.i][1]
        self.i += 1
        caught: set[str] = set()
        while self.i < len(self.tokens) and self._word() == "WHEN":
            self.i += 1
            names: set[str] = set()
            while self.i < len(self.tokens) and self._word() != "THEN":
                names.add(self._word())
                self.i += 1
            self.i += 1
            first = self.i
            self._until("WHEN", "END")
            words = [token[3] for token in self.tokens[first : self.i]]
            raises = any(
                word == "RAISE" and after not in ("NOTICE", "WARNING", "INFO", "LOG", "DEBUG")
                for word, after in zip(words, [*words[1:], ""], strict=False)  # none while it is typed
            )
            if not raises:
                caught |= names
        return caught, start

    def _if(self) -> list[Action]:
        """IF ... THEN ... [ELSIF ... THEN ...] [ELSE ...] END IF."""
        self.i += 1
        clauses, span = self._condition()
        actions = guarded(self._until("ELSIF", "ELSEIF", "ELSE", "END"), clauses, GuardForm.BLOCK, span)
        while self._word() in ("ELSIF", "ELSEIF"):
            self.i += 1
            more, more_span = self._condition()
            inner = self._until("ELSIF", "ELSEIF", "ELSE", "END")
            actions += guarded(inner, [*negated(clauses), *more], GuardForm.BLOCK, more_span)
        if self._word() == "ELSE":
            self.i += 1
            actions += guarded(self._until("END"), negated(clauses), GuardForm.BLOCK, span)
        if self._word() == "END":
            self.i += 2 if self._word(1) == "IF" else 1
        return actions

    def _condition(self) -> tuple[list[Clause], Span]:
        first = self.i
        depth = 0
        while self.i < len(self.tokens):
            word = self._word()
            if word == "(":
                depth += 1
            elif word == ")":
                depth -= 1
            elif (word == "THEN" and depth <= 0) or word in _SEPARATORS:
                break
            self.i += 1
        tokens = self.tokens[first : self.i]
        self.i += 1
        at = tokens[0][1] if tokens else self.tokens[first - 1][1]
        return read_condition(self.context.text, tokens), Span(at, tokens[-1][2] if tokens else at)

    def _loop(self) -> list[Action]:
        """A loop's statements run an unknown number of times over unknown rows."""
        first = self.i
        while self.i < len(self.tokens) and self._word() not in ("LOOP", "DO", "REPEAT"):
            self.i += 1
        self.i += 1
        return self._uncertain(first, "END", "UNTIL")

    def _case(self) -> list[Action]:
        first = self.i
        self.i += 1
        return self._uncertain(first, "END")

    def _uncertain(self, first: int, *ends: str) -> list[Action]:
        """The statements up to an END, of which nobody knows whether and how often they run."""
        inner = self._until(*ends)
        self._take()
        if any(action.kind == "opaque" for action in inner):
            span = Span(self.tokens[first][1], self.tokens[min(self.i, len(self.tokens)) - 1][2])
            return [self.context.opaque(span)]
        return [
            _perhaps(action if action.repeat is Repeat.SAME else action._replace(repeat=Repeat.UNKNOWN))
            for action in inner
        ]

    def _execute(self, tokens: list[Token], span: Span) -> list[Action]:
        """EXECUTE 'text': read when it is one plain string; anything put together at run time is opaque."""
        if len(tokens) == 2 and tokens[1][0] in (STRING, DOLLAR):
            inside, inner = quoted(self.context, tokens[1])
            inner = [token for token in inner if token[3] != ";"]
            if inner:
                actions = inside.read(inside, inner)
                at = None if inside is self.context else span
                return [action._replace(span=at or action.span, insert_at=None) for action in actions]
        return [self.context.opaque(span)]


def guarded(actions: list[Action], clauses: list[Clause], form: GuardForm, span: Span) -> list[Action]:
    """The actions with the condition around them as their guard. One covered action covers all that run with it."""
    verdicts = [covers(clauses, action) for action in actions if action.kind != "select"]
    covered = True in verdicts
    unknown = None in verdicts and not covered
    out = []
    for action in actions if covered else map(_perhaps, actions):
        if action.repeat is Repeat.SAME or action.guard is not None:
            out.append(action)
        elif covered:
            out.append(action._replace(guard=Guard(form, span), repeat=Repeat.SAME))
        elif unknown:
            out.append(action._replace(guard=Guard(form, span), repeat=Repeat.UNKNOWN))
        else:
            flaw = f"the condition around it does not look at {action.target or 'what it changes'}"
            out.append(action._replace(guard=Guard(form, span).flawed(flaw)))
    return out


def _perhaps(action: Action) -> Action:
    """The action as one of which only a run tells whether it does anything."""
    return action._replace(traits=action.traits | {CONDITIONAL})


def _handled(action: Action, caught: set[str], span: Span) -> Action:
    """The action with the handler around it as its guard, if that handler catches what its second run raises."""
    expected = _expected(action)
    if caught - _SO_ALREADY - expected:
        action = _perhaps(action)
    if action.guard is not None or (action.repeat is not Repeat.FAILS and not expected & caught):
        return action
    if "OTHERS" in caught or expected & caught:
        return action._replace(guard=Guard(GuardForm.HANDLER, span), repeat=Repeat.SAME)
    wanted = " or ".join(sorted(expected)).lower()
    flaw = f"a second run raises {wanted}, which this handler does not catch"
    return action._replace(guard=Guard(GuardForm.HANDLER, span).flawed(flaw))


def _expected(action: Action) -> set[str]:
    """The error conditions that a second run of this action may raise, by PostgreSQL's names."""
    if action.kind == "insert":
        return {"UNIQUE_VIOLATION"}
    if action.kind.startswith("rename-") and action.postconditions:
        gone, new = action.postconditions[0], action.postconditions[-1]
        return {
            _UNDEFINED.get(gone.object, "UNDEFINED_OBJECT"),
            _DUPLICATE.get(new.object, "DUPLICATE_OBJECT"),
        }
    for fact in action.postconditions[:1]:
        if not fact.present:
            return {_UNDEFINED.get(fact.object, "UNDEFINED_OBJECT")}
        expected = {_DUPLICATE.get(fact.object, "DUPLICATE_OBJECT")}
        if "primary-key" in action.traits:
            expected = {"INVALID_TABLE_DEFINITION"}
        if action.traits & {"unique", "exclude"}:
            expected = {"DUPLICATE_TABLE"}
        return expected
    return {"DUPLICATE_OBJECT"}
