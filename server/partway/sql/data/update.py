"""UPDATE: what it does when it is run again."""

from __future__ import annotations

from partway.core.operation import FILLS_SOME, Guard, GuardForm, Repeat
from partway.core.postcondition import Name
from partway.sql.data.assign import Assignments, judge_sources, read_assignments
from partway.sql.data.draft import Ctes, Draft
from partway.sql.data.expression import Expressions
from partway.sql.data.functions import CLOCK, PURE, VOLATILE
from partway.sql.data.nodes import Node, columns, literal, walk
from partway.sql.data.settle import conjuncts, refuted, settle
from partway.sql.data.sources import Sources, same_table, sources
from partway.sql.data.tables import TableRef, table_refs
from partway.sql.data.verdict import COMPOUNDS, SAME, UNKNOWN, VOLATILE_VALUE, Verdict, worst
from partway.sql.data.view import Range, Unreadable, View

_MODIFIERS = frozenset({"LOW_PRIORITY", "IGNORE", "ONLY"})
_AFTER_SET = frozenset({"FROM", "WHERE", "ORDER", "LIMIT", "RETURNING"})
_LIMITED = Verdict(Repeat.CHANGES, frozenset({"limit"}))


def read_update(view: View, start: int, end: int, ctes: Ctes) -> Draft:
    """The UPDATE in these tokens. Raises Unreadable when not even its target can be read."""
    at = start + 1
    if view.word(at) == "OR":
        at += 2
    while view.word(at) in _MODIFIERS:
        at += 1
    set_at = view.find({"SET"}, at, end)
    refs = table_refs(view, at, set_at)
    if not refs:
        raise Unreadable
    set_end = view.find(_AFTER_SET, set_at + 1, end)
    clauses = _clauses(view, set_end, end)
    if "FROM" in clauses:
        refs += table_refs(view, clauses["FROM"].start + 1, clauses["FROM"].end)
    target = refs[0]
    own = frozenset({"", target.alias, target.name.name.lower()})
    try:
        assigned = read_assignments(
            view, set_at + 1, set_end, own, in_order=view.assigns_in_order and len(refs) == 1
        )
        moved = [ref for ref in refs[1:] if ref.alias in assigned.qualifiers]
        if moved and target.alias not in assigned.qualifiers:  # MySQL: UPDATE a JOIN b SET b.x = ...
            target = moved[0]
            own = frozenset({target.alias, target.name.name.lower()})
            assigned = read_assignments(view, set_at + 1, set_end, own, in_order=False)
        verdict, where = _judge(view, target, refs, assigned, clauses, ctes, own)
    except Unreadable:
        return Draft("update", target.name, Repeat.UNKNOWN)
    bodies = [cte.body for cte in ctes.values()]
    guard = None
    same = verdict.repeat is Repeat.SAME
    if same and where is not None and settle(assigned.values, None) != SAME:
        guard = Guard(GuardForm.CONDITION, view.span(*clauses["WHERE"]))
    drains = same and refuted(where, {Node("column", name): value for name, value in assigned.values.items()})
    traits = verdict.traits
    if verdict.repeat is Repeat.CHANGES and _fills_some(view, [Range(start, end), *bodies], assigned):
        traits |= {FILLS_SOME}
    return Draft("update", target.name, verdict.repeat, traits, guard, drains=drains)


def _fills_some(view: View, ranges: list[Range], assigned: Assignments) -> bool:
    """Whether it fills rows that have nothing in a column yet, batch for batch: `WHERE x IS NULL LIMIT 500`."""
    places = [at for one in ranges for at in range(*one)]
    return any(view.word(at) == "LIMIT" for at in places) and any(
        view.word(at + 1) == "IS"
        and view.word(at + 2) == "NULL"
        and view.is_name(at)
        and view.column(at) in assigned.values
        for at in places
    )


def _clauses(view: View, at: int, end: int) -> dict[str, Range]:
    """The clauses after the SET list by their first word."""
    found: dict[str, Range] = {}
    while at < end:
        following = view.find(_AFTER_SET, at + 1, end)
        found.setdefault(view.word(at), Range(at, following))
        at = following
    return found


def _judge(
    view: View,
    target: TableRef,
    refs: list[TableRef],
    assigned: Assignments,
    clauses: dict[str, Range],
    ctes: Ctes,
    own: frozenset[str],
) -> tuple[Verdict, Node | None]:
    """The verdict, and the condition as far as it could be read."""
    where, read_in_where, unclear = read_where(view, clauses.get("WHERE"), own)
    changed = set(assigned.values)
    verdicts = [settle(assigned.values, where)]
    if unclear and verdicts[0] != SAME and unclear & changed:
        verdicts = [UNKNOWN]
    if assigned.unclear:
        verdicts.append(UNKNOWN)
    verdicts.append(judge_sources(view, assigned.sources, target.name, changed, own))
    verdicts.append(_unknown_functions(assigned))
    verdicts.append(_self_joined(target, refs, assigned, where))
    if any(ref.name.name in ctes or ref.alias in ctes for ref in refs) or read_in_where:
        read_in_where += [(sources(view, *cte.body), cte.body) for cte in ctes.values()]
    read_in_where += [(sources(view, *ref.body), ref.body) for ref in refs if ref.body is not None]
    verdicts.append(_judge_where(view, where, read_in_where, target.name, changed))
    if "LIMIT" in clauses:
        verdicts.append(_judge_limit(view, where, assigned, clauses))
    return worst(verdicts), where


