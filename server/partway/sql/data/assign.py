"""SET lists: which columns get which expressions, in UPDATE, ON CONFLICT, ON DUPLICATE KEY and MERGE."""

from __future__ import annotations

from partway.core.postcondition import Name
from partway.sql.data.expression import Expressions
from partway.sql.data.nodes import Node
from partway.sql.data.simplify import replaced
from partway.sql.data.sources import Sources, sources
from partway.sql.data.verdict import COMPOUNDS, SAME, UNKNOWN, VOLATILE_VALUE, Verdict, worst
from partway.sql.data.view import Range, Unreadable, View

#: Stands for an expression that could not be read but depends on nothing that the statement changes.
UNREAD = Node("parameter", "unread")


class Assignments:
    """A SET list as read. `unread` are the columns whose expressions are too hard but do not matter by themselves;
    `unclear` says that one was too hard and may matter. `sources` is what the subqueries in it read."""

    __slots__ = ("qualifiers", "sources", "unclear", "values")

    def __init__(self) -> None:
        self.values: dict[str, Node] = {}
        self.sources: list[tuple[Sources, Range]] = []
        self.qualifiers: set[str] = set()
        self.unclear = False


def read_assignments(view: View, start: int, end: int, own: frozenset[str], in_order: bool) -> Assignments:
    """The SET list in these tokens. `in_order`: a later expression sees what an earlier one assigned (MySQL).

    Raises Unreadable when the list itself cannot be read.
    """
    pairs: list[tuple[str, Range]] = []
    found = Assignments()
    for part in view.split(start, end):
        pairs += _pairs(view, part, found)
    columns = {column for column, _ in pairs}
    for column, expression in pairs:
        node = _expression(view, expression, own, columns, found)
        if in_order and found.values:
            node = replaced(node, {Node("column", name): value for name, value in found.values.items()})
        found.values[column] = node
    return found


def _pairs(view: View, part: Range, found: Assignments) -> list[tuple[str, Range]]:
    at = part.start
    if view.mark(at) == "(":
        close = view.close(at, part.end)
        names = view.names(at + 1, close)
        if view.mark(close + 1) != "=":
            raise Unreadable
        at = close + 2
        if view.word(at) == "ROW":
            at += 1
        if view.mark(at) == "(" and view.word(at + 1) not in ("SELECT", "WITH") and len(names) > 1:
            values = view.split(at + 1, view.close(at, part.end))
            if len(values) != len(names):
                raise Unreadable
            return [(name, value) for name, value in zip(names, values, strict=True)]
        return [(name, Range(at, part.end)) for name in names]
    qualifier = ""
    while view.mark(at + 1) == "." and at + 2 < part.end:
        qualifier = view.column(at)
        at += 2
    if not (view.is_name(at) or view.word(at)):
        raise Unreadable
    column = view.column(at)
    at += 1
    while view.mark(at) == "[" and at < part.end:
        at = view.close(at, part.end) + 1
    if view.mark(at) not in ("=", ":="):
        raise Unreadable
    if qualifier:
        found.qualifiers.add(qualifier)
    return [(column, Range(at + 1, part.end))]


def _expression(view: View, part: Range, own: frozenset[str], columns: set[str], found: Assignments) -> Node:
    reader = Expressions(view, own)
    try:
        node = reader.read(*part)
    except Unreadable:
        read = sources(view, *part)
        found.sources.append((read, part))
        if read.columns & columns or read.volatile or read.unknown_functions:
            found.unclear = True
        return UNREAD
    found.sources += [(sources(view, *body), body) for body in reader.subqueries.values()]
    return node


def judge_sources(
    view: View, reads: list[tuple[Sources, Range]], target: Name, columns: set[str], own: frozenset[str]
) -> Verdict:
    """What subqueries in the assigned expressions add: they may read what the statement changes."""
    verdicts: list[Verdict] = []
    for read, body in reads:
        if read.volatile:
            verdicts.append(VOLATILE_VALUE)
        elif (read.reads(target) and (read.columns & columns or read.star)) or (
            read.columns & columns and _correlates(view, read, body, columns, own)
        ):
            grows = any(view.mark(i) in ("+", "||") for i in range(*body))
            verdicts.append(COMPOUNDS if grows else UNKNOWN)
        elif read.unknown_functions:
            verdicts.append(UNKNOWN)
    return worst(verdicts) if verdicts else SAME


def _correlates(view: View, read: Sources, body: Range, columns: set[str], own: frozenset[str]) -> bool:
    """Whether a subquery on other tables, or on none, reads changed columns of the row itself."""
    for i in range(*body):
        if not (view.is_name(i) and view.column(i) in columns):
            continue
        if view.mark(i - 1) != ".":
            if not read.tables:
                return True
        elif view.is_name(i - 2) and view.column(i - 2) in own:
            return True
    return False
