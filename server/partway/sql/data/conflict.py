"""ON CONFLICT and ON DUPLICATE KEY UPDATE: whether a second run meets the row of the first, and what it does to it."""

from __future__ import annotations

from typing import NamedTuple

from partway.core.operation import Repeat
from partway.core.postcondition import Name
from partway.sql.data.assign import UNREAD, judge_sources, read_assignments
from partway.sql.data.context import TableFacts
from partway.sql.data.functions import PURE, VOLATILE
from partway.sql.data.nodes import Node, columns, is_volatile, literal, walk
from partway.sql.data.outcome import outcomes
from partway.sql.data.settle import settle
from partway.sql.data.simplify import replaced
from partway.sql.data.update import read_where
from partway.sql.data.verdict import COMPOUNDS, SAME, UNKNOWN, VOLATILE_VALUE, Verdict, worst
from partway.sql.data.view import Range, Unreadable, View


class Inserted(NamedTuple):
    """What an INSERT puts in: its columns (None when it names none), the first row's values by column as far as they
    could be read, and whether there is only that row."""

    target: Name
    alias: str
    columns: tuple[str, ...] | None
    values: dict[str, Node]
    single: bool
    facts: TableFacts | None

    def gives(self, column: str) -> bool:
        """Whether a value is given for the column that is the same each time."""
        if self.columns is not None and column not in self.columns:
            facts = self.facts
            return facts is not None and column in facts.defaults
        value = self.values.get(column)
        if value is None:
            return True
        return value.kind not in ("null", "default") and not is_volatile(value)

    def meets_key(self) -> bool | None:
        """Whether a second run meets a unique key with the same values; None when that cannot be told."""
        facts = self.facts
        if facts is not None:
            return any(all(self.gives(column) for column in key) for key in facts.keys)
        if self.columns is None:  # every column; a number comes first where that is the key
            first = next(iter(self.values.values()), None)
            return True if first is not None and first.kind == "number" else None
        if self.values and not any(self.gives(column) for column in self.columns):
            return False
        return True if "id" in self.columns and self.gives("id") else None


NO_KEY = "the values hold no unique key, so a second run inserts them again"
NEW_KEY = "the key gets a new value each time, so there is never a conflict"


def judge_target(view: View, start: int, end: int, inserted: Inserted) -> tuple[bool | None, str]:
    """Whether a second run runs into the conflict named in these tokens, and the flaw when it does not.

    The tokens are what follows ON CONFLICT: `(columns) [WHERE ...]`, `ON CONSTRAINT name`, or nothing.
    """
    if view.word(start) == "ON":
        return True, ""
    if view.mark(start) != "(":
        # Of a table that the file does not make, the author's word is taken: who writes that conflicts are to be
        # ignored knows of a key that conflicts.
        meets = inserted.meets_key() is not False
        if meets and is_volatile(inserted.values.get("id", UNREAD)):
            return None, ""  # a new id each time: another key may conflict, or none
        return meets, "" if meets else NO_KEY
    close = view.close(start, end)
    given: list[bool] = []
    for part in view.split(start + 1, close):
        at = part.start
        if at + 1 == part.end or view.word(at + 1) in ("COLLATE", "ASC", "DESC"):
            column = view.column(at)
            given.append(inserted.gives(column))
            value = inserted.values.get(column)
            if value is not None and is_volatile(value):
                return False, NEW_KEY
        else:  # an expression on columns
            names = sources_of(view, part)
            listed = inserted.columns
            given.append(listed is None or bool(names & set(listed)))
    if given and all(given):
        return True, ""
    if not any(given):
        return False, NO_KEY
    return (False, NO_KEY) if inserted.facts is not None else (None, "")


def sources_of(view: View, part: Range) -> set[str]:
    """All names in a part."""
    return {view.column(i) for i in range(*part) if view.is_name(i)}


