"""A statement that changes or reads data, to its actions: dispatch by the first word, WITH, and the dialect's rows."""

from __future__ import annotations

from collections.abc import Callable

from partway.core.operation import Action, InTransaction, Repeat
from partway.dialects.dialect import Dialect, Version
from partway.sql.data import FIRST_WORDS
from partway.sql.data.context import NOTHING_KNOWN, DataContext
from partway.sql.data.copy import read_copy, read_load
from partway.sql.data.delete import read_delete
from partway.sql.data.draft import Cte, Ctes, Draft
from partway.sql.data.insert import read_insert
from partway.sql.data.merge import read_merge
from partway.sql.data.query import makes_table, read_query
from partway.sql.data.truncate import read_truncate
from partway.sql.data.update import read_update
from partway.sql.data.view import Range, Unreadable, View
from partway.sql.lexer import Token

_CHANGES: dict[str, Callable[[View, int, int, Ctes], Draft]] = {
    "INSERT": read_insert,
    "REPLACE": read_insert,
    "UPDATE": read_update,
    "DELETE": read_delete,
    "MERGE": read_merge,
}

_KINDS = {"INSERT": "insert", "REPLACE": "insert", "UPDATE": "update", "DELETE": "delete", "MERGE": "merge"}
_KINDS |= {"TRUNCATE": "truncate", "COPY": "copy", "LOAD": "copy"}


def read_data(
    text: str, tokens: list[Token], dialect: Dialect, server: Version, context: DataContext = NOTHING_KNOWN
) -> list[Action] | None:
    """The actions of one statement in order: those of its WITH queries that change data, then its own.

    `tokens` are the statement's own, without its terminator; offsets count in `text`. None when the statement is none
    of these (its first word is not among `FIRST_WORDS`, or it is a SELECT ... INTO that makes a table); an empty list
    when it does nothing (EXPLAIN). What cannot be read is an action with an empty target and `repeat` unknown. Never
    raises.
    """
    view = View(text, tokens, dialect, server, context)
    first = view.word(0) or view.mark(0)
    if first not in FIRST_WORDS:
        return None
    start, end = 0, len(tokens)
    if first == "EXPLAIN":
        start = _explained(view)
        if not start:
            return []
        first = view.word(start)
    while view.mark(start) == "(" and start < end:
        start += 1
    main = _main(view, start, end)
    if view.word(main) == "SELECT" and dialect.lexis.dollar_quotes and makes_table(view, main, end):
        return None
    drafts = _read(view, start, end)
    return [_action(view, draft) for draft in drafts]


def _explained(view: View) -> int:
    """Where the statement begins that EXPLAIN ANALYZE runs; 0 when it runs nothing."""
    if not view.dialect.lexis.dollar_quotes:
        return 0
    at, runs = 1, False
    if view.mark(at) == "(":
        close = view.close(at, len(view.tokens))
        runs = any(
            view.word(i) == "ANALYZE" and view.word(i + 1) not in ("FALSE", "OFF") for i in range(at, close)
        )
        at = close + 1
    while view.word(at) in ("ANALYZE", "VERBOSE"):
        runs = runs or view.word(at) == "ANALYZE"
        at += 1
    return at if runs and at < len(view.tokens) else 0


def _main(view: View, start: int, end: int) -> int:
    """Where the statement after WITH begins."""
    return (
        view.find({"SELECT", *_CHANGES, "VALUES", "TABLE"}, start, end)
        if view.word(start) == "WITH"
        else start
    )


def _read(view: View, start: int, end: int) -> list[Draft]:
    drafts: list[Draft] = []
    ctes: dict[str, Cte] = {}
    if view.word(start) == "WITH":
        main = _main(view, start, end)
        try:
            drafts = _with(view, start + 1, main, ctes)
        except Unreadable:
            drafts = [Draft("select", None, Repeat.UNKNOWN)]
        start = main
    word = view.word(start)
    try:
        if word in _CHANGES:
            main_draft = _CHANGES[word](view, start, end, ctes)
        elif word == "TRUNCATE":
            return read_truncate(view, start, end)
        elif word == "COPY":
            main_draft = read_copy(view, start, end)
        elif word == "LOAD":
            main_draft = read_load(view, start, end)
        else:
            main_draft = read_query(view, 0 if not drafts else start, end)
            if drafts and main_draft.repeat is Repeat.SAME:
                return drafts
    except (Unreadable, RecursionError):
        main_draft = Draft(_KINDS.get(word, "select"), None, Repeat.UNKNOWN)
    return [*drafts, main_draft]


def _with(view: View, at: int, end: int, ctes: dict[str, Cte]) -> list[Draft]:
    """The changes made by the queries of a WITH clause; the queries themselves go to `ctes`."""
    drafts: list[Draft] = []
    if view.word(at) == "RECURSIVE":
        at += 1
    for part in view.split(at, end):
        name, _ = view.raw(part.start)
        opening = view.find({"AS"}, part.start, part.end) + 1
        while view.word(opening) in ("NOT", "MATERIALIZED"):
            opening += 1
        if view.mark(opening) != "(":
            raise Unreadable
        body = Range(opening + 1, view.close(opening, part.end))
        word = view.word(body.start)
        drained = False
        if word in _CHANGES:
            draft = _CHANGES[word](view, body.start, body.end, dict(ctes))
            drafts.append(draft)
            drained = draft.drains
        ctes[view.dialect.stored(name, quoted=bool(name) and view.raw(part.start)[1])] = Cte(body, drained)
    return drafts


def _action(view: View, draft: Draft) -> Action:
    ending = draft.in_transaction
    if ending is None:
        row = view.dialect.row(draft.kind, draft.traits, view.server)
        ending = row.transaction if row is not None else InTransaction.ROLLS_BACK
    return Action(
        kind=draft.kind,
        target="" if draft.target is None else str(draft.target),
        span=view.span(0, len(view.tokens)),
        traits=draft.traits,
        guard=draft.guard,
        repeat=draft.repeat,
        in_transaction=ending,
    )
