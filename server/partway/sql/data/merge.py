"""MERGE: what it does when it is run again."""

from __future__ import annotations

from itertools import pairwise

from partway.core.operation import Guard, GuardForm, Repeat
from partway.sql.data.assign import judge_sources, read_assignments
from partway.sql.data.draft import Ctes, Draft
from partway.sql.data.expression import Expressions
from partway.sql.data.functions import PURE, VOLATILE
from partway.sql.data.nodes import Node, is_volatile, literal, walk
from partway.sql.data.outcome import outcomes
from partway.sql.data.settle import conjuncts, settle
from partway.sql.data.simplify import replaced
from partway.sql.data.sources import same_table, sources
from partway.sql.data.tables import TableRef, table_refs
from partway.sql.data.verdict import COMPOUNDS, SAME, UNKNOWN, VOLATILE_VALUE, Verdict, worst
from partway.sql.data.view import Unreadable, View

_AGAIN = Verdict(Repeat.CHANGES)


def read_merge(view: View, start: int, end: int, ctes: Ctes) -> Draft:
    """The MERGE in these tokens. Raises Unreadable when not even its target can be read."""
    at = start + 1
    while view.word(at) in ("INTO", "ONLY"):
        at += 1
    using = view.find({"USING"}, at, end)
    target = next(iter(table_refs(view, at, using)), None)
    if target is None:
        raise Unreadable
    try:
        verdict, guard = _judge(view, target, using, end, ctes)
    except Unreadable:
        return Draft("merge", target.name, Repeat.UNKNOWN)
    return Draft("merge", target.name, verdict.repeat, verdict.traits, guard)


def _judge(view: View, target: TableRef, using: int, end: int, ctes: Ctes) -> tuple[Verdict, Guard | None]:
    on = view.find({"ON"}, using + 1, end)
    whens: list[int] = []
    at = view.find({"WHEN"}, on + 1, end)
    while at < end:
        whens.append(at)
        at = view.find({"WHEN"}, at + 1, end)
    whens.append(view.find({"RETURNING"}, whens[-1] if whens else on, end))
    own = frozenset({target.alias, target.name.name.lower()})
    condition = Expressions(view, own).read(on + 1, whens[0])
    refs = table_refs(view, using + 1, on)
    verdicts: list[Verdict] = []
    for body in [ref.body for ref in refs if ref.body is not None] + [cte.body for cte in ctes.values()]:
        read = sources(view, *body)
        if read.reads(target.name):
            verdicts.append(UNKNOWN)
        elif read.volatile:
            verdicts.append(VOLATILE_VALUE)
    if any(same_table(ref.name, target.name) for ref in refs):
        verdicts.append(UNKNOWN)
    inserted: dict[Node, Node] | None = None
    updates: list[tuple[dict[str, Node], Node | None]] = []
    deletes = False
    for when, stop in pairwise(whens):
        then = view.find({"THEN"}, when, stop)
        extra = view.find({"AND"}, when, then)
        also = Expressions(view, own).read(extra + 1, then) if extra < then else None
        action = view.word(then + 1)
        if action == "INSERT":
            inserted = _inserted(view, then + 2, stop, own)
        elif action == "UPDATE":
            assigned = read_assignments(view, then + 3, stop, own | {""}, in_order=False)
            verdicts.append(settle(assigned.values, also))
            verdicts.append(judge_sources(view, assigned.sources, target.name, set(assigned.values), own))
            calls = {n.value for value in assigned.values.values() for n in walk(value) if n.kind == "call"}
            if assigned.unclear or calls - PURE - VOLATILE:
                verdicts.append(UNKNOWN)
            if view.word(when + 1) == "MATCHED":
                updates.append((assigned.values, also))
        elif action == "DELETE":
            deletes = deletes or "SOURCE" not in [view.word(i) for i in range(when, then)]
        elif view.word(then + 1) != "DO":
            return UNKNOWN, None
    guard = None
    if inserted is not None:
        met = _meets(condition, inserted)
        span = view.span(on, whens[0])
        guard = Guard(
            GuardForm.CONDITION, span, covers=met is not False, flaw="" if met is not False else _FLAW
        )
        verdicts.append(SAME if met else _AGAIN if met is False else UNKNOWN)
        verdicts += [_own_row(values, also, inserted) for values, also in updates]
        if deletes:
            verdicts.append(_AGAIN)
    return worst(verdicts), guard


_FLAW = "the inserted row does not meet the condition, so a second run inserts it again"


def _inserted(view: View, at: int, end: int, own: frozenset[str]) -> dict[Node, Node]:
    """The inserted row by column, columns in the form that the condition reads them in."""
    if view.mark(at) != "(":
        return {}
    close = view.close(at, end)
    names = view.names(at + 1, close)
    row = view.find({"VALUES"}, close + 1, end) + 1
    if view.mark(row) != "(":
        return {}
    values = [Expressions(view, own).read(*part) for part in view.split(row + 1, view.close(row, end))]
    return {Node("column", name): value for name, value in zip(names, values, strict=False)}


def _meets(condition: Node, inserted: dict[Node, Node]) -> bool | None:
    """Whether the inserted row is matched in the second run."""
    truths = []
    for part in conjuncts(condition):
        put = replaced(part, inserted)
        if any(is_volatile(node) for node in put.parts):
            return False
        truth = outcomes(put)
        truths.append(False if True not in truth else None if False in truth else True)
    if False in truths:
        return False
    return True if truths and all(truths) else None


def _own_row(values: dict[str, Node], also: Node | None, inserted: dict[Node, Node]) -> Verdict:
    """WHEN MATCHED on a row as WHEN NOT MATCHED inserted it."""
    if also is not None and True not in outcomes(replaced(also, inserted)):
        return SAME
    for column, value in values.items():
        had = inserted.get(Node("column", column))
        result = replaced(value, inserted)
        if had is None:
            if result.kind != "null":
                return UNKNOWN
        elif literal(result) != literal(had):
            constants = {literal(result).kind, literal(had).kind} <= {"number", "string", "boolean", "null"}
            return Verdict(Repeat.CHANGES, frozenset({"overwrites"})) if constants else COMPOUNDS
    return SAME
