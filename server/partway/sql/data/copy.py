"""COPY (PostgreSQL) and LOAD DATA / LOAD XML (MySQL, MariaDB): rows from outside."""

from __future__ import annotations

from partway.core.operation import Guard, GuardForm, Repeat
from partway.core.postcondition import Name
from partway.sql.data.draft import Draft
from partway.sql.data.verdict import SAME
from partway.sql.data.view import Unreadable, View


def read_copy(view: View, start: int, end: int) -> Draft:
    """COPY table [(columns)] FROM ..., or COPY ... TO ..., which only reads."""
    at = start + 1
    if view.word(at) == "BINARY":
        at += 1
    if view.mark(at) == "(":
        return Draft("copy", None, SAME.repeat, frozenset({"to"}))
    target, at = view.table(at, end)
    columns: tuple[str, ...] | None = None
    if view.mark(at) == "(":
        close = view.close(at, end)
        columns = tuple(view.names(at + 1, close))
        at = close + 1
    if view.word(at) == "TO":
        return Draft("copy", target, Repeat.SAME, frozenset({"to"}))
    if view.word(at) != "FROM":
        raise Unreadable
    traits = {"from-stdin"} if view.word(at + 1) == "STDIN" else {"from-file"}
    return Draft("copy", target, _again(view, target, columns), frozenset(traits))


def read_load(view: View, start: int, end: int) -> Draft:
    """LOAD DATA [LOCAL] INFILE '...' [IGNORE | REPLACE] INTO TABLE t ... [(columns)] [SET ...]."""
    into = view.find({"INTO"}, start, end)
    if view.word(into + 1) != "TABLE":
        raise Unreadable
    target, _ = view.table(into + 2, end)
    guard = None
    repeat = _again(view, target, None)
    if view.word(into - 1) in ("IGNORE", "REPLACE"):
        guard = Guard(GuardForm.CONFLICT, view.span(into - 1, into))
        repeat = Repeat.UNKNOWN
    return Draft("copy", target, repeat, frozenset({"load-data", "from-file"}), guard)


def _again(view: View, target: Name, columns: tuple[str, ...] | None) -> Repeat:
    """Rows that hold a key which the table is known to have are refused the second time."""
    facts = view.context.table(target)
    if facts is None:
        return Repeat.CHANGES
    given = set(facts.columns if columns is None else columns)
    return Repeat.FAILS if any(key <= given for key in facts.keys) else Repeat.CHANGES
