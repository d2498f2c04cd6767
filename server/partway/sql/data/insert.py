"""INSERT and REPLACE: what they do when they are run again. Of many rows only the first is looked at."""

from __future__ import annotations

from partway.core.operation import Guard, GuardForm, Repeat
from partway.core.postcondition import Name
from partway.core.source import Span
from partway.sql.data.conflict import NO_KEY, Inserted, judge_target, judge_update
from partway.sql.data.draft import Ctes, Draft
from partway.sql.data.expression import Expressions
from partway.sql.data.nodes import Node, is_volatile
from partway.sql.data.selected import judge_selected, select_items
from partway.sql.data.verdict import SAME, UNKNOWN, Verdict
from partway.sql.data.view import Range, Unreadable, View

_MODIFIERS = frozenset({"LOW_PRIORITY", "DELAYED", "HIGH_PRIORITY", "INTO", "OVERWRITE"})
_BODY = frozenset({"VALUES", "VALUE", "SELECT", "WITH", "SET", "DEFAULT", "TABLE", "FROM"})
_AGAIN = Verdict(Repeat.CHANGES)


def read_insert(view: View, start: int, end: int, ctes: Ctes) -> Draft:
    """The INSERT or REPLACE in these tokens. Raises Unreadable when not even its target can be read."""
    at = start + 1
    traits: set[str] = set()
    guard_word = ""
    if view.word(start) == "REPLACE":
        guard_word = "REPLACE"
        guard_span = view.span(start, start + 1)
    else:
        guard_span = view.span(start, start)
    while True:
        word = view.word(at)
        if word == "OR":
            guard_word = view.word(at + 1)
            guard_span = view.span(at, at + 2)
            at += 2
        elif word == "IGNORE":
            guard_word, guard_span = word, view.span(at, at + 1)
            at += 1
        elif word in _MODIFIERS:
            at += 1
        else:
            break
    target, at = view.table(at, end)
    if view.word(at) == "PARTITION":
        at = view.close(at + 1, end) + 1
    alias, at = view.alias(at, end) if view.word(at) not in _BODY else ("", at)
    facts = view.context.table(target)
    listed: tuple[str, ...] | None = facts.columns if facts is not None else None
    if view.mark(at) == "(" and not _opens_select(view, at, end):
        close = view.close(at, end)
        if close > at + 1:
            listed = tuple(view.names(at + 1, close))
        at = close + 1
    if view.word(at) == "OVERRIDING":
        at += 3
    tail = _tail(view, at, end)
    inserted, source = _inserted(view, at, tail, target, alias or target.name.lower(), listed)
    if guard_word == "REPLACE":
        traits.add("or-replace")
    elif guard_word == "IGNORE":
        traits.add("or-ignore")
    if source is not None:
        traits.add("from-select")
    return _judge(view, inserted, source, Range(tail, end), guard_word, guard_span, frozenset(traits), ctes)


def _opens_select(view: View, at: int, end: int) -> bool:
    while at < end and view.mark(at) == "(":
        at += 1
    return view.word(at) in ("SELECT", "WITH", "VALUES")


def _tail(view: View, at: int, end: int) -> int:
    """Where ON CONFLICT, ON DUPLICATE KEY, a row alias or RETURNING begins: sought from the end, to the last row."""
    depth = 0
    found = end
    for i in range(end - 1, at, -1):
        mark = view.mark(i)
        if mark == ")":
            depth += 1
        elif mark == "(":
            depth -= 1
            row_before = depth == 0 and view.mark(i - 1) == "," and view.mark(i - 2) == ")"
            if row_before and view.mark(view.close(i, end) + 1) != "=":
                break  # between two rows
        elif depth == 0:
            word = view.word(i)
            if word == "SELECT" or (word in ("VALUES", "VALUE") and view.mark(i - 1) in ("", ")")):
                break
            if (
                word == "RETURNING"
                or (word == "ON" and view.word(i + 1) in ("CONFLICT", "DUPLICATE"))
                or (word == "AS" and view.mark(i - 1) == ")" and _names_row(view, i, found, end))
            ):
                found = i
    return found


def _names_row(view: View, at: int, on: int, end: int) -> bool:
    """Whether this AS names the new row: in MySQL's VALUES (...) AS new (a, b) ON DUPLICATE KEY UPDATE."""
    behind = at + 2
    if view.mark(behind) == "(":
        behind = view.close(behind, end) + 1
    return behind == on < end and view.word(on) == "ON"


