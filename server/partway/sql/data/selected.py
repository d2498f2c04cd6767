"""INSERT ... SELECT: whether the query itself leaves out what is there already."""

from __future__ import annotations

from typing import NamedTuple

from partway.core.operation import Guard, GuardForm, Repeat
from partway.sql.data.conflict import Inserted
from partway.sql.data.draft import Ctes
from partway.sql.data.expression import Expressions
from partway.sql.data.nodes import NULL, Node, columns, never_null, walk
from partway.sql.data.outcome import outcomes
from partway.sql.data.settle import conjuncts
from partway.sql.data.simplify import replaced
from partway.sql.data.sources import same_table
from partway.sql.data.tables import TableRef, table_refs
from partway.sql.data.verdict import SAME, UNKNOWN, Verdict, worst
from partway.sql.data.view import Range, Unreadable, View

_AFTER_ITEMS = frozenset(
    {
        "FROM",
        "WHERE",
        "GROUP",
        "ORDER",
        "LIMIT",
        "UNION",
        "EXCEPT",
        "INTERSECT",
        "HAVING",
        "OFFSET",
        "FETCH",
        "FOR",
    }
)
_SETS = frozenset({"UNION", "EXCEPT", "INTERSECT"})
_AFTER_FROM = frozenset({"WHERE", "GROUP", "ORDER", "LIMIT", "HAVING", "OFFSET", "FETCH", "WINDOW", "FOR"})
_AFTER_WHERE = _AFTER_FROM - {"WHERE"}

_AGAIN = Verdict(Repeat.CHANGES)
_UNMET = "it does not look for the row that is inserted"


class Chosen(NamedTuple):
    """What a second run's query gives, and the condition that keeps it from giving the same rows."""

    verdict: Verdict
    guard: Guard | None = None


class Select(NamedTuple):
    """The parts of one SELECT: its items, tables and condition."""

    items: list[Node]
    refs: list[TableRef]
    where: Node | None
    where_at: Range | None
    reader: Expressions


def select_items(view: View, source: Range) -> list[Node] | None:
    """The selected expressions of the first SELECT, in their order; None where they are not all spelled out."""
    try:
        start, end = _branches(view, source)[0]
        if view.word(start) != "SELECT":
            return None
        at = start + 2 if view.word(start + 1) in ("DISTINCT", "ALL") else start + 1
        items_end = view.find(_AFTER_ITEMS, at, end)
        if view.mark(at) == "*" and view.mark(items_end + 1) == "(":
            return _select(view, Range(start, end)).items
        reader = Expressions(view, frozenset())
        return [_item(view, reader, part) for part in view.split(at, items_end)]
    except (Unreadable, IndexError):
        return None


def judge_selected(view: View, source: Range, inserted: Inserted, ctes: Ctes) -> Chosen:
    """What an INSERT of this query does when it is run again, without regard to unique keys."""
    try:
        branches = _branches(view, source)
        if len(branches) == 2 and view.word(branches[1].start - 1) == "EXCEPT":
            refs = _select(view, branches[1]).refs
            if len(refs) == 1 and same_table(refs[0].name, inserted.target):
                return Chosen(
                    SAME, Guard(GuardForm.CONDITION, view.span(branches[1].start - 1, branches[1].end))
                )
        chosen = [_judge_branch(view, branch, inserted, ctes) for branch in branches]
    except Unreadable:
        if any(
            view.word(i) in ("EXISTS", "EXCEPT")
            for i in range(source.start, min(source.end, source.start + 4000))
        ):
            return Chosen(UNKNOWN)
        return Chosen(_AGAIN)
    if not chosen:
        return Chosen(UNKNOWN)
    verdict = worst([branch.verdict for branch in chosen])
    guards = [branch.guard for branch in chosen if branch.guard is not None]
    return Chosen(verdict, guards[0] if len(guards) == len(chosen) else None)


def _branches(view: View, source: Range) -> list[Range]:
    """The SELECTs of a UNION, EXCEPT or INTERSECT; one for a plain SELECT."""
    start, end = source
    if view.word(start) == "WITH":
        start = view.find({"SELECT", "VALUES"}, start + 1, end)
    while view.mark(start) == "(" and view.close(start, end) + 1 >= end:
        start, end = start + 1, view.close(start, end)
    branches: list[Range] = []
    while start < end:
        stop = view.find(_SETS, start, end)
        branches.append(Range(start, stop))
        start = stop + 1
        if view.word(start) in ("ALL", "DISTINCT"):
            start += 1
    return branches


