"""DELETE: what it does when it is run again.

What is chosen by the row itself is gone after one run. Where the choice looks at other rows of the same table, a
condition that holds for fewer rows when there are fewer rows (EXISTS, IN, a join) lets nothing new in; LIMIT, NOT IN
and aggregates may.
"""

from __future__ import annotations

from partway.core.operation import EVERY_ROW, Repeat
from partway.sql.data.draft import Ctes, Draft
from partway.sql.data.functions import CLOCK, VOLATILE
from partway.sql.data.nodes import Node, literal
from partway.sql.data.settle import conjuncts
from partway.sql.data.sources import same_table, sources
from partway.sql.data.tables import TableRef, table_refs
from partway.sql.data.update import draws_lots, read_where
from partway.sql.data.verdict import SAME, UNKNOWN, VOLATILE_VALUE, Verdict, worst
from partway.sql.data.view import Range, Unreadable, View

_MODIFIERS = frozenset({"LOW_PRIORITY", "QUICK", "IGNORE"})
_CLAUSES = frozenset({"USING", "WHERE", "ORDER", "LIMIT", "RETURNING"})
_LIMITED = Verdict(Repeat.CHANGES, frozenset({"limit"}))


def read_delete(view: View, start: int, end: int, ctes: Ctes) -> Draft:
    """The DELETE in these tokens. Raises Unreadable when not even its target can be read."""
    at = start + 1
    while view.word(at) in _MODIFIERS:
        at += 1
    from_at = view.find({"FROM"}, at, end)
    named: list[TableRef] = []
    if from_at > at and from_at < end:  # MySQL: DELETE a FROM t AS a JOIN ...
        named = table_refs(view, at, from_at)
    at = from_at + 1 if from_at < end else at
    head_end = view.find(_CLAUSES, at, end)
    refs = table_refs(view, at, head_end)
    clauses: dict[str, Range] = {}
    at = head_end
    while at < end:
        following = view.find(_CLAUSES, at + 1, end)
        clauses.setdefault(view.word(at), Range(at, following))
        at = following
    if "USING" in clauses:
        others = table_refs(view, clauses["USING"].start + 1, clauses["USING"].end)
        if others and refs and len(refs) == 1 and any(ref.alias == refs[0].alias for ref in others):
            named = refs  # MySQL: DELETE FROM a USING t AS a JOIN ...
            refs = []
        refs += others
    if not refs:
        raise Unreadable
    target = next((ref for ref in refs for name in named if name.alias == ref.alias), refs[0])
    own = frozenset({"", target.alias, target.name.name.lower()})
    where, reads, _ = read_where(view, clauses.get("WHERE"), own)
    if "WHERE" in clauses and view.word(clauses["WHERE"].start + 1) == "CURRENT":
        return Draft("delete", target.name, Repeat.UNKNOWN)
    bodies = [body for _, body in reads] + [ref.body for ref in refs if ref.body is not None]
    bodies += [cte.body for cte in ctes.values()]
    verdicts = [_judge(view, where, target, body) for body in bodies]
    if draws_lots(where):
        verdicts.append(VOLATILE_VALUE)
    if "LIMIT" in clauses and not _one_row(where):
        verdicts.append(_LIMITED)
    if any(
        ref is not target and ref.joined_by in ("LEFT", "RIGHT") and same_table(ref.name, target.name)
        for ref in refs
    ):
        verdicts.append(UNKNOWN)  # rows without a partner: deleting them can leave others without one
    verdict = worst(verdicts)
    traits = verdict.traits if clauses or len(refs) > 1 else verdict.traits | {EVERY_ROW}
    return Draft("delete", target.name, verdict.repeat, traits, drains=verdict.repeat is Repeat.SAME)


def _judge(view: View, where: Node | None, target: TableRef, body: Range) -> Verdict:
    """What a subquery on the table itself gives once the rows are gone."""
    read = sources(view, *body)
    if read.functions & (VOLATILE - CLOCK):
        return VOLATILE_VALUE
    if not read.reads(target.name):
        return SAME
    text = " ".join(token[3] for token in view.tokens[body.start : body.end])
    place = _place(where, Node("subquery", text))
    grouped = any(view.word(i) == "GROUP" for i in range(*body))
    if place == "not in":  # keep the newest: what is kept is kept again
        chooses = bool(read.functions & {"min", "max"}) and not read.functions & {"avg", "sum", "count"}
        kept = read.limited or (grouped and chooses)
        return SAME if kept else UNKNOWN
    if read.limited:
        return _LIMITED
    aggregates = read.functions & {"min", "max", "avg", "sum", "count", "row_number", "rank", "dense_rank"}
    if place == "elsewhere" and grouped and aggregates <= {"min", "max", "count"} and _spares(where):
        return SAME  # USING (SELECT min(id) ... GROUP BY ...) kept WHERE id <> kept.id
    if aggregates == {"row_number", "count"} and not read.limited:
        return SAME  # of the groups with more than one row, those behind the first
    if not aggregates or aggregates <= {"row_number"}:
        return UNKNOWN if place == "not exists" else SAME
    if place in ("<", "<=", ">", ">="):
        towards = {"<": "max", ">": "min"}.get(place)
        return (
            SAME if aggregates == {towards} and not grouped else SAME if aggregates == {"count"} else UNKNOWN
        )
    if place == "=" and aggregates <= {"min", "max"}:
        return _LIMITED
    if place in ("in", "elsewhere") and aggregates == {"count"} and grouped:
        return SAME  # HAVING count(*) > 1 and the like: those groups are gone
    return UNKNOWN


def _place(where: Node | None, subquery: Node) -> str:
    """How the condition uses the subquery: "in", "not in", "exists", "not exists", a comparison, or "elsewhere"."""
    for part in conjuncts(where):
        negated = part.kind == "not"
        inner = part.parts[0] if negated else part
        if subquery in inner.parts and inner.kind in ("in", "exists"):
            return f"not {inner.kind}" if negated else inner.kind
        if subquery in inner.parts and inner.kind == "operator" and not negated:
            if inner.parts[0] == subquery and literal(inner.parts[-1]).kind != "number":
                return {"<": ">", ">": "<", "<=": ">=", ">=": "<="}.get(inner.value, inner.value)
            return inner.value
        if inner.value == "=" and not negated and Node("call", "any", (subquery,)) in inner.parts:
            return "in"
    return "elsewhere"


def _spares(where: Node | None) -> bool:
    """Whether the condition leaves out the row that the joined query chose."""
    return any(
        part.kind == "operator"
        and part.value in ("<>", "<", ">")
        and {part.parts[0].kind, part.parts[1].kind} == {"column", "other"}
        for part in conjuncts(where)
    )


def _one_row(where: Node | None) -> bool:
    """Whether the row is picked by its id: LIMIT 1 then says nothing more."""
    return any(
        part.kind == "operator"
        and part.value == "="
        and part.parts[0] == Node("column", "id")
        and literal(part.parts[1]).kind in ("number", "string")
        for part in conjuncts(where)
    )