def read_where(
    view: View, clause: Range | None, own: frozenset[str]
) -> tuple[Node | None, list[tuple[Sources, Range]], set[str]]:
    """The condition after WHERE, what its subqueries read, and the names in it when it could not be read."""
    if clause is None:
        return None, [], set()
    reader = Expressions(view, own)
    try:
        node = reader.read(clause.start + 1, clause.end)
    except Unreadable:
        read = sources(view, *clause)
        return None, [(read, clause)], set(read.columns)
    return node, [(sources(view, *body), body) for body in reader.subqueries.values()], set()


def _unknown_functions(assigned: Assignments) -> Verdict:
    calls = {n.value for value in assigned.values.values() for n in walk(value) if n.kind == "call"}
    return UNKNOWN if calls - PURE - VOLATILE - {"over"} else SAME


def _self_joined(
    target: TableRef, refs: list[TableRef], assigned: Assignments, where: Node | None
) -> Verdict:
    """Reading changed columns from other rows of the same table."""
    twins = {ref.alias for ref in refs if ref is not target and same_table(ref.name, target.name)}
    changed = {f"{alias}.{column}" for alias in twins for column in assigned.values}
    for value in assigned.values.values():
        for node in walk(value):
            if node.kind == "other" and node.value in changed:
                return COMPOUNDS if any(n.value in ("+", "||", "-") for n in walk(value)) else UNKNOWN
    if where is not None and any(n.kind == "other" and n.value in changed for n in walk(where)):
        return UNKNOWN
    return SAME


def _judge_where(
    view: View, where: Node | None, reads: list[tuple[Sources, Range]], target: Name, changed: set[str]
) -> Verdict:
    """What the rows chosen by subqueries and joins are in a second run."""
    verdicts: list[Verdict] = []
    if draws_lots(where):
        verdicts.append(VOLATILE_VALUE)
    for read, body in reads:
        if not (read.columns & changed or read.star) or not read.reads(target):
            if read.functions & (VOLATILE - CLOCK):
                verdicts.append(VOLATILE_VALUE)
        elif read.limited or (read.functions & {"min", "max"} and _equals(view, body, where)):
            verdicts.append(_LIMITED)  # the next row comes up
        elif not _picks_itself(view, body, where):
            verdicts.append(UNKNOWN)
    return worst(verdicts)


def draws_lots(where: Node | None) -> bool:
    """Whether a condition picks other rows each time: random(), say. What the clock says is left aside, since the rows
    that it lets in later are none of a repetition's doing."""
    return where is not None and any(n.kind == "call" and n.value in VOLATILE - CLOCK for n in walk(where))


def _equals(view: View, body: Range, where: Node | None) -> bool:
    """Whether the condition compares with what the subquery gives: `id = (SELECT min(id) ...)`."""
    text = " ".join(token[3] for token in view.tokens[body.start : body.end])
    return any(
        part.kind == "operator" and part.value == "=" and Node("subquery", text) in part.parts
        for part in conjuncts(where)
    )


def _picks_itself(view: View, body: Range, where: Node | None) -> bool:
    """`id IN (SELECT id FROM the same table ...)`: a condition on the row itself, in other words."""
    from_at = view.find({"FROM"}, body.start, body.end)
    if from_at >= body.end or not (view.is_name(from_at - 1) or view.word(from_at - 1)):
        return False
    selected = view.column(from_at - 1)
    if from_at - body.start > (4 if view.mark(from_at - 2) == "." else 2):
        return False
    text = " ".join(token[3] for token in view.tokens[body.start : body.end])
    return any(
        part.kind == "in"
        and part.parts[0] == Node("column", selected)
        and part.parts[1] == Node("subquery", text)
        for part in conjuncts(where)
    )


def _judge_limit(view: View, where: Node | None, assigned: Assignments, clauses: dict[str, Range]) -> Verdict:
    """UPDATE ... LIMIT takes the next rows when the first no longer qualify."""
    after = {Node("column", name): value for name, value in assigned.values.items()}
    if refuted(where, after):
        return _LIMITED
    ordered = sources(view, *clauses["ORDER"]).columns if "ORDER" in clauses else frozenset()
    if (columns(where) if where is not None else set()) & set(assigned.values) or ordered & set(
        assigned.values
    ):
        return UNKNOWN
    picked = any(
        part.kind == "operator" and part.value == "=" and literal(part.parts[1]).kind in ("number", "string")
        for part in conjuncts(where)
    )
    return SAME if ordered or picked else UNKNOWN