def _select(view: View, branch: Range) -> Select:
    start, end = branch
    while view.mark(start) == "(" and view.close(start, end) + 1 >= end:
        start, end = start + 1, view.close(start, end)
    if view.word(start) != "SELECT":
        raise Unreadable
    at = start + 1
    if view.word(at) in ("DISTINCT", "ALL"):
        at += 1
        if view.word(at) == "ON":
            at = view.close(at + 1, end) + 1
    items_end = view.find(_AFTER_ITEMS, at, end)
    refs: list[TableRef] = []
    after = items_end
    if view.word(items_end) == "FROM" and items_end < end:
        after = view.find(_AFTER_FROM, items_end + 1, end)
        refs = [ref for ref in table_refs(view, items_end + 1, after) if ref.name.name.lower() != "dual"]
    only = {"", refs[0].alias, refs[0].name.name.lower()} if len(refs) == 1 else {""}
    reader = Expressions(view, frozenset(only))
    items = [_item(view, reader, part) for part in view.split(at, items_end)]
    if len(items) == 1 and items[0].kind == "star" and len(refs) == 1 and refs[0].body is not None:
        return _through(view, refs[0].body, reader, after, end)
    where, where_at = None, None
    if view.word(after) == "WHERE" and after < end:
        where_at = Range(after, view.find(_AFTER_WHERE, after + 1, end))
        where = reader.read(after + 1, where_at.end)
    return Select(items, refs, where, where_at, reader)


def _through(view: View, body: Range, reader: Expressions, after: int, end: int) -> Select:
    """`SELECT * FROM (SELECT 'a' AS name) AS row WHERE ...`: the inner items with the outer condition."""
    inner = _select(view, _branches(view, body)[0])
    if inner.where is not None:
        raise Unreadable
    where_at = None
    where = None
    if view.word(after) == "WHERE" and after < end:
        where_at = Range(after, view.find(_AFTER_WHERE, after + 1, end))
        where = reader.read(after + 1, where_at.end)
    return Select(inner.items, inner.refs, where, where_at, reader)


def _item(view: View, reader: Expressions, part: Range) -> Node:
    """A selected expression without its alias."""
    end = part.end
    if view.word(end - 2) == "AS" and end - 2 > part.start:
        return reader.read(part.start, end - 2)
    try:
        return reader.read(*part)
    except Unreadable:
        return reader.read(part.start, end - 1)


def _judge_branch(view: View, branch: Range, inserted: Inserted, ctes: Ctes) -> Chosen:
    if view.word(branch.start) in ("VALUES", "TABLE"):
        return Chosen(_AGAIN)
    select = _select(view, branch)
    target = inserted.target
    names = [ref.name for ref in select.refs]
    if any(name.schema is None and name.name in ctes and ctes[name.name].drained for name in names):
        return Chosen(SAME)
    if names and all(name.name and view.context.is_emptied(name) for name in names):
        return Chosen(SAME)
    if select.where is not None and True not in outcomes(select.where):
        return Chosen(SAME)
    span = view.span(*select.where_at) if select.where_at is not None else view.span(*branch)
    row = _row(select, inserted)
    looks = [_looks(view, part, select, inserted, row) for part in conjuncts(select.where)]
    if not any(looks):
        return Chosen(UNKNOWN if view.find({"HAVING"}, *branch) < branch.end else _AGAIN)
    if Repeat.SAME in looks:
        return Chosen(SAME, Guard(GuardForm.CONDITION, span))
    if Repeat.UNKNOWN in looks:
        return Chosen(UNKNOWN, Guard(GuardForm.CONDITION, span))
    if any(same_table(target, name) for name in names):
        return Chosen(UNKNOWN)
    return Chosen(_AGAIN, Guard(GuardForm.CONDITION, span, covers=False, flaw=_UNMET))


def _row(select: Select, inserted: Inserted) -> dict[str, Node]:
    """The row that is inserted, by column, in the words of the query."""
    if inserted.columns is None or len(select.items) != len(inserted.columns):
        return {}
    return dict(zip(inserted.columns, select.items, strict=True))


def _looks(view: View, part: Node, select: Select, inserted: Inserted, row: dict[str, Node]) -> Repeat | None:
    """What a condition that looks at the table inserted into does in the second run; None when it does not look there.

    Such conditions are NOT EXISTS, NOT IN, count(*) = 0 and LEFT JOIN ... IS NULL. `same`: it fails once the row is
    there.
    """
    negated = part.kind == "not"
    inner = part.parts[0] if negated else part
    body = next(
        (select.reader.subqueries.get(node.value) for node in walk(inner) if node.kind == "subquery"), None
    )
    if body is None:
        return _left_joined(view, part, select, inserted, row)
    looked = _select(view, _branches(view, body)[0])
    if not any(same_table(ref.name, inserted.target) for ref in looked.refs):
        return None
    if negated and inner.kind == "in" and len(looked.items) == 1:
        mine = row.get(looked.items[0].value) if looked.items[0].kind == "column" else None
        if mine is None:
            return Repeat.UNKNOWN
        return _second(_holds(Node("operator", "=", (mine, inner.parts[0])), {}))
    counts = inner.kind == "operator" and inner.value in ("=", "<") and Node("number", "0") in inner.parts
    if not (negated and inner.kind == "exists") and not (counts and not negated):
        return Repeat.UNKNOWN
    if looked.where is None:
        return Repeat.SAME if len(looked.refs) == 1 else Repeat.UNKNOWN
    return _meets(_inner_where(view, looked, inserted, select), inserted, row, select.items)


