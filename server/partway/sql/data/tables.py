"""The tables of a FROM list, a JOIN, or the head of a multi-table UPDATE or DELETE."""

from __future__ import annotations

from typing import NamedTuple

from partway.core.postcondition import Name
from partway.sql.data.view import Range, Unreadable, View

_JOINS = frozenset({"JOIN", "STRAIGHT_JOIN", "INNER", "LEFT", "RIGHT", "FULL", "CROSS", "NATURAL", "OUTER"})


class TableRef(NamedTuple):
    """A table with the name its columns go by (folded), or a derived table with its query and an empty table name."""

    name: Name
    alias: str
    body: Range | None = None
    joined_by: str = ""  # LEFT, INNER ... for those after a JOIN
    on: Range | None = None


def table_refs(view: View, start: int, end: int) -> list[TableRef]:
    """The tables named in these tokens, in order. Raises Unreadable where one cannot be read."""
    refs: list[TableRef] = []
    at = start
    how = ""
    while at < end:
        while at < end and view.word(at) in ("ONLY", "LATERAL"):
            at += 1
        body = None
        if view.mark(at) == "(":
            close = view.close(at, end)
            if view.word(at + 1) in ("SELECT", "WITH", "VALUES"):
                body = Range(at + 1, close)
            else:
                refs += table_refs(view, at + 1, close)
            name, at = Name(""), close + 1
        else:
            name, at = view.table(at, end)
            if view.mark(at) == "(":  # a function, or an index hint's list
                at = view.close(at, end) + 1
            elif view.mark(at) == "*":
                at += 1
        alias, at = view.alias(at, end)
        if view.mark(at) == "(":  # column aliases
            at = view.close(at, end) + 1
        following = at
        on = None
        while following < end and view.mark(following) != "," and view.word(following) not in _JOINS:
            if view.word(following) == "ON":
                stop = _next_table(view, following + 1, end)
                on = Range(following + 1, stop)
                following = stop
            else:
                following = view.close(following, end) + 1 if view.mark(following) == "(" else following + 1
        if name.name or body is not None:
            refs.append(TableRef(name, alias or name.name.lower(), body, how, on))
        how = ""
        at = following
        if view.mark(at) == ",":
            at += 1
        while at < end and view.word(at) in _JOINS:
            how = how or view.word(at)
            at += 1
        if len(refs) > 200:
            raise Unreadable
    return refs


def _next_table(view: View, at: int, end: int) -> int:
    """Where the condition after ON is over: before the next join or comma."""
    depth = 0
    for i in range(at, end):
        mark = view.mark(i)
        if mark == "(":
            depth += 1
        elif mark == ")":
            depth -= 1
        elif depth == 0 and (mark == "," or (view.word(i) in _JOINS and view.mark(i + 1) != "(")):
            return i
    return end