def judge_update(
    view: View, start: int, end: int, inserted: Inserted, excluded: str, in_order: bool
) -> Verdict:
    """What the second run's UPDATE does to the row: one that was there before, and one that the first run inserted.

    The tokens are what follows SET, with its WHERE. `excluded` is the name of the row that was to be inserted.
    """
    where_at = view.find({"WHERE", "RETURNING"}, start, end)
    own = frozenset({"", inserted.alias, inserted.target.name.lower()})
    try:
        assigned = read_assignments(view, start, where_at, own, in_order)
    except Unreadable:
        return UNKNOWN
    clause = None
    if view.word(where_at) == "WHERE":
        clause = Range(where_at, view.find({"RETURNING"}, where_at, end))
    where, _, _ = read_where(view, clause, own)
    known = {}
    for column, value in inserted.values.items():
        if inserted.single or is_volatile(value):
            known[Node("other", f"{excluded}.{column}")] = value
            known[Node("call", "values", (Node("column", column),))] = value
            known[Node("call", "values", (Node("other", f".{column}"),))] = value
    values = {
        column: replaced(_excluded(value, excluded), known) for column, value in assigned.values.items()
    }
    values = {column: value for column, value in values.items() if value != Node("column", column)}
    condition = None if where is None else replaced(_excluded(where, excluded), known)
    verdicts = [settle(values, condition), _meets_own_row(values, condition, inserted, excluded, known)]
    verdicts.append(judge_sources(view, assigned.sources, inserted.target, set(values), own))
    calls = {n.value for value in values.values() for n in walk(value) if n.kind == "call"}
    if assigned.unclear or calls - PURE - VOLATILE:
        verdicts.append(UNKNOWN)
    return worst(verdicts)


def _excluded(node: Node, excluded: str) -> Node:
    """MySQL's VALUES(x) as excluded.x."""
    if node.kind == "call" and node.value == "values" and len(node.parts) == 1:
        return Node("other", f"{excluded}.{node.parts[0].value.rpartition('.')[2]}")
    return (
        Node(node.kind, node.value, tuple(_excluded(part, excluded) for part in node.parts))
        if node.parts
        else node
    )


def _meets_own_row(
    values: dict[str, Node], where: Node | None, inserted: Inserted, excluded: str, known: dict[Node, Node]
) -> Verdict:
    """The UPDATE on a row as the INSERT left it."""
    row: dict[Node, Node] = {}
    facts = inserted.facts
    for column in (inserted.columns or tuple(inserted.values)) or ():
        given = Node("other", f"{excluded}.{column}")
        row[Node("column", column)] = known.get(given, given)
    after = {**row}
    if where is not None and True not in outcomes(replaced(where, after)):
        return SAME
    for column, value in values.items():
        had = row.get(Node("column", column))
        if had is None and inserted.columns is not None:
            had = _default(facts, column)
        result = literal(replaced(value, row))
        if had is None:
            if result.kind in ("null", "other", "parameter"):
                continue
            return UNKNOWN if not columns(value) else SAME
        if is_volatile(result):
            return VOLATILE_VALUE
        if result != literal(had):
            both = {result.kind, literal(had).kind}
            if both <= {"number", "string", "boolean", "null"}:
                return Verdict(Repeat.CHANGES, frozenset({"overwrites"}))
            return COMPOUNDS if columns(value) == {column} else UNKNOWN
    return SAME


def _default(facts: TableFacts | None, column: str) -> Node | None:
    """What a column that the INSERT does not give starts as, where the file says."""
    if facts is None or column in facts.generated:
        return None
    text = facts.defaults.get(column)
    if text is None:
        return Node("null")
    if text.startswith("'") and text.endswith("'") and len(text) > 1:
        return Node("string", text[1:-1].replace("''", "'"))
    if text.upper() in ("TRUE", "FALSE"):
        return Node("boolean", text.lower())
    return Node("number", text) if text.replace(".", "", 1).isdigit() else None