def _inner_where(view: View, looked: Select, inserted: Inserted, outer: Select) -> Node:
    """The subquery's condition: the looked-at table's columns as columns, the outer row's as the outer query does."""
    if looked.where is None or looked.where_at is None:
        raise Unreadable
    mine = next(ref for ref in looked.refs if same_table(ref.name, inserted.target))
    reader = Expressions(view, frozenset({"", mine.alias} if len(looked.refs) == 1 else {mine.alias}))
    where = reader.read(looked.where_at.start + 1, looked.where_at.end)
    return _outer_names(where, outer)


def _outer_names(node: Node, outer: Select) -> Node:
    """`u.id` of the only outer table, as the outer query reads it."""
    if node.kind == "other":
        qualifier, _, name = node.value.rpartition(".")
        if len(outer.refs) == 1 and qualifier in (outer.refs[0].alias, outer.refs[0].name.name.lower()):
            return Node("other", "=" + name)
    return (
        Node(node.kind, node.value, tuple(_outer_names(part, outer) for part in node.parts))
        if node.parts
        else node
    )


def _left_joined(
    view: View, part: Node, select: Select, inserted: Inserted, row: dict[str, Node]
) -> Repeat | None:
    """`FROM s LEFT JOIN t ON t.k = s.k WHERE t.k IS NULL`."""
    if part.kind != "is" or part.value != "null" or part.parts[0].kind != "other":
        return None
    alias = part.parts[0].value.rpartition(".")[0]
    joined = next(
        (ref for ref in select.refs if ref.alias == alias and same_table(ref.name, inserted.target)), None
    )
    if joined is None or joined.joined_by != "LEFT" or joined.on is None:
        return None
    reader = Expressions(view, frozenset({alias}))
    tested = part.parts[0].value.rpartition(".")[2]
    if not _is_filled(tested, reader.read(*joined.on), inserted, row):
        return Repeat.UNKNOWN
    return _meets(reader.read(*joined.on), inserted, row, select.items)


def _is_filled(column: str, on: Node, inserted: Inserted, row: dict[str, Node]) -> bool:
    """Whether the column that must be NULL has a value in the inserted row."""
    if column in columns(on) or (column in row and never_null(row[column])):
        return True
    if inserted.facts is not None:
        return column in inserted.facts.generated or column in inserted.facts.defaults
    return inserted.columns is None or column == "id"


def _tests_value(part: Node, given: set[Node]) -> bool:
    return (
        part.kind == "operator"
        and part.value == "="
        and part.parts[0].kind == "column"
        and part.parts[1] in given
    )


def _meets(where: Node, inserted: Inserted, row: dict[str, Node], items: list[Node]) -> Repeat:
    """Whether the inserted row meets a condition: it does once a part on its columns holds and none is against it."""
    values: dict[Node, Node] = {Node("column", name): _as_outer(value) for name, value in row.items()}
    if inserted.facts is not None and inserted.columns is not None:
        for column in inserted.facts.columns:
            if (
                column not in row
                and column not in inserted.facts.generated
                and column not in inserted.facts.defaults
            ):
                values[Node("column", column)] = NULL
    truths = [_holds(part, values) for part in conjuncts(where)]
    if inserted.columns is None:  # the columns' names are not known: look for the values themselves
        given = {_as_outer(item) for item in items}
        truths += [True for part in conjuncts(where) if _tests_value(part, given)]
    return _second(False if False in truths else True if True in truths else None)


def _second(met: bool | None) -> Repeat:
    """What follows for the second run from whether the inserted row is found by it."""
    return Repeat.UNKNOWN if met is None else Repeat.SAME if met else Repeat.CHANGES


def _as_outer(node: Node) -> Node:
    """The outer row's own columns under one name, so that they compare with the subquery's mention of them."""
    if node.kind == "column":
        return Node("other", "=" + node.value)
    return Node(node.kind, node.value, tuple(_as_outer(part) for part in node.parts)) if node.parts else node


def _holds(condition: Node, values: dict[Node, Node]) -> bool | None:
    truth = outcomes(replaced(condition, values))
    if True not in truth:
        return False
    return None if False in truth else True
