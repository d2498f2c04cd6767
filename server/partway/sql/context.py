"""What a reader knows besides the statement in hand, and how an action gets its facts from the dialect's table."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from partway.core.operation import Action, Guard, GuardForm, InTransaction, Repeat
from partway.core.postcondition import Name, Postcondition
from partway.core.source import Span
from partway.dialects.dialect import Dialect, Row, Version, Way
from partway.sql.cursor import Cursor
from partway.sql.knowledge import Knowledge
from partway.sql.lexer import DOLLAR, Token, lex

_WORDS = {
    GuardForm.IF_NOT_EXISTS: (Way.IF_NOT_EXISTS, "IF NOT EXISTS"),
    GuardForm.IF_EXISTS: (Way.IF_EXISTS, "IF EXISTS"),
    GuardForm.OR_REPLACE: (Way.OR_REPLACE, "OR REPLACE"),
}


ReadStatement = Callable[["Context", list[Token]], list[Action]]


class Context:
    """The text being read, its dialect and the server's version (empty: the dialect's assumed one).

    `read` reads one statement's tokens, for those that have statements inside: blocks, prepared texts.
    """

    __slots__ = ("dialect", "knowledge", "read", "server", "text")

    def __init__(self, text: str, dialect: Dialect, server: Version, read: ReadStatement) -> None:
        self.text = text
        self.dialect = dialect
        self.server = server
        self.read = read
        self.knowledge = Knowledge(rowid_keys=dialect.lexis.brackets)

    def action(
        self,
        kind: str,
        target: object,
        span: Span,
        *postconditions: Postcondition,
        traits: Iterable[str] = (),
        guard: Guard | None = None,
        insert_at: int | None = None,
        or_replace_at: int | None = None,
    ) -> Action:
        """An action with what the dialect's table says of its kind; a kind without a row is `unknown`."""
        named = frozenset(traits)
        row = self.dialect.row(kind, named, self.server)
        if row is None:
            return Action(kind, str(target), span, named, guard, postconditions, insert_at)
        if self.dialect.way(row, self.server) is Way.OR_REPLACE:
            insert_at = or_replace_at
        if guard is not None and guard.form in _WORDS:
            guard = self._accepted(kind, guard, row)
        repeat = row.repeat
        if guard is not None and repeat is not Repeat.SAME:
            ignored = guard.form in _WORDS and _WORDS[guard.form][0] in row.ignores
            flawed = Repeat.FAILS if guard.flaw and not ignored else repeat
            repeat = Repeat.SAME if guard.covers else flawed
        return Action(
            kind, str(target), span, named, guard, postconditions, insert_at, repeat, row.transaction
        )

    def _accepted(self, kind: str, guard: Guard, row: Row) -> Guard:
        """The guard, marked as no guard at all where this dialect does not take its words, or ignores them."""
        way, words = _WORDS[guard.form]
        here = self.dialect.way(row, self.server)
        if way in row.ignores:
            statement = kind.replace("-", " ").upper()
            ignored = f"{self.dialect.title} takes {words} in {statement} and ignores it"
            again = (
                " where no name follows: each run makes another one" if row.repeat is Repeat.CHANGES else ""
            )
            return guard.flawed(ignored + again)
        if row.guard is way and self._may_be(row.guard_since):
            return guard
        if here is way or way in row.also or row.repeat is Repeat.SAME or not guard.covers:
            return guard
        if way is Way.IF_EXISTS and here not in (Way.IF_NOT_EXISTS,) and not row.guard_since:
            return guard
        statement = kind.replace("-", " ").upper()
        since = f" before {'.'.join(map(str, row.guard_since))}" if row.guard is way else ""
        flaw = f"{self.dialect.title}{since} takes no {words} in {statement}: it is a syntax error"
        return guard.flawed(flaw)

    def _may_be(self, since: Version) -> bool:
        """Whether the server may be so new: nobody said how new it is, or only to the major version. What the author
        wrote tells more about the server than the version that is assumed."""
        return not self.server or self.server >= since[: len(self.server)]

    def opaque(self, span: Span, target: str = "") -> Action:
        """An action that could not be read."""
        return Action("opaque", target, span, repeat=Repeat.UNKNOWN, in_transaction=InTransaction.UNKNOWN)


def quoted(context: Context, token: Token) -> tuple[Context, list[Token]]:
    """The tokens of the SQL in a string, with the context to read them in: the same one where the offsets hold, that
    is where nothing in the string is escaped."""
    kind, start, end, raw = token
    lexis = context.dialect.lexis
    width = len(raw) if kind == DOLLAR else 1
    quote = raw[0]
    plain = kind == DOLLAR or (quote in "'\"" and quote * 2 not in raw[1:-1] and "\\" not in raw)
    if plain:
        return context, lex(context.text, lexis, start + width, max(start + width, end - width)).tokens
    said = raw[raw.find(raw[-1]) + 1 : -1].replace(raw[-1] * 2, raw[-1])
    for escaped, meant in (("\\'", "'"), ('\\"', '"'), ("\\n", "\n"), ("\\\\", "\\")):
        said = said.replace(escaped, meant)
    return Context(said, context.dialect, context.server, context.read), lex(said, lexis).tokens


def column(table: Name, name: str, *attributes: tuple[str, str], present: bool = True) -> Postcondition:
    """The postcondition that a table has (or lacks) a column."""
    return Postcondition("column", Name(name), present, table, attributes)


def if_not_exists(cursor: Cursor) -> Guard | None:
    """IF NOT EXISTS, if it stands here."""
    first = cursor.i
    return (
        Guard(GuardForm.IF_NOT_EXISTS, cursor.span(first)) if cursor.accept("IF", "NOT", "EXISTS") else None
    )


def if_exists(cursor: Cursor) -> Guard | None:
    """IF EXISTS, if it stands here."""
    first = cursor.i
    return Guard(GuardForm.IF_EXISTS, cursor.span(first)) if cursor.accept("IF", "EXISTS") else None
