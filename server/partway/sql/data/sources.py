"""What a subquery, a FROM list or a WITH query reads: tables, columns, limits, functions."""

from __future__ import annotations

from typing import NamedTuple

from partway.core.postcondition import Name
from partway.sql.data.functions import NOT_FUNCTIONS, PURE, VOLATILE
from partway.sql.data.view import Unreadable, View
from partway.sql.lexer import PUNCT, QUOTED, WORD


class Sources(NamedTuple):
    """What some tokens read. `columns` are all names met, as column names compare; `star` tells of a `*` that is not
    count's and not a multiplication. `limited` tells of LIMIT and FETCH FIRST."""

    tables: tuple[tuple[Name, str], ...]
    columns: frozenset[str]
    functions: frozenset[str]
    star: bool
    limited: bool

    @property
    def volatile(self) -> bool:
        """Whether a function in it gives another value at another time."""
        return bool(self.functions & VOLATILE)

    @property
    def unknown_functions(self) -> frozenset[str]:
        """Functions of which nothing is known."""
        return self.functions - PURE - VOLATILE

    def reads(self, table: Name) -> bool:
        """Whether the table is among those that are read."""
        return any(same_table(table, name) for name, _ in self.tables)


def same_table(one: Name, other: Name) -> bool:
    """Whether two names are the same table, as far as they say."""
    return one.name == other.name and (
        one.schema is None or other.schema is None or one.schema == other.schema
    )


def sources(view: View, start: int, end: int) -> Sources:
    """What these tokens read; linear in their number, never raises."""
    tables: list[tuple[Name, str]] = []
    columns: set[str] = set()
    functions: set[str] = set()
    star = limited = listing = False
    tokens = view.tokens
    for i in range(start, min(end, len(tokens))):
        kind, _, _, upper = tokens[i]
        if kind == WORD:
            if upper in ("FROM", "JOIN", "USING") and view.word(i - 1) != "DISTINCT":
                tables += _table_at(view, i + 1, end)
                listing = upper != "JOIN"
            elif upper in ("LIMIT", "FETCH"):
                limited = True
            elif upper in ("WHERE", "ON", "GROUP", "ORDER", "SELECT", "SET"):
                listing = False
            elif upper.startswith(("CURRENT_", "LOCALTIME")) or (
                view.mark(i + 1) == "(" and upper not in NOT_FUNCTIONS
            ):
                functions.add(upper.lower())
            columns.add(upper.lower())
        elif kind == QUOTED:
            columns.add(view.column(i))
        elif kind == PUNCT:
            if upper == "*":
                star = (
                    star
                    or view.word(i - 1) in ("SELECT", "DISTINCT", "RETURNING")
                    or view.mark(i - 1) in (".", ",")
                )
            elif upper == "," and listing:
                tables += _table_at(view, i + 1, end)
    return Sources(tuple(tables), frozenset(columns), frozenset(functions), star, limited)


def _table_at(view: View, at: int, end: int) -> list[tuple[Name, str]]:
    while at < end and view.word(at) in ("ONLY", "LATERAL"):
        at += 1
    try:
        name, at = view.table(at, end)
    except Unreadable:
        return []
    if view.mark(at) == "(":  # a function in FROM
        return []
    alias, _ = view.alias(at, end)
    return [(name, alias or name.name.lower())]
