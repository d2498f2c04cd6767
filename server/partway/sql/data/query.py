"""SELECT, VALUES and TABLE: changed by nothing but the functions that they call."""

from __future__ import annotations

from partway.core.operation import InTransaction, Repeat
from partway.sql.data.draft import Draft
from partway.sql.data.expression import Expressions
from partway.sql.data.functions import ACTS
from partway.sql.data.nodes import Node, is_volatile, literal, walk
from partway.sql.data.sources import sources
from partway.sql.data.verdict import Verdict, worst
from partway.sql.data.view import Unreadable, View
from partway.sql.lexer import PARAM

_SEQUENCE = frozenset({"setval", "nextval"})


def makes_table(view: View, start: int, end: int) -> bool:
    """Whether this is PostgreSQL's SELECT ... INTO table, which is a CREATE TABLE in other words."""
    into = view.find({"INTO"}, start + 1, end)
    if into >= end or view.word(into + 1) in ("OUTFILE", "DUMPFILE"):
        return False
    return into + 1 < end and view.tokens[into + 1][0] != PARAM


def read_query(view: View, start: int, end: int) -> Draft:
    """The query in these tokens."""
    into = view.find({"INTO"}, start + 1, end)
    if view.word(into + 1) in ("OUTFILE", "DUMPFILE"):
        return Draft("select", None, Repeat.FAILS, frozenset({"into-file"}), None, InTransaction.COMMITS)
    read = sources(view, start, end)
    acts = {name: ACTS[name] for name in read.functions if name in ACTS}
    traits = {"sequence"} if acts.keys() & _SEQUENCE else set()
    if acts:
        traits.add("acts")
    verdicts = [Verdict(Repeat(repeat)) for repeat, _ in acts.values()]
    if "setval" in acts and not acts.keys() & {"nextval", "lo_create"}:
        verdicts.append(_judge_setval(view, start, end))
    if "lo_create" in acts:
        verdicts.append(Verdict(Repeat.UNKNOWN))
    if read.unknown_functions - acts.keys() - _QUIET:
        traits.add("unknown-function")
        verdicts.append(Verdict(Repeat.UNKNOWN))
    in_transaction = None
    if any(ending == "commits" for _, ending in acts.values()):
        in_transaction = (
            InTransaction.COMMITS
        )  # a function of the project's own cannot: no engine lets one commit
    verdict = worst(verdicts)
    return Draft("select", None, verdict.repeat, frozenset(traits) | verdict.traits, None, in_transaction)


#: Look at the server or the session and change nothing.
_QUIET = frozenset(
    {"last_insert_id", "found_rows", "row_count", "changes", "total_changes", "pg_try_advisory_xact_lock"}
)


def _judge_setval(view: View, start: int, end: int) -> Verdict:
    """Setval to a value that moves with the sequence itself: setval('s', currval('s') + 1)."""
    for i in range(start, end):
        if view.word(i) == "SETVAL" and view.mark(i + 1) == "(":
            try:
                node = Expressions(view, frozenset()).read(i, view.close(i + 1, end) + 1)
            except Unreadable:
                return Verdict(Repeat.UNKNOWN)
            if any(_moves(part) for part in node.parts[1:]):
                return Verdict(Repeat.CHANGES)
    return Verdict(Repeat.SAME)


def _moves(node: Node) -> bool:
    calls = {n.value for n in walk(node) if n.kind == "call"}
    return (
        bool(calls & {"currval", "lastval"}) and literal(node).kind not in ("number", "string")
    ) or is_volatile(node)