def _inserted(
    view: View, at: int, end: int, target: Name, alias: str, listed: tuple[str, ...] | None
) -> tuple[Inserted, Range | None]:
    """The values of the first row, and the query that they come from if there is one."""
    word = view.word(at)
    facts = view.context.table(target)
    values: dict[str, Node] = {}
    source: Range | None = None
    single = True
    if word in ("VALUES", "VALUE"):
        row = at + 2 if view.word(at + 1) == "ROW" else at + 1
        close = view.close(row, end)
        single = close + 1 >= end
        values = _row(view, view.split(row + 1, close), listed)
    elif word == "SET":
        for part in view.split(at + 1, end):
            name = next((i for i in range(*part) if view.mark(i) == "="), part.end)
            if name < part.end:
                values[view.column(name - 1)] = _value(view, Range(name + 1, part.end))
        listed = tuple(values)
    elif word == "DEFAULT":
        listed = ()
    elif at < end:
        source = Range(at, end)
        single = False
        items = select_items(view, source)
        if items is not None and listed is not None and len(items) == len(listed):
            values = dict(zip(listed, items, strict=True))
    return Inserted(target, alias, listed, values, single, facts), source


def _row(view: View, parts: list[Range], listed: tuple[str, ...] | None) -> dict[str, Node]:
    names = listed if listed is not None else tuple(f"#{i}" for i in range(len(parts)))
    return {name: _value(view, part) for name, part in zip(names, parts, strict=False)}


def _value(view: View, part: Range) -> Node:
    try:
        return Expressions(view, frozenset()).read(*part)
    except Unreadable:
        return Node("parameter", "unread")


def _judge(
    view: View,
    inserted: Inserted,
    source: Range | None,
    tail: Range,
    guard_word: str,
    guard_span: Span,
    traits: frozenset[str],
    ctes: Ctes,
) -> Draft:
    target = inserted.target
    guard: Guard | None = None
    at = tail.start
    excluded = "excluded"
    if view.word(at) == "AS":  # MySQL's name for the new row
        excluded = view.column(at + 1)
        at += 2
        if view.mark(at) == "(":
            at = view.close(at, tail.end) + 1
    if view.word(at) == "ON":
        verdict, flaw = _judge_conflict(view, at, tail.end, inserted, excluded)
        stop = view.find({"RETURNING"}, at, tail.end)
        guard = Guard(GuardForm.CONFLICT, view.span(at, stop), covers=not flaw, flaw=flaw)
    elif guard_word in ("IGNORE", "REPLACE"):
        verdict, flaw = _judge_ignore(inserted, replace=guard_word == "REPLACE")
        guard = Guard(GuardForm.CONFLICT, guard_span, covers=not flaw, flaw=flaw)
    else:
        verdict = _AGAIN
        if inserted.facts is not None and inserted.meets_key():
            verdict = Verdict(Repeat.FAILS, frozenset({"keyed"}))
    if source is not None and verdict.repeat is not Repeat.SAME:
        chosen = judge_selected(view, source, inserted, ctes)
        unguarded = guard is None and (chosen.guard is not None or chosen.verdict.repeat is Repeat.UNKNOWN)
        if chosen.verdict.repeat is Repeat.SAME or unguarded:
            verdict, guard = chosen.verdict, guard or chosen.guard
    return Draft("insert", target, verdict.repeat, traits | verdict.traits, guard)


def _judge_conflict(view: View, at: int, end: int, inserted: Inserted, excluded: str) -> tuple[Verdict, str]:
    """ON CONFLICT ... DO ..., or ON DUPLICATE KEY UPDATE ...: the verdict, and the guard's flaw."""
    if view.word(at + 1) == "DUPLICATE":
        met, flaw = inserted.meets_key(), ""
        flaw = NO_KEY if met is False else ""
        change = judge_update(view, at + 4, end, inserted, excluded, in_order=True)
    else:
        do = view.find({"DO"}, at + 2, end)
        met, flaw = judge_target(view, at + 2, do, inserted)
        change = SAME
        if view.word(do + 1) == "UPDATE":
            change = judge_update(view, do + 3, end, inserted, excluded, in_order=False)
        elif view.word(do + 1) != "NOTHING":
            return UNKNOWN, ""
    if met is False:
        return _AGAIN, flaw
    if change.repeat is Repeat.SAME and met is None and view.word(at + 1) != "DUPLICATE":
        return UNKNOWN, ""  # ON DUPLICATE KEY UPDATE is written for a key that is known to be met
    return change, ""


def _judge_ignore(inserted: Inserted, *, replace: bool) -> tuple[Verdict, str]:
    """IGNORE skips rows that meet a key; REPLACE deletes and inserts them anew, with new generated values."""
    met = inserted.meets_key()
    if met is False:
        return _AGAIN, NO_KEY
    if met is None:  # who writes IGNORE knows of a key; what REPLACE replaces beside it cannot be told
        return (UNKNOWN if replace else SAME), ""
    facts = inserted.facts
    if replace and facts is not None and any(not inserted.gives(column) for column in facts.generated):
        return Verdict(Repeat.CHANGES, frozenset({"new-generated-value"})), ""
    if replace and any(is_volatile(value) for value in inserted.values.values()):
        return Verdict(Repeat.CHANGES, frozenset({"volatile"})), ""
    return SAME, ""
